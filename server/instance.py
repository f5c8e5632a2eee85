"""This server among others: its lease, its browsers told to all, and what is known of the other servers.

Operations belong to an instance, and an instance has one lease, in database time. What it may do is
decided by its own clock (seconds since boot, counted from before the renewal was sent, so never longer
than the lease), and the guardian kills its browsers at that same moment. Whoever takes its operations
over has to know that these browsers are dead: a server on the same machine looks for itself.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from server.errors import DatabaseDownError
from server.guardian import Guardian, boottime
from server.neighbours import Neighbours
from server.processes import Family, GuardianError
from server.tasks import stop_task, within

log = structlog.get_logger(__name__)


class Instance:
    """One running server; `registered` opens it, and browsers are to be closed before it is left."""

    def __init__(
        self,
        conninfo: str,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        guardian: Guardian,
        *,
        lease: float,
        renewal: float,
        guardian_margin: float,
        neighbour_poll: float,
    ) -> None:
        """The lease is renewed on a connection of its own: a busy pool must not let it lapse.

        Args:
            conninfo: where that connection leads to.
            pool: for everything else.
            guardian: not started yet; it is started, fed and replaced here.
            lease: seconds that it lasts.
            renewal: seconds between renewals.
            guardian_margin: seconds after another machine's lease until its browsers count as dead.
            neighbour_poll: seconds between looks at the other servers on this machine.
        """
        self.id = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self.on_death: Callable[[], object] = lambda: None
        """Called when another server on this machine is seen to be gone: it may have left something."""
        self._neighbours = Neighbours(pool, self.id, this_host(), margin=guardian_margin)
        self._neighbour_poll = neighbour_poll
        self._conninfo = conninfo
        self._pool = pool
        self._guardian = guardian
        self._lease = lease
        self._renewal = renewal
        self._connection: AsyncConnection[Any] | None = None
        self._families: list[Family] = []
        self._telling = asyncio.Lock()
        self._guarded = False  # the guardian knows every family
        self._deadline = 0.0

    def __repr__(self) -> str:
        return f"<Instance {self.id}, {self._deadline - boottime():.1f} s of lease left>"

    def holds(self) -> bool:
        """Whether the lease is ours at this moment, and a guardian would end our browsers with it."""
        return boottime() < self._deadline and self._guarded and self._guardian.is_alive()

    @asynccontextmanager
    async def registered(self) -> AsyncIterator[None]:
        """Hold a lease as long as the ``async with`` lasts, and say goodbye.

        Raises:
            GuardianError: no guardian can be started.
            psycopg.Error, OSError, TimeoutError: the database does not give a lease.
        """
        try:
            await self._start_guardian()
            await self._take()
            keeping = asyncio.create_task(self._keep(), name="lease")
            watched = self._neighbours.watched(self._tell_death, poll=self._neighbour_poll)
            try:
                async with watched:
                    yield
            finally:
                await stop_task(keeping)
                await self._say_goodbye()
        finally:
            await self._disconnect()
            await self._guardian.close()

    async def browser_started(self, family: Family) -> None:
        """Have the guardian watch a driver or browser and tell all servers of it, before it is used.

        Raises:
            DatabaseDownError: the lease has lapsed, so that nothing may be started.
            GuardianError, psycopg.Error: not told; the family must not be used.
        """
        async with self._telling:
            if not self.holds():
                raise DatabaseDownError(
                    "this server has lost its lease on the database; call again with the same key"
                )
            self._families = [*self._living(), family]
            await self._guardian.watch(family)
            async with self._pool.connection() as conn:
                cursor = await conn.execute(
                    """
                    UPDATE agents.server_instances
                       SET browsers = %(browsers)s
                     WHERE id = %(id)s AND gone_at IS NULL
                    """,
                    {"id": self.id, "browsers": Jsonb([as_json(one) for one in self._families])},
                )
            if cursor.rowcount == 0:
                raise GuardianError("this server is not registered any more")

    async def proved_dead(self, instance_id: str) -> bool:
        """Whether every browser that an instance ever had is known to be dead, for good."""
        return await self._neighbours.proved_dead(instance_id)

    async def takeable(self, instance_id: str) -> bool:
        """Whether what an instance owns may be taken over: its lease has lapsed or its process is gone."""
        return await self._neighbours.takeable(instance_id)

    def _tell_death(self) -> None:
        self.on_death()

    # -- the lease -----------------------------------------------------------------------------------

    async def _keep(self) -> None:
        """Renew for ever; a failure is tried again soon, a lapse ends the browsers and begins anew."""
        while True:
            pause = self._renewal
            try:
                if not self._guarded or not self._guardian.is_alive():
                    log.warning("guardian_lost")
                    await self._start_guardian()
                await self._renew()
            except Exception as error:  # noqa: BLE001 - whatever it was, without a beat all is lost
                pause /= 6
                left = round(self._deadline - boottime(), 1)
                log.warning("lease_not_renewed", error=type(error).__name__, seconds_left=left)
                await self._disconnect()
            await asyncio.sleep(pause)  # the beat of the lease

    async def _renew(self) -> None:
        sent = boottime()
        renewed = sent < self._deadline and await self._execute(
            """
            UPDATE agents.server_instances
               SET lease_until = now() + %(lease)s * INTERVAL '1 second'
             WHERE id = %(id)s AND lease_until > now() AND gone_at IS NULL
            """,
            {"id": self.id, "lease": self._lease},
        )
        if renewed:
            await self._hold_until(sent + self._lease)
        else:
            log.error("lease_lost")
            await self._take()

    async def _take(self) -> None:
        """Take a lease anew, when nothing of an old one lives any more.

        Then whoever suspected us of a browser at one of our old operations need not do so any longer.
        """
        self._deadline = 0.0
        async with self._telling:
            while self._families:
                await self._families[-1].end()
                self._families.pop()
            sent = boottime()
            myself = Family.of(os.getpid())
            assert myself is not None  # noqa: S101 - we live
            await self._execute(
                """
                WITH cleared AS (
                    UPDATE agents.operations
                       SET suspects = array_remove(suspects, %(id)s)
                     WHERE %(id)s = ANY (suspects))
                INSERT INTO agents.server_instances (id, host, pid, started, lease_until)
                VALUES (%(id)s, %(host)s, %(pid)s, %(started)s,
                        now() + %(lease)s * INTERVAL '1 second')
                ON CONFLICT (id) DO UPDATE
                   SET lease_until = excluded.lease_until, browsers = '[]', gone_at = NULL
                """,
                {
                    "id": self.id,
                    "host": this_host(),
                    "pid": myself.pid,
                    "started": myself.started,
                    "lease": self._lease,
                },
            )
            await self._hold_until(sent + self._lease)
        log.info("lease_taken", instance=self.id)

    async def _hold_until(self, deadline: float) -> None:
        await self._guardian.feed(deadline)
        self._deadline = deadline

    async def _say_goodbye(self) -> None:
        """Nothing of ours lives: what we leave unfinished may be taken over at once."""
        self._deadline = 0.0
        for family in self._families:
            await family.end()
        try:
            await self._execute(
                """
                UPDATE agents.server_instances
                   SET gone_at = now(), lease_until = LEAST(lease_until, now())
                 WHERE id = %(id)s
                """,
                {"id": self.id},
            )
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("goodbye_failed", error=type(error).__name__)

    # -- its guardian and its connection -------------------------------------------------------------

    async def _start_guardian(self) -> None:
        async with self._telling:
            self._guarded = False
            await self._guardian.start()
            await self._guardian.feed(self._deadline)
            for family in self._living():
                await self._guardian.watch(family)
            self._guarded = True

    def _living(self) -> list[Family]:
        return [family for family in self._families if family.members()]

    async def _execute(self, statement: LiteralString, values: dict[str, object]) -> int:
        """Run one statement within the time of a renewal; the rows that it touched."""
        return await within(self._renewal, self._run(statement, values))

    async def _run(self, statement: LiteralString, values: dict[str, object]) -> int:
        if self._connection is None:
            self._connection = await AsyncConnection.connect(self._conninfo, autocommit=True)
        cursor = await self._connection.execute(statement, values)
        return cursor.rowcount

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def as_json(family: Family) -> dict[str, int]:
    """A family as `agents.server_instances.browsers` keeps it."""
    return {"pid": family.pid, "started": family.started}


def this_host() -> str:
    """Where our process numbers mean something: this boot of this machine, this process namespace."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
