"""send-to-verona in the ERP, as the clerk would tell it: every step proves its effect or stops."""

import asyncio

from archibald.v1 import bot_pb2 as pb
from server.erp import absence, list_page, order_absence, order_action
from server.erp.formats import dotted_id, erp_id
from server.erp.grid import Row
from server.erp.list_page import ORDERS
from server.erp.order_state import OrderState, read_state
from server.erp.order_status import transfer
from server.erp.session import ErpSession
from server.errors import (
    ErpRejectedError,
    ErpUnavailableError,
    OutcomeUnknownError,
    UiDriftError,
)
from server.operation import Intent, Notebook, ReportProgress

# The mark that the notebook keeps of an order that had failed before: it tells a later read-back that
# *Transfer error* alone does not show this send.
FAILED_BEFORE = "transfer error before"
STATUS = "TRANSFERSTATUS"
# How often in a row a page may fail to come before the read-back gives up.
FAILURES = 3


async def run(
    session: ErpSession, intent: Intent, notes: Notebook, report: ReportProgress
) -> pb.SendToVeronaResult:
    """Send the order once, and return it as its own page shows it afterwards.

    The session's gate must be under the intent's claim. One found already sent is a success that says
    so; one that Verona refused (*Transfer error*) is sent again.

    Raises:
        ErpRejectedError: there is no such order, or the ERP refuses to send it, in its own words.
        ErpUnavailableError: the ERP or the browser was lost.
        UiDriftError: the site is not as we know it; nothing was sent.
        OutcomeUnknownError: the send has left, and the order does not show as sent.
    """
    order_id = erp_id(intent.request.order_id)
    report("sendToVerona.start")
    before = await _standing(session, order_id)
    if before.sent and before.transfer != "failed":
        return await _done(notes, before, already_sent=True)
    if before.transfer == "failed":
        await notes.high_water_mark(FAILED_BEFORE)
    report("sendToVerona.navigation")
    report("sendToVerona.filter")
    await list_page.open_all(session, "sendToVerona.filter", ORDERS)
    report("sendToVerona.search")
    found = await _search(session, before)
    if isinstance(found, OrderState):
        return await _done(notes, found, already_sent=True)
    report("sendToVerona.select")
    await order_action.select(session, "sendToVerona.select", found)
    report("sendToVerona.confirm")
    await order_action.confirm(session, "sendToVerona.confirm", "send", "SendOrder", order_id)
    report("sendToVerona.verify")
    refused = await order_action.refusal(session, "sendToVerona.verify")
    after = await shown_sent(session, "sendToVerona.verify", before, patient=not refused)
    if after is None:
        raise _still_unsent(refused)
    report("sendToVerona.complete")
    # The ERP refuses what is sent already: then it was somebody else, between our look and our click.
    return await _done(notes, after, already_sent=bool(refused))


async def shown_sent(
    session: ErpSession, step: str, before: OrderState, *, patient: bool = True
) -> OrderState | None:
    """Read the order until it shows as sent; None if it still does not.

    ``patient``: until `Timeouts.send_lag` is over, for its status follows the send with a delay
    (erp-reference §3.2). ``before``: of an order that had failed, another failure is no evidence.

    Raises:
        OutcomeUnknownError: its page does not come any more, or shows no order.
    """
    clock = asyncio.get_running_loop()
    deadline = clock.time() + (session.timeouts.send_lag if patient else 0)
    pause = session.timeouts.read_again
    while True:
        state = await _read_again(session, step, before.order_id)
        if state.sent and (state.transfer == "sent" or before.transfer != "failed"):
            return state
        if clock.time() >= deadline:
            return None
        await asyncio.sleep(pause)  # between two readings; the ERP is not to be hurried
        pause = min(2 * pause, 12 * session.timeouts.read_again)


async def _standing(session: ErpSession, order_id: str) -> OrderState:
    step = "sendToVerona.navigation"
    state = await read_state(session, step, order_id)
    if state is not None:
        return state
    control = await absence.neighbour(session, step, ORDERS, order_id)
    verdict = await order_absence.prove_gone(session, step, order_id, control)
    if isinstance(verdict, absence.Proved):
        raise ErpRejectedError(f"the ERP has no order {dotted_id(order_id)} of this agent")
    raise UiDriftError(f"{step}: the order's own page does not open", step=step)


async def _search(session: ErpSession, before: OrderState) -> Row | OrderState:
    """The order's row in the list; its state instead if it was sent meanwhile."""
    step = "sendToVerona.search"
    row = await list_page.find_row(session, step, ORDERS, before.order_id)
    if row is None:
        raise UiDriftError(f"{step}: the list does not show the order, which exists", step=step)
    shown = row.cells.get(STATUS, "")  # hidden: the order's own page has told
    if not shown or transfer(shown) == before.transfer:
        return row
    state = await read_state(session, step, before.order_id)
    if state is not None and state.sent and state.transfer != "failed":
        return state
    raise UiDriftError(f"{step}: the list and the order's page disagree", step=step, seen=shown)


async def _read_again(session: ErpSession, step: str, order_id: str) -> OrderState:
    """The order from a fresh page; a page that does not come is asked for again, it changes nothing."""
    for count in range(1, FAILURES + 1):
        why = "the order's page does not open"
        try:
            state = await read_state(session, step, order_id)
        except (ErpUnavailableError, UiDriftError) as error:
            state, why = None, error.message
        if state is not None:
            return state
        if session.page.is_closed() or count == FAILURES:
            break
        await asyncio.sleep(session.timeouts.read_again)  # back-off between two reads
    raise OutcomeUnknownError(f"the send has left, and the order cannot be read back: {why}")


def _still_unsent(refused: str) -> ErpRejectedError | OutcomeUnknownError:
    if refused:
        return ErpRejectedError(f"the ERP refused to send the order: {refused}", nothing_left=True)
    return OutcomeUnknownError("the send has left, and the order still shows as not sent")


async def _done(notes: Notebook, state: OrderState, *, already_sent: bool) -> pb.SendToVeronaResult:
    await notes.seen(
        order_id=state.order_id,
        transfer_status=state.transfer_status,
        sales_id=state.sales_id,
        transferred=state.transferred,
        created=state.created,
    )
    return result_of(state, already_sent=already_sent)


def result_of(state: OrderState, *, already_sent: bool) -> pb.SendToVeronaResult:
    """The result that an order's page proves."""
    result = pb.SendToVeronaResult(
        order_id=state.order_id,
        order_record_id=dotted_id(state.order_id),
        already_sent=already_sent,
        transfer_status=state.transfer_status,
        sales_id=state.sales_id,
    )
    result.seen_at.GetCurrentTime()
    if state.transfer == "failed":
        result.warnings.append(
            f"Verona has refused the order ({state.transfer_status}); "
            "mend the cause and send it again under an operation_key of its own"
        )
    return result
