"""The newest order id is read under the verified filter, sorted, and nothing else is guessed."""

from server.erp import list_search, orders_list
from tests.erp_agents import Agent, SignIn, in_english
from tests.erp_simulator.running import Simulator


async def test_the_newest_order_is_the_high_water_mark(agent: Agent, erp: Simulator) -> None:
    """The list begins under another filter; the greatest id of all orders is found all the same."""
    await orders_list.open_all_orders(agent.session)
    newest = max(int(order["id"]) for order in await erp.orders("ikiA0001"))
    assert await orders_list.newest_id(agent.session) == str(newest)
    assert agent.records.tickets == []


async def test_what_was_searched_and_filtered_before_is_cleared(
    agent_of: SignIn, erp: Simulator
) -> None:
    """The server keeps an agent's column filter for the next session (incident 43)."""
    first = await agent_of()
    await orders_list.open_all_orders(first.session)
    page = first.session.page
    async with page.expect_response(lambda response: response.request.method == "POST"):
        await page.evaluate(
            "ASPxClientControl.GetControlCollection().ForEachControl((control) => {"
            " if (/^Vertical_v\\d+_\\d+_LE_v\\d+$/.test(control.name)) control.AutoFilterByColumn('ID', '714') }); 0"
        )
    agent = await agent_of()
    await orders_list.open_all_orders(agent.session)
    newest = max(int(order["id"]) for order in await erp.orders("ikiA0001"))
    assert await orders_list.newest_id(agent.session) == str(newest)


async def test_a_search_that_still_narrows_the_list_is_cleared(
    agent: Agent, erp: Simulator
) -> None:
    """A search box that holds a text is emptied and searched again."""
    await orders_list.open_all_orders(agent.session)
    box = agent.session.page.locator('[id$="_Ed_I"][id*="SearchAC"]')
    await box.fill("71400")
    async with agent.session.page.expect_response(lambda answer: answer.request.method == "POST"):
        await box.press("Enter")
    await agent.session.screen.quiet("step")
    await list_search.clear_leftovers(agent.session.screen, "step")
    newest = max(int(order["id"]) for order in await erp.orders("ikiA0001"))
    assert await orders_list.newest_id(agent.session) == str(newest)


async def test_an_empty_list_says_so_itself(agent_of: SignIn) -> None:
    """The last agent has no orders: the grid's own sign, not a lack of rows."""
    agent = await agent_of("ikiA0060")
    await orders_list.open_all_orders(agent.session)
    assert await orders_list.newest_id(agent.session) is None


async def test_english_ids_are_the_same_ids(agent: Agent, erp: Simulator) -> None:
    """71,723 on an English page is 71723."""
    await orders_list.open_all_orders((await in_english(agent)).session)
    assert "71,723" in await agent.session.page.content()
    newest = max(int(order["id"]) for order in await erp.orders("ikiA0001"))
    assert await orders_list.newest_id(agent.session) == str(newest)
