"""An order is read back from a fresh page, by its id, or not at all."""

from decimal import Decimal

import pytest

from server.erp import order_view
from server.errors import BotError, ErpUnavailableError
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator


@pytest.mark.parametrize("user", ["ikiA0002", "ikiA0010"])
async def test_every_field_is_read_in_either_language(
    agent_of: SignIn, erp: Simulator, user: str
) -> None:
    """What the view shows is what is stored."""
    agent = await agent_of(user)
    stored = (await erp.orders(user))[0]
    found = await order_view.read_order(agent.session, stored["id"])
    assert found.order_id == stored["id"]
    assert found.customer == (stored["customer_account"] or stored["customer_name"])
    assert found.description == stored["purchorderformnum"]
    assert found.text_internal == stored["textinternal"]
    assert [
        (line.article_code, line.quantity, line.price, line.discount, line.applied, line.amount)
        for line in found.lines
    ] == [
        (
            line["article_code"], Decimal(line["quantity"]), Decimal(line["price"]),
            Decimal(line["lineperc"]), Decimal(line["manualdiscount"]), Decimal(line["amount"]),
        )
        for line in stored["lines"]
    ]  # fmt: skip


async def test_an_order_that_does_not_exist_is_not_an_empty_one(agent: Agent) -> None:
    """An id that the ERP does not know is an error, never an order without lines."""
    with pytest.raises(BotError):
        await order_view.read_order(agent.session, "99999999")


async def test_a_session_that_has_ended_is_told(agent: Agent) -> None:
    """The login page in place of the order says nothing about the order."""
    await agent.session.context.clear_cookies()
    with pytest.raises(ErpUnavailableError):
        await order_view.read_order(agent.session, "71000")
