"""Browser sessions, bounded: at most so many contexts at work at once, in one supervised browser.

Nothing here knows the ERP: the root hands in how a browser is launched, how a context is opened in it
and how a session is opened in that. A session lives for one attempt; whatever ends the attempt ends its
context, and what does not end by itself is killed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, Self
from uuid import UUID

import structlog
from playwright.async_api import Browser, BrowserContext

from server.chromium import GuardedBrowser, uncancelled
from server.errors import ErpUnavailableError, FencedError, PoolExhaustedError
from server.kill_ladder import close_context
from server.operation import Access, Intent, ReportProgress
from server.tasks import stop_task

# Seconds for a browser at work to open a context or to say its version; it takes 0.2.
ANSWER_TIMEOUT = 30.0
WATCH_PAUSE = 5.0  # seconds between such questions

Launch = Callable[[], Awaitable[GuardedBrowser]]

log = structlog.get_logger(__name__)


class Opener(Protocol):
    """How a session is opened, in two steps, so that the context can be closed during the second."""

    async def context(self, browser: Browser) -> BrowserContext:
        """An empty context for one agent."""

    def session(
        self, context: BrowserContext, intent: Intent, access: Access
    ) -> AbstractAsyncContextManager[Any]:
        """A session signed in as the intent's agent and bound to its claim."""


@dataclass(eq=False)
class _Lent:
    """One attempt's context, from before it waits for a slot until it is closed."""

    waiting: asyncio.Timeout | None = None
    context: BrowserContext | None = None
    behind: GuardedBrowser | None = None
    stopped: bool = False
    closing: "asyncio.Future[None] | None" = field(default=None, repr=False)

    def go_on(self) -> None:
        if self.stopped:
            raise FencedError("the attempt was stopped")


class BrowserPool:
    """``async with`` opens it; `session` lends a slot with a session signed in on it."""

    def __init__(
        self, launch: Launch, opener: Opener, *, size: int, wait_for: float, close_timeout: float
    ) -> None:
        """``size`` contexts at work at once; seconds until a waiter gives up, until a close is forced."""
        self._launch = launch
        self._opener = opener
        self._size = size
        self._wait_for = wait_for
        self._close_timeout = close_timeout
        self._slots = asyncio.Semaphore(size)
        self._lent: dict[UUID, _Lent] = {}
        self._at_work = 0
        self._browser: GuardedBrowser | None = None
        self._launching = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<BrowserPool {self._at_work} of {self._size} at work>"

    async def __aenter__(self) -> Self:
        await self._living_browser()
        self._watching = asyncio.create_task(self._watch(), name="browser watch")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watching is not None:
            await stop_task(self._watching)
        if self._browser is not None:
            await self._browser.close()

    @asynccontextmanager
    async def session(
        self, intent: Intent, report: ReportProgress, access: Access
    ) -> AsyncIterator[Any]:
        """A session signed in as the intent's agent; on exit its context is closed, or proved dead.

        Raises:
            PoolExhaustedError: no slot came free in time; nothing was started.
            FencedError: `stop` was called for the operation.
        """
        operation_id = intent.claim.operation_id
        if operation_id in self._lent:
            raise RuntimeError("one attempt of an operation at a time")
        lent = self._lent[operation_id] = _Lent()
        try:
            if self._slots.locked():
                report("browser")
            async with self._slot(lent):
                lent.behind = await self._living_browser()
                report("login")
                try:
                    lent.context = await self._open(lent.behind)
                    lent.go_on()
                    async with self._opener.session(lent.context, intent, access) as session:
                        yield session
                finally:
                    await self._close(lent)
        finally:
            del self._lent[operation_id]

    async def stop(self, operation_id: UUID) -> None:
        """End an operation's attempt, whatever it is doing: its calls fail, its context is closed.

        Returns when nothing of it is sent any more. No attempt is no error.
        """
        lent = self._lent.get(operation_id)
        if lent is None:
            return
        lent.stopped = True
        if lent.waiting is not None:
            lent.waiting.reschedule(asyncio.get_running_loop().time())
        await self._close(lent)

    async def _close(self, lent: _Lent) -> None:
        """Close a context once, for all who want it closed, and to the end, whoever waits no longer."""
        if lent.context is None or lent.behind is None:
            return
        if lent.closing is None:
            lent.closing = asyncio.ensure_future(
                close_context(lent.context, lent.behind, within=self._close_timeout)
            )
        await asyncio.shield(lent.closing)

    @asynccontextmanager
    async def _slot(self, lent: _Lent) -> AsyncIterator[None]:
        try:
            # Only the semaphore is waited for under a time-out: never a Playwright call (law 8).
            async with asyncio.timeout(self._wait_for) as lent.waiting:
                await self._slots.acquire()
        except TimeoutError:
            lent.go_on()
            raise PoolExhaustedError(
                f"no browser came free within {self._wait_for:.0f} s; call again with the same key"
            ) from None
        finally:
            lent.waiting = None
        self._at_work += 1
        try:
            lent.go_on()
            yield
        finally:
            self._at_work -= 1
            self._slots.release()

    async def _open(self, behind: GuardedBrowser) -> BrowserContext:
        opening = asyncio.ensure_future(self._opener.context(behind.browser))
        try:
            return await uncancelled(opening, ANSWER_TIMEOUT)
        except TimeoutError:
            await _kill(behind)
            raise ErpUnavailableError("context: the browser was lost", step="context") from None

    async def _living_browser(self) -> GuardedBrowser:
        """The one browser, launched again when it has died; the old one is proved dead first."""
        async with self._launching:
            if self._browser is not None and not self._browser.is_alive():
                log.warning("browser_died")
                await self._browser.kill()
                self._browser = None
            if self._browser is None:
                self._browser = await self._launch()
            return self._browser

    async def _watch(self) -> None:
        """Kill a browser that says nothing any more: not every call to it has a time-out of its own."""
        while True:
            await asyncio.sleep(WATCH_PAUSE)
            watched = self._browser
            if watched is None or not watched.is_alive() or await watched.answers(ANSWER_TIMEOUT):
                continue
            if watched.is_alive():
                log.error("browser_frozen", pid=watched.family.pid)
                await _kill(watched)


async def _kill(frozen: GuardedBrowser) -> None:
    """Which of the two is frozen cannot be told: calls fail only when both are gone."""
    await frozen.kill()
    await frozen.driver.end()
