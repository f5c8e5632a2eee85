"""Browser contexts that are signed in and idle, one for an agent, and which of them have to go.

It knows when one is too old, too idle or too much used; it closes nothing itself. What is lent is not
on it, so nothing in use can ever be chosen (law 9).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from playwright.async_api import BrowserContext

from server.chromium import GuardedBrowser


class Cause(StrEnum):
    """Why a context was closed although nothing went wrong in it, or why it could not be kept."""

    ROOM = "room"
    IDLE = "idle"
    AGE = "age"
    USES = "uses"
    MEMORY = "memory"
    BROWSER = "browser"
    INVALID = "invalid"
    FAILED = "failed"
    CLOSING = "closing"


@dataclass(eq=False)
class Kept:
    """A context with its agent's session in it; ``since`` is when it was last given back."""

    user_id: str
    context: BrowserContext
    behind: GuardedBrowser
    session: Any
    born: float
    since: float = 0.0
    uses: int = 0


@dataclass(frozen=True)
class Limits:
    """How many contexts may be idle, and how long one is kept: seconds, and operations done in it."""

    most: int
    idle: float
    age: float
    uses: int


class Shelf:
    """The idle contexts, the one that was used longest ago first."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Kept]:
        return iter(list(self._kept.values()))

    def take(self, user_id: str) -> Kept | None:
        """The agent's context, which is its taker's from now on."""
        return self._kept.pop(user_id, None)

    def put(self, kept: Kept) -> list[tuple[Kept, Cause]]:
        """Keep a context that was given back; returns what has to be closed for it, itself perhaps."""
        kept.since = self._clock()
        kept.uses += 1
        if cause := self._worn(kept):
            return [(kept, cause)]
        go = []
        if (other := self._kept.pop(kept.user_id, None)) is not None:
            go.append((other, Cause.ROOM))
        self._kept[kept.user_id] = kept
        while len(self._kept) > self._limits.most:
            go.append((self.oldest(), Cause.ROOM))
        return go

    def drop(self, kept: Kept) -> bool:
        """Take one off, unless it was lent meanwhile: False then."""
        if self._kept.get(kept.user_id) is not kept:
            return False
        del self._kept[kept.user_id]
        return True

    def oldest(self) -> Kept:
        """Take off the one that was used longest ago. The shelf must not be empty."""
        return self._kept.popitem(last=False)[1]

    def due(self) -> list[tuple[Kept, Cause]]:
        """Take off whatever was idle too long, is too old, or has lost its browser."""
        go = []
        for kept in self:
            cause = self._worn(kept)
            if cause is None and self._clock() - kept.since >= self._limits.idle:
                cause = Cause.IDLE
            if cause is not None:
                del self._kept[kept.user_id]
                go.append((kept, cause))
        return go

    def _worn(self, kept: Kept) -> Cause | None:
        if not kept.behind.is_alive():
            return Cause.BROWSER
        if self._clock() - kept.born >= self._limits.age:
            return Cause.AGE
        return Cause.USES if kept.uses >= self._limits.uses else None
