"""Claims, the fence, and what an attempt notes in the journal, on a real Postgres."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool

from server import transitions
from server.bot_results import check_bot_result
from server.errors import FencedError
from server.intake import accept
from server.journal import Journal
from server.journal_row import Row
from server.local_commit import succeed
from server.operation import Answer
from tests.states.rows import (
    ERROR,
    Pool,
    change,
    claimed,
    evidence,
    in_state,
    passed,
    registered,
    submission,
    ticket,
)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        yield pool


@pytest.fixture
async def journal(pool: Pool) -> Journal:
    return await registered(pool, "server-1")


@pytest.fixture
async def other(pool: Pool) -> Journal:
    return await registered(pool, "server-2")


async def queued(pool: Pool, key: str, user: str = "A001") -> Row:
    return await accept(pool, submission(key, user), "server-1")


async def test_of_two_servers_that_claim_at_once_one_has_it(
    pool: Pool, journal: Journal, other: Journal
) -> None:
    """The claim is guarded by the row as it was read."""
    row = await queued(pool, "p-1")
    claims = await asyncio.gather(*(one.claim(row, []) for one in (journal, other) * 3))
    assert sum(claim is not None for claim in claims) == 1


async def test_one_turn_per_agent_is_a_constraint(
    pool: Pool, journal: Journal, other: Journal
) -> None:
    """Law 6 across servers: a second operation of the agent is not claimed, another agent's is."""
    await claimed(pool, journal)
    assert await other.claim(await queued(pool, "p-2"), []) is None
    assert await other.claim(await queued(pool, "p-2", "A002"), []) is not None


async def test_the_queue_is_in_the_order_of_acceptance(pool: Pool, journal: Journal) -> None:
    """Nobody passes: neither one that came later, nor while the first is in a pause."""
    first, second = await queued(pool, "p-1"), await queued(pool, "p-2")
    assert await journal.claim(second, []) is None
    claim = await journal.claim(first, [])
    assert claim is not None
    async with journal.transaction() as conn:
        await transitions.retry(conn, claim, ERROR, 50)
    assert await journal.claim(second, []) is None
    waiting = await journal.read(first.id)
    assert waiting.due_in is not None
    assert 40 < waiting.due_in <= 50
    assert await journal.claim(waiting, []) is None
    await passed(pool, 51)
    assert await journal.claim(await journal.read(first.id), []) is not None


async def test_a_new_claim_fences_the_old_one(pool: Pool, journal: Journal, other: Journal) -> None:
    """What was taken over may not write, confirm nor note any more; what it learns is kept."""
    old = await claimed(pool, journal)
    assert await other.claim(await journal.read(old.operation_id), []) is not None
    assert not await journal.record_write(ticket(old), "s")
    journal.learn_high_water_mark(old, "71700")
    for late in (
        journal.note_draft(old, "71723"),
        journal.confirm(old, "71724", {"order_id": "71724"}),
    ):
        with pytest.raises(FencedError):
            await late
    facts = await evidence(pool, old.operation_id)
    noted = {fact["late"]: fact.get("value") or fact.get("erp_id") for fact in facts}
    assert noted == {"draft_id": "71723", "result": "71724"}
    row = await journal.read(old.operation_id)
    assert (row.draft_id, row.high_water_mark, row.erp_id) == (None, None, None)
    async with pool.connection() as conn:
        assert await check_bot_result(conn, "A001", "submit-order", "p-1") is None


async def test_each_write_is_counted_before_it_leaves(pool: Pool, journal: Journal) -> None:
    """The row says WRITING, how many, and in which session; the attempt says what each was."""
    claim = await claimed(pool, journal)
    assert await journal.record_write(ticket(claim), "session-1")
    assert await journal.record_write(ticket(claim, "line", "71723"), "session-2")
    await journal.record_answer(ticket(claim), Answer(status=200, ids=("71723",)))
    row = await journal.read(claim.operation_id)
    assert (row.state, row.write_seq, row.write_session) == ("WRITING", 2, "session-2")
    assert row.quiet_for is not None
    facts = await evidence(pool, claim.operation_id)
    assert [fact.get("kind") or fact.get("answer_to") for fact in facts] == [
        "customer",
        "line",
        "customer",
    ]


async def test_what_was_learned_is_stored_with_the_next_statement(
    pool: Pool, journal: Journal
) -> None:
    """The mark with the first write, facts with a write, with the answer, or with an end without one."""
    claim = await claimed(pool, journal)
    journal.learn_high_water_mark(claim, "71700")
    journal.learn(claim, {"vat_free_at": "1.2.2026"})
    assert (await journal.read(claim.operation_id)).high_water_mark is None
    assert await journal.record_write(ticket(claim), "session-1")
    assert await journal.record_write(ticket(claim, "line"), "session-1")
    assert (await journal.read(claim.operation_id)).high_water_mark == "71700"
    journal.learn(claim, {"order_id": "71723"})
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    journal.learn(claim, {"order_id": "71724"})
    await journal.keep_learned(claim)
    await journal.keep_learned(claim)
    facts = await evidence(pool, claim.operation_id)
    assert [fact.get("seen") or fact["kind"] for fact in facts] == [
        {"vat_free_at": "1.2.2026"},
        "customer",
        "line",
        {"order_id": "71723"},
        {"order_id": "71724"},
    ]
    assert all(fact["at"] for fact in facts)


@pytest.mark.parametrize(
    ("columns", "written"),
    [
        ({"state": "RUNNING"}, True),
        ({"cancel_requested": True}, False),
        ({"generation": 7}, False),
        ({"owner_instance": "server-2"}, False),
        ({"owner_instance": None}, False),
        *(
            ({"state": state}, state in {"RUNNING", "WRITING", "UNDOING"})
            for state in ("QUEUED", "WRITING", "VERIFYING", "UNDOING", "CONFIRMED", "NEEDS_REVIEW")
        ),
    ],
)
async def test_the_gate_opens_on_every_condition_together(
    pool: Pool, journal: Journal, columns: dict[str, Any], *, written: bool
) -> None:
    """State, generation, owner, cancel: each alone closes it."""
    claim = await claimed(pool, journal)
    await change(pool, claim.operation_id, **columns)
    assert await journal.record_write(ticket(claim), "s") is written


async def test_the_gate_is_closed_without_a_lease(pool: Pool, journal: Journal) -> None:
    """A lapsed lease, and a server that nobody knows."""
    claim = await claimed(pool, journal)
    await passed(pool, 1001)
    assert not await journal.record_write(ticket(claim), "s")
    stranger = Journal(pool, "server-9")
    claim = await claimed(pool, stranger, user="A002")
    assert not await stranger.record_write(ticket(claim), "s")


async def test_no_first_write_after_start_by(pool: Pool, journal: Journal) -> None:
    """By the database's clock, where the write is recorded; an operation that has written goes on."""
    claim = await claimed(pool, journal)
    early = (await journal.read(claim.operation_id)).start_by
    late = early.replace(year=2020)
    await change(pool, claim.operation_id, start_by=late)
    assert not await journal.record_write(ticket(claim), "s")
    await change(pool, claim.operation_id, start_by=early)
    assert await journal.record_write(ticket(claim), "s")
    await change(pool, claim.operation_id, start_by=late)
    assert await journal.record_write(ticket(claim), "s")


async def test_confirm_saves_the_answer_with_the_state(pool: Pool, journal: Journal) -> None:
    """CONFIRMED and the row of bot_results are one transaction."""
    row, claim = await in_state(pool, journal, "WRITING", "A001")
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    row = await journal.read(row.id)
    assert (row.state, row.erp_id) == ("CONFIRMED", "71723")
    async with pool.connection() as conn:
        saved = await check_bot_result(conn, "A001", "submit-order", "p-1")
    assert saved == {"order_id": "71723"}


async def test_a_save_whose_answer_was_lost_is_saved(pool: Pool, journal: Journal) -> None:
    """Saved once more by the same attempt with the same id: it is as if the first had been heard."""
    row, claim = await in_state(pool, journal, "WRITING", "A001")
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    assert (await journal.read(row.id)).state == "CONFIRMED"
    assert await evidence(pool, row.id) == []


async def test_another_id_never_replaces_the_first(pool: Pool, journal: Journal) -> None:
    """It flags a suspected duplicate and is kept with the attempt; the saved answer stays the first."""
    row, claim = await in_state(pool, journal, "VERIFYING", "A001")
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    await change(pool, row.id, state="VERIFYING")
    await journal.confirm(claim, "71724", {"order_id": "71724"})
    assert (await journal.read(row.id)).erp_id == "71723"
    assert [fact["erp_id"] for fact in await evidence(pool, row.id)] == ["71724"]
    async with pool.connection() as conn:
        saved = await check_bot_result(conn, "A001", "submit-order", "p-1")
        cursor = await conn.execute("SELECT duplicate_suspected FROM agents.operations")
        assert await cursor.fetchone() == (True,)
    assert saved == {"order_id": "71723"}


async def test_a_commit_that_fails_three_times_gives_up_the_turn(
    pool: Pool, journal: Journal
) -> None:
    """CONFIRMED stays, flagged, and is tried on; the agent's next operation may go."""
    row, claim = await in_state(pool, journal, "WRITING", "A001")
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    second = await queued(pool, "p-2")
    for failures in (1, 2, 3):
        assert await journal.claim(second, []) is None
        await journal.commit_failed(claim, "CheckViolation", 10)
        row = await journal.read(row.id)
        assert (row.local_commit_failures, row.local_commit_stuck) == (failures, failures == 3)
        assert row.owner_instance is None
        claim = replace(claim, generation=row.generation)
    assert await journal.claim(second, []) is not None
    again = await journal.claim(row, [])
    assert again is not None
    async with journal.transaction() as conn:
        await succeed(conn, again, b"response")
    assert (await journal.read(row.id)).local_commit_stuck is False


async def test_answers_of_ended_operations_are_cleared_at_the_next_start(
    pool: Pool, journal: Journal
) -> None:
    """A process that died between commit and clear leaves nothing for ever."""
    _, claim = await in_state(pool, journal, "WRITING", "A001")
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    assert await journal.clear_leftovers() == 0
    async with journal.transaction() as conn:
        await succeed(conn, claim, b"response")
    assert await journal.clear_leftovers() == 1
