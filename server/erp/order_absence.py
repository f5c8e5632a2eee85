"""The proof that the ERP does not have an order any more: its list and its own page together."""

from server.erp import absence
from server.erp.absence import EMPTY, Proved, Seen, Unproved
from server.erp.list_page import ORDERS
from server.erp.order_state import read_state
from server.erp.session import ErpSession


async def prove_gone(
    session: ErpSession, step: str, order_id: str, control: str
) -> Seen | Proved | Unproved:
    """Three readings of the list without it, and its URL refused while the control's opens (§4.4).

    ``control`` is another order's id, as `absence.neighbour` gives it, or `EMPTY`. `Seen` without rows:
    the order's own page opens.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: the list or a page is not as we know it.
    """
    if await read_state(session, step, order_id) is not None:
        return Seen(())
    below = str(int(order_id) - 1)
    verdict = await absence.prove_absent(
        session,
        step,
        ORDERS,
        ours=lambda row: row.key == order_id,
        control=control,
        # A control above the order: the list is read on to where the order would stand.
        down_to="" if control == EMPTY else below if int(control) > int(order_id) else control,
    )
    if not isinstance(verdict, Proved):
        return verdict
    if await read_state(session, step, order_id) is not None:
        return Seen(())
    if control != EMPTY and await read_state(session, step, control) is None:
        return Unproved(f"order {control}, which the list shows, does not open either")
    return Proved(f"{verdict.shown}; its own page is refused, that of {control} opens")
