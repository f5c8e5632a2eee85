"""The newest order id is read under the verified filter, sorted, and nothing else is guessed."""

import pytest

from server.erp import orders_list
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator


async def test_the_newest_order_is_the_high_water_mark(agent: Agent, erp: Simulator) -> None:
    """The list begins under another filter; the greatest id of all orders is found all the same."""
    await orders_list.open_all_orders(agent.session)
    newest = max(int(order["id"]) for order in await erp.orders("ikiA0001"))
    assert await orders_list.newest_id(agent.session) == str(newest)
    assert agent.records.tickets == []


async def test_an_empty_list_says_so_itself(agent_of: SignIn) -> None:
    """The last agent has no orders: the grid's own sign, not a lack of rows."""
    agent = await agent_of("ikiA0060")
    await orders_list.open_all_orders(agent.session)
    assert await orders_list.newest_id(agent.session) is None


@pytest.mark.parametrize("language_user", ["ikiA0010"])
async def test_english_ids_are_the_same_ids(
    agent_of: SignIn, erp: Simulator, language_user: str
) -> None:
    """71,723 on an English page is 71723."""
    agent = await agent_of(language_user)
    await orders_list.open_all_orders(agent.session)
    newest = max(int(order["id"]) for order in await erp.orders(language_user))
    assert await orders_list.newest_id(agent.session) == str(newest)
