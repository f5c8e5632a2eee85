"""One circuit for the ERP: when logins stop being answered, one operation at a time tries, the rest wait.

Sixty operations that knock at a site which is down help nobody, and use up their tries.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from server import measures

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Circuit:
    """Counts what `reached` and `unreachable` tell; `passage` lets through who may try now."""

    def __init__(self, *, failures: int, pause: float) -> None:
        """Open after ``failures`` in a row; then one try every ``pause`` seconds."""
        self._most = failures
        self._pause = pause
        self._failures = 0
        self._next_try = 0.0
        self._one_at_a_time = asyncio.Lock()

    def __repr__(self) -> str:
        return f"<Circuit {'open' if self.is_open else 'closed'}>"

    @property
    def is_open(self) -> bool:
        """Whether the ERP is taken to be away."""
        return self._failures >= self._most

    @property
    def due_in(self) -> float:
        """Seconds until the next try; 0 while it is closed."""
        if not self.is_open:
            return 0.0
        return max(0.0, self._next_try - asyncio.get_running_loop().time())

    async def passage(self, claim: Callable[[], Awaitable[T | None]]) -> T | None:
        """Claim an operation if the ERP may be tried now: an open circuit lets one through a pause."""
        if not self.is_open:
            return await claim()
        async with self._one_at_a_time:
            if self.due_in:
                return None
            claimed = await claim()
            if claimed is not None:
                self._next_try = asyncio.get_running_loop().time() + self._pause
            return claimed

    def reached(self) -> None:
        """The ERP let somebody in: everybody may go."""
        if self.is_open:
            log.info("circuit_closed")
        self._failures = 0

    def unreachable(self) -> None:
        """A login was not answered."""
        self._failures += 1
        self._next_try = asyncio.get_running_loop().time() + self._pause
        if self._failures == self._most:
            log.warning("circuit_opened", failures=self._failures)
            measures.circuit_opened()
