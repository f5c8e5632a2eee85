"""What happens when something dies: the saved answer, the local transaction, the server itself."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from archibald.v1 import bot_pb2
from archibald_client import (
    Client,
    ErpLoginRejectedError,
    ErpRejectedError,
    ErpUnavailableError,
    LocalCommitPendingError,
    OutcomeUnknownError,
)
from server import embedded_cluster
from server.app import stored_credentials
from server.config import Config
from server.embedded_postgres import embedded_postgres
from tests.databases import temporary_folder
from tests.end_to_end.parts import (
    USER,
    Bot,
    erp_requests,
    order,
    refused_late,
    started,
    store_login,
)
from tests.end_to_end.processes import server_process
from tests.erp_simulator.running import Simulator
from tests.proxies.postgres import postgres_proxy


async def execute(dsn: str, statement: str, *values: Any) -> None:
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        await conn.execute(statement.encode(), values or None)


async def test_a_saved_result_skips_the_bot(bot: Bot, sim: Simulator) -> None:
    """The original's first: an answer saved by whoever is finished without touching the ERP."""
    await execute(
        bot.database,
        "INSERT INTO agents.bot_results (user_id, operation_type, operation_key, result_data) "
        "VALUES (%s, 'submit-order', 'p-1', %s)",
        USER,
        Jsonb({"orderId": "71.650"}),
    )
    result = await bot.client.submit_order(order())
    assert (result.order_id, result.order_record_id) == ("71650", "71.650")
    assert await erp_requests(sim) == []
    assert [row["id"] for row in await bot.rows("order_records")] == ["71.650"]
    assert await bot.rows("bot_results") == []


async def test_the_answer_is_saved_before_our_tables_and_cleared_after(
    config: Config, database: str
) -> None:
    """The original's second and third: while the local transaction is held the answer is saved."""
    async with (
        postgres_proxy(database) as proxy,
        started(replace(config, database_url=proxy.dsn), database) as bot,
    ):
        proxy.stop_at("INSERT INTO agents.order_records")
        caller = asyncio.create_task(bot.client.submit_order(order()))
        await proxy.reached.wait()
        [saved] = await bot.rows("bot_results")
        [operation] = await bot.rows("operations")
        assert saved["result_data"]["order_id"] == operation["erp_id"]
        assert operation["state"] == "CONFIRMED"
        assert await bot.rows("order_records") == []
        proxy.cut()
        with pytest.raises(LocalCommitPendingError):
            await caller
        proxy.mend()
        await bot.client.submit_order(order())
        assert await bot.rows("bot_results") == []


async def test_a_failing_transaction_leaves_the_answer_and_the_next_call_finishes(
    bot: Bot, sim: Simulator
) -> None:
    """The original's fourth: the caller hears the ERP id; once mended, no ERP request is needed."""
    await execute(bot.database, "ALTER TABLE agents.order_articles RENAME TO order_articles_away")
    with pytest.raises(LocalCommitPendingError) as pending:
        await bot.client.submit_order(order())
    [created] = await sim.effects("order_created")
    assert pending.value.metadata["erp_id"] == created["id"]
    assert len(await bot.rows("bot_results")) == 1
    assert await bot.rows("order_records") == []
    await sim.clear_requests()

    await execute(bot.database, "ALTER TABLE agents.order_articles_away RENAME TO order_articles")
    result = await bot.client.submit_order(order())
    assert result.order_id == created["id"]
    assert await erp_requests(sim) == []
    assert len(await bot.rows("order_articles")) == 2
    assert await bot.rows("bot_results") == []


async def test_an_answer_overwritten_by_another_system_never_runs_the_bot_again(
    bot: Bot, sim: Simulator
) -> None:
    """The order is sent; what was saved of it is then replaced by a row that proves nothing (defect D5)."""
    request = bot_pb2.SendToVeronaRequest(user_id=USER, order_id="71.723")
    await execute(bot.database, "ALTER TABLE agents.order_records RENAME TO order_records_away")
    with pytest.raises(LocalCommitPendingError):
        await bot.client.send_to_verona(request)
    await execute(bot.database, "ALTER TABLE agents.order_records_away RENAME TO order_records")
    theirs = Jsonb({"success": True, "message": "inviato"})
    await execute(bot.database, "UPDATE agents.bot_results SET result_data = %s", theirs)
    await sim.clear_requests()
    with pytest.raises(OutcomeUnknownError, match="71723"):
        await bot.client.send_to_verona(request)
    assert await erp_requests(sim) == []
    assert len(await sim.effects("order_sent")) == 1


@pytest.mark.matrix
async def test_postgres_killed_at_the_local_transaction(config: Config, sim: Simulator) -> None:
    """The caller hears LOCAL_COMMIT_PENDING with the id; after the restart one order, no ERP request."""
    with temporary_folder() as folder:
        first_life = AsyncExitStack()
        dsn = await first_life.enter_async_context(embedded_postgres(folder, fsync=False))
        async with first_life, postgres_proxy(dsn) as proxy:
            mortal = replace(config, database_url=proxy.dsn)
            await store_login(mortal, sim)
            async with started(mortal, dsn) as bot:
                proxy.stop_at("INSERT INTO agents.order_records")
                caller = asyncio.create_task(bot.client.submit_order(order()))
                await proxy.reached.wait()
                [saved] = await bot.rows("bot_results")
                postmaster = embedded_cluster.locate(folder).recorded_pid()
                assert postmaster is not None
                os.kill(postmaster, signal.SIGKILL)
                with pytest.raises(LocalCommitPendingError) as pending:
                    await caller
                [created] = await sim.effects("order_created")
                assert pending.value.metadata["erp_id"] == created["id"]
                assert saved["result_data"]["order_id"] == created["id"]
                await first_life.aclose()
                await sim.clear_requests()

                async with embedded_postgres(folder, fsync=False):
                    proxy.mend()
                    result = await bot.client.submit_order(order())
                    assert result.order_id == created["id"]
                    assert await erp_requests(sim) == []
                    assert len(await sim.effects("order_created")) == 1
                    assert len(await bot.rows("order_records")) == 1
                    assert await bot.rows("bot_results") == []


async def kill_at_step(config: Config, step: str, *, current: int = 0) -> None:
    """Run the order in a server of its own and SIGKILL it at a step."""
    async with server_process(config) as (process, address), Client(address, patience=0) as client:
        reached = asyncio.Event()
        caller = asyncio.create_task(
            client.submit_order(
                order(),
                on_progress=lambda event: (
                    reached.set() if (event.step, event.current) == (step, current) else None
                ),
            )
        )
        await reached.wait()
        process.kill()
        await process.wait()
        await asyncio.wait([caller])


@pytest.mark.matrix
async def test_killed_before_the_first_write_it_runs_again(
    config: Config, database: str, sim: Simulator
) -> None:
    """A RUNNING row without a write is taken over; there is one order in the end."""
    await kill_at_step(config, "navigation.ordini")
    async with started(config, database) as bot:
        result = await bot.client.submit_order(order())
        assert [effect["id"] for effect in await sim.effects("order_created")] == [result.order_id]
        [operation] = await bot.rows("operations")
        assert operation["generation"] == 2


async def test_killed_past_the_first_write_its_draft_is_completed(
    config: Config, database: str, sim: Simulator
) -> None:
    """The order that stands is edited, never entered again: what it has is not entered twice."""
    await kill_at_step(config, "form.articles.progress", current=2)
    async with started(config, database) as bot:
        result = await bot.client.submit_order(order())
        assert [effect["id"] for effect in await sim.effects("order_created")] == [result.order_id]
        assert len(await sim.effects("line_added")) == 2
        assert not result.verification.differences, result.verification
        [operation] = await bot.rows("operations")
        assert operation["state"] == "SUCCEEDED"


@pytest.mark.matrix
async def test_an_unknown_customer_is_refused_and_nothing_is_written(
    bot: Bot, sim: Simulator
) -> None:
    """ERP_REJECTED, ledger untouched, and a corrected request runs under the same key."""
    wrong = order(customer_id="99999", customer_account="", customer_name="Nessuno Cosi")
    with pytest.raises(ErpRejectedError):
        await bot.client.submit_order(wrong)
    assert await sim.effects() == []
    result = await bot.client.submit_order(order())
    assert [effect["id"] for effect in await sim.effects("order_created")] == [result.order_id]
    [operation] = await bot.rows("operations")
    assert operation["revision"] == 2


@pytest.mark.matrix
async def test_a_refusal_past_the_customer_leaves_nothing(bot: Bot, sim: Simulator) -> None:
    """What is only seen in the form leaves a draft, which is deleted; the corrected request then runs."""
    with pytest.raises(ErpRejectedError):
        await bot.client.submit_order(refused_late())
    created = await sim.effects("order_created")
    deleted = await sim.effects("order_deleted")
    assert [one["id"] for one in created] == [one["id"] for one in deleted]
    result = await bot.client.submit_order(order())
    assert [one["id"] for one in await sim.effects("order_created")] == [
        *(one["id"] for one in created),
        result.order_id,
    ]


async def test_an_agent_without_a_login_is_refused(bot: Bot, sim: Simulator) -> None:
    """The message says how an operator stores one; the ERP is not asked."""
    with pytest.raises(ErpLoginRejectedError, match="credentials put A002"):
        await bot.client.submit_order(order(user_id="A002"))
    assert await erp_requests(sim) == []


async def test_a_wrong_password_is_tried_once(bot: Bot, config: Config, sim: Simulator) -> None:
    """A second try could lock the account."""
    async with stored_credentials(config) as (credentials, conn):
        await credentials.put(conn, USER, "ikiA0001", "wrong")
    with pytest.raises(ErpLoginRejectedError):
        await bot.client.submit_order(order())
    assert len(await sim.requests("login")) == 1


@pytest.mark.matrix
async def test_an_erp_that_is_away_is_unavailable_and_the_key_runs_later(
    config: Config, database: str, sim: Simulator
) -> None:
    """Nothing was written; the same key goes through when the ERP is back."""
    nowhere = replace(config, erp_url="http://127.0.0.1:9/Archibald")
    async with started(nowhere, database) as bot:
        with pytest.raises(ErpUnavailableError):
            await bot.client.submit_order(order())
    async with started(config, database) as bot:
        await bot.client.submit_order(order())
    assert len(await sim.effects("order_created")) == 1


async def test_a_failed_attempt_leaves_what_an_operator_can_open(bot: Bot, config: Config) -> None:
    """A screenshot and a trace, by operation and generation; a good attempt leaves nothing."""
    with pytest.raises(ErpRejectedError):
        await bot.client.submit_order(
            order(customer_id="99999", customer_account="", customer_name="Nessuno")
        )
    [operation] = await bot.rows("operations")
    folder = config.data_dir / "artifacts" / str(operation["id"]) / "1"
    assert sorted(file.name for file in folder.iterdir()) == ["page.png", "trace.zip"]
    await bot.client.submit_order(order())
    assert [each.name for each in folder.parent.iterdir()] == ["1"]
