"""What a server knows of the others: whose lease has lapsed, whose process is gone, whose browsers are dead."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from psycopg import AsyncConnection, OperationalError
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from server.processes import POLL, Family
from server.tasks import stop_task

# Seconds that the browsers of a server that is gone get to end: the kernel has told them to.
PATIENCE = 1.0

log = structlog.get_logger(__name__)


class Neighbours:
    """Looks at `agents.server_instances`, and on this machine at the processes themselves."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        me: str,
        host: str,
        *,
        margin: float,
    ) -> None:
        """``margin``: seconds after another machine's lease until its guardian has surely acted."""
        self._pool = pool
        self._me = me
        self._host = host
        self._margin = margin

    async def proved_dead(self, instance_id: str) -> bool:
        """Whether every browser that an instance ever had is known to be dead, and none will follow."""
        row = await self._row(instance_id)
        if row is None:
            return False
        if row["host"] != self._host:
            return bool(row["long_lapsed"])
        gone = not _process(row).is_led()
        return (gone or row["lapsed"]) and await _all_dead(_browsers(row), kill=gone)

    async def takeable(self, instance_id: str) -> bool:
        """Whether what an instance owns may be taken over: its lease has lapsed or its process is gone.

        An instance that nobody knows is one: of a version that kept no leases, or long gone.
        """
        row = await self._row(instance_id)
        if row is None or row["lapsed"]:
            return True
        return row["host"] == self._host and not _process(row).is_led()

    @asynccontextmanager
    async def watched(self, on_gone: Callable[[], object], *, poll: float) -> AsyncIterator[None]:
        """Call `on_gone` whenever a server on this machine is seen to be gone, long before its lease is.

        ``poll``: seconds between looks.
        """
        task = asyncio.create_task(self._watch(on_gone, poll), name="neighbours")
        try:
            yield
        finally:
            await stop_task(task)

    async def _watch(self, on_gone: Callable[[], object], poll: float) -> None:
        while True:
            try:
                if await self._bury():
                    on_gone()
            except (OperationalError, PoolTimeout) as error:
                log.warning("neighbours_unknown", error=type(error).__name__)
            await asyncio.sleep(poll)  # processes of others give no notice

    async def _bury(self) -> int:
        """End the leases of servers whose process is gone; how many there were."""
        async with self._pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(
                """
                SELECT id, pid, started, browsers FROM agents.server_instances
                 WHERE host = %(host)s AND id <> %(me)s AND gone_at IS NULL
                """,
                {"host": self._host, "me": self._me},
            )
            gone = [row for row in await cursor.fetchall() if not _process(row).is_led()]
            for row in gone:
                _kill(_browsers(row))
                log.info("neighbour_gone", neighbour=row["id"])
                await cursor.execute(
                    """
                    UPDATE agents.server_instances
                       SET gone_at = now(), lease_until = LEAST(lease_until, now())
                     WHERE id = %(id)s AND gone_at IS NULL
                    """,
                    {"id": row["id"]},
                )
        return len(gone)

    async def _row(self, instance_id: str) -> dict[str, Any] | None:
        async with self._pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(
                """
                SELECT host, pid, started, browsers,
                       lease_until <= now() AS lapsed,
                       lease_until + %(margin)s * INTERVAL '1 second' < now() AS long_lapsed
                  FROM agents.server_instances
                 WHERE id = %(id)s
                """,
                {"id": instance_id, "margin": self._margin},
            )
            return await cursor.fetchone()


def _process(row: dict[str, Any]) -> Family:
    return Family(row["pid"], row["started"])


def _browsers(row: dict[str, Any]) -> list[Family]:
    return [Family(one["pid"], one["started"]) for one in row["browsers"]]


async def _all_dead(families: list[Family], *, kill: bool) -> bool:
    """Whether all are; those that are just being killed, by the kernel or a guardian, are waited for."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while families := [family for family in families if family.members()]:
        if loop.time() > deadline:
            return False
        if kill:
            _kill(families)
        await asyncio.sleep(POLL)
    return True


def _kill(families: list[Family]) -> None:
    """Frozen children do not notice that their browser died; their server is gone and cannot see to it."""
    for family in families:
        with suppress(PermissionError):  # another user's: nobody's to kill but theirs
            family.kill()
