"""The heart: check, run, save, commit and clear, as one function that every way in shares.

Whatever an operation has come to, and whoever asks (a caller, a second caller, the completer),
`Recovery.execute` takes it from there to its end. It is called under no transaction, and it is never
cancelled: what stops it is the death of its browser, of its database, or of the process. Which arrow of
the state table a failed attempt takes is in `settlement`, the arrows are in `transitions`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import structlog
from google.protobuf import json_format

from server.admission import Admission
from server.attendance import Attendance, Ownership, access_for
from server.bot_results import check_bot_result
from server.circuit import Circuit
from server.config import Config
from server.errors import (
    BrowserLostError,
    DatabaseDownError,
    DrainingError,
    ErpUnavailableError,
    FencedError,
    HeldError,
    LocalCommitPendingError,
    NothingThereError,
)
from server.journal import DATABASE_AWAY, Journal, connection_lost, database_down
from server.journal_row import Row, answer_of
from server.local_commit import commit_and_clear
from server.notebook import JournalNotebook
from server.operation import Claim, Intent, Operation, ReportProgress
from server.operation_events import Events
from server.progress import ProgressEvent
from server.read_back import ReadBack
from server.settlement import Settlement, named
from server.slots import Place
from server.takeover import Takeover
from server.user_locks import Turn, UserLocks

Follow = Callable[[ProgressEvent], None]

log = structlog.get_logger(__name__)


class Recovery:
    """Carries an accepted operation to its end; see `execute`."""

    def __init__(
        self,
        journal: Journal,
        *,
        attendance: Attendance,
        ownership: Ownership,
        user_locks: UserLocks,
        events: Events,
        operations: Mapping[str, Operation],
        config: Config,
    ) -> None:
        """``operations`` by their types."""
        self._journal = journal
        self._attendance = attendance
        self._user_locks = user_locks
        self._events = events
        self._operations = operations
        self._config = config
        self._settlement = Settlement(journal, config)
        self._circuit = Circuit(failures=config.circuit_failures, pause=config.circuit_pause)
        takeover = Takeover(journal, ownership, operations)
        self._admission = Admission(takeover, self._circuit, operations)

    @property
    def erp_answers(self) -> bool:
        """Whether the ERP is not taken to be away."""
        return not self._circuit.is_open

    async def execute(
        self,
        operation_id: UUID,
        report: ReportProgress,
        follow: Follow,
        known: Row | None = None,
    ) -> bytes:
        """The stored response, by whatever is still to be done for it, in as many attempts as it takes.

        ``follow`` is told what another server reports that has it in hand. ``known``: the row, just read.

        Raises:
            BotError: what the operation has come to instead; its reason says what to do next.
        """
        try:
            return await self._pursue(operation_id, report, follow, known)
        except DATABASE_AWAY as error:
            raise database_down(error) from error

    async def _pursue(
        self, operation_id: UUID, report: ReportProgress, follow: Follow, known: Row | None
    ) -> bytes:
        row = known or await self._journal.read(operation_id)
        structlog.contextvars.bind_contextvars(
            operation=row.operation_type, operation_id=str(row.id), user=row.user_id
        )
        absent_at = -1  # the generation that has just proved it absent: that is not read again
        heard, listening = 0, False  # whether the row was read where no notice of it is missed
        with (
            self._user_locks.turn(operation_id, row.user_id) as turn,
            self._attendance.place(operation_id) as place,
        ):
            while True:
                if (response := answer_of(row)) is not None:
                    return response
                if self._user_locks.stopped:
                    raise DrainingError("the server is shutting down; call again with the same key")
                if (claimed := await self._admission.claim(row, place)) is not None:
                    turn.came()
                    row, claim = claimed
                    try:
                        fresh = row.generation in {0, absent_at}
                        response = await self._attempt(row, claim, report, fresh=fresh)
                    except NothingThereError:
                        absent_at = claim.generation
                    except FencedError as error:
                        log.warning("fenced", reason=error.message)
                    place.leave()
                    if response is not None:
                        return response
                elif listening:
                    heard = await self._followed(operation_id, heard, follow)
                    await self._wait(row, turn, place, report)
                row, listening = await self._journal.read(operation_id), True

    async def _followed(self, operation_id: UUID, heard: int, follow: Follow) -> int:
        """Tell what another server has reported since step ``heard``; the newest step's number."""
        for event in await self._events.since(operation_id, heard):
            heard = event.sequence
            follow(event)
        return heard

    async def _wait(self, row: Row, turn: Turn, place: Place, report: ReportProgress) -> None:
        """Until it is worth another look."""
        due_in = self._admission.due_in(row)
        if place.in_line:
            report("browser")
        elif row.state == "QUEUED":
            report("waiting" if due_in else "turn")
        waited = await turn.wait(due_in, place)
        if waited is not None and not place.in_line:
            await self._events.waited(row.id, waited)

    async def _attempt(
        self, row: Row, claim: Claim, report: ReportProgress, *, fresh: bool
    ) -> bytes | None:
        """One claim: check, run or read back, save, commit, clear. None: it is to be taken up again.

        Raises:
            NothingThereError: it was proved that nothing of it is in the ERP, and it may run.
        """
        operation = self._operations[row.operation_type]
        intent = Intent(claim, operation.Request.FromString(row.request or b""), row.marker)
        result = None
        async with self._settled(operation, intent):
            result = await self._check(operation, intent, row)
            if result is None:
                result = await self._in_the_erp(operation, intent, row, report, fresh=fresh)
        if result is None:
            return None
        report("commit")
        response = await self._commit_and_clear(operation, intent, result)
        report("complete")
        return response

    # -- the steps ------------------------------------------------------------------------------

    async def _check(self, operation: Operation, intent: Intent, row: Row) -> Any:
        """The ERP's answer if an earlier attempt saved it, or if the ERP is not needed: no bot then."""
        claim = intent.claim
        async with self._journal.connection() as conn:
            begins = row.state in {"QUEUED", "RUNNING"}
            saved = await check_bot_result(
                conn, claim.user_id, claim.operation_type, claim.operation_key,
                beside=operation.begin(conn, intent) if begins else None,
            )  # fmt: skip
        # A row of an earlier system may prove nothing: it counts as none.
        result = None if saved is None else operation.restore(saved)
        if row.state == "CONFIRMED":
            if result is None:
                raise HeldError(
                    f"the ERP has done it as {row.erp_id}, but the saved answer is gone",
                    erp_id=row.erp_id or "",
                )
            return result
        if result is None:
            result = operation.without_erp(intent.request)
        if result is not None:
            await self._save(operation, intent, result)
        return result

    async def _in_the_erp(
        self, operation: Operation, intent: Intent, row: Row, report: ReportProgress, *, fresh: bool
    ) -> Any:
        """Run it; or read back what an earlier attempt left, and go on from there. The answer is saved."""
        let_in = False
        try:
            async with self._attendance.session(intent, report, access_for(row)) as session:
                let_in = True
                self._circuit.reached()
                notebook = JournalNotebook(self._journal, intent.claim)
                if fresh and row.state in {"QUEUED", "RUNNING"}:
                    result = await operation.run(session, intent, notebook, report)
                else:
                    read_back = ReadBack(self._journal, self._config, operation, intent, notebook)
                    result = await read_back.pursue(session, row, report)
                await self._save(operation, intent, result)
                return result
        except ErpUnavailableError as error:
            if not let_in and not isinstance(error, BrowserLostError):
                self._circuit.unreachable()
            raise

    async def _save(self, operation: Operation, intent: Intent, result: Any) -> None:
        """Keep the ERP's answer, at once and alone; while the database is away, again and again."""
        erp_id = operation.erp_id(result)
        log.info("erp_done", erp_id=erp_id)
        saved = json_format.MessageToDict(result, preserving_proto_field_name=True)
        loop = asyncio.get_running_loop()
        deadline, delay = loop.time() + self._config.save_for, 0.1
        while True:
            try:
                await self._journal.confirm(intent.claim, erp_id, saved)
            except DATABASE_AWAY as error:
                if loop.time() + delay > deadline:
                    log.exception("save_failed", erp_id=erp_id)
                    raise
                log.warning("save_retried", error=type(error).__name__)
                await asyncio.sleep(delay)  # back-off; the condition is the database itself
                delay = min(delay * 2, 2.0)
            else:
                return

    async def _commit_and_clear(self, operation: Operation, intent: Intent, result: Any) -> bytes:
        """Write our own tables and SUCCEEDED with its response in one transaction; forget the saved answer."""
        try:
            return await commit_and_clear(self._journal, operation, intent, result)
        except FencedError:
            raise
        except Exception as error:
            # Whatever it was, the ERP has done its part: the caller must hear that, and the id.
            log.exception("local_commit_failed")
            if not connection_lost(error):  # a database that is away says nothing about the commit
                await self._count_commit_failure(intent.claim, type(error).__name__)
            erp_id = operation.erp_id(result)
            raise LocalCommitPendingError(
                f"the ERP has done it as {erp_id}; our own tables are still to be written. "
                "Call again with the same key",
                erp_id=erp_id,
            ) from error

    # -- when it did not go well ---------------------------------------------------------------------

    @asynccontextmanager
    async def _settled(self, operation: Operation, intent: Intent) -> AsyncIterator[None]:
        """Turn whatever ended an attempt into its state; the loop reads there what came of it."""
        try:
            yield
        except Exception as caught:
            error = named(caught)
            try:
                await self._settlement.settle(
                    operation, intent, error, stopping=self._user_locks.stopped
                )
            except FencedError:
                log.warning("fenced", reason=error.reason)
            except (DatabaseDownError, *DATABASE_AWAY) as away:
                # Not settled: the row stays with us, and is taken up again like that of a dead server.
                log.warning("settling_failed", reason=error.reason)
                raise database_down(away) from caught
            if isinstance(error, NothingThereError):
                raise

    async def _count_commit_failure(self, claim: Claim, error: str) -> None:
        try:
            await self._journal.commit_failed(claim, error, self._config.verify_pause)
        except DATABASE_AWAY:
            log.warning("commit_failure_not_counted")
