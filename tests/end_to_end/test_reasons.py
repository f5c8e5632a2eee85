"""Every reason of the contract comes about on a real server, and arrives whole in Python."""

import asyncio

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from archibald.v1 import bot_pb2
from archibald_client import Client, InvalidRequestError
from archibald_client.statuses import error_of
from server.config import Config
from tests.details import KINDS, told
from tests.end_to_end.parts import order
from tests.end_to_end.reasons import WAYS
from tests.end_to_end.stage import Stage, refused
from tests.erp_simulator.running import Simulator
from tests.proxies.postgres import postgres_proxy

# What a caller may rely on finding beside the reason.
FACTS = {
    "IDEMPOTENCY_KEY_REUSED": {"fields": "notes"},
    "TARGET_BUSY": {"operation_key": "p-1"},
    "TARGET_ALREADY_DONE": {"operation_key": "p-1"},
    "LOCAL_COMMIT_PENDING": {"erp_id": "71650"},
}


@pytest.fixture
def stage(config: Config, database: str, sim: Simulator) -> Stage:
    return Stage(config, database, sim)


def test_there_is_a_way_to_every_reason() -> None:
    """What cannot come about has no place in the contract."""
    assert set(WAYS) == set(KINDS)


@pytest.mark.parametrize("reason", sorted(WAYS))
async def test_a_reason_arrives_with_all_that_belongs_to_it(stage: Stage, reason: str) -> None:
    """Status and details as the table says, both languages, the facts, and the client's own class."""
    failure = await WAYS[reason](stage)
    heard = told(failure)
    assert heard.reason == reason
    assert heard.metadata.items() >= FACTS.get(reason, {}).items()
    assert heard.english == heard.message
    assert heard.italian != heard.english
    error = error_of(failure)
    assert (error.reason, error.status, error.retry_after) == (
        reason,
        heard.status,
        heard.retry_after,
    )


async def test_more_is_wrong_than_fits_into_an_answer(stage: Stage) -> None:
    """Two hundred lines wrong in four ways each: the first are named, the others counted, all of it arrives."""
    request = order()
    del request.items[:]
    for _ in range(200):
        request.items.add(article_code="\0", quantity="x", price="x", discount="x")
    async with stage.server() as address, Client(address, patience=0) as client:
        with pytest.raises(InvalidRequestError) as refused:
            await client.submit_order(request)
    fields = [each.field for each in refused.value.violations]
    assert fields[:2] == ["items[0].article_code", "items[0].quantity"]
    assert len(fields) > 10
    left = 4 * 200 - (len(fields) - 1)
    assert refused.value.violations[-1].description == f"{left} more violations are not listed here"


async def test_a_key_called_again_in_the_instant_of_its_end_does_not_hear_of_that_end(
    stage: Stage,
) -> None:
    """Cancelled, and read as such by its run; called again before that run is over: it is a new one."""
    late = order(start_by=Timestamp(seconds=1_700_000_000))
    await stage.recorded("VERIFYING", order(pending_order_id="p-0"))  # has the agent's turn
    async with (
        postgres_proxy(stage.database) as proxy,
        stage.server(database_url=proxy.dsn) as address,
    ):
        first: asyncio.Queue[bot_pb2.SubmitOrderResponse] = asyncio.Queue()
        caller = asyncio.create_task(refused(address, "SubmitOrder", order(), first.put_nowait))
        operation = (await first.get()).accepted.operation_id
        while (await first.get()).progress.step != "turn":
            pass
        proxy.stop_after("FROM agents.operations WHERE id = ")
        await stage.execute(
            "UPDATE agents.operations SET state = 'CANCELLED', finished_at = now() WHERE id = %s",
            operation,
        )
        async with asyncio.timeout(20):
            await proxy.reached.wait()
        second: asyncio.Queue[bot_pb2.SubmitOrderResponse] = asyncio.Queue()
        again = asyncio.create_task(refused(address, "SubmitOrder", late, second.put_nowait))
        assert (await second.get()).accepted.operation_id == operation
        proxy.let_go()
        assert told(await again).reason == "EXPIRED"
        await caller
