"""Operations in flight: joined, left, and never cancelled; their steps told, numbered and stored."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from psycopg_pool import AsyncConnectionPool
from structlog.testing import capture_logs

from server.errors import BotError, ErpRejectedError
from server.operation import ReportProgress
from server.operation_events import Events
from server.operations import submit_order
from server.progress import ProgressEvent
from server.runs import Run, Runs
from tests.journal_rows import Pool, accepted


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(
        database, min_size=1, max_size=2, timeout=0.5, open=False
    ) as pool:
        yield pool


@pytest.fixture
def events(pool: Pool) -> Events:
    return Events(pool)


@pytest.fixture
def runs(events: Events) -> Runs:
    return Runs(events)


def started(runs: Runs, operation_id: UUID, *steps: tuple[str, int, int]) -> Run:
    """A run whose work reports these steps and ends."""

    async def work(report: ReportProgress) -> bytes:
        for step in steps:
            report(*step)
        return b"done"

    return runs.join_or_start(operation_id, submit_order.STEPS, work)[0]


def shown(events: list[ProgressEvent]) -> list[tuple[int, str, int]]:
    return [(event.sequence, event.step, event.percent) for event in events]


async def test_two_callers_share_one_run(runs: Runs) -> None:
    """The second caller joins; the work is done once."""
    calls, go = 0, asyncio.Event()

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


async def test_a_caller_that_leaves_stops_nothing(runs: Runs) -> None:
    """Law 7: a cancelled caller detaches; the run goes on to its end."""
    go = asyncio.Event()

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


async def test_a_slow_listener_hears_the_newest_and_percent_never_falls(
    runs: Runs, pool: Pool
) -> None:
    """Events are numbered; what a slow listener misses is never queued."""
    go = asyncio.Event()

    async def work(report: ReportProgress) -> bytes:
        report("form.discount")
        for index in range(1, 6):
            report("form.articles.progress", index, 5)
        await go.wait()
        report("complete")
        return b""

    run, _ = runs.join_or_start(await accepted(pool), submit_order.STEPS, work)
    heard = []
    async for event in run.progress():
        heard.append((event.sequence, event.step, event.percent))
        go.set()
    assert heard == [(6, "form.articles.progress", 49), (7, "complete", 100)]


async def test_everybody_hears_how_a_run_failed(runs: Runs) -> None:
    """The end of a run is the same for all who joined, and a failure nobody heard is no noise."""

    async def work(_: ReportProgress) -> bytes:
        raise ErpRejectedError("unknown article")

    run, _ = runs.join_or_start(uuid4(), {}, work)
    for _ in range(2):
        with pytest.raises(BotError, match="unknown article"):
            await run.result()
    unheard, _ = runs.join_or_start(uuid4(), {}, work)
    await asyncio.wait([unheard.task])


async def test_drain_waits_for_what_is_in_flight_and_counts_the_rest(runs: Runs) -> None:
    """Drain is bounded; what has not ended is told, not cancelled."""
    go = asyncio.Event()

    async def work(_: ReportProgress) -> bytes:
        await go.wait()
        return b""

    run, _ = runs.join_or_start(uuid4(), {}, work)
    assert await runs.drain(0.01) == 1
    assert not run.task.done()
    go.set()
    assert await runs.drain(5) == 0


async def test_changes_of_step_are_stored_and_what_is_told_within_a_step_is_not(
    runs: Runs, events: Events, pool: Pool
) -> None:
    """The end of the run does not wait for the database, `drain` does; a repeated report is no event."""
    operation = await accepted(pool)
    lines = [("form.articles.progress", index, 5) for index in range(1, 6)]
    run = started(runs, operation, ("login", 0, 0), ("login", 0, 0), *lines, ("verify", 0, 0))
    await run.result()
    assert await runs.drain(5) == 0
    assert shown(await events.since(operation, 0)) == [
        (1, "login", 4),
        (2, "form.articles.progress", 26),
        (7, "verify", 58),
    ]
    assert shown(await events.since(operation, 2)) == [(7, "verify", 58)]


async def test_a_burst_of_steps_is_stored_in_one_statement(
    runs: Runs, events: Events, pool: Pool
) -> None:
    """What comes while nothing more is expected is stored at once, however long a burst may take."""
    operation, go = await accepted(pool), asyncio.Event()

    async def work(report: ReportProgress) -> bytes:
        for step in ("login", "form.nuovo", "form.customer"):
            report(step)
        while not await events.since(operation, 2):  # noqa: ASYNC110 - nobody announces it here
            await asyncio.sleep(0.01)
        report("verify")
        await go.wait()
        report("commit")
        report("complete")
        return b""

    run, _ = runs.join_or_start(operation, submit_order.STEPS, work)
    async for event in run.progress():
        if event.step == "verify":
            go.set()
    await runs.drain(5)
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "SELECT array_agg(step ORDER BY sequence) FROM agents.operation_events "
            "GROUP BY xmin::text ORDER BY min(sequence)"
        )
        assert [row[0] for row in await cursor.fetchall()] == [
            ["login", "form.nuovo", "form.customer"],
            ["verify", "commit", "complete"],
        ]


async def test_another_servers_steps_never_let_the_percentage_fall(
    events: Events, pool: Pool
) -> None:
    """A server that was overtaken stores its last burst late: numbers stay, percentages rise."""
    operation = await accepted(pool)
    at = datetime(2026, 7, 1, tzinfo=UTC)

    def told(sequence: int, percent: int) -> ProgressEvent:
        return ProgressEvent(sequence, "verify", percent, "Verifica", "Checking", 0, 0, at)

    await events.store(operation, [told(1, 10), told(3, 40)])
    await events.store(operation, [told(2, 5), told(3, 7), told(4, 20), told(5, 50)])
    stored = [
        (event.sequence, event.percent, event.at) for event in await events.since(operation, 0)
    ]
    assert stored == [(1, 10, at), (2, 10, at), (3, 40, at), (4, 40, at), (5, 50, at)]


async def test_a_later_process_numbers_on_and_percent_never_falls(
    runs: Runs, events: Events, pool: Pool
) -> None:
    """What was told within a step and never stored is not told again under a lower number."""
    operation = await accepted(pool)
    lines = [("form.articles.progress", index, 5) for index in (1, 2, 3)]
    first = started(runs, operation, ("login", 0, 0), *lines)
    heard = [event async for event in first.progress()]
    assert shown(heard) == [(4, "form.articles.progress", 36)]
    await runs.drain(5)
    second = started(Runs(events), operation, ("login", 0, 0))
    assert shown([event async for event in second.progress()]) == [(7, "login", 46)]


async def test_a_second_run_numbers_on_from_steps_that_are_still_on_their_way(
    runs: Runs, events: Events, pool: Pool
) -> None:
    """The first run's steps wait for a table that somebody has locked; the second knows them."""
    operation = await accepted(pool)
    async with pool.connection() as conn:
        await conn.execute("LOCK TABLE agents.operation_events IN EXCLUSIVE MODE")
        await started(runs, operation, ("login", 0, 0), ("verify", 0, 0)).result()
        run = started(runs, operation, ("login", 0, 0), ("commit", 0, 0))
        # The pool's other connection holds the first run's step: the second run cannot read, and goes on.
        assert shown([event async for event in run.progress()]) == [(4, "commit", 60)]
    await runs.drain(5)
    assert [event.sequence for event in await events.since(operation, 0)] == [1, 2, 3, 4]


async def test_a_database_that_is_away_costs_steps_and_nothing_else(runs: Runs, pool: Pool) -> None:
    """The work goes on at once; the newest step gets another try, the log says which were lost."""
    operation = await accepted(pool)
    await pool.close()
    with capture_logs() as logs:
        many = [(f"form.articles.{what}", 0, 0) for what in ("start", "complete") * 30]
        await started(runs, operation, *many).result()
        await runs.drain(5)
    assert {entry["event"] for entry in logs if entry["log_level"] == "warning"} == {
        "steps_not_read",
        "steps_not_stored",
        "step_not_stored",
    }


async def test_steps_of_another_process_are_followed(runs: Runs, pool: Pool) -> None:
    """Callers hear them in order, and a later takeover numbers on from them."""
    operation, go = await accepted(pool), asyncio.Event()

    async def work(report: ReportProgress) -> bytes:
        await go.wait()
        report("login")
        return b"done"

    run, _ = runs.join_or_start(operation, submit_order.STEPS, work)
    theirs = [
        event async for event in started(Runs(Events(pool)), uuid4(), ("verify", 0, 0)).progress()
    ]
    run.follow(theirs[0])
    heard = []
    async for event in run.progress():
        heard.append(event)
        run.follow(theirs[0])
        go.set()
    assert shown(heard) == [(1, "verify", 58), (2, "login", 58)]
