"""Watching one operation, wherever it runs: steps that are stored, then the newest as they come."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.notices import Notices, Waiter
from server.operation_events import Events
from server.operation_views import AT_REST
from server.progress import ProgressEvent
from server.runs import Run, Runs

# How often the row is looked at behind notices, which are lost while their connection is away.
_POLL = 5.0


class Watch:
    """Where an operation's events come from: this process's run of it, and what all processes stored."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        runs: Runs,
        events: Events,
        notices: Notices,
    ) -> None:
        self._pool = pool
        self._runs = runs
        self._events = events
        self._notices = notices

    async def events(self, operation_id: UUID, from_sequence: int) -> AsyncIterator[ProgressEvent]:
        """The stored events from this number on (0: none of them), then the newest until the end.

        The end is a state that nothing but a caller or a person moves on. While the consumer is slow
        nothing is queued for it: the next event is the newest by then.
        """
        with self._notices.listening(operation_id=operation_id) as waiter:
            run = None
            if from_sequence:
                heard, percent = from_sequence - 1, 0
                for event in await self._events.since(operation_id, heard):
                    yield event
                    heard, percent = event.sequence, event.percent
            else:
                # In this order: what is stored in between is in both and not in neither.
                known = self._runs.latest(operation_id), await self._events.last(operation_id)
                heard = max((event.sequence for event in known if event), default=0)
                percent = 0
            while True:
                run = self._runs.find(operation_id) or run
                # In this order, so that nothing that is told before an end is missed: whether the run is
                # over, its newest event, whether the operation has ended, what is stored.
                over = run is None or run.task.done()
                newest = run.latest if run else self._runs.latest(operation_id)
                ended = False
                if newest is None or newest.sequence <= heard:
                    ended = await self._has_ended(operation_id)
                    newest = next(reversed(await self._events.since(operation_id, heard)), None)
                if newest is not None:
                    heard, percent = newest.sequence, max(newest.percent, percent)
                    yield replace(newest, percent=percent)
                elif ended and over:
                    return
                else:
                    await _news(None if over else run, heard, waiter)

    async def _has_ended(self, operation_id: UUID) -> bool:
        async with self._pool.connection() as conn:
            cursor = await conn.execute(
                "SELECT state FROM agents.operations WHERE id = %(id)s", {"id": operation_id}
            )
            row = await cursor.fetchone()
        return row is not None and row[0] in AT_REST


async def _news(run: Run | None, heard: int, waiter: Waiter) -> None:
    """Wait until it is worth looking again; ``run`` unless it was seen to be over."""
    waits: set[asyncio.Task[Any]] = {asyncio.create_task(waiter.wait(_POLL))}
    if run is not None:
        waits.add(asyncio.create_task(run.newer(heard)))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
