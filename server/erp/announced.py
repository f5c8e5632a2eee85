"""Holds what a page object has announced to the gate: one gesture, until its request is over."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from server import tracing
from server.erp.classify import Armed, Verdict
from server.erp.content import Expected
from server.operation import Answer, Ticket


@dataclass
class PendingWrite:
    """One ticket's request; ``answer`` is set as soon as the ERP's answer, or its loss, is known."""

    answer: Answer | None = None


@dataclass
class Announced:
    """One gesture: what it may send, and what has become of it. Used on one event loop only."""

    armed: Armed
    ticket: Ticket | None = None
    content: Mapping[str, Expected] = field(default_factory=dict)
    pending: PendingWrite = field(default_factory=PendingWrite)
    ahead: bool = False  # the lookup's own callback of this choice has come (erp-wire §2.2)
    spent: bool = False  # its one request is in the handler, or through
    withdrawn: bool = False  # the gesture's code has failed: begin nothing more
    failure: Exception | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)  # spent, or failed
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    # Of the gesture: the handler runs in the context of whoever started the driver.
    trace: tracing.Context = field(default_factory=tracing.current, repr=False)
    _running: int = 0
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    def covers(self, verdict: Verdict) -> bool:
        """May a write of this verdict still begin? What it holds is checked elsewhere."""
        used = self.ahead if verdict.ahead else self.spent
        return self.ticket is not None and not (used or self.stopped)

    def spend(self, verdict: Verdict) -> None:
        """Use the announcement up; a choice's callback ahead of its post uses only its own part."""
        if verdict.ahead:
            self.ahead = True
            return
        self.spent = True
        self.settled.set()

    @property
    def stopped(self) -> bool:
        """True once nothing more of this gesture may leave."""
        return self.withdrawn or self.failure is not None

    def fail(self, failure: Exception) -> None:
        """Keep the first failure; the gesture's code hears it at the end of its ``with``."""
        self.failure = self.failure or failure
        self.settled.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """A write is in the handler."""
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def over(self) -> bool:
        """Wait until no write is in the handler; False if none was."""
        if not self._running:
            return False
        self._idle.clear()
        await self._idle.wait()
        return True
