"""How an attempt that did not succeed is settled: which arrow of design §4.2 its error is.

Called when the attempt's browser context is closed. What was sent is read from the row, never guessed
from the error: RUNNING means that nothing was.
"""

import random
from dataclasses import dataclass
from typing import Any

import structlog
from psycopg import AsyncConnection

from server import attempts, measures, transitions
from server.config import Config
from server.errors import (
    BotError,
    BrowserLostError,
    CancelledError,
    CustomerAmbiguousError,
    DatabaseDownError,
    ErpLoginRejectedError,
    ErpRejectedError,
    ExpiredError,
    HeldError,
    NothingThereError,
    UiDriftError,
    UnclearError,
)
from server.journal import DATABASE_AWAY, Journal
from server.journal_row import Row
from server.operation import Intent, Operation, Undoing

# Trying again would only be refused again, or could lock the agent's account.
FINAL = (CustomerAmbiguousError, ErpLoginRejectedError, ErpRejectedError)
JITTER = 0.2

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Settlement:
    """The rules of §4.6 with their times."""

    journal: Journal
    config: Config

    async def settle(
        self, operation: Operation, intent: Intent, error: BotError, *, stopping: bool
    ) -> None:
        """Move the operation where its error leads; nothing, if another worker has it by now.

        Raises:
            DatabaseDownError, psycopg.OperationalError, PoolTimeout: it stays as it is, and is taken
                up again like that of a server that died.
            FencedError: it was moved on meanwhile.
        """
        await self.journal.keep_learned(intent.claim)
        row = await self.journal.read(intent.claim.operation_id)
        mine = row.generation, row.owner_instance
        if mine != (intent.claim.generation, intent.claim.instance):
            log.warning("fenced", reason=error.reason)
            return
        if row.draft_id:
            error.metadata = {**error.metadata, "draft_id": row.draft_id}
        async with self.journal.transaction() as conn:
            match row.state:
                case "RUNNING":
                    arrow = await self._nothing_sent(
                        conn, operation, intent, row, error, stopping=stopping
                    )
                case "WRITING":
                    arrow = await self._written(conn, operation, intent, row, error)
                case "VERIFYING" | "UNDOING":
                    arrow = await self._read_back(conn, operation, intent, row, error)
                case _:
                    arrow = await self._confirmed(conn, intent, error)
        log.info("attempt_ended", reason=error.reason, arrow=arrow, message=error.message)
        measures.attempt_failed(intent.claim.operation_type, arrow, error.reason)

    async def _nothing_sent(
        self,
        conn: AsyncConnection[Any],
        operation: Operation,
        intent: Intent,
        row: Row,
        error: BotError,
        *,
        stopping: bool,
    ) -> str:
        if row.cancel_requested:
            cancelled = CancelledError("it was cancelled; nothing was written in the ERP")
            await transitions.cancel(conn, intent.claim, cancelled.stored())
            await operation.abandon(conn, intent.request, cancelled.message)
            return "cancel"
        if row.start_by_passed and row.write_seq == 0:
            expired = ExpiredError("start_by passed before anything was written in the ERP")
            await self._fail(conn, operation, intent, expired)
            return "expire"
        if stopping:
            await transitions.park(conn, intent.claim)
            return "park"
        if not isinstance(error, FINAL):
            if row.retries < len(self.config.retry_delays):
                pause = _spread(self.config.retry_delays[row.retries])
                if isinstance(error, BrowserLostError) and row.retries == 0:
                    pause = (
                        0.0  # the ERP needs no rest, and the agent's next operation waits behind it
                    )
                await transitions.retry(conn, intent.claim, error.stored(), pause)
                return "retry"
            if isinstance(error, UnclearError | HeldError):
                await transitions.review(conn, intent.claim, error.stored())
                return "review"
        await self._fail(conn, operation, intent, error)
        return "fail"

    async def _written(
        self,
        conn: AsyncConnection[Any],
        operation: Operation,
        intent: Intent,
        row: Row,
        error: BotError,
    ) -> str:
        if isinstance(error, HeldError):
            await transitions.review(conn, intent.claim, error.stored())
            return "review"
        if isinstance(error, ErpRejectedError):
            if error.nothing_left:
                await self._fail(conn, operation, intent, error)
                return "fail"
            if row.draft_id and isinstance(operation, Undoing):
                await transitions.undo(conn, intent.claim, error.stored())
                return "undo"
        await transitions.lose(conn, intent.claim, error.stored())
        return "lose"

    async def _read_back(
        self,
        conn: AsyncConnection[Any],
        operation: Operation,
        intent: Intent,
        row: Row,
        error: BotError,
    ) -> str:
        claim = intent.claim
        if isinstance(error, NothingThereError):
            # What the ERP refused is not entered again: it has failed, and nothing of it is left.
            if row.error and row.error["reason"] == ErpRejectedError.reason:
                await transitions.fail(conn, claim, row.error)
                await operation.abandon(conn, intent.request, str(row.error["message"]))
                return "refused"
            if row.reruns >= self.config.most_reruns:
                last = row.error["message"] if row.error else "no reason was stored"
                kept_nothing = UiDriftError(
                    f"sent again and again, and the ERP kept nothing: {last}"
                )
                await self._fail(conn, operation, intent, kept_nothing)
                return "kept_nothing"
            await transitions.absent(conn, claim, self._pause_before_rerun(row))
            return "absent"
        settled_nothing = isinstance(error, UnclearError | ErpLoginRejectedError)
        pause = getattr(error, "pause", None)
        too_long = (
            settled_nothing
            and pause is None
            and await attempts.unclear_for(conn, claim) >= self.config.verify_for
        )
        if isinstance(error, HeldError | ErpRejectedError) or too_long:
            await transitions.review(conn, claim, error.stored())
            return "review"
        await transitions.wait(
            conn,
            claim,
            error.stored(),
            _spread(self.config.verify_pause) if pause is None else pause,
            unclear=settled_nothing and pause is None,
        )
        return "wait"

    def _pause_before_rerun(self, row: Row) -> float:
        """None before the first: most often a server died, and nobody else waits for the ERP to rest."""
        delays = self.config.retry_delays
        if row.reruns == 0 or not delays:
            return 0.0
        return _spread(delays[min(row.reruns, len(delays)) - 1])

    async def _confirmed(self, conn: AsyncConnection[Any], intent: Intent, error: BotError) -> str:
        if isinstance(error, HeldError):
            await transitions.review(conn, intent.claim, error.stored())
            return "review"
        pause = _spread(self.config.verify_pause)
        await transitions.wait(conn, intent.claim, error.stored(), pause)
        return "wait"

    async def _fail(
        self, conn: AsyncConnection[Any], operation: Operation, intent: Intent, error: BotError
    ) -> None:
        await transitions.fail(conn, intent.claim, error.stored())
        await operation.abandon(conn, intent.request, error.message)


def named(error: Exception) -> BotError:
    """The error as one of ours: a database's, or a fault of ours."""
    if isinstance(error, BotError):
        return error
    if isinstance(error, DATABASE_AWAY):
        return DatabaseDownError("the database went away; call again with the same key")
    log.error("attempt_failed", exc_info=error)
    return BotError("a fault of ours ended the attempt; call again with the same key")


def _spread(pause: float) -> float:
    return pause * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # spreads load, hides nothing
