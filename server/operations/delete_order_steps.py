"""delete-order in the ERP, as the clerk would tell it: every step proves its effect or stops."""

import asyncio

from archibald.v1 import bot_pb2 as pb
from server.erp import absence, list_page, order_action
from server.erp.absence import EMPTY, Proved, Unproved
from server.erp.formats import dotted_id, erp_id
from server.erp.list_page import ORDERS
from server.erp.order_absence import prove_gone
from server.erp.order_state import OrderState, read_state
from server.erp.session import ErpSession
from server.errors import (
    ErpRejectedError,
    ErpUnavailableError,
    OutcomeUnknownError,
    UiDriftError,
)
from server.operation import Intent, Notebook, ReportProgress

# How often in a row the ERP may fail to be read before the outcome is an open question.
FAILURES = 3


async def run(
    session: ErpSession, intent: Intent, notes: Notebook, report: ReportProgress
) -> pb.DeleteOrderResult:
    """Delete the draft once, and prove that the ERP does not have it any more.

    The session's gate must be under the intent's claim. An order proved to be gone already is a success
    that says so.

    Raises:
        ErpRejectedError: the order is no draft any more, or the ERP refuses, in its own words.
        ErpUnavailableError: the ERP or the browser was lost.
        UiDriftError: the site is not as we know it; nothing was deleted.
        OutcomeUnknownError: the deletion has left, and the order is not proved to be gone.
    """
    order_id = erp_id(intent.request.order_id)
    report("delete.start")
    report("delete.navigation")
    before = await read_state(session, "delete.navigation", order_id)
    report("delete.filter")
    # The list is left open under its verified filter; the control is what a later proof leans on.
    control = await absence.neighbour(session, "delete.filter", ORDERS, order_id)
    if before is None:
        return await _gone_before(session, notes, order_id, control)
    _must_be_draft(before)
    await notes.high_water_mark(control)
    shown, refused = await delete_once(session, order_id, control, report)
    if isinstance(shown, OrderState):
        # The ERP said no, and the order is read back as it was.
        raise ErpRejectedError(
            f"the ERP refused to delete the order ({shown.told}): {refused}", nothing_left=True
        )
    await notes.seen(order_id=order_id, created=before.created, absence=shown.shown)
    report("delete.complete")
    # The ERP refuses what is gone: then it was somebody else, between our look and our click.
    return result_of(order_id, already_gone=bool(refused))


async def delete_once(
    session: ErpSession, order_id: str, control: str, report: ReportProgress
) -> tuple[Proved | OrderState, str]:
    """In the open list, under its verified filter: delete the draft, once, and look what came of it.

    ``control`` is another order's id, as `absence.neighbour` gives it. Returns the proof that the order
    is gone, or the order as it stands after the ERP has said no; and what the ERP has said against it.

    Raises:
        ErpUnavailableError: the ERP or the browser was lost.
        UiDriftError: the site is not as we know it; nothing was deleted.
        OutcomeUnknownError: the deletion has left, and the order is not proved to be gone.
    """
    step = "delete.search"
    report(step)
    row = await list_page.find_row(session, step, ORDERS, order_id)
    if row is None:
        raise UiDriftError(f"{step}: the list does not show the order, which exists", step=step)
    report("delete.select")
    await order_action.select(session, "delete.select", row)
    report("delete.confirm")
    await order_action.confirm(session, "delete.confirm", "delete", "Delete", order_id)
    report("delete.verify")
    refused = await order_action.refusal(session, "delete.verify")
    return await _proof(session, order_id, control, patient=not refused), refused


async def _gone_before(
    session: ErpSession, notes: Notebook, order_id: str, control: str
) -> pb.DeleteOrderResult:
    step = "delete.verify"
    verdict = await prove_gone(session, step, order_id, control)
    if isinstance(verdict, Proved):
        await notes.seen(order_id=order_id, absence=verdict.shown)
        return result_of(order_id, already_gone=True)
    why = verdict.reason if isinstance(verdict, Unproved) else "the list shows it all the same"
    raise UiDriftError(f"{step}: the order's own page does not open, but {why}", step=step)


def _must_be_draft(state: OrderState) -> None:
    if not state.is_draft:
        raise ErpRejectedError(
            f"only a draft can be deleted; the ERP shows the order as {state.told}"
        )


async def _proof(
    session: ErpSession, order_id: str, control: str, *, patient: bool
) -> Proved | OrderState:
    """Read until the order is proved to be gone; or (not ``patient``) the order, read back after a no.

    Raises:
        OutcomeUnknownError: it still shows when the time is up, or the ERP cannot be read.
    """
    step = "delete.verify"
    clock = asyncio.get_running_loop()
    deadline = clock.time() + (session.timeouts.delete_lag if patient else 0)
    failures, why = 0, ""
    while True:
        try:
            verdict = await prove_gone(session, step, order_id, control)
            if isinstance(verdict, Proved):
                return verdict
            if isinstance(verdict, Unproved):
                why = verdict.reason
                # The control may have gone itself, by another hand.
                if control != EMPTY:
                    control = await _other_control(session, step, order_id, control)
            else:
                why = "the order still shows"
                state = await read_state(session, step, order_id)
                if not patient and state is not None:
                    return state
            failures = 0
        except (ErpUnavailableError, UiDriftError) as error:
            failures, why = failures + 1, error.message
        if session.page.is_closed() or failures >= FAILURES or clock.time() >= deadline:
            raise OutcomeUnknownError(f"the deletion has left, and its effect is not proved: {why}")
        await asyncio.sleep(session.timeouts.read_again)  # between two readings


async def _other_control(session: ErpSession, step: str, order_id: str, control: str) -> str:
    """Another order to read beside; never EMPTY, where there was one before."""
    other = await absence.neighbour(session, step, ORDERS, order_id)
    return control if other == EMPTY else other


def result_of(order_id: str, *, already_gone: bool) -> pb.DeleteOrderResult:
    """The result that a proved absence gives."""
    return pb.DeleteOrderResult(
        order_id=order_id, order_record_id=dotted_id(order_id), already_gone=already_gone
    )
