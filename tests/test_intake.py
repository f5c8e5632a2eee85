"""What a key's arrival meets: itself, another request, another key for the same object."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from server.errors import KeyReusedError, TargetAlreadyDoneError, TargetBusyError
from server.intake import Replay, accept, find_replay
from server.journal import Journal
from tests.states.rows import ERROR, Pool, change, in_state, registered, submission, ticket

UNFINISHED = [
    "QUEUED",
    "RUNNING",
    "WRITING",
    "VERIFYING",
    "UNDOING",
    "CONFIRMED",
    "NEEDS_REVIEW",
]
CORRECTED: dict[str, Any] = {"request": b"second", "fingerprint": "f2"}


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=10, open=False) as pool:
        yield pool


@pytest.fixture
async def journal(pool: Pool) -> Journal:
    return await registered(pool, "server-1")


async def test_a_key_is_recorded_once_however_many_callers_come(pool: Pool) -> None:
    """Ten callers at once, on any server, find one row: none is told that its own key is in its way."""
    for key in map(str, range(5)):
        rows = await asyncio.gather(
            *(accept(pool, submission(key), f"server-{number}") for number in range(10))
        )
        assert {row.id for row in rows} == {rows[0].id}
        assert (rows[0].state, rows[0].marker, rows[0].revision) == ("QUEUED", "#1", 1)


async def test_a_replay_is_found_for_the_same_request_only(pool: Pool, journal: Journal) -> None:
    """With its response; a key that has none, and another request, take the whole way."""
    row, _ = await in_state(pool, journal, "RUNNING", "A001")
    assert await find_replay(pool, submission()) is None
    await change(pool, row.id, state="SUCCEEDED", response=b"answer", finished_at=row.accepted_at)
    found = await find_replay(pool, submission())
    assert found == Replay(row.id, "p-1", b"answer", row.accepted_at, row.accepted_at)
    assert await find_replay(pool, submission(**CORRECTED)) is None


async def test_another_request_under_the_same_key_is_refused_by_field(
    pool: Pool, journal: Journal
) -> None:
    """In flight, done, under review or given up: a key is one intended effect."""
    for state in (*UNFINISHED, "SUCCEEDED", "ABANDONED"):
        await in_state(pool, journal, state, user=state)
        with pytest.raises(KeyReusedError, match="notes"):
            await accept(pool, submission(user=state, **CORRECTED), "server-1")


async def test_a_request_that_is_no_longer_kept_is_told_by_its_fingerprint(
    pool: Pool, journal: Journal
) -> None:
    """The body is reaped, the fingerprint stays for ever."""
    row, _ = await in_state(pool, journal, "SUCCEEDED", "A001", request=None)
    assert (await accept(pool, submission(), "server-1")).id == row.id
    with pytest.raises(KeyReusedError, match="no longer kept"):
        await accept(pool, submission(**CORRECTED), "server-1")


async def test_another_key_for_an_unfinished_object_is_refused(
    pool: Pool, journal: Journal
) -> None:
    """The key that has it is named; a new key and one that had failed are treated alike."""
    for state in UNFINISHED:
        await in_state(pool, journal, state, user=state)
        second = submission("other", user=state, target="p-1")
        with pytest.raises(TargetBusyError, match="p-1") as refused:
            await accept(pool, second, "server-1")
        assert refused.value.metadata == {"operation_key": "p-1"}
    row = await accept(pool, submission("failed", user="WRITING"), "server-1")
    await change(pool, row.id, state="FAILED")
    with pytest.raises(TargetBusyError):
        await accept(pool, submission("failed", user="WRITING", target="p-1"), "server-1")


async def test_another_key_for_a_done_object(pool: Pool, journal: Journal) -> None:
    """Refused for ever where it can be done only once; a send or a deletion asks the ERP instead."""
    await in_state(pool, journal, "SUCCEEDED", "A001")
    with pytest.raises(TargetAlreadyDoneError, match="p-1"):
        await accept(pool, submission("other", target="p-1"), "server-1")
    again = await accept(pool, submission("other", target="p-1", once=False), "server-1")
    assert again.state == "QUEUED"


async def test_a_target_that_is_done_once_is_a_constraint(pool: Pool, journal: Journal) -> None:
    """What ends while a new key is being recorded is not seen by the statement, but by the index."""
    await in_state(pool, journal, "SUCCEEDED", "A001")
    second = await accept(pool, submission("other"), "server-1")
    with pytest.raises(UniqueViolation):
        await change(pool, second.id, target="p-1")
    third = await accept(pool, submission("third", once=False), "server-1")
    await change(pool, third.id, target="p-1")


async def test_what_has_ended_without_effect_is_in_nobodys_way(
    pool: Pool, journal: Journal
) -> None:
    """FAILED, CANCELLED and ABANDONED guard nothing."""
    for state in ("FAILED", "CANCELLED", "ABANDONED"):
        await in_state(pool, journal, state, user=state)
        row = await accept(pool, submission("other", user=state, target="p-1"), "server-1")
        assert row.state == "QUEUED"


async def test_an_order_under_review_guards_its_customer(pool: Pool, journal: Journal) -> None:
    """Another order of the same customer could not be told from the one that nobody can find."""
    customer = {"also_guards": "customer 55261"}
    await in_state(pool, journal, "NEEDS_REVIEW", "A001", **customer)
    with pytest.raises(TargetBusyError, match="customer 55261"):
        await accept(pool, submission("p-2", **customer), "server-1")
    assert (await accept(pool, submission("p-3", also_guards="customer 1"), "server-1")).id
    assert (await accept(pool, submission("p-4", user="A002", **customer), "server-1")).id
    # Its own key is answered, not refused.
    assert (await accept(pool, submission(**customer), "server-1")).state == "NEEDS_REVIEW"


async def test_a_key_that_failed_starts_with_a_clean_row(pool: Pool, journal: Journal) -> None:
    """Nothing is left of the last try; a corrected request is a new revision with its own marker."""
    row, claim = await in_state(pool, journal, "RUNNING", "A001")
    await journal.record_write(ticket(claim), "session")
    await journal.note_draft(claim, "71723")
    await change(
        pool,
        row.id,
        state="FAILED",
        owner_instance=None,
        suspects=["server-9"],
        retries=3,
        reruns=2,
        completions=2,
        missing=1,
        cancel_requested=True,
        high_water_mark="1",
    )
    same = await accept(pool, submission(), "server-2")
    assert (same.revision, same.marker, same.owner_instance) == (1, "#1", "server-2")
    assert (same.state, same.write_seq, same.draft_id) == ("QUEUED", 0, None)
    assert (same.retries, same.reruns) == (0, 0)
    assert (same.suspects, same.write_session, same.quiet_for) == ([], None, None)
    assert (same.cancel_requested, same.high_water_mark, same.error) == (False, None, None)
    assert same.generation == row.generation
    await change(pool, row.id, state="CANCELLED")
    corrected = await accept(pool, submission(**CORRECTED), "server-1")
    assert (corrected.revision, corrected.marker, corrected.request) == (2, "#2", b"second")


async def test_a_key_that_failed_queues_behind_those_that_came_meanwhile(
    pool: Pool, journal: Journal
) -> None:
    """A new turn: it does not pass the others a second time."""
    row, _ = await in_state(pool, journal, "FAILED", "A001")
    meanwhile = await accept(pool, submission("p-2"), "server-1")
    again = await accept(pool, submission(), "server-1")
    assert await journal.claim(again, []) is None
    assert await journal.claim(meanwhile, []) is not None
    assert again.id == row.id


async def test_start_by_counts_from_acceptance_by_the_databases_clock(
    pool: Pool, journal: Journal
) -> None:
    """A queued operation past it ends as FAILED, once, and only if nothing was written."""
    row = await accept(pool, submission(start_within=-1), "server-1")
    assert row.start_by_passed
    async with journal.transaction() as conn:
        assert await journal.expire(conn, row, ERROR)
    async with journal.transaction() as conn:
        assert not await journal.expire(conn, row, ERROR)
    late = await accept(pool, submission("p-2", start_within=-1), "server-1")
    await change(pool, late.id, write_seq=1)
    async with journal.transaction() as conn:
        assert not await journal.expire(conn, late, ERROR)
