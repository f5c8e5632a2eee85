"""The operations that have a browser in this server, and what stops one from outside: cancel, fence, drain."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from typing import Any, Protocol
from uuid import UUID

import structlog

from server.errors import DatabaseDownError
from server.journal import Journal
from server.journal_row import Row
from server.notices import Notices, Waiter
from server.operation import Access, Claim, Intent, ReportProgress
from server.slots import Place
from server.tasks import stop_task

log = structlog.get_logger(__name__)


class Ownership(Protocol):
    """What is known of the servers that own operations."""

    async def takeable(self, instance_id: str) -> bool:
        """Whether its lease has lapsed or its process is gone."""

    async def proved_dead(self, instance_id: str) -> bool:
        """Whether every browser that it ever had is known to be dead."""


class Sessions(Protocol):
    """Where a browser session signed in as the agent comes from: the pool."""

    def place(self) -> AbstractContextManager[Place]:
        """A place to wait for a slot in; what it holds at the end is given back."""

    def session(
        self, intent: Intent, report: ReportProgress, access: Access, place: Place
    ) -> AbstractAsyncContextManager[Any]:
        """A session bound to the intent's claim, in the slot that ``place`` holds; given back on exit.

        A failure leaves artifacts.
        """

    async def stop(self, operation_id: UUID) -> None:
        """Close the operation's browser context, whatever it is doing; its calls then fail."""


def access_for(row: Row) -> Access:
    """The session to work in: the agent's kept one, unless a browser may still be alive in it."""
    if not row.suspects:
        return Access.CONTINUE
    return Access.FRESH if row.state in {"QUEUED", "RUNNING"} else Access.ASIDE


class Attendance:
    """Lends sessions and watches over them: bot work is stopped by its browser, never by a cancel."""

    def __init__(self, browsers: Sessions, notices: Notices, journal: Journal) -> None:
        self._browsers = browsers
        self._notices = notices
        self._journal = journal
        self._at_work: dict[UUID, Any] = {}
        self._places: dict[UUID, Place] = {}

    def __repr__(self) -> str:
        return f"<Attendance {len(self._at_work)} in a browser>"

    @contextmanager
    def place(self, operation_id: UUID) -> Iterator[Place]:
        """Where the operation waits for a slot; its sessions are in the slot that this place holds."""
        with self._browsers.place() as place:
            self._places[operation_id] = place
            try:
                yield place
            finally:
                del self._places[operation_id]

    @asynccontextmanager
    async def session(
        self, intent: Intent, report: ReportProgress, access: Access
    ) -> AsyncIterator[Any]:
        """A session of the pool's, stopped when the operation is cancelled or taken over meanwhile."""
        operation_id = intent.claim.operation_id
        place = self._places[operation_id]
        with self._notices.listening(operation_id, steps=False) as waiter:
            watch = asyncio.create_task(self._watch(intent.claim, waiter))
            try:
                async with self._browsers.session(intent, report, access, place) as session:
                    self._at_work[operation_id] = session
                    yield session
            finally:
                self._at_work.pop(operation_id, None)
                await stop_task(watch)

    async def stop_unwritten(self) -> None:
        """Stop every attempt that has sent nothing: another server may have it at once."""
        unwritten = [one for one, session in self._at_work.items() if not session.gate.written]
        await asyncio.gather(*(self._browsers.stop(one) for one in unwritten))

    async def _watch(self, claim: Claim, waiter: Waiter) -> None:
        while True:
            await waiter.wait(None)
            try:
                news = waiter.newest or await self._journal.read(claim.operation_id)
            except DatabaseDownError:
                continue  # whatever was missed is told again, or the lease ends it
            if news.cancel_requested or news.generation > claim.generation:
                log.info("stopping_browser", cancelled=news.cancel_requested)
                await self._browsers.stop(claim.operation_id)
                return
