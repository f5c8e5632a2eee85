"""Laws of the browser pool: bounded, stopped from outside, and ended by force where nothing else helps."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page

from server import browser_pool
from server.browser_pool import BrowserPool
from server.chromium import GuardedBrowser, guarded_driver
from server.errors import FencedError, PoolExhaustedError
from server.operation import Access, Claim, Intent
from tests.test_guardian import until

CLOSE_TIMEOUT = 0.5
A_BIT = 3  # seconds beside it, on a machine at work


class Pages:
    """Opens a page that stands for a session."""

    def __init__(self) -> None:
        self.opening = asyncio.Event()
        self.may_open = asyncio.Event()
        self.may_open.set()

    async def context(self, browser: Browser) -> BrowserContext:
        return await browser.new_context()

    @asynccontextmanager
    async def session(
        self,
        context: BrowserContext,
        intent: Intent,  # noqa: ARG002
        access: Access,  # noqa: ARG002
    ) -> AsyncIterator[Page]:
        page = await context.new_page()
        self.opening.set()
        await self.may_open.wait()
        await page.title()
        yield page


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
async def pool(tmp_path: Path, pages: Pages) -> AsyncIterator[BrowserPool]:
    """Two slots, waited for half a second."""
    async with (
        guarded_driver(None, tmp_path) as driver,
        BrowserPool(
            driver.launch, pages, size=2, wait_for=0.5, close_timeout=CLOSE_TIMEOUT
        ) as pool,
    ):
        yield pool


def intent() -> Intent:
    return Intent(Claim(uuid4(), 1, "here", "A001", "submit-order", "p-1"), None, "#M")


def silent(step: str, current: int = 0, total: int = 0) -> None:
    """Nobody watches."""


def session(pool: BrowserPool, intended: Intent | None = None) -> Any:
    return pool.session(intended or intent(), silent, Access.FRESH)


def behind(pool: BrowserPool) -> GuardedBrowser:
    assert pool._browser is not None
    return pool._browser


async def test_no_more_at_work_than_slots(pool: BrowserPool) -> None:
    """Who waits too long hears so; a slot given back goes to the next."""
    async with session(pool):
        async with session(pool):
            with pytest.raises(PoolExhaustedError):
                async with session(pool):
                    pytest.fail("a third one was let in")
        async with session(pool) as page:
            assert await page.evaluate("1 + 1") == 2
    assert not behind(pool).browser.contexts


@pytest.mark.parametrize("frozen", ["browser", "driver"])
async def test_what_is_frozen_is_ended_in_time(pool: BrowserPool, frozen: str) -> None:
    """No close is waited for longer than its bound; everything is dead then, and the next one works."""
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


async def test_a_kill_ends_the_others_attempts_and_they_can_begin_again(pool: BrowserPool) -> None:
    """One browser for all: its death is theirs too, never a silence."""
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
    monkeypatch.setattr(browser_pool, "WATCH_PAUSE", 0.1)
    monkeypatch.setattr(browser_pool, "ANSWER_TIMEOUT", 2.0)
    async with (
        guarded_driver(None, tmp_path) as driver,
        BrowserPool(
            driver.launch, pages, size=2, wait_for=0.5, close_timeout=CLOSE_TIMEOUT
        ) as pool,
    ):
        async with session(pool) as page:
            launched = behind(pool)
            family = launched.family if frozen == "browser" else launched.driver
            os.kill(family.pid, signal.SIGSTOP)
            with pytest.raises(Error):
                await page.evaluate("1 + 1")
        assert not launched.family.members()


async def _enter(pool: BrowserPool, intended: Intent) -> None:
    async with session(pool, intended):
        pytest.fail("a stopped attempt was let in")
