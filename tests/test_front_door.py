"""A key that is called again while its operation ends: the end that it hears is never an older one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from server.errors import BotError, CancelledError, LocalCommitPendingError
from server.front_door import FrontDoor
from server.operation_events import Events
from server.operations import submit_order
from server.runs import Run, Runs
from tests.journal_rows import Pool, accepted


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=2, open=False) as pool:
        yield pool


class Recovery:
    """Ends as it is told, one end for each time it is asked; the first waits for a word."""

    def __init__(self, *ends: bytes | BotError) -> None:
        self.ends = list(ends)
        self.has_read, self.go = asyncio.Event(), asyncio.Event()

    async def execute(self, *_: object) -> bytes:
        end = self.ends.pop(0)  # what the row says, as it is read now
        self.has_read.set()
        await self.go.wait()
        if isinstance(end, BotError):
            raise end
        return end


def door(pool: Pool, recovery: Any) -> FrontDoor:
    nobody: Any = None  # turns and browsers are the real recovery's affair
    return FrontDoor(Runs(Events(pool)), recovery, nobody, nobody, {"submit-order": submit_order})


async def entered(door: FrontDoor, operation_id: UUID, recovery: Recovery) -> "asyncio.Task[bytes]":
    """A caller at the door, when recovery has read the row for it."""
    run, attached = door.enter(operation_id, "submit-order")
    assert not attached
    await recovery.has_read.wait()
    return run.task


async def test_who_comes_after_the_end_was_read_hears_a_later_one(pool: Pool) -> None:
    """Read as CANCELLED, then queued anew by a second caller, who joins the run that is about to end."""
    recovery = Recovery(CancelledError("the first life"), b"the second life")
    front_door, operation_id = door(pool, recovery), await accepted(pool)
    task = await entered(front_door, operation_id, recovery)
    run, attached = front_door.enter(operation_id, "submit-order")
    assert attached
    recovery.go.set()
    assert await run.result() == await task == b"the second life"
    assert recovery.ends == []


async def test_an_end_that_stays_is_heard_after_one_more_look(pool: Pool) -> None:
    """Nothing loops: without another caller the second answer is the last."""
    recovery = Recovery(CancelledError("one"), CancelledError("two"), b"never asked for")
    front_door, operation_id = door(pool, recovery), await accepted(pool)
    task = await entered(front_door, operation_id, recovery)
    front_door.enter(operation_id, "submit-order")
    recovery.go.set()
    with pytest.raises(CancelledError, match="two"):
        await task
    assert recovery.ends == [b"never asked for"]


@pytest.mark.parametrize("joined", [True, False])
async def test_who_came_alone_or_hears_of_a_pending_commit_hears_it_at_once(
    pool: Pool,
    joined: bool,  # noqa: FBT001 - a parameter
) -> None:
    """A commit that failed is tried again by the completer, not by whoever listens."""
    end = LocalCommitPendingError("it is in the ERP") if joined else CancelledError("one")
    recovery = Recovery(end, b"never asked for")
    front_door, operation_id = door(pool, recovery), await accepted(pool)
    task = await entered(front_door, operation_id, recovery)
    if joined:
        front_door.enter(operation_id, "submit-order")
    recovery.go.set()
    with pytest.raises(type(end)):
        await task
    assert recovery.ends == [b"never asked for"]


async def test_who_comes_when_a_run_has_just_ended_starts_the_next(pool: Pool) -> None:
    """A listener hears of the end one step before the run is forgotten: it does not join the dead."""
    recovery = Recovery(CancelledError("one"), b"two")
    front_door, operation_id = door(pool, recovery), await accepted(pool)
    run, _ = front_door.enter(operation_id, "submit-order")

    async def listen_and_come_again() -> tuple[Run, bool]:
        async for _ in run.progress():
            pass
        return front_door.enter(operation_id, "submit-order")

    listener = asyncio.create_task(listen_and_come_again())
    await recovery.has_read.wait()
    recovery.go.set()
    again, attached = await listener
    assert (again is run, attached) == (False, False)
    assert await again.result() == b"two"
    with pytest.raises(CancelledError):
        await run.result()
