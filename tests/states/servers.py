"""Servers that a test holds by a string: the real recovery on the real SQL, stopped at every point that matters.

A server's process, its guardian, its browsers and its way to the database can each fail by itself. The
model keeps a clock; for the database time passes by moving its times into the past.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

from psycopg import OperationalError

from server.completer import Completer
from server.config import Config
from server.errors import BotError
from server.journal import DATABASE_AWAY, Journal
from server.notices import Notices
from server.operation import Access, Intent
from server.recovery import Recovery
from server.slots import Place, Slots
from tests.states.orders import Customers, Orders
from tests.states.puppets import PUPPET, Line, NoEvents, Puppet, Turn, World
from tests.states.sessions import ERRORS, Session

CONFIG = Config(
    erp_url="http://127.0.0.1:1/Archibald",
    start_by=30_000.0,
    lease=1000.0,
    lease_renewal=100.0,
    guardian_margin=300.0,
    retry_delays=(100.0, 300.0),
    verify_pause=100.0,
    verify_for=3000.0,
    quiet_time=5000.0,
    send_within=600.0,
    save_for=0.001,
    circuit_failures=1_000_000,
)


class Server:
    """One process with a lease, a guardian and browsers; it is its recovery's attendance and ownership."""

    def __init__(self, world: World, slot: int, host: str) -> None:
        self.world, self.slot, self.host = world, slot, host
        self.id = f"server-{uuid4()}"
        self.config = CONFIG
        self.process = "running"
        self.guardian_stopped = False
        self.browser = 1  # which browser is the one that lives; it is 0 when none does
        self._browsers = 1
        self.deadline = 0.0
        self.line = Line(world.pool)
        self.locks = Turn()
        self.slots = Slots(1, most_waiting=10, wait_for=1e9)
        self.journal = Journal(self.line, self.id)  # type: ignore[arg-type]  # a pool, for what it uses
        self.puppets: dict[UUID, Puppet] = {}
        self.sessions: list[Session] = []
        operations: dict[str, Any] = {
            one.TYPE: one for one in (Orders(world, self.journal), Customers(world, self.journal))
        }
        self.recovery = Recovery(
            self.journal,
            attendance=self,  # type: ignore[arg-type]
            ownership=self,
            user_locks=self.locks,  # type: ignore[arg-type]
            events=NoEvents(),  # type: ignore[arg-type]
            operations=operations,
            config=CONFIG,
        )
        self.completer = Completer(
            self.line,  # type: ignore[arg-type]
            Notices(""),
            self,
            self,  # type: ignore[arg-type]  # its front door
            clear_leftovers=self.journal.clear_leftovers,
            instance=self.id,
            poll=1,
        )

    # -- its life ------------------------------------------------------------------------------------

    @property
    def works(self) -> bool:
        return self.process == "running"

    @property
    def holds(self) -> bool:
        return self.world.clock < self.deadline

    async def take_lease(self) -> None:
        """As server.instance does: when all browsers are dead; nobody need suspect it any more."""
        self.browser = 0
        await self.world.execute(
            """
            WITH cleared AS (
                UPDATE agents.operations SET suspects = array_remove(suspects, %(id)s)
                 WHERE %(id)s = ANY (suspects))
            INSERT INTO agents.server_instances (id, host, pid, started, lease_until)
            VALUES (%(id)s, %(host)s, 1, 1, now() + make_interval(secs => %(lease)s))
                ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
            """,
            id=self.id,
            host=self.host,
            lease=CONFIG.lease,
        )
        self.deadline = self.world.clock + CONFIG.lease

    async def beat(self) -> None:
        """Renew the lease, or take it anew."""
        if not self.works or self.line.cut:
            return
        if not self.holds:
            await self.take_lease()
            return
        await self.world.execute(
            """
            UPDATE agents.server_instances SET lease_until = now() + make_interval(secs => %(lease)s)
             WHERE id = %(id)s
            """,
            id=self.id,
            lease=CONFIG.lease,
        )
        self.deadline = self.world.clock + CONFIG.lease

    def guard(self) -> None:
        """What the guardian does, if it is not stopped itself."""
        if not self.guardian_stopped and (self.process == "dead" or not self.holds):
            self.browser = 0

    async def kill(self) -> None:
        """SIGKILL: nothing more is done, not even an error is settled."""
        self.process = "dead"
        for puppet in self.puppets.values():
            assert puppet.task is not None
            puppet.task.cancel()
            await asyncio.gather(puppet.task, return_exceptions=True)
        self.puppets.clear()
        self.guard()

    def drain(self) -> None:
        """Take nothing more; stop what has sent nothing."""
        self.locks.stopped = True
        for session in self.sessions:
            session.closed = session.closed or not session.written

    # -- its work ------------------------------------------------------------------------------------

    def enter(self, operation_id: UUID, _: str = "") -> None:
        """Take an operation up, if it is not in hand here already: its front door."""
        if operation_id in self.puppets or self.locks.stopped:
            return
        puppet = self.puppets[operation_id] = Puppet()

        async def carry() -> bytes:
            PUPPET.set(puppet)
            return await self.recovery.execute(operation_id, lambda *_, **__: None, lambda _: None)

        puppet.task = asyncio.create_task(carry())

    async def look(self) -> None:
        """What its completer does now and then."""
        if not self.works:
            return
        with suppress(BotError, *DATABASE_AWAY):  # it looks again
            await self.completer._look()
        for operation_id, puppet in list(self.puppets.items()):
            if puppet.at == "turn":  # a notice
                await self.step(operation_id, "go")
        await self.arrive()

    async def arrive(self) -> None:
        """Let whatever came in go to its first point."""
        for operation_id, puppet in list(self.puppets.items()):
            await self.after(operation_id, puppet)

    async def step(self, operation_id: UUID, command: str) -> None:
        """Let the operation go on to its next point."""
        puppet = self.puppets[operation_id]
        await puppet.step(command)
        await self.after(operation_id, puppet)

    async def after(self, operation_id: UUID, puppet: Puppet) -> None:
        """What a caller would hear, if it has come to its end."""
        await puppet.rest()
        assert puppet.task is not None
        if not puppet.task.done():
            return
        del self.puppets[operation_id]
        error = puppet.task.exception()
        if error is None:
            response = puppet.task.result()
            first = self.world.responses.setdefault(operation_id, response)
            assert first == response, "LAW the answer never changes"
        elif not isinstance(error, BotError | OperationalError):
            raise error

    # -- what its recovery asks it -------------------------------------------------------------------

    @contextmanager
    def place(self, _: UUID) -> Iterator[Place]:
        with self.slots.place() as place:
            yield place

    @asynccontextmanager
    async def session(self, intent: Intent, _: object, access: Access) -> AsyncIterator[Session]:
        command = await PUPPET.get().point("door")
        if command in {"away", "login"}:
            raise ERRORS[command](command)
        user, erp = intent.claim.user_id, self.world.erp
        kept = self.world.kept.get(user)
        if access is Access.CONTINUE and kept in erp.sessions:
            name = str(kept)
        else:
            name = str(uuid4())
            erp.sessions.add(name)
        if access is not Access.ASIDE:
            self.world.kept[user] = name
        if not self.browser:
            self._browsers += 1
            self.browser = self._browsers
        claim = intent.claim
        session = Session(name, self, access, self.browser, claim.operation_id, claim.generation)
        self.sessions.append(session)
        try:
            yield session
        finally:
            session.closed = True
            self.sessions.remove(session)

    async def takeable(self, instance_id: str) -> bool:
        other = self._other(instance_id)
        return await self._lapsed(other) or (other.host == self.host and other.process == "dead")

    async def proved_dead(self, instance_id: str) -> bool:
        other = self._other(instance_id)
        if other.host != self.host:
            return await self._lapsed(other, CONFIG.guardian_margin)
        if other.process == "dead":
            other.browser = 0  # a neighbour ends what a dead server has left
        return not other.browser and (other.process == "dead" or await self._lapsed(other))

    def _other(self, instance_id: str) -> "Server":
        return next(one for one in self.world.servers if one.id == instance_id)

    async def _lapsed(self, other: "Server", margin: float = 0.0) -> bool:
        [(lapsed,)] = await self.world.execute(
            """
            SELECT lease_until + make_interval(secs => %(margin)s) <= now()
              FROM agents.server_instances WHERE id = %(id)s
            """,
            id=other.id,
            margin=margin,
        )
        return bool(lapsed)
