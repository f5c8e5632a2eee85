"""What the arrows do beside moving the state; where they lead is in test_states, when in test_settlement."""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from server import attempts, transitions
from server.errors import FencedError
from server.intake import accept
from server.journal import Journal
from server.local_commit import succeed
from server.operation import Claim
from tests.states.rows import ERROR, Pool, change, in_state, registered, submission


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        yield pool


@pytest.fixture
async def journal(pool: Pool) -> Journal:
    return await registered(pool, "server-1")


async def outcomes(pool: Pool) -> list[Any]:
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "SELECT outcome FROM agents.operation_attempts WHERE ended_at IS NOT NULL"
        )
        return [outcome for (outcome,) in await cursor.fetchall()]


async def resumed(pool: Pool, journal: Journal, claim: Claim, missing: int) -> int:
    async with journal.transaction() as conn:
        tries = await transitions.resume(conn, claim, missing)
    await change(pool, claim.operation_id, state="VERIFYING")
    return tries


async def test_completions_count_only_while_nothing_is_gained(pool: Pool, journal: Journal) -> None:
    """The first look, and each that misses less than the one before, starts anew."""
    _, claim = await in_state(pool, journal, "VERIFYING", "A001")
    tries = [await resumed(pool, journal, claim, missing) for missing in (5, 5, 5, 3, 3, 4)]
    assert tries == [1, 2, 3, 1, 2, 3]


async def test_an_absence_forgets_the_draft_and_keeps_the_place(
    pool: Pool, journal: Journal
) -> None:
    """It runs again before those that came after it, whatever start_by says by then."""
    row, claim = await in_state(pool, journal, "VERIFYING", "A001", draft_id="7", write_seq=1)
    later = await accept(pool, submission("p-2"), "server-1")
    async with journal.transaction() as conn:
        await transitions.absent(conn, claim)
    assert await journal.claim(later, []) is None
    again = await journal.read(row.id)
    assert (again.draft_id, again.write_seq, again.owner_instance) == (None, 1, None)
    async with journal.transaction() as conn:
        assert not await journal.expire(conn, again, ERROR)
    assert await journal.claim(again, []) is not None
    assert await outcomes(pool) == ["ABSENT"]


async def test_a_cancel_needs_somebody_who_asked_for_it(pool: Pool, journal: Journal) -> None:
    """The flag is looked at in the same statement."""
    row, claim = await in_state(pool, journal, "RUNNING", "A001")
    async with journal.transaction() as conn:
        with pytest.raises(FencedError):
            await transitions.cancel(conn, claim, ERROR)
    await change(pool, row.id, cancel_requested=True)
    async with journal.transaction() as conn:
        await transitions.cancel(conn, claim, ERROR)
    assert (await journal.read(row.id)).state == "CANCELLED"


async def test_success_is_in_the_transaction_of_our_own_tables(
    pool: Pool, journal: Journal
) -> None:
    """If that is rolled back there is no success, and no answer."""
    row, claim = await in_state(pool, journal, "CONFIRMED", "A001")
    async with journal.transaction() as conn:
        await succeed(conn, claim, b"response")
        raise psycopg.Rollback  # our own tables refused it
    assert (await journal.read(row.id)).state == "CONFIRMED"
    async with journal.transaction() as conn:
        await succeed(conn, claim, b"response")
    row = await journal.read(row.id)
    assert (row.state, row.response, row.owner_instance) == ("SUCCEEDED", b"response", None)
    assert row.finished_at is not None
    assert await outcomes(pool) == ["SUCCEEDED"]


async def test_no_state_takes_the_turn_from_another(pool: Pool, journal: Journal) -> None:
    """Whatever a statement may try: the index refuses a second operation in the agent's turn."""
    await in_state(pool, journal, "VERIFYING", "A001")
    second = await accept(pool, submission("p-2"), "server-1")
    for state in ("RUNNING", "WRITING", "VERIFYING", "UNDOING", "CONFIRMED"):
        with pytest.raises(UniqueViolation):
            await change(pool, second.id, state=state)
    await change(pool, second.id, state="CONFIRMED", local_commit_stuck=True)


async def test_time_under_review_counts_from_the_first_unclear_look(
    pool: Pool, journal: Journal
) -> None:
    """A second look does not start it anew; an ERP that is away does."""
    _, claim = await in_state(pool, journal, "VERIFYING", "A001")

    async def looked(*, unclear: bool) -> float:
        async with journal.transaction() as conn:
            await transitions.wait(conn, claim, ERROR, 10, unclear=unclear)
        await change(pool, claim.operation_id, owner_instance=claim.instance)
        async with pool.connection() as conn:
            await conn.execute(
                "UPDATE agents.operations SET unclear_since = unclear_since - interval '100 s'"
            )
        async with journal.transaction() as conn:
            return await attempts.unclear_for(conn, claim)

    assert 100 <= await looked(unclear=True) < 110
    assert 200 <= await looked(unclear=True) < 220
    assert await looked(unclear=False) == 0
