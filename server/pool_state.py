"""The browser pool's settings, and what it has done: for `repr()`, for the log, for metrics."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Self, TypeVar

from server.browser_fleet import BrowserFleet
from server.config import Config
from server.shelf import Cause, Shelf
from server.slots import Slots

T = TypeVar("T")


@dataclass(frozen=True)
class PoolSettings:
    """Bounds of the pool; times are seconds, memory is bytes of PSS of all browsers together."""

    size: int
    """Contexts at work at once."""

    wait_for: float
    most_waiting: int
    browsers: int
    contexts_per_browser: int
    """How many a browser opens in its life; then it is replaced when its last one is closed."""

    idle_contexts: int
    idle_for: float
    most_age: float
    most_uses: int
    most_memory: int
    close_timeout: float
    page_timeout: float
    """For a page at work to say anything at all."""

    look_every: float = 5.0
    """Pause between two looks at the idle contexts."""

    @classmethod
    def of(cls, config: Config) -> Self:
        """The bounds that the settings name, with their reasons."""
        return cls(
            size=config.pool_size,
            wait_for=config.pool_timeout,
            most_waiting=config.pool_waiting,
            browsers=config.browsers,
            contexts_per_browser=config.contexts_per_browser,
            idle_contexts=config.idle_contexts,
            idle_for=config.idle_for,
            most_age=config.context_age,
            most_uses=config.context_uses,
            most_memory=config.browser_memory,
            close_timeout=config.close_timeout,
            page_timeout=config.page_timeout,
        )


class PoolState:
    """Counts of a pool's life, beside what its parts know of themselves."""

    def __init__(self, fleet: BrowserFleet, slots: Slots, shelf: Shelf) -> None:
        self._fleet = fleet
        self._slots = slots
        self._shelf = shelf
        self.reused = 0
        self.logins = 0
        self.login_seconds = 0.0
        self.evictions: Counter[Cause] = Counter()

    def __str__(self) -> str:
        told = self.numbers()
        return ", ".join(f"{told[name]:g} {name}" for name in ("in_use", "idle", "waiting"))

    def numbers(self) -> dict[str, float]:
        """Everything that can be counted, by stable names; times are seconds."""
        return {
            "size": self._slots.size,
            "in_use": self._slots.at_work,
            "idle": len(self._shelf),
            "waiting": self._slots.waiting,
            "wait_seconds": self._slots.waited,
            "lent": self._slots.lent,
            "reused": self.reused,
            "logins": self.logins,
            "login_seconds": self.login_seconds,
            "launches": self._fleet.launches,
            "crashes": self._fleet.crashes,
            **{f"evicted_{cause.value}": self.evictions[cause] for cause in Cause},
        }

    def evicted(self, cause: Cause) -> None:
        """A context was closed."""
        self.evictions[cause] += 1

    async def timed_login(self, signing_in: Awaitable[T]) -> T:
        """Await it, and count it with its time if it succeeds."""
        began = monotonic()
        session = await signing_in
        self.logins += 1
        self.login_seconds += monotonic() - began
        return session

    async def memory(self) -> int:
        """Bytes that all browsers take, what they share counted once (PSS)."""
        pids = [pid for browser in self._fleet.browsers for pid in browser.family.members()]
        return await asyncio.to_thread(lambda: sum(map(proportional_size, pids)))


def proportional_size(pid: int) -> int:
    """Bytes of a process, of what it shares its part (PSS); 0 when it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
