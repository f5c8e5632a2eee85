"""Entering a customer in the simulated ERP: everything as asked, or nothing at all and told why."""

from typing import Any

import pytest

from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.creating import created, customer_kinds
from tests.operations.customers import MARKER, VAT, full


@pytest.mark.parametrize("user", ["ikiA0001", "ikiA0010"])
async def test_a_customer_is_entered_in_full(agent_of: SignIn, erp: Simulator, user: str) -> None:
    """Every field and two addresses, in Italian and in English; each write once."""
    agent = await agent_of(user)
    ran = await created(agent, full(user_id=user.removeprefix("iki")))
    result = ran.result
    assert list(result.differences) == []
    assert list(result.warnings) == []
    assert (result.customer_id, result.customer_profile) == ("57400", "57.400")
    assert ran.notes.drafts == ["57400"]
    assert await customer_kinds(erp) == ["customer_created", "address_added", "address_added"]
    assert agent.records.kinds == ["customer-save", "address", "address", "customer-save"]
    assert [ticket.target for ticket in agent.records.tickets] == [VAT, "57400", "57400", "57400"]
    stored: dict[str, Any] = await erp.customer("57400")
    assert stored["name"] == "Studio Dentistico Nuovo"
    assert stored["custinfo"] == f"{MARKER} Chiamare prima\ndi consegnare"
    assert (stored["vat"], stored["fiscalcode"]) == (VAT, "RSSMRA85T10A562S")
    assert (stored["zip"], stored["city"]) == ("00010", "Borgo Finto")
    assert [one["street"] for one in stored["addresses"][1:]] == ["Via del Porto 3", "Via Conti 9"]
