"""What a call does from its request to its result."""

import asyncio

import pytest

from archibald.v1 import bot_pb2
from archibald_client import (
    BrokenContractError,
    Client,
    OnProgress,
    StoppedListeningError,
    UnavailableError,
)
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

Order = bot_pb2.SubmitOrderRequest


async def test_returns_the_result_after_telling_every_step(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """The call returns the stream's result; each step is heard in order, `accepted` before them."""
    bot.script(accepted(), progress(1, 10), progress(4, 90), result())
    heard: list[object] = []
    answer = await client.submit_order(
        order,
        on_accepted=lambda event: heard.append(event.operation_id),
        on_progress=lambda event: heard.append(event.percent),
    )
    assert answer == RESULT
    assert heard == ["op-1", 10, 90]


async def test_awaits_an_async_listener(bot: ScriptedBot, client: Client, order: Order) -> None:
    """An async on_progress has finished with one step before it hears the next."""
    bot.script(accepted(), progress(1, 10), progress(2, 20), result())
    heard: list[str] = []

    async def listen(event: bot_pb2.Progress) -> None:
        heard.append(f"begin {event.sequence}")
        await asyncio.sleep(0.01)
        heard.append(f"end {event.sequence}")

    await client.submit_order(order, on_progress=listen)
    assert heard == ["begin 1", "end 1", "begin 2", "end 2"]


async def test_never_invents_a_key(bot: ScriptedBot, client: Client, order: Order) -> None:
    """What arrives at the server is what the caller wrote; an empty key stays empty."""
    bot.script(accepted(), result())
    await client.submit_order(order)
    assert bot.requests == [order]
    assert not bot.requests[0].operation_key


async def test_sends_again_what_it_sent_first(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A caller that changes its request while the call runs does not change what is sent again."""
    bot.script(accepted(), failure("UNAVAILABLE", "DRAINING"))
    bot.script(accepted(), result())
    before = Order()
    before.CopyFrom(order)
    await client.submit_order(order, on_accepted=lambda _: order.items.pop())
    assert bot.requests == [before, before]


async def test_start_returns_when_recorded(bot: ScriptedBot, client: Client, order: Order) -> None:
    """`start` asks for WAIT_NONE, returns Accepted, and leaves the caller's request as it was."""
    bot.script(accepted(attached=True))
    answer = await client.start(order)
    assert answer == accepted(attached=True).accepted
    assert bot.requests[0].wait == bot_pb2.WAIT_NONE
    assert order.wait == bot_pb2.WAIT_UNSPECIFIED


async def test_a_result_is_not_promised_for_wait_none(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A request that says WAIT_NONE cannot be listened to; nothing is sent."""
    order.wait = bot_pb2.WAIT_NONE
    with pytest.raises(ValueError, match="WAIT_NONE"):
        await client.submit_order(order)
    assert bot.requests == []


async def test_the_request_names_the_operation(bot: ScriptedBot, client: Client) -> None:
    """A message that no operation takes is refused before anything is sent."""
    with pytest.raises(TypeError, match="OrderItem"):
        await client.run(bot_pb2.OrderItem())
    with pytest.raises(TypeError, match="OrderItem"):
        await client.start(bot_pb2.OrderItem())
    assert bot.requests == []


async def test_a_stream_without_its_end_is_an_error(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A stream that ends with OK but without what was asked for is never taken for success."""
    bot.script(accepted(), progress(1, 99), END)
    with pytest.raises(BrokenContractError, match="without a result"):
        await client.submit_order(order)
    bot.script(END)
    with pytest.raises(BrokenContractError, match="not accepted"):
        await client.start(order)


async def test_a_result_counts_however_the_stream_ends(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A connection that breaks behind the result takes nothing away."""
    bot.script(accepted(), result(), failure("UNAVAILABLE", "DRAINING"))
    assert await client.submit_order(order) == RESULT
    assert len(bot.requests) == 1


async def test_a_listeners_error_reaches_the_caller(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """An error in on_progress is raised as it is, ends the listening, and leaves the client usable."""
    bot.script(accepted(), progress(1, 10), HANG)

    def fail(_: bot_pb2.Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await client.submit_order(order, on_progress=fail)
    await asyncio.wait_for(bot.detached.wait(), 5)
    bot.script(accepted(), result())
    assert await client.submit_order(order) == RESULT


async def test_a_listeners_unavailable_is_not_the_servers(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """An UnavailableError raised by a listener is its own, and no reason to send again."""
    bot.script(accepted(), progress(1, 10), HANG)

    def fail(_: bot_pb2.Progress) -> None:
        raise UnavailableError("another service")

    with pytest.raises(UnavailableError, match="another service"):
        await client.submit_order(order, on_progress=fail)
    assert len(bot.requests) == 1


async def test_cancelling_the_caller_only_detaches_it(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A cancelled call raises CancelledError, tells the server at once, and is not sent again."""
    bot.script(accepted(), HANG)
    call = asyncio.create_task(client.submit_order(order))
    await asyncio.wait_for(bot.hanging.wait(), 5)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.wait_for(bot.detached.wait(), 5)
    assert len(bot.requests) == 1


async def test_the_timeout_ends_the_listening(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """After `timeout` the caller is told that the operation goes on; the call is not sent again."""
    bot.script(accepted(), HANG)
    with pytest.raises(StoppedListeningError) as caught:
        await client.submit_order(order, timeout=0.3)
    assert caught.value.status == "DEADLINE_EXCEEDED"
    assert "goes on" in caught.value.next_step
    assert len(bot.requests) == 1


async def test_asyncio_timeout_works_as_everywhere(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A caller may bound a call with asyncio.timeout instead."""
    bot.script(accepted(), HANG)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.submit_order(order)


async def test_closing_the_client_is_not_a_cancel(bot: ScriptedBot, order: Order) -> None:
    """A call whose client is closed says so; its task is not taken for cancelled."""
    bot.script(accepted(), HANG)
    async with Client(bot.address) as client:
        call = asyncio.create_task(client.submit_order(order))
        await asyncio.wait_for(bot.hanging.wait(), 5)
    with pytest.raises(RuntimeError, match="closed"):
        await call


async def test_a_client_must_be_open(order: Order) -> None:
    """A client outside its `async with` says how it wants to be used."""
    with pytest.raises(RuntimeError, match="async with"):
        await Client("127.0.0.1:1").submit_order(order)


async def test_one_client_serves_many_calls_at_once(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """Calls on one client do not wait for each other and do not mix their events."""
    for _ in range(20):
        bot.script(accepted(), progress(1, 50), result())
    heard: list[int] = [0] * 20

    def listener(call: int) -> OnProgress:
        def listen(_: bot_pb2.Progress) -> None:
            heard[call] += 1

        return listen

    answers = await asyncio.gather(
        *(client.submit_order(order, on_progress=listener(call)) for call in range(20))
    )
    assert answers == [RESULT] * 20
    assert heard == [1] * 20


async def test_all_addresses_are_used_and_a_dead_one_is_passed_over(order: Order) -> None:
    """Several servers on one database give the same answers: whichever is asked."""
    async with ScriptedBot() as first, ScriptedBot() as second:
        for each in (first, second):
            for _ in range(200):
                each.script(accepted(), result())
        async with Client(f"ipv4:{first.address},{second.address}") as client:
            while not (first.requests and second.requests):
                assert await client.submit_order(order) == RESULT
            await second.kill()
            heard = len(first.requests)
            for _ in range(4):
                assert await client.submit_order(order) == RESULT
            assert len(first.requests) == heard + 4
