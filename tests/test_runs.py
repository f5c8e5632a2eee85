"""Operations in flight: joined, left, and never cancelled."""

import asyncio
from uuid import uuid4

import pytest

from server.errors import BotError, ErpRejectedError
from server.operation import ReportProgress
from server.operations import submit_order
from server.runs import Runs


async def test_two_callers_share_one_run() -> None:
    """The second caller joins; the work is done once."""
    runs, calls, go = Runs(), 0, asyncio.Event()

    async def work(_: ReportProgress) -> bytes:
        nonlocal calls
        calls += 1
        await go.wait()
        return b"71723"

    identity = uuid4()
    first, joined = runs.join_or_start(identity, {}, work)
    assert not joined
    second, joined = runs.join_or_start(identity, {}, work)
    assert joined
    go.set()
    assert await first.result() == await second.result() == b"71723"
    assert calls == 1
    assert repr(runs) == "<Runs 0 in flight>"


async def test_a_caller_that_leaves_stops_nothing() -> None:
    """Law 7: a cancelled caller detaches; the run goes on to its end."""
    runs, go = Runs(), asyncio.Event()

    async def work(_: ReportProgress) -> bytes:
        await go.wait()
        return b"done"

    run, _ = runs.join_or_start(uuid4(), {}, work)
    caller = asyncio.create_task(run.result())
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait([caller])
    assert not run.task.done()
    go.set()
    assert await run.result() == b"done"


async def test_a_slow_listener_hears_the_newest_and_percent_never_falls() -> None:
    """Events are numbered; what a slow listener misses is never queued."""
    runs, go = Runs(), asyncio.Event()

    async def work(report: ReportProgress) -> bytes:
        report("form.discount")
        for index in range(1, 6):
            report("form.articles.progress", index, 5)
        await go.wait()
        report("complete")
        return b""

    run, _ = runs.join_or_start(uuid4(), submit_order.STEPS, work)
    heard = []
    async for event in run.progress():
        heard.append((event.sequence, event.step, event.percent))
        go.set()
    assert heard == [(6, "form.articles.progress", 49), (7, "complete", 100)]


async def test_everybody_hears_how_a_run_failed() -> None:
    """The end of a run is the same for all who joined, and a failure nobody heard is no noise."""
    runs = Runs()

    async def work(_: ReportProgress) -> bytes:
        raise ErpRejectedError("unknown article")

    run, _ = runs.join_or_start(uuid4(), {}, work)
    for _ in range(2):
        with pytest.raises(BotError, match="unknown article"):
            await run.result()
    unheard, _ = runs.join_or_start(uuid4(), {}, work)
    await asyncio.wait([unheard.task])


async def test_drain_waits_for_what_is_in_flight_and_counts_the_rest() -> None:
    """Drain is bounded; what has not ended is told, not cancelled."""
    runs, go = Runs(), asyncio.Event()

    async def work(_: ReportProgress) -> bytes:
        await go.wait()
        return b""

    run, _ = runs.join_or_start(uuid4(), {}, work)
    assert await runs.drain(0.01) == 1
    assert not run.task.done()
    go.set()
    assert await runs.drain(5) == 0
