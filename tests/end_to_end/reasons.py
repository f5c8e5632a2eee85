"""How each reason of the contract comes about on a real server: one way for each, and what is heard of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from psycopg.types.json import Jsonb

from archibald.v1 import bot_pb2, credentials_pb2, operations_pb2
from archibald.v1.operations_pb2 import OperationName
from server.callers import hashed, new_token
from tests.doors import bearer
from tests.end_to_end.parts import USER, order
from tests.end_to_end.stage import Heard, Stage, heard_out, refused
from tests.proxies.postgres import postgres_proxy
from tests.test_callers import written

# Where no ERP is, and one try of it.
AWAY: dict[str, Any] = {"erp_url": "http://127.0.0.1:9/Archibald", "retry_delays": (0.1,)}
TOKEN = new_token()

Way = Callable[[Stage], Awaitable[Heard]]
WAYS: dict[str, Way] = {}


def way(reason: str) -> Callable[[Way], Way]:
    """Say which reason is heard in the end."""

    def register(scenario: Way) -> Way:
        WAYS[reason] = scenario
        return scenario

    return register


@way("INVALID_REQUEST")
async def _(stage: Stage) -> Heard:
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order(user_id="", notes="a\x08b"))


@way("UNAUTHENTICATED")
async def _(stage: Stage) -> Heard:
    """A server that knows its callers, and a call without a name."""
    async with stage.server(callers_file=known(stage, USER)) as address:
        return await refused(address, "SubmitOrder", order())


@way("PERMISSION_DENIED")
async def _(stage: Stage) -> Heard:
    """Another agent's login."""
    async with stage.server(callers_file=known(stage, "A002")) as address:
        request = credentials_pb2.DeleteCredentialsRequest(user_id=USER)
        return await refused(address, "DeleteCredentials", request, metadata=bearer(TOKEN))


@way("OPERATION_NOT_FOUND")
async def _(stage: Stage) -> Heard:
    async with stage.server() as address:
        name = OperationName(operation_id=str(uuid4()))
        return await refused(address, "GetOperation", operations_pb2.GetOperationRequest(name=name))


@way("IDEMPOTENCY_KEY_REUSED")
async def _(stage: Stage) -> Heard:
    await stage.recorded("SUCCEEDED", order())
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order(notes="altro"))


@way("TARGET_BUSY")
async def _(stage: Stage) -> Heard:
    await stage.recorded("NEEDS_REVIEW", order())
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order(operation_key="k-2"))


@way("TARGET_ALREADY_DONE")
async def _(stage: Stage) -> Heard:
    await stage.recorded("SUCCEEDED", order())
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order(operation_key="k-2"))


@way("ERP_REJECTED")
async def _(stage: Stage) -> Heard:
    request = order()
    request.items[1].article_code = "NONESISTE.000"
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", request)


@way("CUSTOMER_AMBIGUOUS")
async def _(stage: Stage) -> Heard:
    names = [customer["name"] for customer in await stage.sim.customers()]
    twin = next(name for name in names if names.count(name) > 1)
    request = order(customer_id="", customer_account="", customer_name=twin)
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", request)


@way("ERP_LOGIN_REJECTED")
async def _(stage: Stage) -> Heard:
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order(user_id="A002"))  # none is stored


@way("EXPIRED")
async def _(stage: Stage) -> Heard:
    start_by = Timestamp()
    start_by.FromDatetime(datetime.now(UTC) - timedelta(hours=1))
    async with stage.server(**AWAY) as address:
        return await refused(address, "SubmitOrder", order(start_by=start_by))


@way("OUTCOME_UNKNOWN")
async def _(stage: Stage) -> Heard:
    await stage.recorded("NEEDS_REVIEW", order())
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order())


@way("OUTCOME_ABANDONED")
async def _(stage: Stage) -> Heard:
    await stage.recorded("ABANDONED", order())
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order())


@way("LOCAL_COMMIT_PENDING")
async def _(stage: Stage) -> Heard:
    await stage.execute(
        "INSERT INTO agents.bot_results (user_id, operation_type, operation_key, result_data) "
        "VALUES (%s, 'submit-order', 'p-1', %s)",
        USER,
        Jsonb({"orderId": "71.650"}),
    )
    await stage.refuse_rows("order_records")
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order())


@way("TOO_LATE")
async def _(stage: Stage) -> Heard:
    name = await stage.recorded("SUCCEEDED", order())
    async with stage.server() as address:
        request = operations_pb2.CancelOperationRequest(name=name)
        return await refused(address, "CancelOperation", request)


@way("NOT_UNDER_REVIEW")
async def _(stage: Stage) -> Heard:
    name = await stage.recorded("SUCCEEDED", order())
    async with stage.server() as address:
        return await refused(address, "ResolveOperation", _look_again(name))


@way("USER_BUSY")
async def _(stage: Stage) -> Heard:
    """Reading back needs the agent's turn, which another operation has."""
    await stage.recorded("VERIFYING", order(pending_order_id="p-0"))
    name = await stage.recorded("NEEDS_REVIEW", order())
    async with stage.server() as address:
        return await refused(address, "ResolveOperation", _look_again(name))


@way("CANCELLED")
async def _(stage: Stage) -> Heard:
    async with stage.server() as address:
        caller, accepted = await _waiting(stage, address)
        async with grpc.aio.insecure_channel(address) as channel:
            cancel: Any = channel.unary_unary("/archibald.v1.OperationsService/CancelOperation")
            name = OperationName(operation_id=accepted.operation_id)
            await cancel(operations_pb2.CancelOperationRequest(name=name).SerializeToString())
        return await caller


@way("DRAINING")
async def _(stage: Stage) -> Heard:
    async with stage.server() as address:
        caller, _ = await _waiting(stage, address)
    return await caller


@way("POOL_EXHAUSTED")
async def _(stage: Stage) -> Heard:
    """One slot, and somebody in it."""
    async with stage.server(pool_size=1, pool_timeout=0.3, retry_delays=(0.1,)) as address:
        signing_in = asyncio.Event()

        def heard(event: bot_pb2.SubmitOrderResponse) -> None:
            if event.progress.step.startswith(("login", "form")):
                signing_in.set()

        first = asyncio.create_task(_done(address, order(), heard))
        await signing_in.wait()
        request = order(user_id="A002", pending_order_id="p-2")
        failure = await refused(address, "SubmitOrder", request)
        await first
    return failure


@way("UI_DRIFT")
async def _(stage: Stage) -> Heard:
    """A list that does not show what is looked for by."""
    await stage.sim.config(products_columns="ID DESCRIPTION")
    async with stage.server(retry_delays=(0.1,)) as address:
        return await refused(address, "SubmitOrder", order())


@way("ERP_DOWN")
async def _(stage: Stage) -> Heard:
    async with stage.server(**AWAY) as address:
        return await refused(address, "SubmitOrder", order())


@way("DB_DOWN")
async def _(stage: Stage) -> Heard:
    async with (
        postgres_proxy(stage.database) as proxy,
        stage.server(database_url=proxy.dsn, database_timeout=1.0) as address,
    ):
        proxy.cut()
        failure = await refused(address, "SubmitOrder", order())
        proxy.mend()
    return failure


@way("INTERNAL")
async def _(stage: Stage) -> Heard:
    """A database that refuses what it never should is nothing that anybody foresaw."""
    await stage.refuse_rows("operations")
    async with stage.server() as address:
        return await refused(address, "SubmitOrder", order())


def known(stage: Stage, agent: str) -> Path:
    """A file of callers with one, who may act for this agent."""
    stage.config.data_dir.mkdir(parents=True, exist_ok=True)
    content = f'[shop]\nagents = ["{agent}"]\ntokens = ["{hashed(TOKEN)}"]\n'
    return written(stage.config.data_dir, content)


def _look_again(name: OperationName) -> operations_pb2.ResolveOperationRequest:
    return operations_pb2.ResolveOperationRequest(
        name=name, note="look", look_again=operations_pb2.LookAgain()
    )


async def _waiting(stage: Stage, address: str) -> tuple["asyncio.Task[Heard]", bot_pb2.Accepted]:
    """A caller whose order waits for its agent's turn, which another operation has all day."""
    await stage.recorded("VERIFYING", order(pending_order_id="p-0"))
    events: asyncio.Queue[bot_pb2.SubmitOrderResponse] = asyncio.Queue()
    caller = asyncio.create_task(refused(address, "SubmitOrder", order(), events.put_nowait))
    return caller, (await events.get()).accepted


async def _done(address: str, request: Any, heard: Callable[[Any], object]) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        call: Any = channel.unary_stream(
            "/archibald.v1.BotService/SubmitOrder",
            request_serializer=bot_pb2.SubmitOrderRequest.SerializeToString,
            response_deserializer=bot_pb2.SubmitOrderResponse.FromString,
        )
        await heard_out(call(request), heard)
