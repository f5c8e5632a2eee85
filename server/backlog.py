"""What is unfinished, over all agents and servers, for Prometheus: read from the journal now and then.

The journal is read by one query over an index of the unfinished alone, so its cost does not grow with what
is done. While it cannot be read nothing is told of it: an old number would look like a good one.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.journal import DATABASE_AWAY
from server.tasks import stop_task

STATES = ("QUEUED", "RUNNING", "WRITING", "VERIFYING", "UNDOING", "CONFIRMED", "NEEDS_REVIEW")

# The states are those of the index operations_one_unfinished_per_target.
UNFINISHED = """
    SELECT operation_type, state, count(*),
           EXTRACT(EPOCH FROM now() - min(accepted_at))::FLOAT8,
           count(*) FILTER (WHERE local_commit_stuck)
      FROM agents.operations
     WHERE state IN ('QUEUED', 'RUNNING', 'WRITING', 'VERIFYING', 'UNDOING', 'CONFIRMED', 'NEEDS_REVIEW')
     GROUP BY operation_type, state
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Group:
    """The unfinished operations of one type in one state."""

    count: int = 0
    oldest: float = 0.0  # seconds since its acceptance
    stuck: int = 0


class Backlog(Collector):
    """Operations by type and state, the age of the oldest, and local commits that are stuck."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        types: Collection[str],
        *,
        poll: float,
    ) -> None:
        """``types`` are all that there are, so that a zero is told as one; ``poll``: seconds between looks."""
        self._pool = pool
        self._types = types
        self._poll = poll
        self._seen: dict[tuple[str, str], _Group] | None = None

    async def look(self) -> None:
        """Read the journal once; what was read before is forgotten if that fails."""
        try:
            async with self._pool.connection() as conn:
                cursor = await conn.execute(UNFINISHED)
                rows = await cursor.fetchall()
        except DATABASE_AWAY as error:
            log.warning("backlog_unknown", error=type(error).__name__)
            self._seen = None
        else:
            self._seen = {(kind, state): _Group(*numbers) for kind, state, *numbers in rows}

    def by_state(self) -> dict[str, int]:
        """How many there were at the last look, by states that there are any in; empty if it failed."""
        counts = dict.fromkeys(STATES, 0)
        for (_, state), group in (self._seen or {}).items():
            counts[state] += group.count
        return {state: count for state, count in counts.items() if count}

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Look again and again as long as the ``async with`` lasts."""
        await self.look()
        task = asyncio.create_task(self._look_always(), name="backlog")
        try:
            yield
        finally:
            await stop_task(task)

    async def _look_always(self) -> None:
        while True:
            await asyncio.sleep(self._poll)  # the beat of the looks
            await self.look()

    def collect(self) -> Iterable[Metric]:
        """Called by the metrics' own thread: it only reads what the last look has left."""
        seen = self._seen
        yield GaugeMetricFamily(
            "archibald_journal_readable",
            "Whether the journal was read at the last look",
            int(seen is not None),
        )
        if seen is None:
            return
        count = GaugeMetricFamily(
            "archibald_operations", "Unfinished operations of all servers", labels=["type", "state"]
        )
        oldest = GaugeMetricFamily(
            "archibald_operations_oldest_seconds",
            "Time since the oldest of them was accepted",
            labels=["type", "state"],
        )
        stuck = GaugeMetricFamily(
            "archibald_operations_commit_stuck",
            "Operations that the ERP has done and our own tables refuse",
            labels=["type"],
        )
        for kind in self._types:
            groups = {state: seen.get((kind, state), _Group()) for state in STATES}
            for state, group in groups.items():
                count.add_metric([kind, state], group.count)
                oldest.add_metric([kind, state], group.oldest)
            stuck.add_metric([kind], groups["CONFIRMED"].stuck)
        yield from (count, oldest, stuck)
