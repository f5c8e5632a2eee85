"""The browsers in which contexts live: launched when needed, watched, replaced when they are lost or worn.

A browser that is lost is proved dead before another takes its place; whatever lived in it fails at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from playwright.async_api import Error

from server.chromium import ChromiumMissingError, GuardedBrowser
from server.kill_ladder import kill
from server.processes import GuardianError
from server.tasks import stop_task

# Seconds for a browser at work to say its version.
ANSWER_TIMEOUT = 4.0
WATCH_PAUSE = 1.0  # seconds between such questions

Launch = Callable[[], Awaitable[GuardedBrowser]]

log = structlog.get_logger(__name__)


@dataclass
class _Contexts:
    """Of one browser: how many are open in it, and how many ever were."""

    open: int = 0
    ever: int = 0


class BrowserFleet:
    """Up to ``size`` browsers; the one with the fewest contexts takes the next."""

    def __init__(self, launch: Launch, *, size: int, most_contexts: int) -> None:
        """``most_contexts`` opened in a browser over its life, then it takes no more and is replaced."""
        self._launch = launch
        self._size = size
        self._most_contexts = most_contexts
        self._browsers: dict[GuardedBrowser, _Contexts] = {}
        self._turn = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._spare: asyncio.Future[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self.launches = 0
        self.crashes = 0

    def __repr__(self) -> str:
        return f"<BrowserFleet {len(self._browsers)} of {self._size} browsers>"

    @property
    def browsers(self) -> list[GuardedBrowser]:
        """All that were launched and are not proved dead."""
        return list(self._browsers)

    async def open(self) -> None:
        """Launch the first one, and watch."""
        await self.berth()
        self._watching = asyncio.create_task(self._watch(), name="browser watch")

    async def close(self) -> None:
        """Close all of them; returns when every process is proved dead."""
        if self._watching is not None:
            await stop_task(self._watching)
        if self._spare is not None:
            await self._spare  # a launch is never cancelled
        await asyncio.gather(*(browser.close() for browser in self.browsers), *self._retiring)
        self._browsers.clear()

    async def berth(self) -> GuardedBrowser:
        """A living browser in which the next context may be opened."""
        async with self._turn:
            for browser in self.browsers:
                if not browser.is_alive():
                    await self._bury(browser)
            found = [
                (contexts.open, browser)
                for browser, contexts in self._browsers.items()
                if contexts.ever < self._most_contexts
            ]
            fewest, best = min(found, key=lambda one: one[0], default=(0, None))
            if best is None or (fewest and len(found) < self._size):
                best = await self._launch()
                self.launches += 1
                self._browsers[best] = _Contexts()
            return best

    def moved_in(self, browser: GuardedBrowser) -> None:
        """A context is open in it."""
        if (contexts := self._browsers.get(browser)) is not None:
            contexts.open += 1
            contexts.ever += 1

    def moved_out(self, browser: GuardedBrowser) -> None:
        """A context in it is closed; a worn browser goes with its last one."""
        if (contexts := self._browsers.get(browser)) is None:
            return
        contexts.open -= 1
        if contexts.open == 0 and contexts.ever >= self._most_contexts and browser.is_alive():
            log.info("browser_worn", pid=browser.family.pid, contexts=contexts.ever)
            del self._browsers[browser]
            closing = asyncio.create_task(browser.close())
            self._retiring.add(closing)
            closing.add_done_callback(self._retiring.discard)

    async def _bury(self, browser: GuardedBrowser) -> None:
        log.warning("browser_died", pid=browser.family.pid)
        self.crashes += 1
        await browser.kill()
        del self._browsers[browser]

    async def _watch(self) -> None:
        """Kill a browser that says nothing any more: not every call to it has a time-out of its own.

        And have one ready always: whether one can be launched is to be known before it is needed.
        """
        while True:
            await asyncio.sleep(WATCH_PAUSE)
            await asyncio.gather(*(self._look_at(browser) for browser in self.browsers))
            if not any(browser.is_alive() for browser in self.browsers):
                self._spare = asyncio.ensure_future(self._launch_spare())
                await asyncio.shield(self._spare)

    async def _launch_spare(self) -> None:
        try:
            await self.berth()
        except (Error, TimeoutError, GuardianError, ChromiumMissingError) as error:
            log.warning("browser_not_launched", error=str(error))

    async def _look_at(self, browser: GuardedBrowser) -> None:
        if browser.is_alive() and not await browser.answers(ANSWER_TIMEOUT) and browser.is_alive():
            log.error("browser_frozen", pid=browser.family.pid)
            await kill(browser)
