"""The heart: check, run, save, commit, clear, as one function that every way in shares.

Whatever an operation has come to, and whoever asks (a caller, a second caller, later the completer),
`Recovery.execute` takes it from there to its end. It is called under no transaction, and it is never
cancelled: what stops it is the death of its browser, of its database, or of the process.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol
from uuid import UUID

import structlog
from google.protobuf import json_format
from google.protobuf.message import Message
from psycopg import AsyncConnection

from server.bot_results import check_bot_result, clear_bot_result
from server.errors import (
    BotError,
    DatabaseDownError,
    ErpRejectedError,
    ExpiredError,
    FencedError,
    LocalCommitPendingError,
    OutcomeUnknownError,
    restored_error,
)
from server.journal import DATABASE_AWAY, Journal
from server.journal_row import Row
from server.notebook import JournalNotebook
from server.operation import Claim, Intent, Operation, ReportProgress
from server.user_locks import UserLocks

log = structlog.get_logger(__name__)


class Sessions(Protocol):
    """Where a browser session signed in as the agent comes from: the pool."""

    def session(self, intent: Intent, report: ReportProgress) -> AbstractAsyncContextManager[Any]:
        """A session bound to the intent's claim, given back on exit; a failure leaves artifacts."""


class Recovery:
    """Carries an accepted operation to its end; see `execute`."""

    def __init__(
        self,
        journal: Journal,
        browsers: Sessions,
        user_locks: UserLocks,
        operations: Mapping[str, Operation],
        *,
        save_for: float,
    ) -> None:
        self._journal = journal
        self._browsers = browsers
        self._user_locks = user_locks
        self._operations = operations
        self._save_for = save_for

    async def execute(self, operation_id: UUID, report: ReportProgress) -> bytes:
        """The stored response, by whatever is still to be done for it.

        Raises:
            BotError: what the operation has come to instead; its reason says what to do next.
        """
        row = await self._journal.read(operation_id)
        structlog.contextvars.bind_contextvars(
            operation=row.operation_type, operation_id=str(row.id), user=row.user_id
        )
        if self._user_locks.busy(row.user_id):
            report("turn")
        async with self._user_locks.turn(row.user_id):
            row = await self._journal.read(operation_id)
            if row.response is not None:
                return row.response
            operation = self._operations[row.operation_type]
            intent = await self._claim(operation, row)
            result = await self._check(operation, intent, row)
            if result is None and (result := operation.without_erp(intent.request)) is not None:
                await self._save(operation, intent, result)
            if result is None:
                async with (
                    self._settled(operation, intent),
                    self._browsers.session(intent, report) as session,
                ):
                    notebook = JournalNotebook(self._journal, intent.claim)
                    result = await operation.run(session, intent, notebook, report)
                    await self._save(operation, intent, result)
            report("commit")
            response = await self._commit(operation, intent, result)
            await self._clear(intent)
            report("complete")
            return response

    # -- the five steps ------------------------------------------------------------------------------

    async def _claim(self, operation: Operation, row: Row) -> Intent:
        """Take the operation over, or say what it has come to."""
        if row.state not in {"QUEUED", "RUNNING", "CONFIRMED"}:
            raise _standing(row)
        request = operation.Request.FromString(row.request or b"")
        if row.state != "CONFIRMED" and row.write_seq == 0 and row.start_by_passed:
            expired = ExpiredError(
                "start_by has passed and nothing was written in the ERP; call again if it is still wanted"
            )
            async with self._transaction() as conn:
                await self._journal.expire(conn, row, expired.stored())
                await operation.abandon(conn, request, expired.message)
            raise expired
        async with self._transaction() as conn:
            claim = await self._journal.claim(conn, row)
            intent = Intent(claim=claim, request=request, marker=row.marker)
            if row.state != "CONFIRMED":
                await operation.begin(conn, intent)
        structlog.contextvars.bind_contextvars(generation=claim.generation)
        log.info("claimed", state=row.state)
        return intent

    async def _check(self, operation: Operation, intent: Intent, row: Row) -> Any:
        """The ERP's answer if an earlier attempt saved it: then the bot is skipped."""
        claim = intent.claim
        async with self._transaction() as conn:
            saved = await check_bot_result(
                conn, claim.user_id, claim.operation_type, claim.operation_key
            )
        # A row of an earlier system may prove nothing: it counts as none.
        result = None if saved is None else operation.restore(saved)
        if result is None:
            if row.state == "CONFIRMED":
                raise OutcomeUnknownError(
                    f"the ERP has done it as {row.erp_id}, but the saved answer is gone; an operator must look",
                    erp_id=row.erp_id or "",
                )
            return None
        if row.state != "CONFIRMED":  # saved by an earlier system that kept no journal
            await self._save(operation, intent, result)
        return result

    async def _save(self, operation: Operation, intent: Intent, result: Any) -> None:
        """Keep the ERP's answer, at once and alone; while the database is away, again and again."""
        erp_id = operation.erp_id(result)
        log.info("erp_done", erp_id=erp_id)
        loop = asyncio.get_running_loop()
        deadline, delay = loop.time() + self._save_for, 0.1
        while True:
            try:
                await self._journal.confirm(intent.claim, erp_id, _as_json(result))
            except DATABASE_AWAY as error:
                if loop.time() + delay > deadline:
                    log.exception("save_failed", erp_id=erp_id)
                    raise OutcomeUnknownError(
                        f"the ERP has done it as {erp_id}, but the database was away too long to save it",
                        erp_id=erp_id,
                    ) from error
                log.warning("save_retried", error=type(error).__name__)
                await asyncio.sleep(delay)  # back-off; the condition is the database itself
                delay = min(delay * 2, 2.0)
            else:
                return

    async def _commit(self, operation: Operation, intent: Intent, result: Any) -> bytes:
        """Write our own tables and SUCCEEDED with its stored response, in one transaction."""
        try:
            async with self._journal.transaction() as conn:
                result.warnings.extend(await operation.commit(conn, intent, result))
                response: bytes = result.SerializeToString(deterministic=True)
                await self._journal.succeed(conn, intent.claim, response)
        except FencedError:
            raise
        except Exception as error:
            # Whatever it was, the ERP has done its part: the caller must hear that, and the id.
            log.exception("local_commit_failed")
            if not _connection_lost(error):  # a database that is away says nothing about the commit
                await self._count_commit_failure(intent.claim, type(error).__name__)
            erp_id = operation.erp_id(result)
            raise LocalCommitPendingError(
                f"the ERP has done it as {erp_id}; our own tables are still to be written. "
                "Call again with the same key",
                erp_id=erp_id,
            ) from error
        return response

    async def _clear(self, intent: Intent) -> None:
        """Forget the saved answer; if that fails the journal says SUCCEEDED, and nothing is lost."""
        claim = intent.claim
        try:
            async with self._journal.transaction() as conn:
                await clear_bot_result(
                    conn, claim.user_id, claim.operation_type, claim.operation_key
                )
        except DATABASE_AWAY as error:
            log.warning("clear_failed", error=type(error).__name__)

    # -- when it did not go well ---------------------------------------------------------------------

    @asynccontextmanager
    async def _settled(self, operation: Operation, intent: Intent) -> AsyncIterator[None]:
        """Turn whatever ends an attempt into its state, and into what the caller must hear."""
        try:
            yield
        except OutcomeUnknownError:
            raise
        except BotError as error:
            raise await self._settle(operation, intent, error) from error
        except DATABASE_AWAY as error:
            down = DatabaseDownError("the database went away; call again with the same key")
            raise await self._settle(operation, intent, down) from error
        except Exception as error:
            log.exception("attempt_failed")
            fault = BotError("a fault of ours ended the attempt; call again with the same key")
            raise await self._settle(operation, intent, fault) from error

    async def _settle(self, operation: Operation, intent: Intent, error: BotError) -> BotError:
        try:
            row = await self._journal.read(intent.claim.operation_id)
            if isinstance(error, FencedError) and _expired(row, intent.claim):
                error = ExpiredError("start_by passed before anything was written in the ERP")
            if row.draft_id:
                error.metadata = {**error.metadata, "draft_id": row.draft_id}
            async with self._journal.transaction() as conn:
                ended = await self._journal.fail(
                    conn,
                    intent.claim,
                    error.stored(),
                    refused=isinstance(error, ErpRejectedError),
                    nothing_left=isinstance(error, ErpRejectedError) and error.nothing_left,
                )
                if ended:
                    await operation.abandon(conn, intent.request, error.message)
        except (DatabaseDownError, *DATABASE_AWAY):
            # Not settled: the row still says RUNNING (the next call runs it again) or WRITING (it is
            # held); which of the two is not known here, so the cautious answer is given.
            log.warning("settling_failed", reason=error.reason)
            return error if isinstance(error, DatabaseDownError) else _unknown(error)
        log.info("attempt_ended", reason=error.reason, ended=ended)
        return error if ended else _unknown(error)

    async def _count_commit_failure(self, claim: Claim, error: str) -> None:
        try:
            await self._journal.commit_failed(claim, error)
        except DATABASE_AWAY:
            log.warning("commit_failure_not_counted")

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection[Any]]:
        try:
            async with self._journal.transaction() as conn:
                yield conn
        except DATABASE_AWAY as error:
            raise DatabaseDownError(
                "the database is not reachable; call again with the same key"
            ) from error


def _standing(row: Row) -> BotError:
    """What a caller hears of an operation that is not run again."""
    if row.state == "FAILED" and row.error:
        return restored_error(row.error)
    return OutcomeUnknownError(
        "an earlier attempt may have written in the ERP and was interrupted; an operator must look at it. "
        "Do not use a new key",
        **({"draft_id": row.draft_id} if row.draft_id else {}),
    )


def _unknown(error: BotError) -> OutcomeUnknownError:
    """An attempt ended past its first write without proof of what the ERP holds."""
    return OutcomeUnknownError(
        f"something was written in the ERP before the attempt ended ({error.reason}: {error.message}); "
        "an operator must look at it. Do not use a new key",
        **error.metadata,
    )


def _expired(row: Row, claim: Claim) -> bool:
    return row.generation == claim.generation and row.write_seq == 0 and row.start_by_passed


def _connection_lost(error: Exception) -> bool:
    """Whether the database itself was away: no SQLSTATE at all, or one of its shutdown."""
    state = getattr(error, "sqlstate", None)
    return isinstance(error, DATABASE_AWAY) and (state is None or state.startswith(("08", "57P")))


def _as_json(result: Message) -> dict[str, Any]:
    return json_format.MessageToDict(result, preserving_proto_field_name=True)
