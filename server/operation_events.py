"""The steps that operations reported, stored and numbered: heard by watchers on any server, and later.

A step is news and never a condition: a database that is slow or away costs steps, with a warning in
the log, and never holds up or fails the work that reports them.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from server.progress import ProgressEvent

_SELECT = SQL("""
    SELECT sequence, step, percent, label_it, label_en, current, total, at
      FROM agents.operation_events
     WHERE operation_id = %(operation_id)s
""")

# Steps come in bursts, and one statement stores a burst: watchers on other servers hear it so much later.
_GATHER = 0.1

# Steps of one operation that wait to be stored; more than that, and the oldest are given up.
_MOST_WAITING = 32

log = structlog.get_logger(__name__)


class Events:
    """The stored steps of all operations, on Postgres."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool

    async def last(self, operation_id: UUID) -> ProgressEvent | None:
        """The newest stored step; None before the first."""
        events = await self._read(
            SQL("ORDER BY sequence DESC LIMIT 1"), {"operation_id": operation_id}
        )
        return events[0] if events else None

    async def since(self, operation_id: UUID, sequence: int) -> list[ProgressEvent]:
        """The stored steps behind this number, oldest first."""
        return await self._read(
            SQL("AND sequence > %(sequence)s ORDER BY sequence"),
            {"operation_id": operation_id, "sequence": sequence},
        )

    async def waited(self, operation_id: UUID, seconds: float) -> None:
        """Keep that it waited for so long without a notice; that is lost when the database is away."""
        try:
            async with self._pool.connection() as conn:
                await conn.execute(
                    "UPDATE agents.operations SET waits = waits || %(seconds)s::REAL WHERE id = %(id)s",
                    {"seconds": seconds, "id": operation_id},
                )
        except (psycopg.OperationalError, PoolTimeout) as error:
            log.warning("wait_not_kept", error=type(error).__name__)

    async def store(self, operation_id: UUID, events: Sequence[ProgressEvent]) -> None:
        """Keep these steps, in one statement; a number that is there already stays as it is.

        Two servers may report the same operation for a moment, when one has just taken it over: the
        percentage never falls for those who read both.
        """
        rows = [asdict(event) | {"at": event.at.isoformat()} for event in events]
        async with self._pool.connection() as conn:
            await conn.execute(
                """
                INSERT INTO agents.operation_events
                       (operation_id, sequence, step, percent, label_it, label_en, current, total, at)
                SELECT %(operation_id)s, new.sequence, new.step,
                       GREATEST(new.percent, (SELECT max(before.percent)
                                                FROM agents.operation_events AS before
                                               WHERE before.operation_id = %(operation_id)s
                                                 AND before.sequence < new.sequence)),
                       new.label_it, new.label_en, new.current, new.total, new.at
                  FROM jsonb_to_recordset(%(events)s)
                    AS new (sequence BIGINT, step TEXT, percent INTEGER, label_it TEXT, label_en TEXT,
                            current INTEGER, total INTEGER, at TIMESTAMPTZ)
                    ON CONFLICT (operation_id, sequence) DO NOTHING
                """,
                {"operation_id": operation_id, "events": Jsonb(rows)},
            )

    async def _read(self, rest: SQL, values: dict[str, object]) -> list[ProgressEvent]:
        async with (
            self._pool.connection() as conn,
            conn.cursor(row_factory=class_row(ProgressEvent)) as cursor,
        ):
            await cursor.execute(_SELECT + rest, values)
            return await cursor.fetchall()


class Recording:
    """The steps of one operation on their way to the database, in order, behind the work's back."""

    def __init__(self, events: Events, operation_id: UUID) -> None:
        self._events = events
        self._operation_id = operation_id
        self.newest: ProgressEvent | None = None
        """The newest that was added, stored or not."""
        self._waiting: deque[ProgressEvent] = deque()
        self._last_has_come = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def task(self) -> "asyncio.Task[None] | None":
        """What stores the waiting steps; None when all are stored or given up."""
        return None if self._task is None or self._task.done() else self._task

    async def last(self) -> ProgressEvent | None:
        """The newest step of all attempts so far, also when it is still on its way."""
        stored = None
        try:
            stored = await self._events.last(self._operation_id)
        except psycopg.Error as error:
            log.warning("steps_not_read", error=type(error).__name__)
        both = [event for event in (stored, self.newest) if event]
        return max(both, key=lambda event: event.sequence, default=None)

    def add(self, event: ProgressEvent) -> None:
        """Store it soon; returns at once."""
        self.newest = event
        self._waiting.append(event)
        if len(self._waiting) > _MOST_WAITING:
            log.warning("step_not_stored", step=self._waiting.popleft().step, error="too many wait")
        if self.task is None:
            self._last_has_come.clear()  # of an earlier run of the operation
            self._task = asyncio.create_task(self._store(), name=f"steps {self._operation_id}")

    def hurry(self) -> None:
        """Store what waits now: no more is to be expected soon."""
        self._last_has_come.set()

    async def _store(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._last_has_come.wait(), _GATHER)
            self._last_has_come.clear()
            events = list(self._waiting)
            self._waiting.clear()
            try:
                await self._events.store(self._operation_id, events)
            except psycopg.Error as error:
                # A try lasts as long as a statement may, so the newest alone gets one more.
                *lost, newest = *events, *self._waiting
                self._waiting = deque([newest] if lost else [])
                names = [event.step for event in lost or events]
                log.warning("steps_not_stored", steps=names, error=type(error).__name__)
