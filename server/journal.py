"""What each operation key has come to: the transitions of agents.operations.

Every transition is one statement guarded by state, generation and owner; no row hit means that
somebody else owns the operation now. Database time only.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from server import attempts
from server.bot_results import save_bot_result
from server.errors import (
    DatabaseDownError,
    FencedError,
    UserBusyError,
)
from server.journal_row import SELECT_ROW, Row
from server.operation import Answer, Claim, Ticket

# What psycopg raises when the database is away, restarting, or out of connections.
DATABASE_AWAY = (OperationalError, PoolTimeout)


def database_down(error: Exception) -> DatabaseDownError:
    """The caller's error for a database that is away; the cause's type goes to the log."""
    return DatabaseDownError(
        f"the database is not reachable ({type(error).__name__}); call again with the same key"
    )


class Journal:
    """The operations' states on one Postgres, on behalf of one server process (``instance``)."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]], instance: str) -> None:
        self._pool = pool
        self._instance = instance

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection[Any]]:
        """A pooled connection in a transaction, for callers that add statements of their own."""
        return self._pool.connection()

    # -- a claim and what it learns ------------------------------------------------------------

    async def read(self, operation_id: UUID) -> Row:
        """The operation as it is now."""
        try:
            async with (
                self._pool.connection() as conn,
                conn.cursor(row_factory=class_row(Row)) as cursor,
            ):
                await cursor.execute(SELECT_ROW + SQL(" WHERE id = %(id)s"), {"id": operation_id})
                row = await cursor.fetchone()
        except DATABASE_AWAY as error:
            raise database_down(error) from error
        if row is None:
            raise RuntimeError(f"no operation {operation_id}")
        return row

    async def claim(self, conn: AsyncConnection[Any], row: Row) -> Claim:
        """Take a QUEUED, RUNNING or CONFIRMED operation over; an earlier claim is fenced by it.

        Raises:
            UserBusyError: another operation of the agent has the turn.
            FencedError: the row is no longer as it was read.
        """
        try:
            cursor = await conn.execute(
                """
                UPDATE agents.operations
                   SET state = CASE state WHEN 'QUEUED' THEN 'RUNNING' ELSE state END,
                       generation = generation + 1, owner_instance = %(instance)s,
                       claimed_at = now(), updated_at = now()
                 WHERE id = %(id)s
                   AND generation = %(generation)s
                   AND state IN ('QUEUED', 'RUNNING', 'CONFIRMED')
                RETURNING generation
                """,
                {"id": row.id, "generation": row.generation, "instance": self._instance},
            )
        except UniqueViolation:
            raise UserBusyError(
                f"another operation of agent {row.user_id} has the turn or waits to be looked at; call again later with the same key"
            ) from None
        claimed = await cursor.fetchone()
        if claimed is None:
            raise FencedError("another worker has taken this operation")
        claim = Claim(
            operation_id=row.id,
            generation=claimed[0],
            instance=self._instance,
            user_id=row.user_id,
            operation_type=row.operation_type,
            operation_key=row.operation_key,
        )
        await attempts.begin(conn, claim)
        return claim

    async def record_write(self, ticket: Ticket) -> bool:
        """Store that a request may have left the browser; False means that it must not leave.

        The one statement behind the gate (design §4.3): state, generation, owner, cancellation and,
        before the first write, ``start_by`` are checked where they are true, in the database.
        """
        async with self.transaction() as conn:
            cursor = await conn.execute(
                """
                WITH written AS (
                    UPDATE agents.operations
                       SET state = 'WRITING', write_seq = write_seq + 1, updated_at = now(),
                           first_write_at = COALESCE(first_write_at, now())
                     WHERE id = %(operation_id)s
                       AND generation = %(generation)s
                       AND owner_instance = %(instance)s
                       AND state IN ('RUNNING', 'WRITING')
                       AND NOT cancel_requested
                       AND (write_seq > 0 OR now() < start_by)
                    RETURNING id, generation, write_seq)
                UPDATE agents.operation_attempts AS attempt
                   SET evidence = evidence || jsonb_build_object(
                           'at', now(), 'write', written.write_seq,
                           'kind', %(kind)s::text, 'target', %(target)s::text)
                  FROM written
                 WHERE attempt.operation_id = written.id
                   AND attempt.generation = written.generation
                """,
                asdict(ticket.claim) | {"kind": ticket.kind, "target": ticket.target},
            )
            return cursor.rowcount == 1

    async def record_answer(self, ticket: Ticket, answer: Answer) -> None:
        """Keep what the ERP answered as evidence, whoever owns the operation by now."""
        await self._add_evidence(
            ticket.claim,
            {"answer_to": ticket.kind} | asdict(answer) | {"shape": dict(answer.shape)},
        )

    async def note_high_water_mark(self, claim: Claim, mark: str) -> None:
        """Keep the newest order id seen before the first write."""
        await self._note(claim, "high_water_mark", mark)

    async def note_draft(self, claim: Claim, erp_id: str) -> None:
        """Keep our draft's id the moment it shows anywhere."""
        await self._note(claim, "draft_id", erp_id)

    async def note_seen(self, claim: Claim, facts: Mapping[str, str]) -> None:
        """Keep what the ERP showed, as evidence of the attempt."""
        await self._add_evidence(claim, {"seen": dict(facts)})

    async def _note(self, claim: Claim, column: str, value: str) -> None:
        statement = SQL(
            """
            UPDATE agents.operations
               SET {column} = %(value)s, updated_at = now()
             WHERE id = %(operation_id)s AND generation = %(generation)s
            """
        ).format(column=Identifier(column))
        async with self.transaction() as conn:
            cursor = await conn.execute(statement, asdict(claim) | {"value": value})
        if cursor.rowcount == 0:
            await self._add_evidence(claim, {"late": column, "value": value})
            raise FencedError("another worker has taken this operation")

    async def _add_evidence(self, claim: Claim, fact: Mapping[str, object]) -> None:
        async with self.transaction() as conn:
            await attempts.add_evidence(conn, claim, fact)

    # -- ends ------------------------------------------------------------------------------------

    async def confirm(self, claim: Claim, erp_id: str, result_data: Mapping[str, Any]) -> None:
        """Save the ERP's answer and move to CONFIRMED, in one transaction.

        Another id than the first for the same key sets ``duplicate_suspected`` and is kept with the
        attempt; it never replaces the first.
        """
        async with self.transaction() as conn:
            cursor = await conn.execute(
                """
                UPDATE agents.operations
                   SET state = 'CONFIRMED', confirmed_at = now(), updated_at = now(),
                       erp_id = COALESCE(erp_id, %(erp_id)s),
                       duplicate_suspected = duplicate_suspected OR COALESCE(erp_id <> %(erp_id)s, FALSE)
                 WHERE id = %(operation_id)s
                   AND generation = %(generation)s
                   AND owner_instance = %(instance)s
                   AND state IN ('RUNNING', 'WRITING')
                RETURNING duplicate_suspected
                """,
                asdict(claim) | {"erp_id": erp_id},
            )
            confirmed = await cursor.fetchone()
            if confirmed is not None and not confirmed[0]:
                await save_bot_result(
                    conn, claim.user_id, claim.operation_type, claim.operation_key, result_data
                )
        if confirmed is None or confirmed[0]:
            await self._add_evidence(claim, {"late": "result", "erp_id": erp_id})
        if confirmed is None:
            raise FencedError(
                "another worker has taken this operation; its ERP id is kept as evidence"
            )

    async def succeed(self, conn: AsyncConnection[Any], claim: Claim, response: bytes) -> None:
        """End the key with its stored response, inside the local transaction."""
        cursor = await conn.execute(
            """
            UPDATE agents.operations
               SET state = 'SUCCEEDED', response = %(response)s, local_commit_stuck = FALSE,
                   finished_at = now(), updated_at = now()
             WHERE id = %(operation_id)s
               AND generation = %(generation)s
               AND state = 'CONFIRMED'
            """,
            asdict(claim) | {"response": response},
        )
        if cursor.rowcount == 0:
            raise FencedError("another worker has taken this operation")
        await attempts.end(conn, claim, "SUCCEEDED")

    async def fail(
        self,
        conn: AsyncConnection[Any],
        claim: Claim,
        error: Mapping[str, Any],
        *,
        refused: bool,
        nothing_left: bool = False,
    ) -> bool:
        """End an attempt that left nothing, or (``refused``) that the ERP refused; False: not so.

        Past the first write only a refusal read from the ERP ends the operation, and only when it was
        seen to leave nothing, or the draft that it leaves is known; anything else leaves the row as it
        is, to be read back.
        """
        cursor = await conn.execute(
            """
            UPDATE agents.operations
               SET state = 'FAILED', error = %(error)s, finished_at = now(), updated_at = now()
             WHERE id = %(operation_id)s
               AND generation = %(generation)s
               AND (state = 'RUNNING'
                    OR (state = 'WRITING' AND %(refused)s
                        AND (%(nothing_left)s OR draft_id IS NOT NULL)))
            """,
            asdict(claim)
            | {"error": Jsonb(dict(error)), "refused": refused, "nothing_left": nothing_left},
        )
        await attempts.end(conn, claim, str(error["reason"]))
        return cursor.rowcount == 1

    async def expire(self, conn: AsyncConnection[Any], row: Row, error: Mapping[str, Any]) -> None:
        """End a QUEUED or RUNNING operation whose ``start_by`` has passed; nothing has happened."""
        await conn.execute(
            """
            UPDATE agents.operations
               SET state = 'FAILED', error = %(error)s, finished_at = now(), updated_at = now()
             WHERE id = %(id)s AND generation = %(generation)s AND state IN ('QUEUED', 'RUNNING')
               AND write_seq = 0
            """,
            {"id": row.id, "generation": row.generation, "error": Jsonb(dict(error))},
        )

    async def commit_failed(self, claim: Claim, error: str) -> None:
        """Count a failed local commit; after the third the operation gives up the agent's turn."""
        async with self.transaction() as conn:
            await conn.execute(
                """
                UPDATE agents.operations
                   SET local_commit_failures = local_commit_failures + 1, updated_at = now(),
                       local_commit_stuck = local_commit_failures + 1 >= 3
                 WHERE id = %(operation_id)s AND generation = %(generation)s AND state = 'CONFIRMED'
                """,
                asdict(claim),
            )
            await attempts.end(conn, claim, error)

    async def clear_leftovers(self) -> int:
        """Clear saved answers of operations that have ended: an earlier process died before it could."""
        async with self.transaction() as conn:
            cursor = await conn.execute(
                """
                DELETE FROM agents.bot_results AS saved
                 USING agents.operations AS operation
                 WHERE operation.user_id = saved.user_id
                   AND operation.operation_type = saved.operation_type
                   AND operation.operation_key = saved.operation_key
                   AND operation.state = 'SUCCEEDED'
                """
            )
            return cursor.rowcount
