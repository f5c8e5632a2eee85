"""The local transaction: our own tables and SUCCEEDED with its response together; then the saved answer goes.

It is a pipeline: a statement is sent without waiting for the one before, and what is waited for is the rows
that are read. Two round trips, if the operation reads what it has hit once.
"""

from dataclasses import asdict
from typing import Any

import structlog
from psycopg import AsyncConnection, AsyncCursor
from psycopg.sql import SQL

from server import transitions
from server.bot_results import clear_bot_result
from server.errors import FencedError
from server.journal import Journal
from server.operation import Claim, Intent, Operation

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
            held = await hold(conn, claim)
            result.warnings.extend(await operation.commit(conn, intent, result))
            await must_hold(held)
            response: bytes = result.SerializeToString(deterministic=True)
            await succeed(conn, claim, response)
            committed = await conn.execute("COMMIT")
            # Behind the transaction, not inside it (design §4.1), and not waited for by itself.
            await clear_bot_result(conn, claim.user_id, claim.operation_type, claim.operation_key)
    except Exception as error:
        if committed is None or committed.statusmessage != "COMMIT":
            raise
        log.warning("clear_failed", error=type(error).__name__)
    return response


async def hold(conn: AsyncConnection[Any], claim: Claim) -> AsyncCursor[Any]:
    """Keep everybody else from a confirmed operation until the transaction ends; see `must_hold`."""
    return await conn.execute(
        """
        SELECT FROM agents.operations
         WHERE id = %(operation_id)s
           AND generation = %(generation)s
           AND owner_instance = %(instance)s
           AND state = ANY(%(from)s)
           FOR UPDATE
        """,
        asdict(claim) | {"from": sorted(transitions.ARROWS["succeed"].sources)},
    )


async def must_hold(held: AsyncCursor[Any]) -> None:
    """Read whether `hold` found the operation in the claim's hands.

    Raises:
        FencedError: another worker has it.
    """
    if await held.fetchone() is None:
        raise FencedError("another worker has taken this operation, or it was moved on")


async def succeed(conn: AsyncConnection[Any], claim: Claim, response: bytes) -> None:
    """The key's end with its stored response, in the transaction that holds it; nothing is waited for."""
    await transitions.send(
        conn,
        claim,
        "succeed",
        SQL(
            ", owner_instance = NULL, response = %(response)s, local_commit_stuck = FALSE, "
            "error = NULL, finished_at = now()"
        ),
        response=response,
        outcome="SUCCEEDED",
    )
