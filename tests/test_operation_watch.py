"""Watching an operation from another server than its own, and by readers who are slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from server.notices import Notices
from server.operation import ReportProgress
from server.operation_events import Events
from server.operation_watch import Watch
from server.operations import submit_order
from server.progress import ProgressEvent
from server.runs import Run, Runs
from tests.journal_rows import Pool, accepted, change


@dataclass(frozen=True)
class Server:
    """As much of a server as tells of its runs."""

    runs: Runs
    watch: Watch

    def works_on(self, operation_id: UUID) -> "Working":
        return Working(self.runs, operation_id)


class Working:
    """A run that reports what the test says, until it is told to end."""

    def __init__(self, runs: Runs, operation_id: UUID) -> None:
        self._end = asyncio.Event()
        self.begun = asyncio.Event()
        self.run: Run = runs.join_or_start(operation_id, submit_order.STEPS, self._work)[0]

    async def _work(self, report: ReportProgress) -> bytes:
        self.begun.set()
        await self._end.wait()
        report("complete")
        return b""

    async def end(self) -> None:
        self._end.set()
        await self.run.result()


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        yield pool


@pytest.fixture
async def servers(pool: Pool, database: str) -> AsyncIterator[list[Server]]:
    """Two of them on one database."""
    async with AsyncExitStack() as stack:
        servers = []
        for _ in range(2):
            notices, events = Notices(database), Events(pool)
            await stack.enter_async_context(notices.connected())
            runs = Runs(events)
            servers.append(Server(runs, Watch(pool, runs, events, notices)))
        yield servers


def shown(event: ProgressEvent) -> tuple[int, str, int]:
    return event.sequence, event.step, event.percent


async def test_watchers_on_two_servers_hear_what_is_stored_and_what_comes(
    servers: list[Server], pool: Pool
) -> None:
    """From the number they ask for, each at once, until the operation has ended."""
    here, there = servers
    operation = await accepted(pool, state="RUNNING")
    working = here.works_on(operation)
    await working.begun.wait()
    first = there.watch.events(operation, 1)
    for number, (step, percent) in enumerate((("login", 4), ("form.nuovo", 11)), start=1):
        working.run.report(step)
        assert shown(await anext(first)) == (number, step, percent)
    second = here.watch.events(operation, 2)
    assert shown(await anext(second)) == (2, "form.nuovo", 11)
    watches = [second, first, there.watch.events(operation, 0)]
    news = [asyncio.ensure_future(anext(each)) for each in watches]
    await asyncio.wait(news, timeout=0.2)
    assert not any(each.done() for each in news)
    working.run.report("form.articles.progress", 1, 5)
    assert {shown(event) for event in await asyncio.gather(*news)} == {
        (3, "form.articles.progress", 26)
    }
    working.run.report("form.articles.progress", 5, 5)  # within a step: only where the run is
    assert shown(await anext(second)) == (4, "form.articles.progress", 46)
    await working.end()
    await here.runs.drain(5)
    await change(pool, operation, state="SUCCEEDED")
    for each in watches:
        assert [shown(event) async for event in each] == [(5, "complete", 100)]


async def test_a_slow_reader_gets_the_newest(servers: list[Server], pool: Pool) -> None:
    """Whatever was reported meanwhile is not queued for it, on either server."""
    here, there = servers
    operation = await accepted(pool, state="RUNNING")
    working = here.works_on(operation)
    await working.begun.wait()
    slow = [here.watch.events(operation, 1), there.watch.events(operation, 1)]
    working.run.report("login")
    assert [shown(await anext(each)) for each in slow] == [(1, "login", 4)] * 2
    for step in ("form.nuovo", "form.customer", "form.notes", "form.articles.start"):
        working.run.report(step)
    await change(pool, operation, state="FAILED")
    await working.end()
    await here.runs.drain(5)
    for each in slow:
        assert [shown(event) async for event in each] == [(6, "complete", 100)]


async def test_a_watch_of_what_has_ended_tells_what_is_stored_and_ends(
    servers: list[Server], pool: Pool
) -> None:
    """An operation under review counts as ended: a person moves it on, and nothing else."""
    operation = await accepted(pool, state="RUNNING")
    working = servers[0].works_on(operation)
    await working.end()
    await servers[0].runs.drain(5)
    await change(pool, operation, state="NEEDS_REVIEW")
    there = servers[1].watch
    assert [shown(event) async for event in there.events(operation, 1)] == [(1, "complete", 100)]
    assert [event async for event in there.events(operation, 0)] == []


async def test_a_watch_waits_for_an_operation_that_nobody_has_taken_up(
    servers: list[Server], pool: Pool
) -> None:
    """Its end is heard although it reports nothing: a cancel in the queue."""
    operation = await accepted(pool)
    watching = asyncio.ensure_future(anext(servers[1].watch.events(operation, 1), None))
    await asyncio.wait([watching], timeout=0.2)
    assert not watching.done()
    await change(pool, operation, state="CANCELLED")
    assert await asyncio.wait_for(watching, 2) is None
