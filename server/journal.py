"""What each operation key has come to: reading agents.operations, claiming, and what an attempt notes.

The arrows that leave a claimed state are in `transitions`. Every statement is guarded by state,
generation and owner; no row hit means that somebody else owns the operation now. Database time only.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row
from psycopg.sql import SQL
from psycopg.types.json import Jsonb
from psycopg_pool import PoolTimeout

from server import attempts, measures, transitions
from server.attempts import Learned
from server.database import Pool, transaction
from server.errors import DatabaseDownError, FencedError
from server.journal_row import SELECT_ROW, Row
from server.operation import Answer, Claim, Ticket
from server.verdicts import Traces
from server.write_record import record_write

# What psycopg raises when the database is away, restarting, or out of connections.
DATABASE_AWAY = (OperationalError, PoolTimeout)


def database_down(error: Exception) -> DatabaseDownError:
    """The caller's error for a database that is away; the cause's type goes to the log."""
    return DatabaseDownError(
        f"the database is not reachable ({type(error).__name__}); call again with the same key"
    )


def connection_lost(error: Exception) -> bool:
    """Whether the database itself was away: no SQLSTATE at all, or one of its shutdown."""
    state = getattr(error, "sqlstate", None)
    return isinstance(error, DATABASE_AWAY) and (state is None or state.startswith(("08", "57P")))


class Journal:
    """The operations' states on one Postgres, on behalf of one server process (``instance``)."""

    def __init__(self, pool: Pool, instance: str) -> None:
        self._pool = pool
        self.instance = instance
        self._learned: dict[Claim, Learned] = {}  # of attempts at work, until their next statement

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection[Any]]:
        """A pooled connection in a transaction, for callers that add statements of their own."""
        return transaction(self._pool)

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection[Any]]:
        """A pooled connection, for one statement."""
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

    async def claim(self, row: Row, suspects: Sequence[str]) -> Claim | None:
        """Take the operation over as it was read; an earlier claim is fenced by it. None: not now.

        Not now: it waits for its time, another operation of the agent has the turn or is ahead in the
        queue, or the row is no longer as it was read. Whether its last owner may be taken over is the
        caller's to know; ``suspects`` are the servers whose browsers may still hold requests of it.
        """
        try:
            async with self.connection() as conn:
                cursor = await conn.execute(
                    """
                    WITH claimed AS (
                        UPDATE agents.operations AS mine
                           SET state = CASE state WHEN 'QUEUED' THEN 'RUNNING'
                                                  WHEN 'WRITING' THEN 'VERIFYING' ELSE state END,
                               generation = generation + 1, owner_instance = %(instance)s,
                               suspects = %(suspects)s, claimed_at = now(), updated_at = now()
                         WHERE id = %(id)s
                           AND generation = %(generation)s
                           AND state = %(state)s
                           AND owner_instance IS NOT DISTINCT FROM %(owner_instance)s
                           AND (not_before IS NULL OR not_before <= now() OR state = 'CONFIRMED')
                           AND state IN ('QUEUED', 'RUNNING', 'WRITING', 'VERIFYING', 'UNDOING', 'CONFIRMED')
                           AND (state <> 'QUEUED' OR NOT EXISTS (
                                   SELECT 1 FROM agents.operations AS ahead
                                    WHERE ahead.user_id = mine.user_id
                                      AND ahead.state = 'QUEUED'
                                      AND ahead.turn < mine.turn))
                        RETURNING id, generation)
                    INSERT INTO agents.operation_attempts
                           (operation_id, generation, instance, started_at)
                    SELECT id, generation, %(instance)s, now() FROM claimed
                    RETURNING generation
                    """,
                    vars(row) | {"instance": self.instance, "suspects": list(suspects)},
                )
                claimed = await cursor.fetchone()
        except UniqueViolation:  # the index that is law 6
            return None
        if claimed is None:
            return None
        return Claim(
            operation_id=row.id,
            generation=claimed[0],
            instance=self.instance,
            user_id=row.user_id,
            operation_type=row.operation_type,
            operation_key=row.operation_key,
        )

    async def record_write(self, ticket: Ticket, session: str) -> bool:
        """Store that a request may have left the browser; False means that it must not leave.

        ``session`` names the ERP session that it leaves in. What the attempt has learned goes with it.
        """
        learned = self._learned.get(ticket.claim, Learned())
        async with self.connection() as conn:
            written = await record_write(conn, ticket, session, learned)
        if written:
            self._learned.pop(ticket.claim, None)
        return written

    async def traces(self, row: Row) -> Traces:
        """What is known of a key's earlier attempts, for whoever reads the ERP back."""
        async with self.connection() as conn:
            return await attempts.traces(conn, row)

    async def record_answer(self, ticket: Ticket, answer: Answer) -> None:
        """Keep what the ERP answered as evidence, whoever owns the operation by now."""
        await self._add_evidence(
            ticket.claim,
            {"answer_to": ticket.kind} | asdict(answer) | {"shape": dict(answer.shape)},
        )

    def learn_high_water_mark(self, claim: Claim, mark: str) -> None:
        """Keep the newest order id seen before the first write, with that write."""
        self._learned.setdefault(claim, Learned()).high_water_mark = mark

    def learn(self, claim: Claim, facts: Mapping[str, str]) -> None:
        """Keep what the ERP showed as evidence, with the attempt's next write or with its end."""
        self._learned.setdefault(claim, Learned()).facts.append({"seen": dict(facts)})

    async def keep_learned(self, claim: Claim) -> None:
        """Store what has waited for a statement of an attempt that has ended without one."""
        if (learned := self._learned.pop(claim, None)) and learned.facts:
            await self._add_evidence(claim, *learned.facts)

    async def note_draft(self, claim: Claim, erp_id: str) -> None:
        """Keep our draft's id the moment it shows anywhere."""
        async with self.connection() as conn:
            cursor = await conn.execute(
                """
                UPDATE agents.operations
                   SET draft_id = %(draft_id)s, updated_at = now()
                 WHERE id = %(operation_id)s AND generation = %(generation)s
                """,
                asdict(claim) | {"draft_id": erp_id},
            )
        if cursor.rowcount == 0:
            await self._add_evidence(claim, {"late": "draft_id", "value": erp_id})
            raise FencedError("another worker has taken this operation")

    async def _add_evidence(self, claim: Claim, *facts: Mapping[str, object]) -> None:
        async with self.connection() as conn:
            await attempts.add_evidence(conn, claim, *facts)

    # -- ends ------------------------------------------------------------------------------------

    async def confirm(self, claim: Claim, erp_id: str, result_data: Mapping[str, Any]) -> None:
        """Save the ERP's answer and move to CONFIRMED, in one statement.

        Another id than the first for the same key sets ``duplicate_suspected`` and is kept with the
        attempt; it never replaces the first. So is the answer of an attempt that was overtaken.
        """
        learned = self._learned.get(claim, Learned())
        late = {"late": "result", "erp_id": erp_id}
        try:
            async with self.connection() as conn:
                first = await transitions.confirm(conn, claim, erp_id, result_data, learned)
        except FencedError:
            row = await self.read(claim.operation_id)
            ours = row.generation, row.state, row.erp_id
            if ours == (claim.generation, "CONFIRMED", erp_id):
                self._learned.pop(claim, None)
                return  # the first try had done it, and its answer was lost with the connection
            await self._add_evidence(claim, late)
            raise
        self._learned.pop(claim, None)
        if not first:
            measures.duplicate_suspected()
            await self._add_evidence(claim, late)

    async def expire(self, conn: AsyncConnection[Any], row: Row, error: Mapping[str, Any]) -> bool:
        """End an operation that nobody works on and whose ``start_by`` has passed before it wrote.

        Its last owner, if it had one, is fenced by this: nothing has happened.
        """
        cursor = await conn.execute(
            """
            UPDATE agents.operations
               SET state = 'FAILED', error = %(error)s, owner_instance = NULL,
                   finished_at = now(), updated_at = now()
             WHERE id = %(id)s AND generation = %(generation)s AND state IN ('QUEUED', 'RUNNING')
               AND owner_instance IS NOT DISTINCT FROM %(owner)s
               AND write_seq = 0 AND start_by <= now()
            """,
            {
                "id": row.id,
                "generation": row.generation,
                "owner": row.owner_instance,
                "error": Jsonb(dict(error)),
            },
        )
        return cursor.rowcount == 1

    async def forget_draft(self, claim: Claim) -> None:
        """It was proved that the draft of an earlier attempt is not there: the next one counts."""
        async with self.connection() as conn:
            await conn.execute(
                """
                UPDATE agents.operations SET draft_id = NULL, updated_at = now()
                 WHERE id = %(operation_id)s AND generation = %(generation)s
                """,
                asdict(claim),
            )

    async def commit_failed(self, claim: Claim, error: str, pause: float) -> None:
        """Count a failed local commit; after the third the operation gives up the agent's turn."""
        async with self.transaction() as conn:
            await conn.execute(
                """
                UPDATE agents.operations
                   SET local_commit_failures = local_commit_failures + 1, updated_at = now(),
                       local_commit_stuck = local_commit_failures + 1 >= 3, owner_instance = NULL,
                       not_before = now() + make_interval(secs => %(pause)s)
                 WHERE id = %(operation_id)s AND generation = %(generation)s AND state = 'CONFIRMED'
                """,
                asdict(claim) | {"pause": pause},
            )
            await attempts.end(conn, claim, error)

    async def clear_leftovers(self) -> int:
        """Clear saved answers of operations that have ended: an earlier process died before it could."""
        async with self.connection() as conn:
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
