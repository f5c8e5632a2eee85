"""Forgetting what is kept for a time only: request bodies, evidence, steps, files, the audit, servers long gone.

Only keys at their end (SUCCEEDED, ABANDONED) are reaped, and never their key, target, fingerprint, ERP
ids and stored response: those make a repeated call harmless for ever.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from psycopg.sql import SQL, Composed

from server.artifacts import Artifacts
from server.database import Pool, transaction
from server.tasks import stop_task

# Seconds between rounds; what is reaped was kept for days.
INTERVAL = 3600.0
# One server at a time: a number of our own among Postgres's advisory locks.
LOCK = 0x617263_68_0001

_ENDED = SQL("""
    state IN ('SUCCEEDED', 'ABANDONED')
    AND finished_at < now() - make_interval(secs => %(days)s * 86400)
""")

# Evidence of a second ERP id, or of an answer that came too late, is part of what is never forgotten.
_STATEMENTS: Mapping[str, tuple[str, SQL | Composed]] = {
    "requests": (
        "requests",
        SQL("""
        UPDATE agents.operations
           SET request = NULL
         WHERE id IN (SELECT id FROM agents.operations
                       WHERE request IS NOT NULL AND {ended}
                       LIMIT %(batch)s)
        """).format(ended=_ENDED),
    ),
    "attempts": (
        "attempts",
        SQL("""
        UPDATE agents.operation_attempts AS attempt
           SET evidence = '[]', artifacts = '[]'
          FROM (SELECT operation_id, attempt.generation
                  FROM agents.operation_attempts AS attempt
                  JOIN agents.operations AS operation ON operation.id = operation_id
                 WHERE (evidence <> '[]' OR artifacts <> '[]')
                   AND NOT duplicate_suspected
                   AND NOT evidence @? '$[*].late'
                   AND {ended}
                 LIMIT %(batch)s) AS old
         WHERE attempt.operation_id = old.operation_id
           AND attempt.generation = old.generation
        """).format(ended=_ENDED),
    ),
    "events": (
        "attempts",
        SQL("""
        DELETE FROM agents.operation_events
         WHERE (operation_id, sequence) IN (
                   SELECT operation_id, sequence
                     FROM agents.operation_events
                     JOIN agents.operations AS operation ON operation.id = operation_id
                    WHERE {ended}
                    LIMIT %(batch)s)
        """).format(ended=_ENDED),
    ),
    "audit": (
        "audit",
        SQL("""
        DELETE FROM agents.audit
         WHERE id IN (SELECT id FROM agents.audit
                       WHERE asked_at < now() - make_interval(secs => %(days)s * 86400)
                       LIMIT %(batch)s)
        """),
    ),
    # A server that may still hold a browser of somebody's is a suspect, and is remembered as long.
    "servers": (
        "servers",
        SQL("""
        DELETE FROM agents.server_instances
         WHERE id IN (
                   SELECT id
                     FROM agents.server_instances AS server
                    WHERE COALESCE(gone_at, lease_until)
                          < now() - make_interval(secs => %(days)s * 86400)
                      AND NOT EXISTS (
                              SELECT FROM agents.operations
                               WHERE state NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'ABANDONED')
                                 AND (owner_instance = server.id OR server.id = ANY(suspects)))
                    LIMIT %(batch)s)
        """),
    ),
}

log = structlog.get_logger(__name__)


class Reaper:
    """Reaps once an hour, on whichever server comes first; its own files on each."""

    def __init__(
        self,
        pool: Pool,
        artifacts: Artifacts,
        *,
        keep_requests_days: float,
        keep_attempts_days: float,
        keep_audit_days: float,
        batch: int = 500,
    ) -> None:
        """``batch``: rows a statement, so that its locks are short whatever has gathered."""
        self._batch_size = batch
        self._pool = pool
        self._artifacts = artifacts
        self._days = {
            "requests": keep_requests_days,
            "attempts": keep_attempts_days,
            "audit": keep_audit_days,
            "servers": 1.0,
        }

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Reap as long as the ``async with`` lasts."""
        reaping = asyncio.create_task(self._reap_for_ever(), name="reaper")
        try:
            yield
        finally:
            await stop_task(reaping)

    async def reap(self) -> Mapping[str, int]:
        """One round over all that is due; returns how much of what was reaped."""
        reaped = {}
        for what, (kept_like, statement) in _STATEMENTS.items():
            values = {"days": self._days[kept_like], "batch": self._batch_size}
            total = 0
            while batch := await self._batch(statement, values):
                total += batch
            reaped[what] = total
        reaped["files"] = await self._reap_files()
        if any(reaped.values()):
            log.info("reaped", **reaped)
        return reaped

    async def _batch(self, statement: SQL | Composed, values: Mapping[str, Any]) -> int:
        """Rows of one batch, in a transaction of its own; 0 as well when another server is at it."""
        async with transaction(self._pool) as conn:
            cursor = await conn.execute(
                "SELECT pg_try_advisory_xact_lock(%(lock)s)", {"lock": LOCK}
            )
            locked = await cursor.fetchone()
            if not locked or not locked[0]:
                return 0
            return (await conn.execute(statement, values)).rowcount

    async def _reap_files(self) -> int:
        """Files lie with the server whose attempt left them: each looks after its own."""
        kept = await self._artifacts.operations()
        async with self._pool.connection() as conn:
            cursor = await conn.execute(
                SQL("SELECT id FROM agents.operations WHERE id = ANY(%(kept)s) AND {ended}").format(
                    ended=_ENDED
                ),
                {"kept": kept, "days": self._days["attempts"]},
            )
            old = await cursor.fetchall()
        for (operation_id,) in old:
            await self._artifacts.forget(operation_id)
        return len(old)

    async def _reap_for_ever(self) -> None:
        while True:
            try:
                await self.reap()
            except psycopg.Error as error:
                log.warning("reaping_failed", error=type(error).__name__)
            await asyncio.sleep(INTERVAL)  # nothing waits for this: the next round is as good
