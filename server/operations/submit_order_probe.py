"""submit-order's read-back: what has become of an order whose entering was interrupted (design §4.4).

It only reads.
"""

from dataclasses import dataclass

from server.erp import order_view
from server.erp.absence import Proved, Seen, Unproved
from server.erp.grid import Row
from server.erp.order_state import read_state
from server.erp.session import ErpSession
from server.errors import UiDriftError
from server.operation import Intent, Notebook
from server.operations import order_own
from server.operations.order_own import STEP
from server.operations.order_result import facts_of, order_result
from server.operations.order_standing import is_draft, told
from server.verdicts import Absent, Inconclusive, Landed, Partial, Traces, Verdict

# What need not be as asked in an order that a person has named: somebody may have typed it by hand.
TEXTS = {"description", "notes"}


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
        own, listed = await order_own.listed(self.session, self.intent, self.traces)
        if own:
            return await self._found(own)
        if self.traces.draft_id:
            return await self._vanished(listed)
        if isinstance(listed, Seen):
            ids = ", ".join(row.key for row in listed.rows)
            return Inconclusive(f"an order of this customer without our marker: {ids}")
        if isinstance(listed, Unproved):
            return Inconclusive(listed.reason)
        return Absent(listed.shown)

    async def _vanished(self, listed: Seen | Proved | Unproved) -> Verdict:
        """Our order's id is known, and the list does not show it."""
        draft = self.traces.draft_id
        if self.traces.stood:
            # Deleted, or moved: by whom, and whether the agent wants it again, nobody can tell.
            return Inconclusive(f"our order {draft} vanished: the list does not show it")
        if isinstance(listed, Unproved):
            return Inconclusive(listed.reason)
        # Only the form had shown it, which allots numbers before anything is kept (erp-reference §3.1.7).
        if isinstance(listed, Seen) or await read_state(self.session, STEP, draft) is not None:
            return Inconclusive(f"whether our order {draft} was ever kept does not show")
        return Absent(f"{listed.shown}; {draft}, which only the form had shown, does not open")

    # An order of ours ---------------------------------------------------------------------------

    async def _found(self, own: tuple[Row, ...]) -> Verdict:
        if len(own) > 1:
            ids = ", ".join(row.key for row in own)
            return Inconclusive(f"several orders are this one by marker or id: {ids}")
        [row] = own
        draft = self.traces.draft_id
        if draft not in {"", row.key}:
            return Inconclusive(f"our order {draft} vanished, and {row.key} carries our marker")
        if not order_own.is_of(self.intent.request, row):
            return Inconclusive(f"our order {row.key} is another customer's")
        return await self._compared(row)

    async def _compared(self, row: Row) -> Verdict:
        """The one order that is ours, opened by its id and compared with what was asked."""
        found = await order_view.read_order(self.session, row.key, may_be_empty=True)
        if not self.traces.draft_id:
            await self.notebook.draft(found.order_id)
        await self.notebook.seen(**facts_of(found))
        own = order_own.compared(self.session, self.intent, found)
        shown, draft = own.standing, is_draft(found)
        if self.traces.named and not own.marked:
            # A person has said that it is this one. It is never edited, and must be so but for our words.
            if others := {*shown.missing, *shown.foreign} - TEXTS:
                return Inconclusive(
                    f"order {row.key}, which was named, is not as asked: {', '.join(sorted(others))}"
                )
        elif draft and shown.missing and not shown.foreign:
            return Partial(found.order_id, shown.missing)
        elif shown.lines or (draft and shown.missing):
            return Inconclusive(f"our order {told(found, shown)}")
        return Landed(
            await order_result(
                self.intent,
                self.notebook,
                found,
                text=own.text,
                description=own.description,
                customer=found.customer,
            )
        )
