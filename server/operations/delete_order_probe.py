"""delete-order read back: whether a request that may have left has deleted the order."""

import asyncio

from server.erp import absence
from server.erp.absence import EMPTY, Proved, Unproved
from server.erp.formats import erp_id
from server.erp.list_page import ORDERS
from server.erp.order_absence import prove_gone
from server.erp.order_state import OrderState, read_state
from server.erp.session import ErpSession
from server.operation import Intent, Notebook
from server.operations.delete_order_steps import result_of
from server.verdicts import Absent, Inconclusive, Landed, Traces, Verdict

STEP = "delete.verify"
READINGS = absence.READINGS


async def probe(session: ErpSession, intent: Intent, traces: Traces, notebook: Notebook) -> Verdict:
    """Prove that the order is gone, or that it stands as a draft still (design §4.4).

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: the list or the order's page is not as we know it.
    """
    order_id = erp_id(intent.request.order_id)
    state = await read_state(session, STEP, order_id)
    if state is None:
        return await _gone(session, order_id, traces, notebook)
    # Where nothing had left there is no deletion that a page could lag behind.
    readings = READINGS if traces.written else 1
    for _ in range(readings - 1):
        await asyncio.sleep(session.timeouts.absence_pause)  # a page may lag behind the deletion
        latest = await read_state(session, STEP, order_id)
        if latest is None:
            return await _gone(session, order_id, traces, notebook)
        state = latest
    return _stands(state, readings)


def _stands(state: OrderState, readings: int) -> Verdict:
    if state.is_draft:
        return Absent(f"the order stands as {state.told}, read {readings} times")
    return Inconclusive(f"the order is there and no draft any more: {state.told}")


async def _gone(session: ErpSession, order_id: str, traces: Traces, notebook: Notebook) -> Verdict:
    verdict = await gone(session, order_id, traces.high_water_mark)
    if isinstance(verdict, Inconclusive):
        return verdict
    await notebook.seen(order_id=order_id, absence=verdict.shown)
    # Nothing of ours had left: it was somebody else.
    return Landed(result_of(order_id, already_gone=not traces.written))


async def gone(session: ErpSession, order_id: str, mark: str) -> Proved | Inconclusive:
    """The proof that an order is gone whose own page does not open; or why there is none.

    ``mark``: another order's id that the list showed before, `EMPTY`, or "" if it was not read.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: the list is not as we know it.
    """
    control = await absence.neighbour(session, STEP, ORDERS, order_id)
    if control == EMPTY and mark not in {"", EMPTY}:
        return Inconclusive("the list is empty, and another order stood in it before")
    verdict = await prove_gone(session, STEP, order_id, control)
    if isinstance(verdict, Proved):
        return verdict
    if isinstance(verdict, Unproved):
        return Inconclusive(verdict.reason)
    return Inconclusive("of the list and the order's own page one still shows the order")
