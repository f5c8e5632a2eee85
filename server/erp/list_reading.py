"""A list read from its newest object downwards, complete as far as it goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.erp import grid, list_page
from server.erp.grid import GridPage, Row
from server.erp.list_page import ListView
from server.erp.list_search import GRID
from server.erp.session import ErpSession
from server.errors import UiDriftError


@dataclass(frozen=True)
class Reading:
    """Rows by falling id. ``complete``: down to the list's end; ``empty``: the list's own word.

    ``kept``: the list was found under its *all* filter, which had not to be set.
    """

    rows: tuple[Row, ...]
    complete: bool
    kept: bool
    empty: bool = False

    def shows(self, object_id: str) -> bool:
        """Whether a row of that id (digits) is among them; its key is its id, see `list_page.row_id`."""
        return any(row.key == object_id for row in self.rows)


async def read_down(
    session: ErpSession, step: str, view: ListView, down_to: str, fields: Sequence[str] = ()
) -> Reading:
    """Open the list under its verified *all* filter and read it by falling id until ``down_to``.

    ``down_to``: digits; the page on which the ids reach or pass it is the last one read. "" or "0":
    the whole list. Filter, search and columns are looked at before and after, ids must fall over all
    pages.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: a column is hidden, the list is not sorted, or it changed while it was read.
    """
    wanted = ("ID", *(name for name in fields if name != "ID"))
    kept = await list_page.open_all(session, step, view)
    first = await list_page.newest_page(session, step, view, wanted)
    if first.empty:
        return Reading((), complete=True, kept=kept, empty=True)
    rows, shown = await _pages(session, step, first, int(down_to or 0), wanted)
    if shown is not first:
        # An object that goes lets all below it slip up a page, unread: the beginning must stand.
        again = await grid.page_at(session.screen, step, GRID, 0, wanted)
        if [row.key for row in again.rows] != [row.key for row in first.rows]:
            raise UiDriftError(f"{step}: the list changed while it was read", step=step)
    await list_page.verify_all(session, step, view)
    return Reading(tuple(rows), complete=shown.page + 1 == shown.pages, kept=kept)


async def _pages(
    session: ErpSession, step: str, first: GridPage, down_to: int, fields: Sequence[str]
) -> tuple[list[Row], GridPage]:
    screen, shown, rows = session.screen, first, list(first.rows)
    lowest = int(list_page.falling_ids(step, first)[-1])
    while lowest > down_to and shown.page + 1 < shown.pages:
        if shown.page + 1 >= grid.MOST_PAGES:
            raise UiDriftError(f"{step}: the wanted row stands too far down the list", step=step)
        shown = await grid.page_at(screen, step, GRID, shown.page + 1, fields)
        ids = list_page.falling_ids(step, shown)
        if int(ids[0]) >= lowest:
            raise UiDriftError(f"{step}: the list changed while it was read", step=step)
        rows.extend(shown.rows)
        lowest = int(ids[-1])
    return rows, shown
