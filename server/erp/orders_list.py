"""The agent's list of orders: opened unfiltered and newest first, for the high-water mark."""

from collections.abc import Sequence

from server.erp import list_page
from server.erp.grid import GridPage
from server.erp.list_page import ORDERS
from server.erp.session import ErpSession

STEP = "navigation.ordini"


async def open_all_orders(session: ErpSession) -> None:
    """Open the list under the verified *all* filter, nothing searched, nothing filtered.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: the filter cannot be set, or a leftover search or column filter stays.
    """
    await list_page.open_all(session, STEP, ORDERS)


async def newest_id(session: ErpSession) -> str | None:
    """The greatest order id that the list shows, digits; None for a list that says it is empty.

    Raises:
        UiDriftError: the list is not sorted by id, or its filter changed meanwhile.
    """
    return await list_page.newest_id(session, STEP, ORDERS)


async def newest_page(session: ErpSession, fields: Sequence[str]) -> GridPage:
    """The first page of the open list, sorted by id; see `list_page.newest_page`."""
    return await list_page.newest_page(session, STEP, ORDERS, fields)


def ids_of(page: GridPage) -> list[str]:
    """The ids of a page's rows, digits, which must fall; see `list_page.falling_ids`."""
    return list_page.falling_ids(STEP, page)


async def verify_unfiltered(session: ErpSession) -> None:
    """See that the list shows all orders, narrowed by nothing; see `list_page.verify_all`."""
    await list_page.verify_all(session, STEP, ORDERS)
