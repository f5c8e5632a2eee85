"""Entering a customer in the simulated ERP: everything as asked, or nothing at all and told why."""

import re
from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from server.errors import ErpRejectedError
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.creating import created, customer_kinds
from tests.operations.customers import MARKER, VAT, customer, delivery, full
from tests.pairwise import sampled, sampled_rows


@pytest.mark.parametrize(
    ("user", "switches"),
    sampled_rows(
        [
            ("ikiA0001", {}),
            (
                "ikiA0010",
                {"renew_ids_after_post": True, "focus_lost": 1.0, "address_persists_on": "save"},
            ),
        ],
        lambda row: row[0] == "ikiA0010",
    ),
)
async def test_a_customer_is_entered_in_full(
    agent_of: SignIn, erp: Simulator, user: str, switches: dict[str, Any]
) -> None:
    """Every field and two addresses, in Italian and in English; each write once."""
    await erp.config(**switches)
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


async def test_only_what_is_required(agent: Agent, erp: Simulator) -> None:
    """The defaults of the contract: FedEx, 206, no discount, no sector; one save, no second."""
    ran = await created(agent, customer(
        phone="+390612345678", name="  Studio  Nuovo ", postal_code="00080",
        postal_code_city="San Sebastiano al Colle", postal_code_country="Italia",
    ))  # fmt: skip
    assert list(ran.result.differences) == []
    assert agent.records.kinds == ["customer-save"]
    stored = await erp.customer(ran.result.customer_id)
    assert (stored["name"], stored["namealias"]) == ("Studio Nuovo", "Studio Nuovo")
    assert (stored["custinfo"], stored["cellularphone"]) == (MARKER, "+390612345678")
    assert stored["city"] == "S.SEBASTIANO AL COLLE"
    assert (stored["dlvmode"], stored["paymterm"]) == (9, 46)
    assert set(ran.notes.facts) == {"vat_free_at", "customer_id", "vat_checked"}
    assert ran.notes.marks == ["55265"]


@pytest.mark.parametrize(
    "switches",
    sampled(
        [
            {"vat_callbacks": 4, "vat_callback_ms": 12000, "initial_customer_filter": "Free_customers",
             "customer_immediate": "VATNUM NAME STREET DLVMODE LOGISTICSADDRESSZIPCODE PAYMTERMID",
             "wipes_on_blur": "FISCALCODE LEGALAUTHORITY STREET PHONE"},
            {"postback": "full", "customer_close_lands": "list", "save_form": "name"},
        ],
        lambda switches: "vat_callbacks" in switches,
    ),
    ids=str,
)  # fmt: skip
async def test_a_mishap_is_mended(agent: Agent, erp: Simulator, switches: dict[str, Any]) -> None:
    """Late answers of the VAT check, wiped fields, whole pages: the customer is as asked, once."""
    await erp.config(**switches)
    ran = await created(agent, full())
    assert list(ran.result.differences) == []
    assert (await customer_kinds(erp)).count("customer_created") == 1
    stored = await erp.customer(ran.result.customer_id)
    assert (stored["name"], stored["fiscalcode"]) == ("Studio Dentistico Nuovo", "RSSMRA85T10A562S")
    assert (stored["legalauthority"], stored["zip"]) == ("M5UXCR1", "00010")
    assert len(stored["addresses"]) == 3


async def refused(
    agent: Agent, erp: Simulator, request: pb.CreateCustomerRequest
) -> ErpRejectedError:
    """Entered in vain: nothing is in the ERP, and the error is a refusal."""
    with pytest.raises(ErpRejectedError) as raised:
        await created(agent, request)
    assert await erp.effects() == []
    return raised.value


def seeded_vat(number: int) -> str:
    """The VAT number of the seed's customer of that number."""
    return str(90_000_000_000 + number)


async def test_a_vat_number_that_is_used_is_refused_with_its_customer(
    agent: Agent, erp: Simulator
) -> None:
    """Seen in the list, or known only to the ERP: named, never adopted, and nothing is written."""
    error = await refused(agent, erp, customer(vat_number=seeded_vat(7)))
    assert error.metadata == {"customer_id": "55208"}
    # The first agent does not see this one (seed.OWNED): the new form's own check knows it.
    error = await refused(agent, erp, customer(vat_number=seeded_vat(50)))
    assert error.metadata == {"customer_id": "55251"}
    assert agent.records.tickets == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"postal_code": "00080"}, "postal_code: several towns fit.*Pieve Finta.*S.SEBASTIANO"),
        ({"payment_terms": "999", "name": "Uno"}, "payment_terms: the ERP has 0"),
        ({"name": "x" * 61}, "name: the ERP takes at most 60"),
        ({"addresses": [delivery(postal_code="00080", city="")]}, r"addresses\[0\].postal_code"),
    ],
)
async def test_what_the_erp_does_not_have_is_refused_before_anything_is_saved(
    agent: Agent, erp: Simulator, more: dict[str, Any], told: str
) -> None:
    """Also an alternate address's postal code, which is entered only after the save."""
    error = await refused(agent, erp, customer(**more))
    assert re.search(told, error.message)
    assert agent.records.tickets == []


async def test_a_warning_about_the_vat_number_is_acknowledged_and_told(
    agent: Agent, erp: Simulator
) -> None:
    """The registry does not know it: a second save, with a ticket of its own, says so to the caller."""
    ran = await created(agent, customer(vat_number="98000000003", addresses=[delivery()]))
    assert list(ran.result.differences) == []
    assert agent.records.kinds[:2] == ["customer-save", "customer-save-ignoring"]
    [warning] = ran.result.warnings
    assert "IVA validata" in warning
    assert (await customer_kinds(erp)).count("customer_created") == 1


@pytest.mark.parametrize(
    ("rules", "more"),
    sampled_rows(
        [
            ("VATVALIDE=error", {"vat_number": "98000000003"}),
            ("PHONE=warning CELLULARPHONE=warning", {"phone": "123"}),
        ],
        lambda row: "warning" in row[0],
    ),
)
async def test_any_other_refusal_is_told_after_a_look(
    agent: Agent, erp: Simulator, rules: str, more: dict[str, Any]
) -> None:
    """An error, or a warning about something else, is never ignored; nothing is left, proved."""
    await erp.config(customer_rules=rules)
    error = await refused(agent, erp, customer(**more))
    assert error.nothing_left
    assert agent.records.kinds == ["customer-save"]
