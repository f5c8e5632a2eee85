"""An interrupted operation goes on from what the ERP shows: adopted, completed, run again, undone, or held."""

from dataclasses import dataclass
from typing import Any

import structlog

from server import measures, tracing, transitions
from server.config import Config
from server.errors import HeldError, NothingThereError, UnclearError
from server.journal import Journal
from server.journal_row import Row
from server.notebook import JournalNotebook
from server.operation import Completing, Intent, Operation, ReportProgress, Undoing
from server.verdicts import Absent, Inconclusive, Landed, Partial, Traces, Verdict

# How often our own draft is completed without getting nearer to what was asked.
MOST_COMPLETIONS = 3

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ReadBack:
    """One attempt's read-back, and what follows from its verdict (design §4.4)."""

    journal: Journal
    config: Config
    operation: Operation
    intent: Intent
    notebook: JournalNotebook

    async def pursue(self, session: Any, row: Row, report: ReportProgress) -> Any:
        """The operation's result, by the least that is still to be done for it.

        Raises:
            NothingThereError: it is proved that the ERP holds nothing of it.
            UnclearError: not to be told now, or not by this session.
            HeldError: no read-back will tell.
        """
        report("recovery")
        undoing = row.state == "UNDOING"
        traces = await self.journal.traces(row)
        with tracing.span("undo" if undoing else "probe") as span:
            verdict = await self._verdict(session, row, traces)
            span.set_attribute("verdict", type(verdict).__name__)
        measures.probed(self.intent.claim.operation_type, type(verdict).__name__)
        log.info("read_back", verdict=type(verdict).__name__, alone=self._waits_for(session, row))
        match verdict:
            case Landed(result) if not undoing:
                return result
            case Partial(erp_id, missing) if not undoing:
                self._must_be_alone(session, row)
                return await self._complete(session, erp_id, missing, report)
            case Absent():
                return await self._absent(session, row, report)
            case Inconclusive(reason):
                raise UnclearError(reason)
            case _:
                raise UnclearError("the draft that the ERP refused still stands")

    async def _verdict(self, session: Any, row: Row, traces: Traces) -> Verdict:
        if row.state != "UNDOING":
            return await self.operation.probe(session, self.intent, traces, self.notebook)
        self._must_be_alone(session, row)
        if not isinstance(self.operation, Undoing):
            raise HeldError("the ERP refused it, and nothing can delete what was left of it")
        return await self.operation.undo(session, self.intent, traces, self.notebook)

    async def _complete(
        self, session: Any, erp_id: str, missing: tuple[str, ...], report: ReportProgress
    ) -> Any:
        if not isinstance(self.operation, Completing):
            raise HeldError(f"{erp_id} stands unfinished, and nothing can complete it")
        async with self.journal.transaction() as conn:
            tries = await transitions.resume(conn, self.intent.claim, len(missing))
        if tries > MOST_COMPLETIONS:
            raise HeldError(
                f"{erp_id} was completed {MOST_COMPLETIONS} times and still lacks {', '.join(missing)}"
            )
        return await self.operation.complete(session, self.intent, erp_id, self.notebook, report)

    async def _absent(self, session: Any, row: Row, report: ReportProgress) -> Any:
        if row.state in {"QUEUED", "RUNNING"}:
            # Nothing was sent, says the journal, and the ERP agrees.
            await self.journal.forget_draft(self.intent.claim)
            return await self.operation.run(session, self.intent, self.notebook, report)
        self._must_be_alone(session, row)
        if row.state != "UNDOING" and self.config.rerun_past_gate == "never":
            raise HeldError("the ERP shows nothing of it, and it is not to be entered again")
        raise NothingThereError("the ERP was seen to hold nothing of it")

    def _must_be_alone(self, session: Any, row: Row) -> None:
        """Nothing of an earlier attempt may still be on its way to the ERP (design §4.4)."""
        if reason := self._waits_for(session, row):
            pause = None
            if not row.suspects and row.quiet_for is not None:
                pause = self._quiet_time - row.quiet_for
            raise UnclearError(reason, pause=pause)

    @property
    def _quiet_time(self) -> float:
        """Seconds from the row of a write to the end of its request, at the latest."""
        return self.config.send_within + self.config.quiet_time

    def _waits_for(self, session: Any, row: Row) -> str:
        if row.suspects:
            return "a browser that worked on it is not proved dead"
        if row.quiet_for is None or session.id == row.write_session:
            return ""  # the ERP serialises a session: what it did before our first page is done
        if row.quiet_for > self._quiet_time:
            return ""
        return "the session that wrote is gone, and its last request may still be at work"
