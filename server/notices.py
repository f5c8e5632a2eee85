"""What Postgres tells all servers of operations (LISTEN/NOTIFY), handed to whoever waits in this one.

A notice is a hint, never the truth: whoever is woken reads the row. While the connection is away nobody
is woken, and after it came back everybody, for notices may have been missed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import structlog

from server.tasks import stop_task

OPERATIONS, EVENTS = "archibald_operations", "archibald_events"
RECONNECT = 1.0  # seconds between tries to reach the database

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Notice:
    """An operation's state, generation, owner or cancel has changed; ``event``: it reported a step."""

    operation_id: UUID
    user_id: str = ""
    state: str = ""
    generation: int = 0
    cancel_requested: bool = False
    event: bool = False


@dataclass(eq=False)
class Waiter:
    """Somebody who waits for news of an operation or of an agent; with neither, of everything."""

    operation_id: UUID | None = None
    user_id: str | None = None
    steps: bool = True
    """Whether the steps that the operation reports are news as well."""
    newest: Notice | None = None
    """The last change of an operation that was told; None when changes may have been missed."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def concerns(self, notice: Notice) -> bool:
        """Whether the notice is for this waiter; steps are for those who wait for that operation."""
        if self.operation_id is None and self.user_id is None:
            return not notice.event
        mine = notice.operation_id == self.operation_id and (self.steps or not notice.event)
        return mine or (not notice.event and notice.user_id == self.user_id)

    def wake(self, notice: Notice | None = None) -> None:
        """Let `wait` return; None: something may have been missed."""
        if notice is None or not notice.event:
            self.newest = notice
        self._news.set()

    async def wait(self, seconds: float | None) -> bool:
        """Wait for news since the last wait ended; False when there were none in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        told = self._news.is_set()
        self._news.clear()
        return told


class Notices:
    """The waiters of this server, and the one connection that listens for them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiters: set[Waiter] = set()

    def __repr__(self) -> str:
        return f"<Notices {len(self._waiters)} waiting>"

    @contextmanager
    def listening(
        self,
        operation_id: UUID | None = None,
        user_id: str | None = None,
        *,
        steps: bool = True,
        waiter: Waiter | None = None,
    ) -> Iterator[Waiter]:
        """A waiter that misses nothing as long as the ``with`` lasts: read the row inside.

        ``steps``: whether what the operation reports is news as well. ``waiter``: one's own, for those who are woken by others as well.
        """
        waiter = waiter or Waiter(operation_id, user_id, steps)
        self._waiters.add(waiter)
        try:
            yield waiter
        finally:
            self._waiters.discard(waiter)

    def wake_all(self) -> None:
        """Let everybody look again."""
        for waiter in self._waiters:
            waiter.wake()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Listen as long as the ``async with`` lasts, through every loss of the database."""
        listening = asyncio.create_task(self._listen(), name="notices")
        try:
            yield
        finally:
            await stop_task(listening)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except psycopg.Error as error:
                log.warning("notices_lost", error=type(error).__name__)
            await asyncio.sleep(RECONNECT)  # back-off; the condition is the database itself

    async def _listen_once(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=10
        ) as conn:
            await conn.execute(f"LISTEN {OPERATIONS}".encode())
            await conn.execute(f"LISTEN {EVENTS}".encode())
            self.wake_all()
            async for told in conn.notifies():
                self._tell(_notice(told.channel, told.payload))

    def _tell(self, notice: Notice) -> None:
        for waiter in self._waiters:
            if waiter.concerns(notice):
                waiter.wake(notice)


def _notice(channel: str, payload: str) -> Notice:
    if channel == EVENTS:
        return Notice(UUID(payload), event=True)
    operation_id, generation, state, cancel, user_id = payload.split(" ", 4)
    return Notice(UUID(operation_id), user_id, state, int(generation), cancel == "t")
