"""The journal's guarded transitions, on a real Postgres."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.bot_results import check_bot_result
from server.errors import (
    FencedError,
    KeyReusedError,
    TargetAlreadyDoneError,
    TargetBusyError,
    UserBusyError,
)
from server.intake import Submission, accept
from server.journal import Journal
from server.journal_row import Row
from server.operation import Answer, Claim, Ticket

Pool = AsyncConnectionPool[AsyncConnection[Any]]

SUBMISSION = Submission(
    once=True,
    user_id="A001",
    operation_type="submit-order",
    operation_key="p-1",
    target="p-1",
    request=b"first",
    fingerprint="f1",
    start_by=None,
    start_within=7200,
    marker_of=lambda revision: f"#{revision}",
    differing=lambda stored: ["notes"] if stored == b"first" else [],
)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        yield pool


@pytest.fixture
def journal(pool: Pool) -> Journal:
    return Journal(pool, "instance-1")


async def claimed(pool: Pool, journal: Journal, submission: Submission = SUBMISSION) -> Claim:
    row = await accept(pool, submission)
    async with journal.transaction() as conn:
        return await journal.claim(conn, row)


def ticket(claim: Claim) -> Ticket:
    return Ticket(claim=claim, kind="customer", target="55261")


async def evidence(pool: Pool) -> list[dict[str, Any]]:
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "SELECT evidence FROM agents.operation_attempts ORDER BY generation"
        )
        return [fact for (facts,) in await cursor.fetchall() for fact in facts]


async def test_a_key_is_recorded_once_however_many_callers_come(pool: Pool) -> None:
    """Ten callers at once find one row, QUEUED."""
    rows = await asyncio.gather(*(accept(pool, SUBMISSION) for _ in range(10)))
    assert {row.id for row in rows} == {rows[0].id}
    assert rows[0].state == "QUEUED"
    assert rows[0].marker == "#1"


async def test_another_request_under_the_same_key_is_refused_by_field(pool: Pool) -> None:
    """A key is one intended effect; the differing fields are named."""
    await accept(pool, SUBMISSION)
    with pytest.raises(KeyReusedError, match="notes"):
        await accept(pool, replace(SUBMISSION, request=b"second", fingerprint="f2"))


async def test_another_key_for_an_unfinished_target_is_refused(pool: Pool) -> None:
    """The target is guarded besides the key, and the key that has it is named."""
    await accept(pool, SUBMISSION)
    with pytest.raises(TargetBusyError, match="p-1"):
        await accept(pool, replace(SUBMISSION, operation_key="other"))


async def test_another_key_for_a_done_target_is_refused(pool: Pool, journal: Journal) -> None:
    """An order that is in the ERP is not entered again under a new key."""
    claim = await claimed(pool, journal)
    await journal.record_write(ticket(claim))
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    async with journal.transaction() as conn:
        await journal.succeed(conn, claim, b"response")
    with pytest.raises(TargetAlreadyDoneError, match="p-1"):
        await accept(pool, replace(SUBMISSION, operation_key="other"))


async def test_one_turn_per_agent_is_a_constraint(pool: Pool, journal: Journal) -> None:
    """Law 6 across processes: a second operation of the agent cannot be claimed, another agent's can."""
    await claimed(pool, journal)
    second = replace(SUBMISSION, operation_key="p-2", target="p-2")
    with pytest.raises(UserBusyError):
        await claimed(pool, Journal(pool, "instance-2"), second)
    await claimed(pool, journal, replace(second, user_id="A002"))


async def test_a_new_claim_fences_the_old_one_at_the_gate(pool: Pool, journal: Journal) -> None:
    """What was taken over may not write, confirm nor note any more; what it learns is kept."""
    old = await claimed(pool, journal)
    await claimed(pool, Journal(pool, "instance-2"))
    assert not await journal.record_write(ticket(old))
    with pytest.raises(FencedError):
        await journal.note_draft(old, "71723")
    with pytest.raises(FencedError):
        await journal.confirm(old, "71723", {"order_id": "71723"})
    facts = await evidence(pool)
    assert [fact["value"] for fact in facts if fact.get("late") == "draft_id"] == ["71723"]
    assert [fact["erp_id"] for fact in facts if fact.get("late") == "result"] == ["71723"]


async def test_each_write_is_counted_before_it_leaves(pool: Pool, journal: Journal) -> None:
    """The row says WRITING, with the number of writes, and the attempt says what each was."""
    claim = await claimed(pool, journal)
    assert await journal.record_write(ticket(claim))
    assert await journal.record_write(replace(ticket(claim), kind="line", target="71723"))
    await journal.record_answer(ticket(claim), Answer(status=200, ids=("71723",)))
    row = await journal.read(claim.operation_id)
    assert (row.state, row.write_seq) == ("WRITING", 2)
    facts = await evidence(pool)
    assert [fact.get("kind") or fact.get("answer_to") for fact in facts] == [
        "customer",
        "line",
        "customer",
    ]


async def test_no_first_write_after_start_by(pool: Pool, journal: Journal) -> None:
    """start_by is checked where the write is recorded, by the database's clock; later writes go on."""
    claim = await claimed(pool, journal)
    async with pool.connection() as conn:
        await conn.execute("UPDATE agents.operations SET start_by = now() - interval '1 second'")
    assert not await journal.record_write(ticket(claim))
    async with pool.connection() as conn:
        await conn.execute("UPDATE agents.operations SET start_by = now() + interval '1 minute'")
    assert await journal.record_write(ticket(claim))
    async with pool.connection() as conn:
        await conn.execute("UPDATE agents.operations SET start_by = now() - interval '1 second'")
    assert await journal.record_write(ticket(claim))


async def test_no_write_after_a_cancel(pool: Pool, journal: Journal) -> None:
    """cancel_requested closes the gate."""
    claim = await claimed(pool, journal)
    async with pool.connection() as conn:
        await conn.execute("UPDATE agents.operations SET cancel_requested = TRUE")
    assert not await journal.record_write(ticket(claim))


async def test_confirm_saves_the_answer_with_the_state(pool: Pool, journal: Journal) -> None:
    """CONFIRMED and the row of bot_results are one transaction; another id never replaces the first."""
    claim = await claimed(pool, journal)
    await journal.record_write(ticket(claim))
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    row = await journal.read(claim.operation_id)
    assert (row.state, row.erp_id) == ("CONFIRMED", "71723")
    async with pool.connection() as conn:
        saved = await check_bot_result(conn, "A001", "submit-order", "p-1")
    assert saved == {"order_id": "71723"}


async def test_a_failure_past_the_first_write_ends_only_by_a_refusal(
    pool: Pool, journal: Journal
) -> None:
    """Whatever else went wrong, a row in WRITING stays: somebody must read the ERP back."""
    claim = await claimed(pool, journal)
    await journal.record_write(ticket(claim))
    error = {"reason": "UI_DRIFT", "message": "m", "metadata": {}}
    for refused in (False, True):  # a refusal whose draft is not known proves nothing either
        async with journal.transaction() as conn:
            assert not await journal.fail(conn, claim, error, refused=refused)
        assert (await journal.read(claim.operation_id)).state == "WRITING"
    await journal.note_draft(claim, "71723")
    async with journal.transaction() as conn:
        assert await journal.fail(conn, claim, error | {"reason": "ERP_REJECTED"}, refused=True)
    assert (await journal.read(claim.operation_id)).state == "FAILED"


async def fail_before_writing(journal: Journal, claim: Claim) -> None:
    async with journal.transaction() as conn:
        await journal.fail(
            conn, claim, {"reason": "ERP_DOWN", "message": "m", "metadata": {}}, refused=False
        )


async def force_failure(pool: Pool) -> None:
    """What the undo of a refused draft will do: FAILED past a write, with nothing left."""
    async with pool.connection() as conn:
        await conn.execute("UPDATE agents.operations SET state = 'FAILED'")


async def test_a_failed_key_runs_again_and_a_corrected_request_is_a_new_revision(
    pool: Pool, journal: Journal
) -> None:
    """Nothing was left behind, so the key may be used again; a changed request has its own marker."""
    await fail_before_writing(journal, await claimed(pool, journal))
    again = await accept(pool, SUBMISSION)
    assert (again.state, again.revision, again.error) == ("QUEUED", 1, None)
    await fail_before_writing(journal, await claimed(pool, journal))
    claim = await claimed(pool, journal)
    await journal.record_write(ticket(claim))
    await force_failure(pool)
    corrected = await accept(pool, replace(SUBMISSION, request=b"second", fingerprint="f2"))
    assert corrected.write_seq == 0  # its first write is checked against start_by again
    assert (corrected.state, corrected.revision, corrected.marker) == ("QUEUED", 2, "#2")
    assert corrected.request == b"second"


async def test_a_failed_key_with_a_draft_is_held(pool: Pool, journal: Journal) -> None:
    """A draft left in the ERP is not run over, neither under its key nor under another."""
    claim = await claimed(pool, journal)
    await journal.record_write(ticket(claim))
    await journal.note_draft(claim, "71723")
    async with journal.transaction() as conn:
        await journal.fail(
            conn, claim, {"reason": "ERP_REJECTED", "message": "m", "metadata": {}}, refused=True
        )
    row: Row = await accept(pool, SUBMISSION)
    assert (row.state, row.draft_id) == ("FAILED", "71723")
    with pytest.raises(TargetBusyError, match="draft"):
        await accept(pool, replace(SUBMISSION, operation_key="other"))


async def test_a_commit_that_fails_three_times_gives_up_the_turn(
    pool: Pool, journal: Journal
) -> None:
    """CONFIRMED stays, flagged; the agent's next operation may go on."""
    claim = await claimed(pool, journal)
    await journal.record_write(ticket(claim))
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    for _ in range(2):
        await journal.commit_failed(claim, "OperationalError")
    assert not (await journal.read(claim.operation_id)).local_commit_stuck
    await journal.commit_failed(claim, "OperationalError")
    row = await journal.read(claim.operation_id)
    assert (row.state, row.local_commit_stuck) == ("CONFIRMED", True)
    await claimed(pool, journal, replace(SUBMISSION, operation_key="p-2", target="p-2"))


async def test_answers_of_ended_operations_are_cleared_at_the_next_start(
    pool: Pool, journal: Journal
) -> None:
    """A process that died between commit and clear leaves nothing for ever."""
    claim = await claimed(pool, journal)
    await journal.record_write(ticket(claim))
    await journal.confirm(claim, "71723", {"order_id": "71723"})
    assert await journal.clear_leftovers() == 0
    async with journal.transaction() as conn:
        await journal.succeed(conn, claim, b"response")
    assert await journal.clear_leftovers() == 1
