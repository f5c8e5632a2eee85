"""Contexts that are kept for their agents: used again, and closed when they are not worth it any more."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from server.browser_pool import BrowserPool
from server.operation import Access
from server.shelf import Cause
from tests.conditions import until
from tests.pool.desk import SETTINGS, Pages, behind, intent, opened, session


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
    async with session(pool, intent("A"), Access.ASIDE) as aside:
        assert aside is not kept
    assert aside.is_closed()
    assert not kept.is_closed()
    async with session(pool, intent("A"), Access.FRESH) as fresh:
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
