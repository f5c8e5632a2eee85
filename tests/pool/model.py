"""A model of browsers and contexts that die, hang and say what is done to them; the pool cannot tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Error

from server.errors import ErpUnavailableError
from server.operation import Access, Intent


class Processes:
    """What a browser's family, and its driver's, are to the pool."""

    def __init__(self, browser: "ModelBrowser") -> None:
        self.pid = id(browser)
        self._browser = browser

    async def end(self) -> None:
        self._browser.die()

    def members(self) -> list[int]:
        return []


class ModelBrowser:
    """One browser; ``hung``: nothing in it ever answers, until it is killed."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.alive = True
        self.hung = False
        self.gone = asyncio.Event()
        self.family = self.driver = Processes(self)
        self.browser = self
        self.contexts: list[ModelContext] = []

    def is_alive(self) -> bool:
        return self.alive

    def die(self) -> None:
        self.alive = False
        self.gone.set()
        for context in self.contexts:
            context.closed = True

    async def kill(self) -> None:
        self.die()

    async def close(self) -> None:
        self.die()

    async def answers(self, _: float) -> bool:
        return self.alive and not self.hung

    async def ask(self) -> None:
        await self.obey()

    async def obey(self) -> None:
        """Take a moment, or for ever; fail as Playwright does when it is dead."""
        await asyncio.sleep(0)
        if self.hung:
            await self.gone.wait()
        if not self.alive:
            raise Error("the browser is gone")

    async def serve(self) -> None:
        """The same behind our pages, which raise errors of ours."""
        try:
            await self.obey()
        except Error as error:
            raise ErpUnavailableError("the browser is gone") from error


@dataclass(eq=False)
class ModelContext:
    """One context, and who is at work in it."""

    behind: ModelBrowser
    closed: bool = False
    at_work: "Worker | None" = None

    async def close(self) -> None:
        worker = self.at_work
        may = worker is None or worker.may_be_closed or not self.behind.alive or self.behind.hung
        assert may, f"LAW what is in use is never closed: {worker}"
        await self.behind.obey()
        self.closed = True

    async def cookies(self) -> list[object]:
        await self.behind.obey()
        return []


@dataclass(eq=False)
class Worker:
    """One operation: waiting, at work, or over. ``end`` is what becomes of it."""

    agent: str
    intent: Intent
    task: "asyncio.Task[None] | None" = None
    at_work: bool = False
    gone: bool = False
    may_be_closed: bool = False
    end: "asyncio.Future[bool]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def __repr__(self) -> str:
        return f"<{self.agent} at_work={self.at_work} gone={self.gone}>"


class World:
    """The opener, and everything that exists."""

    def __init__(self) -> None:
        self.browsers: list[ModelBrowser] = []
        self.invalid: set[str] = set()

    async def launch(self) -> Any:
        await asyncio.sleep(0)
        browser = ModelBrowser(self)
        self.browsers.append(browser)
        return browser

    async def may_sign_in(self, _: str) -> None:
        await asyncio.sleep(0)

    async def context(self, browser: ModelBrowser) -> ModelContext:
        await browser.serve()
        context = ModelContext(browser)
        browser.contexts.append(context)
        return context

    async def sign_in(self, context: ModelContext, _: Intent, __: Access) -> ModelContext:
        await context.behind.serve()
        return context

    async def renew(self, context: ModelContext, intent: Intent) -> ModelContext | None:
        assert not context.closed or not context.behind.alive, "LAW a closed context is not lent"
        if context.behind.hung or intent.claim.user_id in self.invalid:
            self.invalid.discard(intent.claim.user_id)
            return None
        await context.behind.serve()
        return context

    @asynccontextmanager
    async def attempt(self, context: ModelContext, _: Intent) -> AsyncIterator[ModelContext]:
        await context.behind.serve()
        yield context

    def reusable(self, context: ModelContext) -> bool:
        return not context.closed
