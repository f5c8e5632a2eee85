"""Whether the server can do its work, part by part, in the standard health service.

``database``, ``erp`` and ``pool`` are services of their own there. The server as a whole is ready while its
database is: an ERP that is away is waited for, and a browser is launched again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import structlog
from grpc_health.v1 import health_pb2
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.journal import DATABASE_AWAY
from server.tasks import stop_task

Look = Callable[[], Awaitable[bool]]

log = structlog.get_logger(__name__)


class Checks(Protocol):
    """The health service, for what is used of it."""

    async def set(self, service: str, status: Any) -> None:
        """Tell everybody who asks or watches."""


class Readiness:
    """Looks at the parts now and then, and tells the health service what has changed."""

    def __init__(self, parts: Mapping[str, Look], *, essential: str, poll: float) -> None:
        """``parts`` by the names that health knows them by; ``essential``: the one that all depends on."""
        self._parts = parts
        self._essential = essential
        self._poll = poll
        self.told: dict[str, bool] = {}
        """The parts as they were at the last look."""

    @asynccontextmanager
    async def shown(self, checks: Checks, services: Sequence[str]) -> AsyncIterator[None]:
        """Tell it at once, and then as long as the ``async with`` lasts; ``services`` are the whole's names."""
        await self._tell(checks, services)
        task = asyncio.create_task(self._tell_always(checks, services), name="readiness")
        try:
            yield
        finally:
            await stop_task(task)

    async def _tell_always(self, checks: Checks, services: Sequence[str]) -> None:
        while True:
            await asyncio.sleep(self._poll)  # the beat of the looks
            await self._tell(checks, services)

    async def _tell(self, checks: Checks, services: Sequence[str]) -> None:
        for part, look in self._parts.items():
            ready = await look()
            if self.told.get(part) is ready:
                continue
            if part in self.told or not ready:
                log.warning("readiness", part=part, ready=ready)
            self.told[part] = ready
            names = (part, *services) if part == self._essential else (part,)
            status = health_pb2.HealthCheckResponse
            for name in names:
                await checks.set(name, status.SERVING if ready else status.NOT_SERVING)


def database_answers(pool: AsyncConnectionPool[AsyncConnection[Any]]) -> Look:
    """Whether the database says anything."""

    async def look() -> bool:
        try:
            async with pool.connection() as conn:
                await conn.execute("SELECT 1")
        except DATABASE_AWAY:
            return False
        return True

    return look


def holds(condition: Callable[[], bool]) -> Look:
    """What is known without asking anybody."""

    async def look() -> bool:
        return condition()

    return look
