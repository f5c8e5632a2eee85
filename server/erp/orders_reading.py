"""The newest orders of the agent's list, read down to one that is known to exist (design §4.4)."""

from dataclasses import dataclass

from server.erp import grid, orders_list
from server.erp.grid import GridPage, Row
from server.erp.list_page import GRID
from server.erp.order_texts import one_line
from server.erp.orders_list import STEP
from server.erp.session import ErpSession
from server.errors import UiDriftError

# Each must show: what a hidden column would have told is not known.
FIELDS = ("ID", "CUSTACCOUNT", "SALESNAME", "PURCHORDERFORMNUM")


@dataclass(frozen=True)
class ListedOrder:
    """One order as the list shows it; ``order_id`` in digits."""

    order_id: str
    account: str
    customer_name: str
    description: str


@dataclass(frozen=True)
class Reading:
    """The orders above a known one, newest first.

    ``control``: the known order was reached, so the reading cannot have ended too early.
    ``empty``: the list says itself that it has no order at all.
    """

    above: tuple[ListedOrder, ...]
    control: bool
    empty: bool = False


async def read_above(session: ErpSession, known: str) -> Reading:
    """Open the list under the verified *all* filter and read it down to the order ``known``, digits.

    ``known`` = "": the whole list. Filter, search and columns are looked at before and after; ids must
    fall over all pages.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: a column is hidden, the list is not sorted, or it changed while it was read.
    """
    await orders_list.open_all_orders(session)
    first = await orders_list.newest_page(session, FIELDS)
    if first.empty:
        await orders_list.verify_unfiltered(session)
        return Reading((), control=False, empty=True)
    rows = await _rows_down_to(session, first, int(known or 0))
    await orders_list.verify_unfiltered(session)
    above = tuple(_listed(row) for row in rows if int(row.key) > int(known or 0))
    return Reading(above, control=any(row.key == known for row in rows))


async def read_newest(session: ErpSession) -> Reading:
    """The first page only, under the verified filter; it has no control.

    Raises:
        ErpUnavailableError, UiDriftError: as `read_above`.
    """
    await orders_list.open_all_orders(session)
    first = await orders_list.newest_page(session, FIELDS)
    await orders_list.verify_unfiltered(session)
    if first.empty:
        return Reading((), control=False, empty=True)
    orders_list.ids_of(first)
    return Reading(tuple(_listed(row) for row in first.rows), control=False)


async def _rows_down_to(session: ErpSession, first: GridPage, known: int) -> list[Row]:
    screen, shown, rows = session.screen, first, list(first.rows)
    lowest = int(orders_list.ids_of(first)[-1])
    while lowest > known and shown.page + 1 < shown.pages:
        if shown.page + 1 >= grid.MOST_PAGES:
            raise UiDriftError(f"{STEP}: the known order stands too far down the list", step=STEP)
        await grid.go_to_page(screen, STEP, GRID, shown.page + 1)
        shown = await grid.read_page(screen, STEP, GRID, FIELDS)
        if int(orders_list.ids_of(shown)[0]) >= lowest:
            raise UiDriftError(f"{STEP}: the list changed while it was read", step=STEP)
        rows.extend(shown.rows)
        lowest = int(shown.rows[-1].key)
    if shown is not first:
        # An order that goes lets all below it slip up a page, unread: the beginning must stand.
        await grid.go_to_page(screen, STEP, GRID, 0)
        again = await grid.read_page(screen, STEP, GRID, FIELDS)
        if [row.key for row in again.rows] != [row.key for row in first.rows]:
            raise UiDriftError(f"{STEP}: the list changed while it was read", step=STEP)
    return rows


def _listed(row: Row) -> ListedOrder:
    cells = row.cells
    return ListedOrder(
        order_id=row.key,
        account=one_line(cells["CUSTACCOUNT"]),
        customer_name=one_line(cells["SALESNAME"]),
        description=cells["PURCHORDERFORMNUM"],
    )
