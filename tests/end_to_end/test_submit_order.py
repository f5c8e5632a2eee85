"""One order, from the gRPC call to the ERP's ledger and our tables."""

import asyncio
from decimal import Decimal

import pytest

from archibald.v1 import bot_pb2
from archibald_client import (
    InvalidRequestError,
    KeyReusedError,
    TargetAlreadyDoneError,
)
from server.config import Config
from tests.end_to_end.parts import NOTES, Bot, erp_requests, order, started
from tests.erp_simulator.running import Simulator


async def test_an_order_arrives_once_and_whole(bot: Bot, sim: Simulator) -> None:
    """One order, its lines once, one save; marker first in DESCRIZIONE, notes whole; our rows with it."""
    heard: list[bot_pb2.Progress] = []
    result = await bot.client.submit_order(order(), on_progress=heard.append)

    kinds = [effect["kind"] for effect in await sim.effects()]
    assert kinds.count("order_created") == 1
    assert kinds.count("line_added") == 2
    assert kinds.count("order_saved") == 1
    stored = await sim.order(result.order_id)
    assert stored["purchorderformnum"].startswith(f"{result.marker} Consegnare al mattino Suonare")
    assert stored["textinternal"] == NOTES
    assert stored["textexternal"] == NOTES
    assert stored["customer_id"] == "55202"
    assert [
        (line["article_code"], line["quantity"], line["manualdiscount"]) for line in stored["lines"]
    ] == [("H129FSQ.104.023", "5", "0"), ("TD1272.314.", "2", "12.5")]
    assert result.order_record_id == f"{int(result.order_id):,}".replace(",", ".")
    assert list(result.verification.differences) == []

    [head] = await bot.rows("order_records")
    assert (head["id"], head["order_number"]) == (
        result.order_record_id,
        f"PENDING-{result.order_record_id}",
    )
    assert head["total_amount"] == "476.65"  # 5 · 32.46, and 2 · 179.63 less 12.5 %, each half up
    lines = await bot.rows("order_articles")
    assert [(line["line_number"], line["line_amount"]) for line in lines] == [
        (1, Decimal("162.30")),
        (2, Decimal("314.35")),
    ]
    assert await bot.rows("bot_results") == []
    [operation] = await bot.rows("operations")
    assert operation["state"] == "SUCCEEDED"
    assert operation["high_water_mark"] is not None
    assert operation["draft_id"] == result.order_id

    percents = [event.percent for event in heard]
    assert percents == sorted(percents)
    assert {"form.customer", "form.articles.progress", "verify"} <= {event.step for event in heard}
    assert all(event.label_it and event.label_en for event in heard)


async def test_the_same_key_again_is_answered_from_the_journal(
    bot: Bot, config: Config, database: str, sim: Simulator
) -> None:
    """Replay, also after a restart: the same bytes, and not one request to the ERP."""
    first = await bot.client.submit_order(order())
    await sim.clear_requests()
    accepted: list[bot_pb2.Accepted] = []
    again = await bot.client.submit_order(order(), on_accepted=accepted.append)
    assert again.SerializeToString() == first.SerializeToString()
    assert accepted[0].replayed
    assert accepted[0].HasField("finished_at")
    assert await erp_requests(sim) == []

    async with started(config, database) as restarted:
        replayed = await restarted.client.submit_order(order())
    assert replayed.SerializeToString() == first.SerializeToString()
    assert await erp_requests(sim) == []
    assert len(await sim.effects("order_created")) == 1


async def test_two_callers_at_once_share_one_order(bot: Bot, sim: Simulator) -> None:
    """The second caller joins the first's run and hears its progress and its end."""
    accepted: list[bot_pb2.Accepted] = []
    results = await asyncio.gather(
        bot.client.submit_order(order(), on_accepted=accepted.append),
        bot.client.submit_order(order(), on_accepted=accepted.append),
    )
    assert results[0].SerializeToString() == results[1].SerializeToString()
    assert sorted(one.attached for one in accepted) == [False, True]
    assert len(await sim.effects("order_created")) == 1


async def test_a_caller_that_leaves_stops_nothing(bot: Bot, sim: Simulator) -> None:
    """Law 7: the call is cancelled in mid-order; the order is finished and the next call hears it."""
    reached = asyncio.Event()

    def listen(progress: bot_pb2.Progress) -> None:
        if progress.step == "form.customer":
            reached.set()

    caller = asyncio.create_task(bot.client.submit_order(order(), on_progress=listen))
    await reached.wait()
    caller.cancel()
    await asyncio.wait([caller])
    result = await bot.client.submit_order(order())
    assert [effect["id"] for effect in await sim.effects("order_created")] == [result.order_id]


async def test_submit_and_return(bot: Bot, sim: Simulator) -> None:
    """WAIT_NONE ends after Accepted; the order goes on without a listener."""
    accepted = await bot.client.start(order())
    assert accepted.operation_key == "p-1"
    result = await bot.client.submit_order(order())
    assert len(await sim.effects("order_saved")) == 1
    assert result.order_id


async def test_a_key_is_one_request(bot: Bot, sim: Simulator) -> None:
    """Another request under the key, or another key for the order, is refused by name; nothing happens."""
    await bot.client.submit_order(order())
    with pytest.raises(KeyReusedError) as reused:
        await bot.client.submit_order(order(notes="altro", customer_name="Centro Beta"))
    assert reused.value.metadata["fields"] == "customer_name,notes"
    assert "Beta" not in reused.value.message
    with pytest.raises(TargetAlreadyDoneError) as done:
        await bot.client.submit_order(order(operation_key="another"))
    assert done.value.metadata["operation_key"] == "p-1"
    assert len(await sim.effects("order_created")) == 1


async def test_bad_input_never_reaches_a_browser(bot: Bot, sim: Simulator) -> None:
    """All violations at once, by path; no row, no request."""
    bad = order(notes="x" * 10_000)
    bad.items[1].quantity = "1.5"
    with pytest.raises(InvalidRequestError) as refused:
        await bot.client.submit_order(bad)
    assert [violation.field for violation in refused.value.violations] == [
        "notes",
        "items[1].quantity",
    ]
    assert await erp_requests(sim) == []
    assert await bot.rows("operations") == []


async def test_an_order_served_from_stock_never_opens_the_erp(bot: Bot, sim: Simulator) -> None:
    """Its id says so, our rows hold it, and a second call is a replay."""
    request = order()
    for item in request.items:
        item.warehouse_quantity = item.quantity
    result = await bot.client.submit_order(request)
    assert result.order_id == result.order_record_id == "warehouse-p-1"
    assert await bot.client.submit_order(request) == result
    assert await erp_requests(sim) == []
    [head] = await bot.rows("order_records")
    assert (head["id"], head["order_number"]) == ("warehouse-p-1", "warehouse-p-1")
    assert (head["sales_status"], head["order_type"], head["sales_origin"]) == (
        "WAREHOUSE_FULFILLED",
        "Warehouse",
        "PWA",
    )
    assert head["transfer_status"] is None
    assert len(await bot.rows("order_articles")) == 2


async def test_only_what_the_stock_does_not_give_is_ordered(bot: Bot, sim: Simulator) -> None:
    """The ERP gets the rest; our rows hold the whole order with its sources."""
    request = order()
    request.items[0].warehouse_quantity = "5"
    request.items[1].warehouse_quantity = "1"
    request.items[1].warehouse_sources.add(warehouse_item_id=7, box_name="Scatola 7", quantity="1")
    result = await bot.client.submit_order(request)
    stored = await sim.order(result.order_id)
    assert [(line["article_code"], line["quantity"]) for line in stored["lines"]] == [
        ("TD1272.314.", "1")
    ]
    first, second = sorted(await bot.rows("order_articles"), key=lambda row: row["line_number"])
    assert (first["quantity"], first["warehouse_quantity"]) == (5, 5)
    assert (second["quantity"], second["warehouse_quantity"]) == (2, 1)
    assert "Scatola 7" in second["warehouse_sources_json"]


async def test_the_pending_row_is_deleted_and_its_absence_is_a_warning(bot: Bot) -> None:
    """Zero rows deleted is told, and fails nothing."""
    result = await bot.client.submit_order(order())
    assert any("pending_orders" in warning for warning in result.warnings)
