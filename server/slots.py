"""How many may be at work in a browser at once, and the line in which the others wait, bounded as well.

First come, first served: an agent has one operation at a time, so that is fair between agents too.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from server.errors import DrainingError, PoolExhaustedError


class Place:
    """Somebody's place: in the line, then at work. Who has left it gets no slot."""

    def __init__(self, slots: "Slots") -> None:
        self._slots = slots
        self.holds = False
        """Whether a slot is its own."""
        self.since: float | None = None  # in the line, by the slots' clock
        self.news = asyncio.Event()

    def __repr__(self) -> str:
        where = "at work" if self.holds else "outside" if self.since is None else "in the line"
        return f"<Place {where}>"

    def ask(self) -> bool:
        """Whether a slot is its own by now; if not, it stands in the line from now on.

        Raises:
            PoolExhaustedError: the line is too long, or it took too long; it has left.
            DrainingError: nobody is let in any more.
        """
        return self._slots.ask(self)

    @property
    def in_line(self) -> bool:
        """Whether it waits for a slot."""
        return self.since is not None

    @property
    def patience(self) -> float:
        """Seconds for which it may stand in the line still; then `ask` raises."""
        return self._slots.patience(self)

    async def wait(self) -> None:
        """Until `ask` has something else to say; without a place in the line that is for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience if self.in_line else None):
                await self.news.wait()

    def leave(self) -> None:
        """Give the slot back, or leave the line; without effect for who has done so."""
        self._slots.leave(self)


class Slots:
    """The permits and the line for them; a slot is given back exactly once."""

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

    def resize(self, size: int) -> None:
        """Another bound: more are let in at once; of too many nobody is sent away, nobody new comes in."""
        self._size = size
        self._let_in()

    def drain(self) -> None:
        """Let nobody in any more, and tell the line; who is at work goes on."""
        self._drained = True
        for place in self._line:
            place.news.set()

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place, outside the line at first; whatever it has by the end is given back."""
        place = Place(self)
        try:
            yield place
        finally:
            place.leave()

    def ask(self, place: Place) -> bool:
        """See `Place.ask`."""
        if place.holds:
            return True
        if self._drained:
            place.leave()
            raise DrainingError("the server is shutting down; call again with the same key")
        if place.since is None:
            return self._come(place)
        if self.patience(place) > 0:
            return False
        place.leave()
        raise PoolExhaustedError(
            f"no browser came free within {self._wait_for:.0f} s; nothing was started. "
            "It stays in the queue: call again with the same key"
        )

    def patience(self, place: Place) -> float:
        """See `Place.patience`."""
        return self._wait_for - (0.0 if place.since is None else self._now() - place.since)

    def leave(self, place: Place) -> None:
        """See `Place.leave`."""
        if place.holds:
            place.holds = False
            self.at_work -= 1
        elif place.in_line:
            self._line.remove(place)
        place.since = None
        place.news.clear()
        self._let_in()

    def _come(self, place: Place) -> bool:
        if not self._line and self.at_work < self._size:
            self._admit(place, waited=0.0)
        elif len(self._line) < self._most_waiting:
            place.since = self._now()
            place.news.clear()
            self._line.append(place)
        else:
            raise PoolExhaustedError(
                f"{len(self._line)} operations wait for a browser already; nothing was started. "
                "It stays in the queue: call again with the same key"
            )
        return place.holds

    def _let_in(self) -> None:
        while self._line and self.at_work < self._size and not self._drained:
            place = self._line.popleft()
            self._admit(place, waited=self._now() - (place.since or 0.0))

    def _admit(self, place: Place, waited: float) -> None:
        place.holds, place.since = True, None
        place.news.set()
        self.at_work += 1
        self.waited += waited
        self.lent += 1

    def _now(self) -> float:
        return (self._clock or asyncio.get_running_loop().time)()
