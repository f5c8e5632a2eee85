"""submit-order taken back: the ERP has refused the order, so its draft goes, and nothing stays behind."""

from archibald.v1 import bot_pb2 as pb
from server.erp import absence, order_view
from server.erp.absence import Proved, Seen, Unproved
from server.erp.grid import Row
from server.erp.list_page import ORDERS
from server.erp.order_state import OrderState, read_state
from server.erp.session import ErpSession
from server.errors import ErpRejectedError, UiDriftError
from server.operation import Intent, Notebook
from server.operations import delete_order_probe, delete_order_steps, order_own
from server.operations.order_own import STEP
from server.operations.order_standing import told
from server.verdicts import Absent, Inconclusive, Traces, Verdict


async def undo(session: ErpSession, intent: Intent, traces: Traces, notebook: Notebook) -> Verdict:
    """Delete our own draft, by a ticket of its own, and prove that it is gone.

    Absent: the ERP holds nothing of the request, or held nothing before. Inconclusive, and nothing was
    deleted: what is found is not ours alone, is no draft any more, or cannot be told. The session's gate
    must be under the intent's claim.

    Raises:
        ErpRejectedError: the ERP does not delete it.
        ErpUnavailableError: the ERP or the browser was lost.
        UiDriftError: the site is not as we know it; nothing was deleted.
        OutcomeUnknownError: the deletion has left, and the draft is not proved to be gone: undo again.
    """
    try:
        found = await _find(session, intent, traces, notebook)
    except UiDriftError as drift:
        # As in the probe: a reading that proves nothing, not an accident.
        if session.gate.broken or session.page.is_closed():
            raise
        return Inconclusive(drift.message)
    return await _delete(session, found, notebook) if isinstance(found, str) else found


async def _find(
    session: ErpSession, intent: Intent, traces: Traces, notebook: Notebook
) -> str | Absent | Inconclusive:
    """The id of our draft, which may be deleted; or what there is to say instead."""
    if traces.named:
        return Inconclusive(f"not deleted: order {traces.draft_id} is ours by a person's word only")
    own, listed = await order_own.listed(session, intent, traces)
    if len(own) > 1:
        ids = ", ".join(row.key for row in own)
        return Inconclusive(f"several orders are this one by marker or id: {ids}")
    if own:
        return await _may_go(session, intent, traces, own[0])
    if traces.draft_id:
        return await _gone(session, traces.draft_id, traces, notebook)
    if isinstance(listed, Seen):
        ids = ", ".join(row.key for row in listed.rows)
        return Inconclusive(f"an order of this customer without our marker: {ids}")
    return Inconclusive(listed.reason) if isinstance(listed, Unproved) else Absent(listed.shown)


async def _may_go(
    session: ErpSession, intent: Intent, traces: Traces, row: Row
) -> str | Inconclusive:
    """The order's id if all of it is ours; whose hand else is in it is a person's to judge."""
    request: pb.SubmitOrderRequest = intent.request
    if traces.draft_id not in {"", row.key}:
        return Inconclusive(f"our order {traces.draft_id} vanished, and {row.key} has our marker")
    if not order_own.is_of(request, row):
        return Inconclusive(f"our order {row.key} is another customer's")
    found = await order_view.read_order(session, row.key, may_be_empty=True)
    shown = order_own.compared(session, intent, found).standing
    if shown.foreign:
        return Inconclusive(f"not deleted: our order {told(found, shown)}")
    state = await read_state(session, STEP, row.key)
    if state is None or not state.is_draft:
        shows = state.told if state else "does not open"
        return Inconclusive(f"not deleted: our order {row.key} is no draft any more: {shows}")
    return row.key


async def _gone(
    session: ErpSession, order_id: str, traces: Traces, notebook: Notebook
) -> Absent | Inconclusive:
    """A draft that the list does not show: gone already, or never kept."""
    verdict = await delete_order_probe.gone(session, order_id, traces.high_water_mark)
    return await _absent(notebook, verdict) if isinstance(verdict, Proved) else verdict


async def _delete(session: ErpSession, order_id: str, notebook: Notebook) -> Verdict:
    # It leaves the list open under its verified filter, as the deletion needs it.
    control = await absence.neighbour(session, "delete.filter", ORDERS, order_id)
    shown, refused = await delete_order_steps.delete_once(
        session, order_id, control, lambda *_: None
    )
    if isinstance(shown, OrderState):
        raise ErpRejectedError(
            f"the ERP refused to delete our draft {order_id} ({shown.told}): {refused}"
        )
    return await _absent(notebook, shown)


async def _absent(notebook: Notebook, proof: Proved) -> Absent:
    await notebook.seen(absence=proof.shown)
    return Absent(proof.shown)
