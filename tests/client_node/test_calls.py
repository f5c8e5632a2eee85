"""What a call of the Node client does from its request to its result."""

import asyncio
from typing import Any

from archibald.v1 import bot_pb2
from tests.client.scripted_bot import (
    END,
    HANG,
    RESULT,
    ScriptedBot,
    accepted,
    failure,
    progress,
    result,
)
from tests.client_node.backend import as_node, backend

Order = bot_pb2.SubmitOrderRequest


async def test_tells_every_step_and_returns_the_result(bot: ScriptedBot, order: Order) -> None:
    """Accepted, each step in order, then the result whole, with every default spelled out."""
    bot.script(accepted(), progress(1, 10), progress(4, 90), result())
    async with backend(bot.address) as node:
        call = node.call("submitOrder", request=order)
        told = await call.result()
    assert [name for name, _ in call.heard] == ["accepted", "progress", "progress", "result"]
    [first] = call.told("accepted")
    assert (first["operation_id"], first["replayed"]) == ("op-1", False)
    assert [(each["sequence"], each["percent"]) for each in call.told("progress")] == [
        (1, 10),
        (4, 90),
    ]
    assert told["order_id"] == "71723"
    assert told["verification"] == {"differences": [], "lines": [], "total": "12.50"}
    assert told["warnings"] == list(RESULT.warnings)
    # The key is the caller's: what arrived is what was written, an empty one stays empty.
    assert bot.requests == [order]


async def test_every_field_arrives_as_written(bot: ScriptedBot) -> None:
    """Texts, lists, numbers of 64 bits, enumerations, times: all that a request can hold."""
    order = Order(
        user_id="A001",
        operation_key="città",
        pending_order_id="po-1",
        customer_name="Rossi",
        no_shipping=True,
        on_price_difference=bot_pb2.ON_PRICE_DIFFERENCE_REJECT,
        delivery_address=bot_pb2.DeliveryAddress(street="Via Roma 1"),
        items=[
            bot_pb2.OrderItem(
                article_code="H129FSQ.104.023",
                quantity="5",
                warehouse_sources=[
                    bot_pb2.WarehouseSource(warehouse_item_id=2**52 + 1, quantity="1")
                ],
            )
        ],
    )
    order.start_by.FromJsonString("2026-11-28T10:00:00.25Z")
    written = as_node(order) | {
        "start_by": {"seconds": order.start_by.seconds, "nanos": 250_000_000}
    }
    written["items"][0]["warehouse_sources"][0]["warehouse_item_id"] = 2**52 + 1
    bot.script(accepted(), result())
    async with backend(bot.address) as node:
        await node.ask("submitOrder", request=written)
    assert bot.requests == [order]


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"user_ids": "A001"}, "user_ids: the contract has no such field"),
    ({"userId": "A001"}, "userId: the contract has no such field; is it user_id?"),
    ({"event": "accepted"}, "event: the contract has no such field"),
    ({"user_id": 7}, "user_id: expected a text in quotes, got number"),
    ({"user_id": "\ud800"}, "user_id: expected a text of whole characters, got string"),
    ({"no_shipping": "no"}, "no_shipping: expected true or false, got string"),
    (
        {"wait": "WAIT_LONG"},
        "wait: expected one of WAIT_UNSPECIFIED, WAIT_RESULT, WAIT_NONE, got string",
    ),
    ({"start_by": "soon"}, "start_by: expected an object, got string"),
    ({"start_by": {"seconds": 1.5}}, "start_by.seconds: expected a whole number, got number"),
    ({"start_by": {"nanos": 2**31}}, "start_by.nanos: expected a whole number, got number"),
    ({"items": {}}, "items: expected a list, got object"),
    ({"items": [{}, {"discout": "5"}]}, "items[1].discout: the contract has no such field"),
    ({"items": [{"price": 12.5}]}, "items[0].price: expected a text in quotes, got number"),
    ({"items": [None]}, "items[0]: expected an object, got null"),
    *(
        ({"wait": wait}, "the request says WAIT_NONE: call start(), or leave `wait` to the client")
        for wait in ("WAIT_NONE", 2)
    ),
)


async def test_what_the_contract_has_no_place_for_is_not_sent(
    bot: ScriptedBot, order: Order
) -> None:
    """A misspelt discount must not become an order without one, nor a float a price."""
    async with backend(bot.address) as node:
        for change, complaint in REFUSED:
            error = await node.call("submitOrder", request=as_node(order) | change).error()
            assert (error.facts["class"], error.message) == ("TypeError", complaint)
        error = await node.call("run", operation="SubmitOrders", request={}).error()
        assert (error.facts["class"], error.message) == (
            "TypeError",
            "BotService has no SubmitOrders",
        )
    assert bot.requests == []


async def test_sends_again_what_it_sent_first(bot: ScriptedBot, order: Order) -> None:
    """A first try that was refused and a second are the same request, byte for byte."""
    bot.script(accepted(), failure("UNAVAILABLE", "DRAINING"))
    bot.script(accepted(), result())
    async with backend(bot.address) as node:
        await node.ask("submitOrder", request=order)
    assert bot.requests == [order, order]


async def test_start_returns_when_recorded(bot: ScriptedBot, order: Order) -> None:
    """`start` asks for WAIT_NONE, returns Accepted, and is sent again as any other call."""
    bot.script(failure("UNAVAILABLE", "DRAINING"))
    bot.script(accepted(attached=True))
    async with backend(bot.address) as node:
        answer = await node.ask("start", operation="SubmitOrder", request=order)
    assert (answer["operation_key"], answer["attached"]) == ("po-1", True)
    assert [request.wait for request in bot.requests] == [bot_pb2.WAIT_NONE] * 2


async def test_a_stream_without_its_end_is_an_error(bot: ScriptedBot, order: Order) -> None:
    """A stream that ends with OK but without what was asked for is never taken for success."""
    async with backend(bot.address) as node:
        bot.script(accepted(), progress(1, 99), END)
        error = await node.call("submitOrder", request=order).error()
        assert error.facts["class"] == "BrokenContractError"
        bot.script(END)
        error = await node.call("start", operation="SubmitOrder", request=order).error()
        assert error.facts["class"] == "BrokenContractError"


async def test_a_result_counts_however_the_stream_ends(bot: ScriptedBot, order: Order) -> None:
    """A connection that breaks behind the result takes nothing away."""
    bot.script(accepted(), result(), failure("UNAVAILABLE", "DRAINING"))
    async with backend(bot.address) as node:
        assert (await node.ask("submitOrder", request=order))["order_id"] == "71723"
    assert len(bot.requests) == 1


async def test_a_listener_may_be_slow_or_fail(bot: ScriptedBot, order: Order) -> None:
    """One step is done with before the next is heard; a listener's error ends the listening, no more."""
    async with backend(bot.address) as node:
        bot.script(accepted(), progress(1, 10), progress(2, 20), result())
        call = node.call("submitOrder", request=order, listener="slow")
        await call.result()
        assert [name for name, _ in call.heard[1:-1]] == ["progress", "heard"] * 2

        bot.script(accepted(), progress(1, 10), HANG)
        error = await node.call("submitOrder", request=order, listener="fails").error()
        assert (error.facts["class"], error.message) == ("RangeError", "the backend's own error")
        await asyncio.wait_for(bot.detached.wait(), 5)
        bot.script(accepted(), result())
        assert await node.ask("submitOrder", request=order)
    assert len(bot.requests) == 3


async def test_a_signal_only_detaches(bot: ScriptedBot, order: Order) -> None:
    """It rejects with its own reason, at once also between two tries, and tells the server."""
    async with backend(bot.address) as node:
        bot.script(accepted(), HANG)
        call = node.call("submitOrder", request=order, abortable=True)
        await asyncio.wait_for(bot.hanging.wait(), 5)
        await node.abort(call)
        assert (await call.error()).message == "the backend gave up"
        await asyncio.wait_for(bot.detached.wait(), 5)

        bot.script(accepted(), failure("UNAVAILABLE", "ERP_DOWN", retry_after=4))
        call = node.call("submitOrder", request=order, abortable=True)
        await call.until(lambda call: bool(call.told("accepted")))
        async with asyncio.timeout(3):
            await node.abort(call)
            assert (await call.error()).message == "the backend gave up"
    assert len(bot.requests) == 2


async def test_the_timeout_ends_the_listening(bot: ScriptedBot, order: Order) -> None:
    """After it the caller is told that the operation goes on; the call is not sent again."""
    bot.script(accepted(), HANG)
    async with backend(bot.address) as node:
        error = await node.call("submitOrder", request=order, timeoutMs=300).error()
    assert (error.facts["class"], error.status) == ("StoppedListeningError", "DEADLINE_EXCEEDED")
    assert "goes on" in error.nextStep
    assert len(bot.requests) == 1


async def test_closing_ends_what_listens(bot: ScriptedBot, order: Order) -> None:
    """A call whose client is closed says so, and one on a closed client."""
    bot.script(accepted(), HANG)
    async with backend(bot.address) as node:
        call = node.call("submitOrder", request=order)
        await asyncio.wait_for(bot.hanging.wait(), 5)
        await node.ask("close")
        assert (await call.error()).message == "the client was closed while this call listened"
        error = await node.call("submitOrder", request=order).error()
        assert error.message == "the client is closed"


async def test_one_client_serves_many_calls_at_once(bot: ScriptedBot, order: Order) -> None:
    """Calls on one client do not wait for each other, do not mix, and do not make Node complain."""
    for _ in range(20):
        bot.script(accepted(), progress(1, 50), result())
    async with backend(bot.address) as node:
        calls = [node.call("submitOrder", request=order) for _ in range(20)]
        answers = await asyncio.gather(*(call.result() for call in calls))
    assert [answer["order_id"] for answer in answers] == ["71723"] * 20
    assert [len(call.told("progress")) for call in calls] == [1] * 20
