"""Tasks that stop at every point that matters, and the three things they work on: world, line, turn."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import AsyncConnection, OperationalError

from tests.states.erp import Erp
from tests.states.rows import Pool

if TYPE_CHECKING:
    from tests.states.servers import Server


class Puppet:
    """A task that goes from point to point, when it is told to."""

    def __init__(self) -> None:
        self.at = ""
        self.session = ""  # the ERP session it works in
        self.task: asyncio.Task[bytes] | None = None
        self._arrived = asyncio.Event()
        self._told: asyncio.Future[str] | None = None

    async def point(self, name: str) -> str:
        """Wait here for a command."""
        self.at, self._told = name, asyncio.get_running_loop().create_future()
        self._arrived.set()
        try:
            return await self._told
        finally:
            self.at = ""

    async def step(self, command: str) -> None:
        """Go on to the next point, or to the end."""
        assert self._told is not None
        self._arrived.clear()
        self._told.set_result(command)
        await self.rest()

    async def rest(self) -> None:
        """Until it waits for a command, or has ended."""
        assert self.task is not None
        arriving = asyncio.create_task(self._arrived.wait())
        await asyncio.wait({self.task, arriving}, return_when=asyncio.FIRST_COMPLETED)
        arriving.cancel()


PUPPET: ContextVar[Puppet] = ContextVar("puppet")


@dataclass
class World:
    """What all servers share."""

    pool: Pool
    agents: list[str]
    erp: Erp = field(default_factory=Erp)
    clock: float = 0.0
    kept: dict[str, str] = field(default_factory=dict)  # the agents' kept ERP sessions
    told: dict[UUID, set[str]] = field(default_factory=dict)  # ids that the journal took
    responses: dict[UUID, bytes] = field(default_factory=dict)
    commit_fails: bool = False
    servers: list["Server"] = field(default_factory=list)

    async def execute(self, statement: str, **values: Any) -> list[Any]:
        """Run a statement outside of all faults."""
        async with self.pool.connection() as conn:
            cursor = await conn.execute(statement.encode(), values)
            return await cursor.fetchall() if cursor.description else []


class Line:
    """A server's way to the database, as its pool; ``fault`` happens to the next transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.cut = False
        self.fault = ""

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        fault, self.fault = self.fault, ""
        if self.cut or fault == "no connection":
            raise OperationalError("no connection")
        async with self._pool.connection() as conn:
            if fault == "rolled back":
                async with conn.transaction(force_rollback=True):
                    yield conn
                raise OperationalError("lost before the commit")
            yield conn
        if fault == "answer lost":
            raise OperationalError("lost after the commit")
        if fault == "halted" and (puppet := PUPPET.get(None)):
            await puppet.point("halted")


class Turn:
    """Where an operation waits: a point."""

    stopped = False

    @contextmanager
    def turn(self, *_: object) -> Iterator["Turn"]:
        yield self

    def came(self) -> None:
        pass

    async def wait(self, *_: object) -> None:
        await PUPPET.get().point("turn")


class NoEvents:
    async def since(self, *_: object) -> list[Any]:
        return []
