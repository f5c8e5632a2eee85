"""Grids are read by field names, whole pages at once, all pages when all are asked for."""

import pytest

from server.erp import grid, list_search, orders_list
from server.errors import UiDriftError
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator


async def test_cells_are_named_by_their_columns(agent_of: SignIn, erp: Simulator) -> None:
    """The id in the cell is the row's key, the description is the order's own."""
    agent = await agent_of("ikiA0002")
    await orders_list.open_all_orders(agent.session)
    rows = await grid.read_all(
        agent.session.screen, "step", list_search.GRID, ["ID", "PURCHORDERFORMNUM"]
    )
    stored = {order["id"]: order["purchorderformnum"] for order in await erp.orders("ikiA0002")}
    assert {row.key: row.cells["PURCHORDERFORMNUM"] for row in rows} == stored
    assert all(row.cells["ID"].replace(".", "") == row.key for row in rows)


async def test_all_pages_are_read_once_each(agent: Agent, erp: Simulator) -> None:
    """Where the list was left is kept by the server: reading begins at its first page."""
    screen = agent.session.screen
    await orders_list.open_all_orders(agent.session)
    await grid.go_to_page(screen, "step", list_search.GRID, 2)
    rows = await grid.read_all(screen, "step", list_search.GRID, ["ID"])
    assert {row.key for row in rows} == {order["id"] for order in await erp.orders("ikiA0001")}


async def test_a_column_that_does_not_show_is_drift(agent: Agent) -> None:
    """Columns are the user's settings: a hidden one is told, never read from its neighbour."""
    await orders_list.open_all_orders(agent.session)
    with pytest.raises(UiDriftError, match="TEXTINTERNAL"):
        await grid.read_page(agent.session.screen, "step", list_search.GRID, ["ID", "TEXTINTERNAL"])


async def test_no_such_grid_is_drift(agent: Agent) -> None:
    """A page without the grid is not an empty grid."""
    await orders_list.open_all_orders(agent.session)
    with pytest.raises(UiDriftError):
        await grid.read_page(agent.session.screen, "step", "_dviSALESLINEs_nowhere$", [])
