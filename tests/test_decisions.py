"""What people may decide about an operation, and what nobody can decide any more."""

from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from server.decisions import Decision, Resolution, cancel, resolve
from server.errors import NotUnderReviewError, TooLateError, UserBusyError
from server.operations import OPERATIONS
from tests.journal_rows import Pool, accepted, change, rows

BY_TYPE = {operation.TYPE: operation for operation in OPERATIONS.values()}
LOST = {"reason": "ERP_DOWN", "message": "no answer came", "metadata": {"draft_id": "71723"}}


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=2, open=False) as pool:
        yield pool


async def only(pool: Pool) -> dict[str, Any]:
    [row] = await rows(pool, "operations")
    return row


def resolution(decision: Decision, erp_id: str | None = None) -> Resolution:
    return Resolution(decision, note="seen in the list", by="ipv4:127.0.0.1:1", erp_id=erp_id)


async def decide(
    pool: Pool, operation_id: Any, decision: Decision, erp_id: str | None = None
) -> None:
    await resolve(pool, BY_TYPE, operation_id, resolution(decision, erp_id), start_within=7200)


async def pending(pool: Pool) -> None:
    """The agent's order as our own tables show it while it is on its way."""
    async with pool.connection() as conn:
        await conn.execute(
            """
            INSERT INTO agents.pending_orders
                   (id, user_id, customer_id, customer_name, items_json, status, created_at, updated_at, device_id)
            VALUES ('p-1', 'A001', '55261', 'Laboratorio Alfa', '[]', 'syncing', 1, 1, 'd')
            """
        )


async def test_what_waits_is_cancelled_at_once_and_our_own_rows_show_it(pool: Pool) -> None:
    """A second cancel changes nothing."""
    operation = await accepted(pool)
    await pending(pool)
    await cancel(pool, BY_TYPE, operation)
    row = await only(pool)
    assert (row["state"], row["error"]["reason"]) == ("CANCELLED", "CANCELLED")
    assert row["finished_at"] is not None
    [order] = await rows(pool, "pending_orders")
    assert order["status"] == "error"
    await cancel(pool, BY_TYPE, operation)
    assert await only(pool) == row


async def test_what_has_a_browser_is_marked_and_stays_its_servers(pool: Pool) -> None:
    """Its server closes the browser and writes the end; the gate is closed by the mark."""
    operation = await accepted(pool, state="RUNNING", owner_instance="a", generation=1)
    await cancel(pool, BY_TYPE, operation)
    row = await only(pool)
    assert (row["state"], row["cancel_requested"], row["owner_instance"]) == ("RUNNING", True, "a")
    assert row["finished_at"] is None


@pytest.mark.parametrize(
    "state",
    [
        "WRITING",
        "VERIFYING",
        "UNDOING",
        "CONFIRMED",
        "SUCCEEDED",
        "FAILED",
        "NEEDS_REVIEW",
        "ABANDONED",
    ],
)
async def test_a_cancel_that_comes_too_late_changes_nothing(pool: Pool, state: str) -> None:
    operation = await accepted(pool, state=state)
    before = await only(pool)
    with pytest.raises(TooLateError, match=state):
        await cancel(pool, BY_TYPE, operation)
    assert await only(pool) == before


async def test_a_decision_is_kept_for_ever_with_who_and_why(pool: Pool) -> None:
    """Reading back again begins at once, with nothing of the former tries counted."""
    operation = await accepted(
        pool,
        state="NEEDS_REVIEW",
        completions=3,
        missing=2,
        retries=3,
        reruns=2,
        draft_id="71723",
    )
    await decide(pool, operation, "look_again")
    row = await only(pool)
    assert (row["state"], row["missing"]) == ("VERIFYING", None)
    assert (row["completions"], row["retries"], row["reruns"]) == (0, 0, 0)
    assert row["draft_id"] == "71723"
    [kept] = await rows(pool, "operation_resolutions")
    assert (kept["operation_id"], kept["decision"], kept["note"], kept["decided_by"]) == (
        operation,
        "look_again",
        "seen in the list",
        "ipv4:127.0.0.1:1",
    )


async def test_an_id_that_a_person_names_is_where_the_read_back_looks(pool: Pool) -> None:
    operation = await accepted(pool, state="NEEDS_REVIEW")
    await decide(pool, operation, "landed", "71724")
    row = await only(pool)
    assert (row["state"], row["draft_id"]) == ("VERIFYING", "71724")
    [kept] = await rows(pool, "operation_resolutions")
    assert kept["erp_id"] == "71724"


async def test_what_is_not_done_queues_behind_the_others_and_has_time_to_run(pool: Pool) -> None:
    """The id that is taken from the row is kept with the decision."""
    operation = await accepted(pool, state="NEEDS_REVIEW", draft_id="71723")
    await accepted(pool, "p-2")
    async with pool.connection() as conn:
        await conn.execute("UPDATE agents.operations SET start_by = now() - interval '1 day'")
    await decide(pool, operation, "not_done")
    mine, other = sorted(await rows(pool, "operations"), key=lambda row: str(row["operation_key"]))
    assert (mine["state"], mine["draft_id"]) == ("QUEUED", None)
    assert mine["turn"] > other["turn"]
    assert mine["start_by"] > mine["updated_at"]
    [kept] = await rows(pool, "operation_resolutions")
    assert kept["erp_id"] == "71723"


async def test_what_is_given_up_is_at_its_end_and_our_own_rows_show_it(pool: Pool) -> None:
    operation = await accepted(pool, state="NEEDS_REVIEW", error=Jsonb(LOST))
    await pending(pool)
    await decide(pool, operation, "give_up")
    row = await only(pool)
    assert (row["state"], row["error"]["reason"]) == ("ABANDONED", "OUTCOME_ABANDONED")
    assert row["error"]["metadata"] == {"draft_id": "71723"}
    assert row["finished_at"] is not None
    [order] = await rows(pool, "pending_orders")
    assert order["status"] == "error"


@pytest.mark.parametrize("decision", get_args(Decision))
async def test_only_what_is_under_review_is_decided(pool: Pool, decision: Decision) -> None:
    """Also the second of two people is refused; neither row nor audit changes."""
    operation = await accepted(pool, state="WRITING")
    before = await only(pool)
    with pytest.raises(NotUnderReviewError):
        await decide(pool, operation, decision, "71723")
    assert await only(pool) == before
    assert await rows(pool, "operation_resolutions") == []


async def test_reading_back_needs_the_agents_turn(pool: Pool) -> None:
    """While another operation has it the decision is refused whole; when it has ended it is taken."""
    operation = await accepted(pool, state="NEEDS_REVIEW")
    other = await accepted(pool, "p-2", state="RUNNING")
    with pytest.raises(UserBusyError):
        await decide(pool, operation, "look_again")
    assert await rows(pool, "operation_resolutions") == []
    await change(pool, other, state="SUCCEEDED")
    await decide(pool, operation, "look_again")
