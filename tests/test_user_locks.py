"""Waiting for an agent's turn: woken by notices, behind them a back-off, ended by a drain."""

import asyncio
from uuid import uuid4

import pytest

from server import user_locks as module
from server.notices import Notices
from server.user_locks import UserLocks

# The seconds of design §4.5, a hundred times faster.
FASTER = 100


def test_the_back_off_is_the_designs() -> None:
    """2, 4, 8, 16, 30, 30 … seconds."""
    assert module.BACK_OFF == (2.0, 4.0, 8.0, 16.0, 30.0)


async def test_without_notices_the_waits_grow_to_their_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each a little longer or shorter than the series says; after a turn they are short again."""
    pauses = tuple(pause / FASTER for pause in module.BACK_OFF)
    monkeypatch.setattr(module, "BACK_OFF", pauses)
    loop = asyncio.get_running_loop()
    with UserLocks(Notices("")).turn(uuid4(), "A001") as turn:

        async def waited() -> float:
            start = loop.time()
            await turn.wait(None)
            return loop.time() - start

        for pause in (*pauses, pauses[-1]):
            # No upper bound but a rough one: the machine may be busy.
            assert pause * (1 - module.JITTER) - 0.002 <= await waited() < pause + 1
        turn.came()
        assert await waited() < pauses[-1]


async def test_a_pause_whose_end_is_known_is_waited_for_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And it does not lengthen the back-off."""
    monkeypatch.setattr(module, "BACK_OFF", (0.01, 60.0))
    loop = asyncio.get_running_loop()
    with UserLocks(Notices("")).turn(uuid4(), "A001") as turn:
        for due_in in (0.05, 0.1, 0.05):
            start = loop.time()
            await turn.wait(due_in)
            assert loop.time() - start >= due_in - 0.002
        async with asyncio.timeout(10):
            await turn.wait(None)


async def test_a_notice_ends_the_wait() -> None:
    """Of the operation or of its agent: nobody waits two seconds for a turn that is free."""
    notices = Notices("")
    with UserLocks(notices).turn(uuid4(), "A001") as turn:
        waiting = asyncio.create_task(turn.wait(60))
        await asyncio.sleep(0)
        notices.wake_all()
        async with asyncio.timeout(10):
            await waiting


async def test_what_changed_since_the_look_ends_the_wait_at_once() -> None:
    """The turn is opened before the row is read: no notice falls between."""
    notices = Notices("")
    with UserLocks(notices).turn(uuid4(), "A001") as turn:
        notices.wake_all()
        async with asyncio.timeout(10):
            await turn.wait(60)


async def test_a_drain_ends_every_wait() -> None:
    """Those that wait, and those that come after it."""
    locks = UserLocks(Notices(""))
    with locks.turn(uuid4(), "A001") as one, locks.turn(uuid4(), "A002") as other:
        waiting = [asyncio.create_task(turn.wait(60)) for turn in (one, other)]
        await asyncio.sleep(0)
        assert not locks.stopped
        locks.stop()
        assert locks.stopped
        async with asyncio.timeout(10):
            await asyncio.gather(*waiting)
            await one.wait(60)


async def test_nothing_is_left_behind() -> None:
    """Sixty agents a day must not be sixty waiters for ever; also a cancelled wait leaves none."""
    notices = Notices("")
    locks = UserLocks(notices)
    for index in range(60):
        with locks.turn(uuid4(), f"A{index:03}") as turn:
            waiting = asyncio.create_task(turn.wait(60))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
    assert repr(locks) == "<UserLocks 0 operations wait or work>"
    assert repr(notices) == "<Notices 0 waiting>"
