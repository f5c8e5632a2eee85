"""The local transaction as it travels: whoever was overtaken writes nothing, and clearing is not part of it."""

from collections.abc import AsyncIterator

import pytest
from google.protobuf import json_format
from psycopg_pool import AsyncConnectionPool

from archibald.v1.bot_pb2 import SubmitOrderResult
from server.errors import FencedError
from server.journal import Journal
from server.local_commit import commit_and_clear
from server.operation import Claim, Intent
from server.operations import submit_order
from tests.end_to_end.parts import order
from tests.journal_rows import rows
from tests.states.rows import Pool, claimed, registered

DONE = SubmitOrderResult(order_id="71723", order_record_id="71.723")


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    options = {"autocommit": True, "options": "-c lock_timeout=200"}
    async with AsyncConnectionPool(
        database, min_size=2, max_size=3, open=False, kwargs=options
    ) as pool:
        yield pool


@pytest.fixture
async def journal(pool: Pool) -> Journal:
    return await registered(pool, "server-1")


async def confirmed(pool: Pool, journal: Journal) -> Claim:
    """The ERP has done it, and its answer is saved."""
    claim = await claimed(pool, journal)
    await journal.confirm(claim, "71723", json_format.MessageToDict(DONE))
    return claim


async def committed(journal: Journal, claim: Claim) -> bytes:
    request = order(pending_order_id="p-1", user_id="A001")
    result = SubmitOrderResult()
    result.CopyFrom(DONE)
    return await commit_and_clear(journal, submit_order, Intent(claim, request, "#1"), result)


async def test_our_tables_the_response_and_nothing_left_over(pool: Pool, journal: Journal) -> None:
    """All at once; what was not there to be deleted is a warning in the very response that is stored."""
    claim = await confirmed(pool, journal)
    response = await committed(journal, claim)
    row = await journal.read(claim.operation_id)
    assert (row.state, row.response) == ("SUCCEEDED", response)
    assert len(SubmitOrderResult.FromString(response).warnings) == 1
    assert [one["id"] for one in await rows(pool, "order_records")] == ["71.723"]
    assert await rows(pool, "bot_results") == []


async def test_whoever_was_overtaken_writes_nothing(pool: Pool, journal: Journal) -> None:
    """Neither our own tables, although their statements come first, nor does it clear the answer."""
    claim = await confirmed(pool, journal)
    other = await registered(pool, "server-2")
    assert await other.claim(await journal.read(claim.operation_id), []) is not None
    with pytest.raises(FencedError):
        await committed(journal, claim)
    assert (await journal.read(claim.operation_id)).state == "CONFIRMED"
    assert await rows(pool, "order_records") == []
    assert len(await rows(pool, "bot_results")) == 1


async def test_an_answer_that_cannot_be_cleared_spoils_nothing(
    pool: Pool, journal: Journal
) -> None:
    """It is behind the transaction: somebody holds its row, and it stays for the completer."""
    claim = await confirmed(pool, journal)
    async with pool.connection() as conn, conn.transaction():
        await conn.execute("SELECT FROM agents.bot_results FOR UPDATE")
        response = await committed(journal, claim)
    assert (await journal.read(claim.operation_id)).response == response
    assert await journal.clear_leftovers() == 1
