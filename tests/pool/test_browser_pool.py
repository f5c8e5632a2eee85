"""Laws of the browser pool: bounded, stopped from outside, and ended by force where nothing else helps."""

import asyncio
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Error

from server import browser_fleet, page_watch
from server.browser_pool import BrowserPool
from server.errors import DrainingError, PoolExhaustedError
from tests.conditions import until
from tests.pool.desk import (
    CLOSE_TIMEOUT,
    SETTINGS,
    Pages,
    behind,
    enter,
    intent,
    opened,
    session,
)

A_BIT = 3  # seconds beside it, on a machine at work


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


async def test_a_stop_ends_an_attempt_that_signs_in(pool: BrowserPool, pages: Pages) -> None:
    """Nothing of it begins afterwards."""
    opening = intent()
    pages.may_open.clear()
    entering = asyncio.create_task(enter(pool, opening))
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


async def test_a_page_that_says_nothing_is_closed(
    tmp_path: Path, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its script never ends: the call fails in time, and whoever else works in the browser goes on."""
    monkeypatch.setattr(page_watch, "WATCH_PAUSE", 0.1)
    async with (
        opened(tmp_path, pages, replace(SETTINGS, page_timeout=1.0)) as pool,
        session(pool) as other,
    ):
        launched = behind(pool)
        with pytest.raises(Error):
            async with session(pool) as page:
                await page.evaluate("while (true) {}")
        assert await other.evaluate("1 + 1") == 2
        assert behind(pool) is launched
        async with session(pool) as page:
            assert await page.evaluate("1 + 1") == 2


async def test_what_the_watch_closed_is_not_kept(
    tmp_path: Path, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the attempt ends well in that very moment: nobody is given a closed page."""
    monkeypatch.setattr(page_watch, "WATCH_PAUSE", 0.1)
    async with opened(tmp_path, pages, replace(SETTINGS, page_timeout=1.0)) as pool:
        async with session(pool) as page:
            with pytest.raises(Error):
                await page.evaluate("while (true) {}")
        assert pool.state.numbers()["idle"] == 0


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
            waiting = asyncio.create_task(enter(pool, intent()))
            await until(lambda: pool.state.numbers()["waiting"] == 1, "one to wait")
            with pytest.raises(PoolExhaustedError, match="1 operations wait"):
                await enter(pool, intent())
            await pool.drain()
            with pytest.raises(DrainingError):
                await waiting
            assert await page.evaluate("1 + 1") == 2
        assert page.is_closed()
        with pytest.raises(DrainingError):
            await enter(pool, intent())
