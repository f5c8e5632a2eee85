"""Looking at operations, stopping and settling them, on a server that works."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import grpc
import psycopg
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import bot_pb2, operations_pb2, operations_pb2_grpc
from archibald.v1.operations_pb2 import (
    CancelOperationRequest,
    GetArtifactRequest,
    GetOperationRequest,
    GiveUp,
    ListOperationsRequest,
    LookAgain,
    NotDone,
    OperationName,
    ResolveOperationRequest,
    WatchOperationRequest,
)
from archibald_client import ArchibaldError, ErpRejectedError, KeyReusedError
from server.artifacts import Artifacts
from server.config import Config
from server.reaper import Reaper
from tests.end_to_end.held import under_review
from tests.end_to_end.parts import USER, Bot, erp_requests, order
from tests.erp_simulator.running import Simulator


@pytest.fixture
async def desk(bot: Bot) -> AsyncIterator[Any]:
    """The service's stub, which is not typed."""
    async with grpc.aio.insecure_channel(bot.address) as channel:
        yield operations_pb2_grpc.OperationsServiceStub(channel)  # type: ignore[no-untyped-call]


def named(key: str = "p-1") -> OperationName:
    return OperationName(user_id=USER, operation_type="submit-order", operation_key=key)


async def shown(desk: Any, key: str = "p-1") -> operations_pb2.Operation:
    response: operations_pb2.GetOperationResponse = await desk.GetOperation(
        GetOperationRequest(name=named(key))
    )
    return response.operation


async def watched(
    desk: Any, from_sequence: int, key: str = "p-1"
) -> tuple[list[bot_pb2.Progress], operations_pb2.Operation]:
    """All that a watcher hears, and what the operation has come to."""
    request = WatchOperationRequest(name=named(key), from_sequence=from_sequence)
    responses = [response async for response in desk.WatchOperation(request)]
    assert [response.WhichOneof("event") for response in responses] == [
        *["progress"] * (len(responses) - 1),
        "operation",
    ]
    return [response.progress for response in responses[:-1]], responses[-1].operation


def reason_of(error: grpc.aio.AioRpcError) -> str:
    info = error_details_pb2.ErrorInfo()
    assert any(detail.Unpack(info) for detail in rpc_status.from_call(error).details)
    return str(info.reason)


@asynccontextmanager
async def refused(reason: str) -> AsyncIterator[None]:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        yield
    assert reason_of(error.value) == reason


async def ended_as(call: Any) -> str:
    """The reason with which a caller's operation ends."""
    with pytest.raises(ArchibaldError) as error:
        await call
    return error.value.reason


async def heard(
    step: str, call: Callable[..., Any]
) -> tuple["asyncio.Task[Any]", bot_pb2.Progress]:
    """Start a caller, and wait until it has heard of this step."""
    news: asyncio.Queue[bot_pb2.Progress] = asyncio.Queue()
    caller = asyncio.create_task(call(on_progress=news.put_nowait))
    while (progress := await asyncio.wait_for(news.get(), 30)).step != step:
        pass
    return caller, progress


async def test_an_operation_is_watched_to_its_end_and_shown_ever_after(bot: Bot, desk: Any) -> None:
    """Two watchers, one from the first event and one from now on; the list and the stored steps agree."""
    request = order()
    request.wait = bot_pb2.WAIT_NONE
    accepted = await bot.client.start(request)
    (steps, end), (news, other_end) = await asyncio.gather(watched(desk, 1), watched(desk, 0))
    assert end == other_end
    assert end.state == operations_pb2.OPERATION_STATE_SUCCEEDED
    assert end.submit_order.order_id == end.erp_id
    assert {"form.customer", "verify", "complete"} <= {step.step for step in steps}
    for each in (steps, news):
        assert [step.sequence for step in each] == sorted({step.sequence for step in each})
        assert [step.percent for step in each] == sorted(step.percent for step in each)
    assert (await bot.client.submit_order(order())).SerializeToString() == (
        end.submit_order.SerializeToString()
    )

    assert await shown(desk) == end
    by_id = GetOperationRequest(name=OperationName(operation_id=accepted.operation_id))
    assert (await desk.GetOperation(by_id)).operation == end
    listed = await desk.ListOperations(
        ListOperationsRequest(user_ids=[USER], states=[operations_pb2.OPERATION_STATE_SUCCEEDED])
    )
    assert list(listed.operations) == [end]
    stored, _ = await watched(desk, 1)
    assert {step.step for step in steps} <= {step.step for step in stored}
    assert (await watched(desk, stored[-1].sequence)) == ([stored[-1]], end)


async def test_a_cancel_stops_what_has_not_written_and_nothing_else(
    bot: Bot, desk: Any, sim: Simulator
) -> None:
    """In the queue, with a browser, and too late; a cancelled key runs again."""
    first, _ = await heard("login", lambda **on: bot.client.submit_order(order(), **on))
    waiting = order(pending_order_id="p-2")
    second, _ = await heard("turn", lambda **on: bot.client.submit_order(waiting, **on))
    answer = await desk.CancelOperation(CancelOperationRequest(name=named("p-2")))
    assert answer.operation.state == operations_pb2.OPERATION_STATE_CANCELLED
    answer = await desk.CancelOperation(CancelOperationRequest(name=named("p-1")))
    assert answer.operation.state == operations_pb2.OPERATION_STATE_RUNNING
    assert [await ended_as(first), await ended_as(second)] == ["CANCELLED", "CANCELLED"]
    assert await sim.effects() == []

    again, _ = await heard(
        "form.articles.progress", lambda **on: bot.client.submit_order(order(), **on)
    )
    async with refused("TOO_LATE"):
        await desk.CancelOperation(CancelOperationRequest(name=named("p-1")))
    result = await again
    assert [effect["id"] for effect in await sim.effects("order_created")] == [result.order_id]


STORES_NO_STEP = "LOCK TABLE agents.operation_events IN SHARE MODE"


class Held(ThreadPoolExecutor):
    """A loop's threads, of which none begins before it may."""

    def __init__(self) -> None:
        super().__init__(max_workers=8)
        self.asked = asyncio.Event()
        self.may_begin = threading.Event()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Called in the loop's own thread."""
        self.asked.set()
        return super().submit(self._begin, fn, *args, **kwargs)

    def _begin(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        self.may_begin.wait()
        return fn(*args, **kwargs)


async def test_a_step_that_is_stored_while_it_is_asked_for_is_shown(bot: Bot, desk: Any) -> None:
    """The operation is read before its last step is stored, and shown after."""
    async with await psycopg.AsyncConnection.connect(bot.database) as conn:
        await conn.execute(STORES_NO_STEP)
        first, _ = await heard("login", lambda **on: bot.client.submit_order(order(), **on))
        waiting = order(pending_order_id="p-2")
        second, step = await heard("turn", lambda **on: bot.client.submit_order(waiting, **on))
        answer = await desk.CancelOperation(CancelOperationRequest(name=named("p-2")))
        assert await ended_as(second) == "CANCELLED"
        held = Held()
        asyncio.get_running_loop().set_default_executor(held)
        try:
            asked = asyncio.create_task(shown(desk, "p-2"))
            await held.asked.wait()  # the files of an operation are listed once it is read
            await conn.rollback()
            await conn.execute(STORES_NO_STEP)  # behind those that have waited for it
        finally:
            held.may_begin.set()
        assert (await asked).progress == answer.operation.progress == step
        assert await shown(desk, "p-2") == answer.operation
    await desk.CancelOperation(CancelOperationRequest(name=named("p-1")))
    assert await ended_as(first) == "CANCELLED"


async def test_what_a_person_gives_up_is_at_its_end(bot: Bot, desk: Any, sim: Simulator) -> None:
    """Under review the caller hears OUTCOME_UNKNOWN, then OUTCOME_ABANDONED; the ERP hears nothing."""
    await under_review(bot.database, sim, order())
    assert await ended_as(bot.client.submit_order(order())) == "OUTCOME_UNKNOWN"
    held = await shown(desk)
    assert (held.error.reason, held.error.metadata["cause"]) == ("OUTCOME_UNKNOWN", "HELD")
    assert held.error.message_it
    decision = ResolveOperationRequest(name=named(), note="ordered by phone", give_up=GiveUp())
    answer = await desk.ResolveOperation(decision)
    assert answer.operation.state == operations_pb2.OPERATION_STATE_ABANDONED
    assert await ended_as(bot.client.submit_order(order())) == "OUTCOME_ABANDONED"
    async with refused("NOT_UNDER_REVIEW"):
        await desk.ResolveOperation(decision)
    [kept] = await bot.rows("operation_resolutions")
    assert (kept["decision"], kept["note"]) == ("give_up", "ordered by phone")
    assert await erp_requests(sim) == []


async def test_what_a_person_says_is_read_back_before_it_is_believed(
    bot: Bot, desk: Any, sim: Simulator
) -> None:
    """Not done: the ERP is read first, then the order is entered; looking again finds it by its marker."""
    await under_review(bot.database, sim, order())
    decision = ResolveOperationRequest(name=named(), note="not in the list", not_done=NotDone())
    await desk.ResolveOperation(decision)
    _, end = await watched(desk, 1)
    assert end.state == operations_pb2.OPERATION_STATE_SUCCEEDED
    async with await psycopg.AsyncConnection.connect(bot.database) as conn:
        await conn.execute(
            "UPDATE agents.operations SET state = 'NEEDS_REVIEW', response = NULL, erp_id = NULL, "
            "draft_id = NULL, finished_at = NULL, confirmed_at = NULL"
        )
    decision = ResolveOperationRequest(name=named(), note="it is there", look_again=LookAgain())
    await desk.ResolveOperation(decision)
    _, again = await watched(desk, 0)
    assert (again.state, again.erp_id) == (end.state, end.erp_id)
    assert [effect["id"] for effect in await sim.effects("order_created")] == [end.erp_id]


async def test_what_a_failed_attempt_left_is_handed_out(
    bot: Bot, config: Config, desk: Any
) -> None:
    """The picture and the trace, byte for byte as they lie in the server's folder."""
    request = order()
    request.items[0].article_code = "NO.SUCH.ARTICLE"
    with pytest.raises(ErpRejectedError):
        await bot.client.submit_order(request)
    failed = await shown(desk)
    assert (failed.state, failed.error.reason) == (
        operations_pb2.OPERATION_STATE_FAILED,
        "ERP_REJECTED",
    )
    assert [file.name for file in failed.artifacts] == ["1/page.png", "1/trace.zip"]
    for file in failed.artifacts:
        call = desk.GetArtifact(GetArtifactRequest(name=named(), artifact=file.name))
        data = b"".join([response.data async for response in call])
        path = config.data_dir / "artifacts" / failed.operation_id / file.name
        assert data == path.read_bytes()
        assert len(data) == file.size


async def test_a_key_whose_body_is_reaped_is_replayed_as_ever(
    bot: Bot, sim: Simulator, config: Config
) -> None:
    """The same answer by the fingerprint, also in another spelling; another request is refused."""
    request = order()
    for item in request.items:
        item.warehouse_quantity = item.quantity  # nothing to enter in the ERP
    first = await bot.client.submit_order(request)
    artifacts = Artifacts(config.data_dir / "artifacts", most_attempts=1, most_bytes=1)
    async with AsyncConnectionPool(bot.database, min_size=1, open=False) as pool:
        reaper = Reaper(
            pool, artifacts, keep_requests_days=1e-9, keep_attempts_days=1e-9, keep_audit_days=365
        )
        async with asyncio.timeout(5):
            while not (reaped := await reaper.reap())["requests"]:
                pass  # the server's own reaper is at its first round
        assert reaped["requests"] == 1
    request.items[1].discount = "12.50"
    again = await bot.client.submit_order(request)
    assert again.SerializeToString() == first.SerializeToString()
    request.items[1].discount = "13"
    with pytest.raises(KeyReusedError, match="no longer kept"):
        await bot.client.submit_order(request)
    assert await erp_requests(sim) == []
