"""send-to-verona read back: whether a request that may have left has sent the order."""

from server.erp.formats import erp_id
from server.erp.order_state import read_state
from server.erp.session import ErpSession
from server.errors import OutcomeUnknownError
from server.operation import Intent, Notebook
from server.operations.send_to_verona_steps import FAILED_BEFORE, result_of, shown_sent
from server.verdicts import Absent, Inconclusive, Landed, Traces, Verdict

STEP = "sendToVerona.verify"


async def probe(session: ErpSession, intent: Intent, traces: Traces, notebook: Notebook) -> Verdict:
    """Read the order until it shows as sent, or its status has had all its time (design §4.4).

    Still a draft is Absent only where no request had left: a status follows its send with a delay that
    nobody has bounded, and a second send cannot be taken back.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: the order cannot be read.
    """
    order_id = erp_id(intent.request.order_id)
    before = await read_state(session, STEP, order_id)
    if before is None:
        return Inconclusive("the order's own page does not open any more")
    # Nothing had left: then a failure is an earlier send's, and this one is still to be made.
    failed_before = traces.high_water_mark == FAILED_BEFORE or not traces.written
    state = before if before.sent and not (failed_before and before.transfer == "failed") else None
    if state is None and not traces.written:
        return Absent(f"the order shows {before.transfer_status!r}, and no request had left")
    if state is None:
        try:
            state = await shown_sent(session, STEP, before)
        except OutcomeUnknownError as error:
            return Inconclusive(error.message)
    if state is None:
        waited = f"{session.timeouts.send_lag:g} s"
        return Inconclusive(
            f"the order shows {before.transfer_status!r} as before, {waited} long"
            if failed_before
            else f"the order still shows {before.transfer_status!r} after {waited}"
        )
    await notebook.seen(
        order_id=order_id,
        transfer_status=state.transfer_status,
        sales_id=state.sales_id,
        created=state.created,
    )
    # Where nothing of ours had left, somebody else has sent it.
    return Landed(result_of(state, already_sent=not traces.written))
