"""Browser sessions, bounded: at most so many at work at once, the idle ones kept signed in for their agents.

Nothing here knows the ERP: the root hands in how a browser is launched and how a session comes about in a
context. A context that something went wrong in is closed with its attempt, whatever that was, and what does
not end by itself is killed; one in which all went well is kept on the shelf until its agent's next operation.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any, Self
from uuid import UUID

import structlog
from playwright.async_api import BrowserContext, Page

from server.browser_fleet import BrowserFleet, Launch
from server.chromium import GuardedBrowser, uncancelled
from server.closings import Closings
from server.errors import BrowserLostError, ErpUnavailableError, FencedError
from server.kill_ladder import kill
from server.opener import Opener
from server.operation import Access, Intent, ReportProgress
from server.page_watch import watched
from server.pool_state import PoolSettings, PoolState
from server.shelf import Cause, Kept, Limits, Shelf
from server.slots import Place, Slots
from server.tasks import stop_task

# Seconds for a browser to open a context; it takes 0.2 on a quiet machine.
OPEN_TIMEOUT = 6.0

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class _Lent:
    """One attempt, from when it has a slot until its context is given back or closed."""

    context: BrowserContext | None = None
    behind: GuardedBrowser | None = None
    stopped: bool = False
    closing: "asyncio.Future[None] | None" = field(default=None, repr=False)

    def hold(self, context: BrowserContext | None, behind: GuardedBrowser | None) -> None:
        """What has to be closed when the attempt is stopped."""
        self.context, self.behind, self.closing = context, behind, None

    def pages(self) -> list[Page]:
        """What has to answer: nothing, once it is being closed."""
        return self.context.pages if self.context is not None and self.closing is None else []

    def go_on(self) -> None:
        """Raise FencedError if it was stopped meanwhile."""
        if self.stopped:
            raise FencedError("the attempt was stopped")


class BrowserPool:
    """``async with`` opens and closes it; `session` lends a slot with a session signed in on it."""

    def __init__(self, launch: Launch, opener: Opener, settings: PoolSettings) -> None:
        self._opener = opener
        self._settings = settings
        self._fleet = BrowserFleet(
            launch, size=settings.browsers, most_contexts=settings.contexts_per_browser
        )
        self._slots = Slots(
            settings.size, most_waiting=settings.most_waiting, wait_for=settings.wait_for
        )
        limits = Limits(
            most=settings.idle_contexts,
            idle=settings.idle_for,
            age=settings.most_age,
            uses=settings.most_uses,
        )
        self._shelf = Shelf(limits, monotonic)
        self._lent: dict[UUID, _Lent] = {}
        self._closings = Closings(self._fleet, within=settings.close_timeout)
        self._keeping: asyncio.Task[None] | None = None
        self._draining = False
        self.state = PoolState(self._fleet, self._slots, self._shelf)

    def __repr__(self) -> str:
        return f"<BrowserPool {self.state}>"

    @property
    def ready(self) -> bool:
        """Whether it lends anything: not while it drains, nor while no browser of it is alive."""
        return not self._draining and any(one.is_alive() for one in self._fleet.browsers)

    # -- its life ------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Launch the first browser and look after the idle contexts from now on."""
        await self._fleet.open()
        self._keeping = asyncio.create_task(self._keep(), name="browser pool")

    async def check(self) -> int:
        """Close every idle context that does not answer or is due; returns how many remain."""
        for kept, cause in self._shelf.due():
            self._retire(kept, cause)
        for kept in self._shelf:
            asking = asyncio.ensure_future(kept.context.cookies())
            try:
                await uncancelled(asking, self._settings.close_timeout)
            except Exception as error:  # noqa: BLE001  # whatever it is, the context is of no use
                log.info("idle_context_lost", user=kept.user_id, error=type(error).__name__)
                if self._shelf.drop(kept):
                    self._retire(kept, Cause.BROWSER)
        return len(self._shelf)

    def resize(self, size: int) -> None:
        """Another number at work at once; nobody is stopped for it."""
        self._slots.resize(size)

    async def drain(self) -> None:
        """Let nobody in any more, and close what is idle; who is at work goes on."""
        self._draining = True
        self._slots.drain()
        while len(self._shelf):
            self._retire(self._shelf.oldest(), Cause.CLOSING)
        await self._closings.over()

    async def close(self) -> None:
        """Drain, then close the browsers; returns when every process of theirs is proved dead."""
        await self.drain()
        if self._keeping is not None:
            await stop_task(self._keeping)
        await self._fleet.close()

    # -- one attempt ---------------------------------------------------------------------------------

    def place(self) -> AbstractContextManager[Place]:
        """A place to wait for a slot in; see `Place.ask`. What it holds at the end is given back."""
        return self._slots.place()

    @asynccontextmanager
    async def session(
        self, intent: Intent, report: ReportProgress, access: Access, place: Place
    ) -> AsyncIterator[Any]:
        """A session signed in as the intent's agent; on exit its context is kept, closed or proved dead.

        ``place`` holds a slot, which is given back on exit, and not before the context is.

        Raises:
            FencedError: `stop` was called for the operation.
        """
        operation_id = intent.claim.operation_id
        if operation_id in self._lent or not place.holds:
            raise RuntimeError("one attempt of an operation at a time, each with a slot")
        lent = self._lent[operation_id] = _Lent()
        try:
            report("login")
            kept = None
            watch = watched(
                lent.pages, partial(self._close, lent), within=self._settings.page_timeout
            )
            try:
                async with watch:
                    ready = await self._ready(lent, intent, access)
                    async with self._opener.attempt(ready.session, intent) as session:
                        yield session
                    kept = ready
            finally:
                await self._give_back(lent, None if access is Access.ASIDE else kept)
        finally:
            del self._lent[operation_id]
            place.leave()

    async def stop(self, operation_id: UUID) -> None:
        """End an operation's attempt, whatever it is doing: its calls fail, its context is closed.

        Returns when nothing of it is sent any more. No attempt is no error.
        """
        lent = self._lent.get(operation_id)
        if lent is None:
            return
        lent.stopped = True
        await self._close(lent)

    async def _ready(self, lent: _Lent, intent: Intent, access: Access) -> Kept:
        """The agent's context, kept or new, signed in."""
        user_id = intent.claim.user_id
        if access is not Access.ASIDE and (kept := self._shelf.take(user_id)) is not None:
            lent.hold(kept.context, kept.behind)
            if access is Access.CONTINUE and await self._renewed(kept, intent):
                lent.go_on()
                return kept
            self.state.evicted(Cause.INVALID)
            await self._close(lent)
            lent.go_on()
        if access is not Access.ASIDE:
            # Nobody works as an agent beside an older context of his.
            await self._closings.over(user_id)
        await self._opener.may_sign_in(user_id)
        lent.go_on()
        context, behind = await self._new_context(lent)
        session = await self.state.timed_login(self._opener.sign_in(context, intent, access))
        return Kept(user_id, context, behind, session, born=monotonic())

    async def _renewed(self, kept: Kept, intent: Intent) -> bool:
        if not kept.behind.is_alive():
            return False
        session = await self._opener.renew(kept.session, intent)
        if session is not None:
            kept.session = session
            self.state.reused += 1
        return session is not None

    async def _new_context(self, lent: _Lent) -> tuple[BrowserContext, GuardedBrowser]:
        """Open one; a browser that does not is killed, and another one is asked."""
        for _ in range(2):
            behind = await self._fleet.berth()
            opening = asyncio.ensure_future(self._opener.context(behind.browser))
            try:
                context = await uncancelled(opening, OPEN_TIMEOUT)
            except TimeoutError:
                log.warning("context_not_opened", then="killing its browser", pid=behind.family.pid)
                await kill(behind)
                lent.go_on()
                continue
            except asyncio.CancelledError:
                # Opening goes on: what comes of it belongs to nobody, and is closed.
                opening.add_done_callback(partial(self._closings.orphan, behind))
                raise
            except ErpUnavailableError:
                lent.go_on()
                if behind.is_alive():
                    raise
                continue
            self._fleet.moved_in(behind)
            lent.hold(context, behind)
            lent.go_on()
            return context, behind
        raise BrowserLostError("context: two browsers in a row were lost", step="context")

    async def _give_back(self, lent: _Lent, kept: Kept | None) -> None:
        """To the shelf what went well; everything else is closed before anybody else gets the slot."""
        good = (
            kept is not None
            and not lent.stopped
            and lent.closing is None  # by the page watch, whatever has become of the attempt
            and not self._draining
            and self._opener.reusable(kept.session)
        )
        if kept is None or not good:
            if lent.context is not None:
                self.state.evicted(Cause.CLOSING if self._draining else Cause.FAILED)
            await self._close(lent)
            return
        for other, cause in self._shelf.put(kept):
            self._retire(other, cause)

    # -- closing -------------------------------------------------------------------------------------

    async def _close(self, lent: _Lent) -> None:
        """Close a context once, for all who want it closed, and to the end, whoever waits no longer."""
        if lent.context is None or lent.behind is None:
            return
        if lent.closing is None:
            lent.closing = asyncio.ensure_future(self._closings.close(lent.context, lent.behind))
        await asyncio.shield(lent.closing)

    def _retire(self, kept: Kept, cause: Cause) -> None:
        """Close an idle context, which nobody can be given any more, beside everything else."""
        self.state.evicted(cause)
        log.info("context_retired", user=kept.user_id, cause=cause.value, uses=kept.uses)
        self._closings.begin(kept)

    async def _keep(self) -> None:
        """Look after the idle ones: too old, too idle, without a browser, or too much memory."""
        while True:
            await asyncio.sleep(self._settings.look_every)  # time itself is the condition
            for kept, cause in self._shelf.due():
                self._retire(kept, cause)
            if len(self._shelf) and await self.state.memory() > self._settings.most_memory:
                self._retire(self._shelf.oldest(), Cause.MEMORY)
