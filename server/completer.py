"""Looks after what nobody is at work on: at start, when a server dies, and always, behind NOTIFY.

It does nothing itself: whatever is unfinished goes through the same front door as a caller's request.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.attendance import Ownership
from server.errors import BotError
from server.front_door import FrontDoor
from server.journal import DATABASE_AWAY
from server.notices import Notices, Waiter
from server.tasks import stop_task

# Between two looks at the table, however many notices come.
LEAST_PAUSE = 0.2

log = structlog.get_logger(__name__)


class Completer:
    """Sends what is unfinished and nobody's through the front door."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        notices: Notices,
        ownership: Ownership,
        front_door: FrontDoor,
        *,
        clear_leftovers: Callable[[], Awaitable[int]],
        instance: str,
        poll: float,
    ) -> None:
        """``poll``: seconds between looks where no notice comes.

        ``clear_leftovers`` clears the saved answers of operations that have ended and could not be cleared.
        """
        self._clear_leftovers = clear_leftovers
        self._pool = pool
        self._notices = notices
        self._ownership = ownership
        self._front_door = front_door
        self._instance = instance
        self._poll = poll
        self._waiter = Waiter()

    def wake(self) -> None:
        """Look now: a server was seen to die."""
        self._waiter.wake()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Look at once, and then as long as the ``async with`` lasts."""
        with self._notices.listening(waiter=self._waiter):
            task = asyncio.create_task(self._look_always(), name="completer")
            try:
                yield
            finally:
                await stop_task(task)

    async def _look_always(self) -> None:
        now = asyncio.get_running_loop().time
        clear_at = now() + self._poll  # the server's start has just done it
        while True:
            try:
                await self._look()
                if now() >= clear_at:
                    clear_at = now() + self._poll
                    if cleared := await self._clear_leftovers():
                        log.info("leftovers_cleared", count=cleared)
            except (BotError, *DATABASE_AWAY) as error:
                log.warning("completer_failed", error=type(error).__name__)
            await asyncio.sleep(LEAST_PAUSE)  # a bound on how often, not a wait for something
            await self._waiter.wait(self._poll)

    async def _look(self) -> None:
        for operation_id, operation_type, owner in await self._due():
            mine = owner in {None, self._instance}
            if mine or await self._ownership.takeable(owner):
                self._front_door.enter(operation_id, operation_type)

    async def _due(self) -> list[Any]:
        """What may be taken up: of each agent what has the turn, or who is first; and stuck commits."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(
                """
                SELECT DISTINCT ON (user_id, local_commit_stuck) id, operation_type, owner_instance
                  FROM agents.operations
                 WHERE state IN ('QUEUED', 'RUNNING', 'WRITING', 'VERIFYING', 'UNDOING', 'CONFIRMED')
                   AND (not_before IS NULL OR not_before <= now())
                 ORDER BY user_id, local_commit_stuck, state = 'QUEUED', turn
                """
            )
            return await cursor.fetchall()
