"""The customers list, under its *all* filter: who has a VAT number, as far as the agent may see."""

from server.erp import grid, list_page, list_search
from server.erp.grid import Row
from server.erp.list_page import CUSTOMERS
from server.erp.list_search import GRID
from server.erp.session import ErpSession

STEP = "customer.navigation"
_FIELDS = ("ID", "VATNUM")


async def open_all(session: ErpSession) -> None:
    """Open the list under the verified *all* filter, nothing searched, nothing filtered."""
    await list_page.open_all(session, STEP, CUSTOMERS)


async def newest_id(session: ErpSession) -> str | None:
    """The greatest customer id that the open list shows, digits; None for an empty list."""
    return await list_page.newest_id(session, STEP, CUSTOMERS)


async def ids_with(session: ErpSession, vat_number: str) -> list[str]:
    """The ids of the customers in the open list that have the VAT number; none is no proof of absence.

    Where the agent has hidden the VAT numbers none is found: the new form's own check knows better.

    Raises:
        UiDriftError: the list was changed meanwhile.
    """
    screen = session.screen
    if "VATNUM" not in (await grid.read_page(screen, STEP, GRID, ["ID"])).columns:
        return []
    shown = await list_search.search_and_see(screen, STEP, vat_number, grid.page(GRID, _FIELDS))
    rows = await grid.read_all(screen, STEP, GRID, _FIELDS, shown=shown)
    await list_page.verify_all(session, STEP, CUSTOMERS, searched=vat_number)
    # The server may keep the search for its user, who opens the list next.
    await list_search.clear_leftovers(screen, STEP)
    return [list_page.row_id(STEP, row) for row in rows if has(row, vat_number)]


def has(row: Row, vat_number: str) -> bool:
    """Whether a row of the list is of a customer with that VAT number."""
    return row.cells["VATNUM"].removeprefix("IT").strip() == vat_number
