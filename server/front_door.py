"""The one way in: a caller, a second caller and the completer come to an operation by the same door."""

from collections.abc import Mapping
from uuid import UUID

import structlog

from server.attendance import Attendance
from server.errors import (
    BotError,
    DatabaseDownError,
    DrainingError,
    LocalCommitPendingError,
    PoolExhaustedError,
)
from server.journal_row import Row
from server.observed import observed
from server.operation import Operation, ReportProgress
from server.progress import ProgressEvent
from server.recovery import Recovery
from server.runs import Run, Runs
from server.user_locks import UserLocks

# What ends a run and is no end of its operation: whoever joined meanwhile has to hear it too.
NO_END = (LocalCommitPendingError, PoolExhaustedError, DrainingError, DatabaseDownError)

log = structlog.get_logger(__name__)


class FrontDoor:
    """Joins whoever comes to the operation in flight, or sets recovery to work; closed for a drain."""

    def __init__(
        self,
        runs: Runs,
        recovery: Recovery,
        user_locks: UserLocks,
        attendance: Attendance,
        operations: Mapping[str, Operation],
    ) -> None:
        """``operations`` by their types."""
        self._runs = runs
        self._recovery = recovery
        self._user_locks = user_locks
        self._attendance = attendance
        self._operations = operations
        self._closed = False

    def must_be_open(self) -> None:
        """Refuse work that is not even recorded yet.

        Raises:
            DrainingError: the server is shutting down.
        """
        if self._closed:
            raise DrainingError("the server is shutting down; call again with the same key")

    def enter(
        self, operation_id: UUID, operation_type: str, known: Row | None = None
    ) -> tuple[Run, bool]:
        """The run of this operation in this server, and whether it was already there.

        ``known``: its row, if it has just been read or written.

        Raises:
            DrainingError: the server is shutting down; another one takes the operation up.
        """
        self.must_be_open()
        steps = self._operations[operation_type].STEPS
        return self._runs.join_or_start(
            operation_id,
            steps,
            lambda report: self._carry(operation_id, operation_type, known, report),
        )

    async def drain(self, seconds: float) -> None:
        """Take nothing more, give back what has sent nothing, finish what is past its first write."""
        self._closed = True
        log.info("draining", in_flight=repr(self._runs))
        self._user_locks.stop()
        await self._attendance.stop_unwritten()
        log.info("drained", unfinished=await self._runs.drain(seconds))

    async def _carry(
        self,
        operation_id: UUID,
        operation_type: str,
        known: Row | None,
        report: ReportProgress,
    ) -> bytes:
        def follow(event: ProgressEvent) -> None:
            if run := self._runs.find(operation_id):
                run.follow(event)

        while True:
            try:
                with observed(operation_id, operation_type, report) as told:
                    return await self._recovery.execute(operation_id, told, follow, known)
            except NO_END:
                raise
            except BotError:
                # Read before somebody joined: a key that had failed or was cancelled may be queued anew.
                run = self._runs.find(operation_id)
                if run is None or not run.joined:
                    raise
                run.joined, known = False, None
