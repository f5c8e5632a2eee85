"""The cases at which others order twice, or leave somebody guessing; the ledger is the judge."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace

import grpc
import psycopg
import pytest

from archibald.v1 import operations_pb2 as ops
from archibald.v1.operations_pb2_grpc import OperationsServiceStub
from archibald_client import LocalCommitPendingError, OutcomeAbandonedError, OutcomeUnknownError
from server.config import Config
from server.processes import Family
from tests.end_to_end.parts import USER, Bot, order, started, store_login
from tests.end_to_end.test_recovery import execute, kill_at_step
from tests.erp_simulator.running import Simulator
from tests.proxies.erp import erp_proxy
from tests.proxies.http import Asked


def is_save(asked: Asked) -> bool:
    """Whether a request saves an order."""
    return asked.field("__CALLBACKPARAM").startswith("c0:Vertical$mainMenu:1i1:")


async def browsers_of(bot: Bot) -> list[int]:
    """The browsers of the only server, youngest last, as it has told all others."""
    [instance] = await bot.rows("server_instances")
    return [one["pid"] for one in instance["browsers"]]


async def gated(bot: Bot) -> list[str]:
    """The kinds of write that were let through the gate, by the journal."""
    attempts = await bot.rows("operation_attempts")
    return [fact["kind"] for one in attempts for fact in one["evidence"] if "kind" in fact]


@pytest.mark.matrix
async def test_a_header_that_only_the_save_keeps(
    config: Config, database: str, sim: Simulator
) -> None:
    """Killed after line 1, the order stands without marker and notes: it is found by its number."""
    await sim.config(header_persists_on="save")
    await kill_at_step(config, "form.articles.progress", current=2)
    async with started(config, database) as bot:
        result = await bot.client.submit_order(order())
    assert [one["id"] for one in await sim.effects("order_created")] == [result.order_id]
    assert len(await sim.effects("line_added")) == 2
    assert not result.verification.differences


@pytest.mark.matrix
async def test_a_write_that_outlives_its_browser(
    config: Config, database: str, sim: Simulator
) -> None:
    """The save takes longer than the quiet time, and the browser dies at once: its session is a barrier."""
    config = replace(config, quiet_time=1)
    await sim.fault("F13", "save", nth=1, how="slow", factor=300)
    async with started(config, database) as bot:
        caller = asyncio.create_task(bot.client.submit_order(order()))
        while "save" not in await gated(bot):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
        os.kill((await browsers_of(bot))[-1], signal.SIGKILL)
        result = await caller
    assert [one["id"] for one in await sim.effects("order_created")] == [result.order_id]
    assert await sim.effects("order_deleted") == []


@pytest.fixture
async def under_review(config: Config, database: str, sim: Simulator) -> AsyncIterator[Bot]:
    """A server with an order that was saved and then vanished from the ERP before it was read back."""
    async with erp_proxy(sim.base_url) as site:
        config = replace(config, erp_url=site.base_url, verify_for=0.5)
        site.stop_after(is_save)
        async with started(config, database) as bot:
            caller = asyncio.create_task(bot.client.submit_order(order()))
            await site.reached.wait()
            [created] = await sim.effects("order_created")
            await sim.human("ikiA0001", "delete", order=created["id"])
            site.drop()
            with pytest.raises(OutcomeUnknownError):
                await caller
            yield bot


async def test_what_a_person_gave_up_is_at_its_end(under_review: Bot, sim: Simulator) -> None:
    """The same key then says so, and touches nothing."""
    name = ops.OperationName(
        user_id=USER, operation_type="submit-order", operation_key=order().pending_order_id
    )
    async with grpc.aio.insecure_channel(under_review.address) as channel:
        stub = OperationsServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
        held = (await stub.GetOperation(ops.GetOperationRequest(name=name))).operation
        assert held.state == ops.OPERATION_STATE_NEEDS_REVIEW
        assert held.error.message_it
        request = ops.ResolveOperationRequest(name=name, note="cancellato", give_up=ops.GiveUp())
        given_up = (await stub.ResolveOperation(request)).operation
    assert given_up.state == ops.OPERATION_STATE_ABANDONED
    await sim.clear_requests()
    with pytest.raises(OutcomeAbandonedError):
        await under_review.client.submit_order(order())
    assert await sim.requests("login") == []


async def test_a_commit_that_always_fails_gives_up_the_turn(
    config: Config, database: str, sim: Simulator
) -> None:
    """After three failures the agent's next operation runs; the first is kept being tried."""
    async with started(config, database) as bot:
        await execute(
            database,
            "ALTER TABLE agents.order_records ADD CONSTRAINT wrong CHECK (customer_name <> 'Laboratorio Alfa')",
        )
        with pytest.raises(LocalCommitPendingError):
            await bot.client.submit_order(order())
        other = order(
            pending_order_id="p-2",
            customer_id="55.206",
            customer_account="1002005",
            customer_name="Studio Dentistico Beta",
        )
        result = await bot.client.submit_order(other)
        rows = {row["operation_key"]: row for row in await bot.rows("operations")}
        assert (rows["p-1"]["state"], rows["p-1"]["local_commit_stuck"]) == ("CONFIRMED", True)
        assert rows["p-2"]["erp_id"] == result.order_id
        await execute(database, "ALTER TABLE agents.order_records DROP CONSTRAINT wrong")
        repeated = await bot.client.submit_order(order())
        assert repeated.order_id == rows["p-1"]["erp_id"]
    assert len(await sim.effects("order_created")) == 2


@pytest.mark.matrix
async def test_trouble_at_one_gate_is_nobody_elses(
    config: Config, database: str, sim: Simulator
) -> None:
    """One agent's journal fails at the gate while another agent works in the same browser."""
    await store_login(config, sim, "A002", "ikiA0010")
    async with (
        started(config, database) as bot,
        await psycopg.AsyncConnection.connect(database) as conn,
    ):
        await conn.execute(
            """
            CREATE FUNCTION agents.refuse() RETURNS TRIGGER LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'refused'; END $$
            """
        )
        await conn.execute(
            """
            CREATE TRIGGER refuse BEFORE UPDATE OF write_seq ON agents.operations FOR EACH ROW
            WHEN (NEW.user_id = 'A001' AND NEW.write_seq = 1) EXECUTE FUNCTION agents.refuse()
            """
        )
        await conn.commit()
        troubled = asyncio.create_task(bot.client.submit_order(order()))
        other = await bot.client.submit_order(order(user_id="A002", pending_order_id="p-2"))
        await asyncio.wait([troubled])
        [row] = [row for row in await bot.rows("operations") if row["user_id"] == "A002"]
        assert (row["generation"], row["state"], row["erp_id"]) == (1, "SUCCEEDED", other.order_id)
    assert [one["id"] for one in await sim.effects("order_created")] == [other.order_id]
    assert Family.of(os.getpid()) is not None
