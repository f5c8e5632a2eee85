"""What the completer takes up, and what it leaves alone, on a real Postgres."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from server import completer as module
from server.bot_results import save_bot_result
from server.completer import Completer
from server.errors import DrainingError
from server.intake import accept
from server.journal import Journal
from server.notices import Notices
from tests.states.rows import Pool, change, in_state, passed, registered, submission


class Door:
    """The front door: who came in."""

    def __init__(self) -> None:
        self.entered: list[UUID] = []
        self.came = asyncio.Event()
        self.closed = False
        self.refused = 0

    def enter(self, operation_id: UUID, _: str) -> None:
        self.came.set()
        if self.closed:
            self.refused += 1
            raise DrainingError("closed")
        self.entered.append(operation_id)


class Known:
    """Who is known to be gone."""

    def __init__(self) -> None:
        self.gone: set[str] = set()

    async def takeable(self, instance_id: str) -> bool:
        return instance_id in self.gone

    async def proved_dead(self, _: str) -> bool:
        raise AssertionError("taking up asks for no proof")


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        yield pool


@pytest.fixture
async def journal(pool: Pool) -> Journal:
    return await registered(pool, "server-1")


class Bench:
    def __init__(self, pool: Pool, notices: Notices, poll: float = 60.0) -> None:
        self.door, self.known = Door(), Known()
        self.completer = Completer(
            pool,
            notices,
            self.known,
            self.door,  # type: ignore[arg-type]
            clear_leftovers=Journal(pool, "server-1").clear_leftovers,
            instance="server-1",
            poll=poll,
        )

    async def taken(self) -> set[UUID]:
        """What one look takes up."""
        self.door.entered.clear()
        await self.completer._look()
        return set(self.door.entered)


@pytest.fixture
def bench(pool: Pool) -> Bench:
    return Bench(pool, Notices(""))


@pytest.mark.parametrize(
    "state", ["QUEUED", "RUNNING", "WRITING", "VERIFYING", "UNDOING", "CONFIRMED"]
)
async def test_what_is_unfinished_and_nobodys(
    pool: Pool, journal: Journal, bench: Bench, state: str
) -> None:
    """Ours, given back, or a dead server's; not a living server's."""
    row, _ = await in_state(pool, journal, state, "A001")
    assert await bench.taken() == {row.id}
    await change(pool, row.id, owner_instance=None)
    assert await bench.taken() == {row.id}
    await change(pool, row.id, owner_instance="server-2")
    assert await bench.taken() == set()
    bench.known.gone.add("server-2")
    assert await bench.taken() == {row.id}


async def test_what_has_an_end_or_waits_for_a_person(
    pool: Pool, journal: Journal, bench: Bench
) -> None:
    """Under review nothing runs by itself."""
    for state in ("SUCCEEDED", "FAILED", "CANCELLED", "NEEDS_REVIEW", "ABANDONED"):
        await in_state(pool, journal, state, state)
    assert await bench.taken() == set()


async def test_of_each_agent_only_what_may_go(pool: Pool, journal: Journal, bench: Bench) -> None:
    """Who has the turn, else who is first; a hundred queued orders are not a hundred tasks."""
    first, _ = await in_state(pool, journal, "VERIFYING", "A001", owner_instance=None)
    await accept(pool, submission("p-2"), "server-1")
    head = await accept(pool, submission("p-1", "A002"), "server-1")
    await accept(pool, submission("p-2", "A002"), "server-1")
    assert await bench.taken() == {first.id, head.id}


async def test_what_is_in_a_pause_waits_for_its_time(
    pool: Pool, journal: Journal, bench: Bench
) -> None:
    """A read-back every fifteen seconds, not at every notice."""
    row, claim = await in_state(pool, journal, "CONFIRMED", "A001")
    await journal.commit_failed(claim, "CheckViolation", 20)
    assert await bench.taken() == set()
    await passed(pool, 21)
    assert await bench.taken() == {row.id}


async def test_a_stuck_commit_is_tried_on_beside_the_agents_turn(
    pool: Pool, journal: Journal, bench: Bench
) -> None:
    """It holds nobody up, and is not forgotten."""
    stuck, _ = await in_state(pool, journal, "CONFIRMED", "A001", local_commit_stuck=True)
    running = await accept(pool, submission("p-2"), "server-1")
    assert await bench.taken() == {stuck.id, running.id}


async def test_it_looks_at_start_and_at_every_notice(
    database: str, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before its poll comes round; and when it is told that a server has died."""
    monkeypatch.setattr(module, "LEAST_PAUSE", 0.01)
    notices = Notices(database)
    bench = Bench(pool, notices, poll=600)
    left = await accept(pool, submission(), "server-2")
    async with asyncio.timeout(20), notices.connected(), bench.completer.at_work():
        new = await accept(pool, submission(user="A002"), "server-1")
        while new.id not in bench.door.entered:
            await bench.door.came.wait()
            bench.door.came.clear()
        assert left.id not in bench.door.entered
        bench.known.gone.add("server-2")
        bench.completer.wake()
        while left.id not in bench.door.entered:
            await bench.door.came.wait()
            bench.door.came.clear()


async def test_a_look_that_fails_is_not_its_last(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it meets there, it looks again."""
    monkeypatch.setattr(module, "LEAST_PAUSE", 0.01)
    bench = Bench(pool, Notices(""), poll=0.01)
    bench.door.closed = True
    row = await accept(pool, submission(), "server-1")
    async with asyncio.timeout(20), bench.completer.at_work():
        while bench.door.refused < 3:
            await bench.door.came.wait()
            bench.door.came.clear()
        bench.door.closed = False
        while row.id not in bench.door.entered:
            await bench.door.came.wait()
            bench.door.came.clear()


async def test_an_answer_that_could_not_be_cleared_is_cleared_later(
    pool: Pool, journal: Journal
) -> None:
    """The database was away when it was to be cleared (design §4.1): nobody calls or starts for that."""
    _, claim = await in_state(pool, journal, "SUCCEEDED", "A001")
    async with pool.connection() as conn:
        await save_bot_result(
            conn, claim.user_id, claim.operation_type, claim.operation_key, {"order_id": "71723"}
        )
    async with Bench(pool, Notices(""), poll=0.05).completer.at_work(), asyncio.timeout(10):
        while await left(pool):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


async def left(pool: Pool) -> int:
    """How many answers are saved."""
    async with pool.connection() as conn:
        cursor = await conn.execute("SELECT count(*) FROM agents.bot_results")
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
