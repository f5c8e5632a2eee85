"""Browser sessions, bounded: at most so many contexts at work at once, in one supervised browser.

Nothing here knows the ERP: the root hands in how a browser is launched and how a session is opened in
it. A session lives for one operation; whatever ends the operation ends its context.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Self

import structlog
from playwright.async_api import Browser

from server.chromium import GuardedBrowser
from server.errors import PoolExhaustedError
from server.operation import Intent, ReportProgress

Launch = Callable[[], Awaitable[GuardedBrowser]]
OpenSession = Callable[[Browser, Intent], AbstractAsyncContextManager[Any]]

log = structlog.get_logger(__name__)


class BrowserPool:
    """``async with`` opens it; `session` lends a slot with a session signed in on it."""

    def __init__(
        self, launch: Launch, open_session: OpenSession, *, size: int, wait_for: float
    ) -> None:
        """``size`` contexts at work at once; ``wait_for`` seconds until a waiter gives up."""
        self._launch = launch
        self._open_session = open_session
        self._size = size
        self._wait_for = wait_for
        self._slots = asyncio.Semaphore(size)
        self._at_work = 0
        self._browser: GuardedBrowser | None = None
        self._launching = asyncio.Lock()

    def __repr__(self) -> str:
        return f"<BrowserPool {self._at_work} of {self._size} at work>"

    async def __aenter__(self) -> Self:
        await self._living_browser()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._browser is not None:
            await self._browser.close()

    @asynccontextmanager
    async def session(self, intent: Intent, report: ReportProgress) -> AsyncIterator[Any]:
        """A session signed in as the intent's agent, given back on exit.

        Raises:
            PoolExhaustedError: no slot came free in time; nothing was started.
        """
        if self._slots.locked():
            report("browser")
        async with self._slot():
            browser = await self._living_browser()
            report("login")
            async with self._open_session(browser, intent) as session:
                yield session

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        try:
            # Only the semaphore is waited for under a time-out: never a Playwright call (law 8).
            async with asyncio.timeout(self._wait_for):
                await self._slots.acquire()
        except TimeoutError:
            raise PoolExhaustedError(
                f"no browser came free within {self._wait_for:.0f} s; call again with the same key"
            ) from None
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1
            self._slots.release()

    async def _living_browser(self) -> Browser:
        """The one browser, launched again when it has died; the old one is proved dead first."""
        async with self._launching:
            if self._browser is not None and not self._browser.is_alive():
                log.warning("browser_died")
                await self._browser.close()
                self._browser = None
            if self._browser is None:
                self._browser = await self._launch()
            return self._browser.browser
