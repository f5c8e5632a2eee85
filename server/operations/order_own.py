"""Which order of the agent's list is the one that a request made, and how far it is what was asked."""

from dataclasses import dataclass

from archibald.v1 import bot_pb2 as pb
from server.erp import list_page
from server.erp.absence import EMPTY, Proved, Seen, Unproved, prove_absent
from server.erp.grid import Row
from server.erp.list_page import ORDERS
from server.erp.list_reading import read_down
from server.erp.order_texts import description, one_line, order_text
from server.erp.order_view import FoundOrder
from server.erp.session import ErpSession
from server.operation import Intent
from server.operations.markers import markers_of
from server.operations.order_standing import Standing, standing
from server.verdicts import Traces

STEP = "verify"
# Each must show: what a hidden column would have told is not known.
FIELDS = ("ID", "CUSTACCOUNT", "SALESNAME", "PURCHORDERFORMNUM")


async def listed(
    session: ErpSession, intent: Intent, traces: Traces
) -> tuple[tuple[Row, ...], Seen | Proved | Unproved]:
    """The rows that are ours, and what the list showed of all that may be: newer than the mark.

    Its search is the list itself: the toolbar's search covers columns that nobody knows, and finds
    nothing for many reasons.

    Raises:
        ErpUnavailableError: the ERP or the browser was lost; nothing is known.
        UiDriftError: the list cannot be read as a proof.
    """
    found = await _listed(session, intent, traces)
    rows = found.rows if isinstance(found, Seen) else ()
    return tuple(row for row in rows if _is_ours(intent, traces, row)), found


async def _listed(session: ErpSession, intent: Intent, traces: Traces) -> Seen | Proved | Unproved:
    mark, draft = traces.high_water_mark, traces.draft_id

    def ours(row: Row) -> bool:
        return _is_ours(intent, traces, row)

    def may_be_ours(row: Row) -> bool:
        # Ours, or at least of the same customer: a marker may be lost.
        newer = not mark.isdecimal() or int(row.key) > int(mark)
        return newer and (ours(row) or is_of(intent.request, row))

    if traces.named:
        # By its id, which may be older than our mark; and beside it what may be ours by its marker.
        down_to = draft if not mark else "0" if mark == EMPTY else str(min(int(mark), int(draft)))
        reading = await read_down(session, STEP, ORDERS, down_to, FIELDS)
        return Seen(tuple(filter(ours, reading.rows)))
    if mark and (traces.written or draft):
        control = EMPTY if mark == "empty" else mark
        return await prove_absent(
            session, STEP, ORDERS, ours=may_be_ours, control=control, fields=FIELDS
        )
    if draft:
        reading = await read_down(session, STEP, ORDERS, draft, FIELDS)
        return Seen(tuple(filter(ours, reading.rows)))
    # Nothing has left; for the mark is kept before anything may be written. The journal is the proof,
    # and the first page is only looked at in case it knows better.
    await list_page.open_all(session, STEP, ORDERS)
    page = await list_page.newest_page(session, STEP, ORDERS, FIELDS)
    if own := tuple(filter(ours, page.rows)):
        return Seen(own)
    return Proved("no request had left, and the list of orders shows none of ours")


def _is_ours(intent: Intent, traces: Traces, row: Row) -> bool:
    """By its id, or by the marker of any revision."""
    shown = row.cells["PURCHORDERFORMNUM"]
    return row.key == traces.draft_id or any(marker in shown for marker in markers_of(intent))


def is_of(request: pb.SubmitOrderRequest, row: Row) -> bool:
    """Whether an order of the list is the asked customer's: by account, else by name."""
    if account := request.customer_account.strip():
        return one_line(row.cells["CUSTACCOUNT"]) == account
    return one_line(row.cells["SALESNAME"]) == one_line(request.customer_name)


@dataclass(frozen=True)
class Compared:
    """An order that is ours, beside what was asked.

    ``marker`` is the one that it has (``marked``), else the request's; ``text`` and ``description`` are
    what the texts and DESCRIZIONE should hold.
    """

    marked: bool
    marker: str
    text: str
    description: str
    standing: Standing


def compared(session: ErpSession, intent: Intent, found: FoundOrder) -> Compared:
    """The order against the request; its marker may be that of an earlier revision."""
    request: pb.SubmitOrderRequest = intent.request
    own = [marker for marker in markers_of(intent) if marker in found.description]
    marker = own[0] if own else intent.marker
    text = order_text(request.notes, no_shipping=request.no_shipping)
    told = description(marker, text, session.description_length)
    # Only the form tells how much its input takes; what is cut behind the marker was cut by it.
    if found.description.startswith(marker) and told.startswith(found.description):
        told = found.description
    return Compared(
        bool(own), marker, text, told, standing(request, found, text=text, description=told)
    )
