"""An agent's turn: one operation per agent at a time over all servers, in the order of acceptance.

The law itself is the journal's (a partial unique index, and a claim that passes nobody in the queue);
this class is the one place where it is waited for.
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from server.notices import Notices, Waiter
from server.slots import Place

# Seconds between looks where no notice comes (design §4.5), each a little shorter or longer.
BACK_OFF = (2.0, 4.0, 8.0, 16.0, 30.0)
JITTER = 0.1


class Turn:
    """One operation's wait for its turn: woken by notices, behind them by a growing back-off."""

    def __init__(self, waiter: Waiter, stopping: asyncio.Event) -> None:
        self._waiter = waiter
        self._stopping = stopping
        self._looks = 0

    def came(self) -> None:
        """The turn was taken: the next wait begins with short pauses again."""
        self._looks = 0

    async def wait(self, due_in: float | None, place: Place | None = None) -> float | None:
        """Wait until it is worth a look; ``due_in``: seconds until the operation may run at all.

        Ends as well when ``place`` has news, and at once when the server stops taking work up. Returns the seconds that were waited if no
        notice came, None if one did.
        """
        pause = BACK_OFF[min(self._looks, len(BACK_OFF) - 1)]
        pause *= random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # spreads load, hides nothing
        if due_in:
            pause = due_in
        else:
            self._looks += 1
        now = asyncio.get_running_loop().time
        began = now()
        told = asyncio.create_task(self._waiter.wait(pause))
        waits: set[asyncio.Task[Any]] = {told, asyncio.create_task(self._stopping.wait())}
        if place is not None:
            waits.add(asyncio.create_task(place.wait()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            ran_out = told.done() and not told.result()
            return now() - began if ran_out else None
        finally:
            for one in waits:
                one.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


class UserLocks:
    """Where the operations of this server wait for their agents' turns."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._stopping = asyncio.Event()
        self._waiting = 0

    def __repr__(self) -> str:
        return f"<UserLocks {self._waiting} operations wait or work>"

    @property
    def stopped(self) -> bool:
        """Whether no turn is to be taken any more."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """End every wait: the server takes no work up any more."""
        self._stopping.set()

    @contextmanager
    def turn(self, operation_id: UUID, user_id: str) -> Iterator[Turn]:
        """The operation's place to wait; read its row inside, so that no notice is missed."""
        with self._notices.listening(operation_id, user_id) as waiter:
            self._waiting += 1
            try:
                yield Turn(waiter, self._stopping)
            finally:
                self._waiting -= 1
