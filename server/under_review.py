"""The gauge of what waits for a person: one line in the log whenever it changes, and every so often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.journal import DATABASE_AWAY
from server.tasks import stop_task

log = structlog.get_logger(__name__)


class UnderReview:
    """Counts the operations in NEEDS_REVIEW, over all agents and servers, by their types."""

    def __init__(
        self, pool: AsyncConnectionPool[AsyncConnection[Any]], *, poll: float, every: float
    ) -> None:
        """``poll``: seconds between looks; ``every``: after so many it is told also unchanged."""
        self._pool = pool
        self._poll = poll
        self._every = every

    async def count(self) -> dict[str, int]:
        """How many of each type wait for a person."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(
                """
                SELECT operation_type, count(*) FROM agents.operations
                 WHERE state = 'NEEDS_REVIEW' GROUP BY operation_type ORDER BY operation_type
                """
            )
            return {str(kind): int(number) for kind, number in await cursor.fetchall()}

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Log the gauge as long as the ``async with`` lasts."""
        task = asyncio.create_task(self._show(), name="under review")
        try:
            yield
        finally:
            await stop_task(task)

    async def _show(self) -> None:
        clock = asyncio.get_running_loop()
        shown: dict[str, int] | None = None
        told_at = 0.0
        while True:
            try:
                now = await self.count()
            except DATABASE_AWAY as error:
                log.warning("gauge_failed", error=type(error).__name__)
            else:
                if now != shown or clock.time() - told_at >= self._every:
                    log.info("under_review", total=sum(now.values()), by_type=now)
                    shown, told_at = now, clock.time()
            await asyncio.sleep(self._poll)  # the beat of the gauge
