"""submit-order's read-back: what has become of an order whose entering was interrupted (design §4.4).

It only reads. Its search is the list itself: the toolbar's search covers columns that nobody knows, and
finds nothing for many reasons.
"""

from dataclasses import dataclass

from archibald.v1 import bot_pb2 as pb
from server.erp import list_page, order_view
from server.erp.absence import EMPTY, Proved, Seen, Unproved, prove_absent
from server.erp.grid import Row
from server.erp.list_page import ORDERS
from server.erp.list_reading import read_down
from server.erp.order_texts import description, one_line, order_text
from server.erp.order_view import FoundOrder
from server.erp.session import ErpSession
from server.errors import UiDriftError
from server.operation import Intent, Notebook
from server.operations.markers import markers_of
from server.operations.order_result import facts_of, order_result
from server.operations.order_standing import is_draft, standing
from server.verdicts import Absent, Inconclusive, Landed, Partial, Traces, Verdict

STEP = "verify"
# Each must show: what a hidden column would have told is not known.
FIELDS = ("ID", "CUSTACCOUNT", "SALESNAME", "PURCHORDERFORMNUM")


async def probe(session: ErpSession, intent: Intent, traces: Traces, notebook: Notebook) -> Verdict:
    """Read the ERP back and say what it shows of the order; writes nothing.

    Raises:
        ErpUnavailableError: the ERP or the browser was lost; nothing is known.
        UiDriftError: the gate has stopped something, or the page is gone.
    """
    try:
        return await _Look(session, intent, traces, notebook).verdict()
    except UiDriftError as drift:
        # A hidden column, a filter changed meanwhile: a reading that proves nothing, not an accident.
        if session.gate.broken or session.page.is_closed():
            raise
        return Inconclusive(drift.message)


@dataclass(frozen=True)
class _Look:
    session: ErpSession
    intent: Intent
    traces: Traces
    notebook: Notebook

    async def verdict(self) -> Verdict:
        listed = await self._listed()
        own = [row for row in listed.rows if self._is_ours(row)] if isinstance(listed, Seen) else []
        if own:
            return await self._found(own)
        if self.traces.draft_id:
            # Shown to us once, and no more: deleted, moved, or never kept by the ERP. Nobody can tell.
            return Inconclusive(
                f"our order {self.traces.draft_id} vanished: the list does not show it"
            )
        if isinstance(listed, Seen):
            ids = ", ".join(row.key for row in listed.rows)
            return Inconclusive(f"an order of this customer without our marker: {ids}")
        if isinstance(listed, Unproved):
            return Inconclusive(listed.reason)
        return Absent(listed.shown)

    async def _listed(self) -> Seen | Proved | Unproved:
        """The orders that are ours or may be, of those that are newer than the high-water mark."""
        mark, draft = self.traces.high_water_mark, self.traces.draft_id
        if mark:
            control = EMPTY if mark == "empty" else mark
            return await prove_absent(
                self.session, STEP, ORDERS, ours=self._may_be_ours, control=control, fields=FIELDS
            )
        if draft:
            reading = await read_down(self.session, STEP, ORDERS, draft, FIELDS)
            return Seen(tuple(filter(self._is_ours, reading.rows)))
        # The mark is kept before anything may be written: without one no attempt got that far. The
        # journal is the proof, and the first page is only looked at in case it knows better.
        await list_page.open_all(self.session, STEP, ORDERS)
        page = await list_page.newest_page(self.session, STEP, ORDERS, FIELDS)
        await list_page.verify_all(self.session, STEP, ORDERS)
        if own := tuple(filter(self._is_ours, page.rows)):
            return Seen(own)
        return Proved("no attempt had read the list of orders before, and it shows none of ours")

    def _is_ours(self, row: Row) -> bool:
        """By its id, or by the marker of any revision."""
        description = row.cells["PURCHORDERFORMNUM"]
        return row.key == self.traces.draft_id or any(
            marker in description for marker in markers_of(self.intent)
        )

    def _may_be_ours(self, row: Row) -> bool:
        """Newer than the mark, and ours or at least of the same customer: a marker may be lost."""
        mark = self.traces.high_water_mark
        newer = not mark.isdecimal() or int(row.key) > int(mark)
        return newer and (self._is_ours(row) or _is_of(self.intent.request, row))

    # An order of ours ---------------------------------------------------------------------------

    async def _found(self, own: list[Row]) -> Verdict:
        if len(own) > 1:
            ids = ", ".join(row.key for row in own)
            return Inconclusive(f"several orders are this one by marker or id: {ids}")
        [row] = own
        draft = self.traces.draft_id
        if draft not in {"", row.key}:
            return Inconclusive(f"our order {draft} vanished, and {row.key} carries our marker")
        if not _is_of(self.intent.request, row):
            return Inconclusive(f"our order {row.key} is another customer's")
        return await self._compared(row)

    async def _compared(self, row: Row) -> Verdict:
        """The one order that is ours, opened by its id and compared with what was asked."""
        request: pb.SubmitOrderRequest = self.intent.request
        found = await order_view.read_order(self.session, row.key, may_be_empty=True)
        if not self.traces.draft_id:
            await self.notebook.draft(found.order_id)
        await self.notebook.seen(**facts_of(found))
        text = order_text(request.notes, no_shipping=request.no_shipping)
        told = self._description(found, text)
        shown = standing(request, found, text=text, description=told)
        draft = is_draft(found)
        if draft and shown.missing and not shown.foreign:
            return Partial(found.order_id, shown.missing)
        if shown.lines or (draft and shown.missing):
            state = f"is {found.transfer_status} and lacks {', '.join(shown.missing)}"
            others = f", and holds {', '.join(shown.foreign)}" if shown.foreign else ""
            return Inconclusive(f"our order {found.order_id} {state}{others}")
        return Landed(
            await order_result(
                self.intent,
                self.notebook,
                found,
                text=text,
                description=told,
                customer=found.customer,
            )
        )

    def _description(self, found: FoundOrder, text: str) -> str:
        """What DESCRIZIONE should hold, with the marker that it has, cut where its input cuts."""
        own = [marker for marker in markers_of(self.intent) if marker in found.description]
        marker = own[0] if own else self.intent.marker
        whole = description(marker, text, self.session.description_length)
        # Only the form tells how much its input takes; what is cut behind the marker was cut by it.
        cut = found.description.startswith(marker) and whole.startswith(found.description)
        return found.description if cut else whole


def _is_of(request: pb.SubmitOrderRequest, row: Row) -> bool:
    """Whether an order of the list is the asked customer's: by account, else by name."""
    if account := request.customer_account.strip():
        return one_line(row.cells["CUSTACCOUNT"]) == account
    return one_line(row.cells["SALESNAME"]) == one_line(request.customer_name)
