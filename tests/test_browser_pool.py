"""Laws of the browser pool: bounded, stopped from outside, and ended by force where nothing else helps."""

import asyncio
import itertools
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page

from server import browser_fleet
from server.browser_pool import BrowserPool
from server.chromium import GuardedBrowser, guarded_driver
from server.errors import DrainingError, FencedError, PoolExhaustedError
from server.operation import Access, Claim, Intent
from server.pool_state import PoolSettings
from server.shelf import Cause
from tests.test_guardian import until

CLOSE_TIMEOUT = 0.5
A_BIT = 3  # seconds beside it, on a machine at work


class Pages:
    """Opens a page that stands for a session."""

    def __init__(self) -> None:
        self.opening = asyncio.Event()
        self.may_open = asyncio.Event()
        self.may_open.set()
        self.valid = True
        self.trusted = True

    async def context(self, browser: Browser) -> BrowserContext:
        return await browser.new_context()

    async def sign_in(self, context: BrowserContext, *_: object) -> Page:
        page = await context.new_page()
        self.opening.set()
        await self.may_open.wait()
        await page.title()
        return page

    async def renew(self, session: Page, _: Intent) -> Page | None:
        return session if self.valid else None

    @asynccontextmanager
    async def attempt(self, session: Page, _: Intent) -> AsyncIterator[Page]:
        yield session

    def reusable(self, _: Page) -> bool:
        return self.trusted


SETTINGS = PoolSettings(
    size=2, wait_for=0.5, close_timeout=CLOSE_TIMEOUT, browsers=1, idle_contexts=3, look_every=0.05
)


@pytest.fixture
def pages() -> Pages:
    return Pages()


@asynccontextmanager
async def opened(
    tmp_path: Path, pages: Pages, settings: PoolSettings = SETTINGS
) -> AsyncIterator[BrowserPool]:
    async with (
        guarded_driver(None, tmp_path) as driver,
        BrowserPool(driver.launch, pages, settings) as pool,
    ):
        yield pool


@pytest.fixture
async def pool(tmp_path: Path, pages: Pages) -> AsyncIterator[BrowserPool]:
    """Two slots, waited for half a second."""
    async with opened(tmp_path, pages) as pool:
        yield pool


agents = itertools.count(1)


def intent(agent: str = "") -> Intent:
    """An operation of the agent, or of one who was never here."""
    agent = agent or f"A{next(agents):03d}"
    return Intent(Claim(uuid4(), 1, "here", agent, "submit-order", "p-1"), None, "#M")


def silent(step: str, current: int = 0, total: int = 0) -> None:
    """Nobody watches."""


def session(pool: BrowserPool, intended: Intent | None = None) -> Any:
    return pool.session(intended or intent(), silent, Access.CONTINUE)


def behind(pool: BrowserPool) -> GuardedBrowser:
    [browser] = pool._fleet.browsers
    return browser


async def test_no_more_at_work_than_slots(pool: BrowserPool) -> None:
    """Who waits too long hears so; a slot given back goes to the next."""
    async with session(pool):
        async with session(pool):
            with pytest.raises(PoolExhaustedError):
                async with session(pool):
                    pytest.fail("a third one was let in")
        async with session(pool) as page:
            assert await page.evaluate("1 + 1") == 2
    assert pool.state.numbers()["in_use"] == 0


@pytest.mark.parametrize("frozen", ["browser", "driver"])
async def test_what_is_frozen_is_ended_in_time(
    pool: BrowserPool, pages: Pages, frozen: str
) -> None:
    """No close is waited for longer than its bound; everything is dead then, and the next one works."""
    pages.trusted = False
    launched = behind(pool)
    async with session(pool):
        family = launched.family if frozen == "browser" else launched.driver
        for pid in family.members():
            os.kill(pid, signal.SIGSTOP)
        begun = time.monotonic()
    assert time.monotonic() - begun < CLOSE_TIMEOUT + A_BIT
    assert not launched.family.members()
    async with session(pool) as page:
        assert await page.evaluate("1 + 1") == 2
    assert behind(pool) is not launched


@pytest.mark.parametrize("frozen", ["nothing", "browser", "driver"])
async def test_a_stop_ends_what_is_at_work(pool: BrowserPool, frozen: str) -> None:
    """A call that would never end fails, and the caller of stop knows the context closed."""
    intended = intent()
    launched = behind(pool)

    async def at_work() -> None:
        async with session(pool, intended) as page:
            loaded.set()
            await page.evaluate("new Promise(() => {})")

    loaded = asyncio.Event()
    working = asyncio.create_task(at_work())
    await loaded.wait()
    if frozen != "nothing":
        os.kill((launched.family if frozen == "browser" else launched.driver).pid, signal.SIGSTOP)
    begun = time.monotonic()
    await pool.stop(intended.claim.operation_id)
    assert time.monotonic() - begun < CLOSE_TIMEOUT + A_BIT
    assert bool(launched.family.members()) is (frozen == "nothing")
    with pytest.raises(Error):
        await working
    await pool.stop(intended.claim.operation_id)  # nothing any more: no error


async def test_a_stop_ends_an_attempt_that_waits_or_signs_in(
    pool: BrowserPool, pages: Pages
) -> None:
    """Wherever it is, nothing of it begins afterwards."""
    waiting, opening = intent(), intent()
    async with session(pool), session(pool):
        queued = asyncio.create_task(_enter(pool, waiting))
        await until(lambda: waiting.claim.operation_id in pool._lent, "it to wait")
        await pool.stop(waiting.claim.operation_id)
        with pytest.raises(FencedError):
            await queued
    pages.opening.clear()
    pages.may_open.clear()
    entering = asyncio.create_task(_enter(pool, opening))
    await pages.opening.wait()
    await pool.stop(opening.claim.operation_id)
    pages.may_open.set()
    with pytest.raises(Error):
        await entering
    async with session(pool), session(pool):
        """Both slots are free again."""


async def test_a_kill_ends_the_others_attempts_and_they_can_begin_again(
    pool: BrowserPool, pages: Pages
) -> None:
    """One browser for all: its death is theirs too, never a silence."""
    pages.trusted = False
    async with session(pool) as page:
        pending = asyncio.ensure_future(page.evaluate("new Promise(() => {})"))
        async with session(pool):
            os.kill(behind(pool).family.pid, signal.SIGSTOP)
        with pytest.raises(Error):
            await pending
    async with session(pool) as page:
        assert await page.evaluate("1 + 1") == 2


@pytest.mark.parametrize("frozen", ["browser", "driver"])
async def test_a_frozen_browser_is_noticed(
    tmp_path: Path, pages: Pages, monkeypatch: pytest.MonkeyPatch, frozen: str
) -> None:
    """A call without a time-out of its own does not wait for ever."""
    monkeypatch.setattr(browser_fleet, "WATCH_PAUSE", 0.1)
    monkeypatch.setattr(browser_fleet, "ANSWER_TIMEOUT", 2.0)
    async with opened(tmp_path, pages) as pool:
        async with session(pool) as page:
            launched = behind(pool)
            family = launched.family if frozen == "browser" else launched.driver
            os.kill(family.pid, signal.SIGSTOP)
            with pytest.raises(Error):
                await page.evaluate("1 + 1")
        async with session(pool) as page:
            # The last of its processes may still be dying when the call fails: the agent waits for that.
            assert not launched.family.members()
            assert await page.evaluate("1 + 1") == 2


async def test_an_agents_context_is_kept_and_used_again(pool: BrowserPool) -> None:
    """The same page, until it is not valid any more; one that cannot be trusted is never kept."""
    async with session(pool, intent("A")) as first:
        pass
    async with session(pool, intent("A")) as second, session(pool, intent("B")) as other:
        assert second is first
        assert other is not first
    numbers = pool.state.numbers()
    assert (numbers["idle"], numbers["reused"], numbers["logins"]) == (2, 1, 2)
    assert "2 idle" in repr(pool)


async def test_what_went_wrong_is_closed_before_the_slot_is_free(
    pool: BrowserPool, pages: Pages
) -> None:
    """An attempt that failed, a page that is not trusted, a session that is not valid any more."""
    with pytest.raises(ValueError, match="wrong"):
        async with session(pool, intent("A")) as first:
            raise ValueError("wrong")
    assert first.is_closed()
    pages.trusted = False
    async with session(pool, intent("A")) as second:
        pass
    assert second.is_closed()
    pages.trusted = True
    async with session(pool, intent("A")) as third:
        pass
    pages.valid = False
    async with session(pool, intent("A")) as fourth:
        assert fourth is not third
        assert third.is_closed()
    assert pool.state.evictions == {Cause.FAILED: 2, Cause.INVALID: 1}


async def test_a_fresh_login_and_one_aside_leave_the_kept_one_alone_or_take_its_place(
    pool: BrowserPool,
) -> None:
    """FRESH closes what was kept and is kept itself; ASIDE is beside it and never kept."""
    async with session(pool, intent("A")) as kept:
        pass
    async with pool.session(intent("A"), silent, Access.ASIDE) as aside:
        assert aside is not kept
    assert aside.is_closed()
    assert not kept.is_closed()
    async with pool.session(intent("A"), silent, Access.FRESH) as fresh:
        assert kept.is_closed()
    async with session(pool, intent("A")) as page:
        assert page is fresh


async def test_only_idle_contexts_are_closed_for_room(pool: BrowserPool) -> None:
    """Three may be idle: of four the one that was used longest ago goes, never one at work."""
    pages = []
    async with session(pool, intent("at work")) as working:
        for agent in ("A", "B", "C", "A", "D"):
            async with session(pool, intent(agent)) as page:
                pages.append(page)
        await until(pages[1].is_closed, "B's page to be closed")
        assert not any(pages[n].is_closed() for n in (0, 2, 4))
        assert not working.is_closed()
    await until(pages[2].is_closed, "C's page to be closed")
    assert pool.state.evictions == {Cause.ROOM: 2}


async def test_what_is_idle_for_long_or_old_or_worn_goes(tmp_path: Path, pages: Pages) -> None:
    """Each by its own bound."""
    for change, cause in (
        ({"idle_for": 0.2}, Cause.IDLE),
        ({"most_age": 0.0}, Cause.AGE),
        ({"most_uses": 1}, Cause.USES),
        ({"most_memory": 1}, Cause.MEMORY),
    ):
        async with opened(tmp_path, pages, replace(SETTINGS, **change)) as pool:
            async with session(pool) as page:
                assert not page.is_closed()
            await until(page.is_closed, f"the page to go for {cause}")
            assert pool.state.evictions == {cause: 1}


async def test_a_browser_that_opened_enough_is_replaced(tmp_path: Path, pages: Pages) -> None:
    """It takes no more, and ends with its last context."""
    async with opened(tmp_path, pages, replace(SETTINGS, contexts_per_browser=1)) as pool:
        first = behind(pool)
        pages.trusted = False
        async with session(pool), session(pool):
            assert len(pool._fleet.browsers) == 2
        await until(lambda: not first.family.members(), "the worn browser to end")
        async with session(pool) as page:
            assert await page.evaluate("1 + 1") == 2


async def test_the_line_is_bounded_and_drained(tmp_path: Path, pages: Pages) -> None:
    """Who comes when the line is full hears it at once; a drain sends the line away, and nobody at work."""
    settings = replace(SETTINGS, size=1, most_waiting=1, wait_for=60)
    async with opened(tmp_path, pages, settings) as pool:
        async with session(pool) as page:
            waiting = asyncio.create_task(_enter(pool, intent()))
            await until(lambda: pool.state.numbers()["waiting"] == 1, "one to wait")
            with pytest.raises(PoolExhaustedError, match="1 operations wait"):
                await _enter(pool, intent())
            await pool.drain()
            with pytest.raises(DrainingError):
                await waiting
            assert await page.evaluate("1 + 1") == 2
        assert page.is_closed()
        with pytest.raises(DrainingError):
            await _enter(pool, intent())


async def test_a_check_closes_what_does_not_answer(pool: BrowserPool) -> None:
    """Idle contexts of a frozen browser are gone in time; the next operation begins elsewhere."""
    async with session(pool, intent("A")):
        pass
    assert await pool.check() == 1
    launched = behind(pool)
    os.kill(launched.family.pid, signal.SIGSTOP)
    assert await pool.check() == 0
    async with session(pool, intent("A")) as page:
        assert await page.evaluate("1 + 1") == 2
    assert not launched.family.members()


async def _enter(pool: BrowserPool, intended: Intent) -> None:
    async with session(pool, intended):
        pytest.fail("a stopped attempt was let in")
