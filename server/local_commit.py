"""The local transaction: our own tables and SUCCEEDED with its response together; then the saved answer goes.

It is a pipeline: a statement is sent without waiting for the one before, and what is waited for is the rows
that are read. Two round trips, if the operation reads what it has hit once.
"""

from typing import Any

import structlog
from psycopg import AsyncConnection
from psycopg.errors import DivisionByZero
from psycopg.sql import SQL

from server import transitions
from server.bot_results import clear_bot_result
from server.journal import Journal
from server.operation import Claim, Intent, Operation

# Nobody reads before the COMMIT whether the operation was still the claim's: where it was not, the
# statement itself fails, and with it the transaction.
_ONE_OR_NONE = SQL("SELECT 1 / count(*) FROM moved")
OVERTAKEN = DivisionByZero

log = structlog.get_logger(__name__)


async def commit_and_clear(
    journal: Journal, operation: Operation, intent: Intent, result: Any
) -> bytes:
    """The stored response; the operation's warnings are added to its result before.

    If the saved answer cannot be cleared, the journal says SUCCEEDED, and the completer clears it.

    Raises:
        FencedError: another worker has the operation; nothing was written.
    """
    claim, committed = intent.claim, None
    try:
        async with journal.connection() as conn, conn.pipeline():
            await conn.execute("BEGIN")
            result.warnings.extend(await operation.commit(conn, intent, result))
            response: bytes = result.SerializeToString(deterministic=True)
            await succeed(conn, claim, response)
            committed = await conn.execute("COMMIT")
            # Behind the transaction, not inside it (design §4.1), and not waited for by itself.
            await clear_bot_result(conn, claim.user_id, claim.operation_type, claim.operation_key)
    except Exception as error:
        # Also while COMMIT is being sent: a pipeline tells an error as soon as it has come.
        if isinstance(error, OVERTAKEN):
            raise transitions.overtaken() from error
        if committed is None:
            raise
        if committed.statusmessage != "COMMIT":
            raise
        log.warning("clear_failed", error=type(error).__name__)
    return response


async def succeed(conn: AsyncConnection[Any], claim: Claim, response: bytes) -> None:
    """The key's end with its stored response, inside the local transaction.

    Raises:
        FencedError: another worker has the operation; the transaction cannot be committed any more. In a
            pipeline it is `OVERTAKEN` instead, where the answer is waited for.
    """
    try:
        await transitions.send(
            conn,
            claim,
            "succeed",
            SQL(
                ", owner_instance = NULL, response = %(response)s, local_commit_stuck = FALSE, "
                "error = NULL, finished_at = now()"
            ),
            told=_ONE_OR_NONE,
            response=response,
            outcome="SUCCEEDED",
        )
    except OVERTAKEN as error:
        raise transitions.overtaken() from error
