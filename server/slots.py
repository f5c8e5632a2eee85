"""How many may be at work in a browser at once, and the line in which the others wait, bounded as well.

First come, first served: an agent has one operation at a time, so that is fair between agents too.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from server.errors import BotError, DrainingError, PoolExhaustedError


@dataclass(eq=False)
class Place:
    """Somebody's place in the line; who has gone, or was sent away, gets no slot."""

    turn: "asyncio.Future[None] | None" = field(default=None, repr=False)

    def leave(self, reason: BotError) -> None:
        """Send whoever waits here away with an error; without effect once the turn has come."""
        if self.turn is not None and not self.turn.done():
            self.turn.set_exception(reason)


class Slots:
    """The permits and the line for them; a slot is given back exactly once, by its ``async with``."""

    def __init__(
        self,
        size: int,
        *,
        most_waiting: int,
        wait_for: float,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """``size`` at once; ``most_waiting`` in the line, each for ``wait_for`` seconds at most."""
        self._size = size
        self._most_waiting = most_waiting
        self._wait_for = wait_for
        self._line: deque[Place] = deque()
        self._clock = clock
        self._drained = False
        self.at_work = 0
        self.waited = 0.0  # seconds, of all who got a slot
        self.lent = 0

    @property
    def size(self) -> int:
        """How many may be at work at once."""
        return self._size

    @property
    def waiting(self) -> int:
        """How many stand in the line."""
        return len(self._line)

    @property
    def full(self) -> bool:
        """Whether whoever comes now has to wait."""
        return bool(self._line) or self.at_work >= self._size

    def resize(self, size: int) -> None:
        """Another bound: more are let in at once; of too many nobody is sent away, nobody new comes in."""
        self._size = size
        self._let_in()

    def drain(self) -> None:
        """Send the line away and let nobody in any more; who is at work goes on."""
        self._drained = True
        for place in list(self._line):
            place.leave(_draining())

    @asynccontextmanager
    async def slot(self, place: Place) -> AsyncIterator[None]:
        """Be at work, as soon as it is one's turn.

        Raises:
            PoolExhaustedError: the line is too long, or it took too long.
            DrainingError: nobody is let in any more.
            BotError: what `Place.leave` was told.
        """
        await self._enter(place)
        try:
            yield
        finally:
            self.at_work -= 1
            self._let_in()

    async def _enter(self, place: Place) -> None:
        if self._drained:
            raise _draining()
        now = self._clock or asyncio.get_running_loop().time
        began = now()
        if self.full:
            await self._stand_in_line(place)
        else:
            self.at_work += 1
        self.waited += now() - began
        self.lent += 1

    async def _stand_in_line(self, place: Place) -> None:
        if len(self._line) >= self._most_waiting:
            raise PoolExhaustedError(
                f"{len(self._line)} operations wait for a browser already; call again with the same key"
            )
        place.turn = turn = asyncio.get_running_loop().create_future()
        self._line.append(place)
        try:
            async with asyncio.timeout(self._wait_for):
                await turn
        except BaseException as error:
            if place in self._line:
                self._line.remove(place)
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                # The turn came in the very instant in which nobody waited any more: it goes on.
                self.at_work -= 1
                self._let_in()
            if isinstance(error, TimeoutError):
                raise PoolExhaustedError(
                    f"no browser came free within {self._wait_for:.0f} s; call again with the same key"
                ) from None
            raise
        finally:
            place.turn = None

    def _let_in(self) -> None:
        while self._line and self.at_work < self._size:
            turn = self._line.popleft().turn
            if turn is not None and not turn.done():
                self.at_work += 1
                turn.set_result(None)


def _draining() -> DrainingError:
    return DrainingError("the server is shutting down; call again with the same key")
