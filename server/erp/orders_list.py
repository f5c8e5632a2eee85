"""The agent's list of orders: opened unfiltered and newest first, for the high-water mark."""

from server.erp import list_page
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
