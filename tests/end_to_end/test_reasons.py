"""Every reason of the contract comes about on a real server, and arrives whole in Python."""

import pytest

from archibald_client import Client, InvalidRequestError
from archibald_client.statuses import error_of
from server.config import Config
from tests.details import KINDS, told
from tests.end_to_end.parts import order
from tests.end_to_end.reasons import WAYS
from tests.end_to_end.stage import Stage
from tests.erp_simulator.running import Simulator

# What a caller may rely on finding beside the reason.
FACTS = {
    "IDEMPOTENCY_KEY_REUSED": {"fields": "notes"},
    "TARGET_BUSY": {"operation_key": "p-1"},
    "TARGET_ALREADY_DONE": {"operation_key": "p-1"},
    "LOCAL_COMMIT_PENDING": {"erp_id": "71650"},
}

# Of an rpc that is in the contract before its operation is built; today there is none. What such a server
# answers is seen in tests/test_unbuilt.py.
OF_TOMORROW = {"NOT_BUILT"}


@pytest.fixture
def stage(config: Config, database: str, sim: Simulator) -> Stage:
    return Stage(config, database, sim)


def test_there_is_a_way_to_every_reason() -> None:
    """What cannot come about has no place in the contract."""
    assert set(WAYS) == set(KINDS) - OF_TOMORROW


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
