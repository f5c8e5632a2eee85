"""Who waits for a browser: in a bounded line, claimed by nobody, and taken by whichever server has one free."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import grpc
import pytest

from archibald.v1 import operations_pb2_grpc
from archibald.v1.operations_pb2 import CancelOperationRequest, OperationName
from archibald_client import CancelledError, Client, PoolExhaustedError
from server.config import Config
from tests.end_to_end.parts import Bot, order, started, store_login
from tests.end_to_end.test_takeover import is_line
from tests.erp_simulator.running import Simulator
from tests.proxies.erp import ErpProxy, erp_proxy

P_2 = OperationName(user_id="A002", operation_type="submit-order", operation_key="p-2")


@pytest.fixture
async def site(sim: Simulator) -> AsyncIterator[ErpProxy]:
    """The way to the ERP of all servers of a test."""
    async with erp_proxy(sim.base_url) as site:
        yield site


@pytest.fixture
async def one_slot(config: Config, sim: Simulator, site: ErpProxy) -> Config:
    """A server with one slot, and a second agent."""
    await store_login(config, sim, "A002", "ikiA0010")
    return replace(config, erp_url=site.base_url, pool_size=1)


async def row_of(bot: Bot, key: str) -> dict[str, Any]:
    """An operation in the journal."""
    [row] = [row for row in await bot.rows("operations") if row["operation_key"] == key]
    return row


def ordering(
    client: Client, key: str, user: str = "A002"
) -> tuple["asyncio.Task[Any]", asyncio.Event]:
    """An order on its way, and whether it has come to stand in the line."""
    in_line = asyncio.Event()

    def listen(event: Any) -> None:
        if event.step == "browser":
            in_line.set()

    asking = client.submit_order(order(user_id=user, pending_order_id=key), on_progress=listen)
    return asyncio.create_task(asking), in_line


@pytest.mark.matrix
async def test_what_waits_for_a_browser_is_the_first_free_servers(
    one_slot: Config, database: str, sim: Simulator, site: ErpProxy
) -> None:
    """The only slot is taken; a second server takes what waits for it, and the first one's caller hears."""
    async with started(one_slot, database) as bot:
        site.stop_before(is_line)
        first, _ = ordering(bot.client, "p-1", "A001")
        await site.reached.wait()
        second, in_line = ordering(bot.client, "p-2")
        await in_line.wait()
        waiting = await row_of(bot, "p-2")
        assert (waiting["state"], waiting["owner_instance"]) == ("QUEUED", None)
        async with started(replace(one_slot, data_dir=one_slot.data_dir / "other"), database):
            result = await second
        site.let_go()
        other = await first
    created = [one["id"] for one in await sim.effects("order_created")]
    assert created == [other.order_id, result.order_id]


async def test_the_line_is_left_by_a_cancel_and_when_it_takes_too_long(
    one_slot: Config, database: str, sim: Simulator, site: ErpProxy
) -> None:
    """A cancel ends the wait at once; who waits too long hears so, and is still in the queue."""
    async with started(replace(one_slot, pool_timeout=2.0), database) as bot:
        site.stop_before(is_line)
        first, _ = ordering(bot.client, "p-1", "A001")
        await site.reached.wait()
        second, in_line = ordering(bot.client, "p-2")
        await in_line.wait()
        async with grpc.aio.insecure_channel(bot.address) as channel:
            stub: Any = operations_pb2_grpc.OperationsServiceStub(channel)  # type: ignore[no-untyped-call]
            await stub.CancelOperation(CancelOperationRequest(name=P_2))
        with pytest.raises(CancelledError):
            await second
        third, _ = ordering(bot.client, "p-3")
        with pytest.raises(PoolExhaustedError, match="stays in the queue"):
            await third
        assert (await row_of(bot, "p-3"))["state"] == "QUEUED"
        site.let_go()
        result = (await first, await ordering(bot.client, "p-3")[0])
    created = [one["id"] for one in await sim.effects("order_created")]
    assert created == [one.order_id for one in result]
