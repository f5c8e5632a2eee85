"""When a call is sent again, how long it waits, and when it gives up."""

import asyncio
import time
from typing import Any

import pytest

from archibald.v1 import bot_pb2
from archibald_client import (
    ArchibaldError,
    Client,
    DrainingError,
    ErpUnavailableError,
    ServerUnreachableError,
    calls,
)
from archibald_client.kinds import BY_REASON
from archibald_client.outage import Outage
from server.serving import _OPTIONS
from tests.client.scripted_bot import (
    HANG,
    RESULT,
    Relay,
    ScriptedBot,
    accepted,
    failure,
    progress,
    result,
)

Order = bot_pb2.SubmitOrderRequest


async def test_waits_as_long_as_the_server_asks(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """UNAVAILABLE is sent again with the same request, not before RetryInfo's delay has passed."""
    bot.script(failure("UNAVAILABLE", "DRAINING", retry_after=0.5))
    bot.script(accepted(), result())
    began = time.monotonic()
    assert await client.submit_order(order) == RESULT
    assert time.monotonic() - began >= 0.5
    assert bot.requests == [order, order]


@pytest.mark.parametrize(
    "reason", sorted(r for r, kind in BY_REASON.items() if kind.default_status != "UNAVAILABLE")
)
async def test_nothing_else_is_sent_again(
    reason: str, bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A status that is not UNAVAILABLE reaches the caller at once, even with a RetryInfo."""
    bot.script(failure(BY_REASON[reason].default_status, reason, retry_after=0.01))
    with pytest.raises(ArchibaldError):
        await client.submit_order(order)
    assert len(bot.requests) == 1


async def test_start_is_sent_again_too(bot: ScriptedBot, client: Client, order: Order) -> None:
    """Submit and return is as safe to repeat as submit and wait."""
    bot.script(failure("UNAVAILABLE", "DRAINING"))
    bot.script(accepted())
    assert (await client.start(order)).operation_key == "po-1"
    assert [request.wait for request in bot.requests] == [bot_pb2.WAIT_NONE] * 2


async def test_without_patience_there_is_one_try(bot: ScriptedBot, order: Order) -> None:
    """patience=0 leaves every retry to the caller, who is told the server's delay."""
    bot.script(failure("UNAVAILABLE", "DRAINING", retry_after=1.5))
    async with Client(bot.address, patience=0) as client:
        with pytest.raises(DrainingError) as caught:
            await client.submit_order(order)
    assert caught.value.retry_after == 1.5
    assert len(bot.requests) == 1


async def test_a_delay_beyond_the_patience_is_not_waited_for(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """When the server asks for more time than there is, the caller hears it now."""
    bot.script(failure("UNAVAILABLE", "ERP_DOWN", retry_after=60))
    began = time.monotonic()
    with pytest.raises(ErpUnavailableError) as caught:
        await client.submit_order(order)
    assert time.monotonic() - began < 2
    assert caught.value.retry_after == 60


async def test_the_timeout_bounds_the_retries(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A retry that would come after the timeout is not waited for; the real reason is raised."""
    bot.script(failure("UNAVAILABLE", "ERP_DOWN", retry_after=2))
    began = time.monotonic()
    with pytest.raises(ErpUnavailableError):
        await client.submit_order(order, timeout=1)
    assert time.monotonic() - began < 1


async def test_reattaches_when_the_server_comes_back(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A call outlives its server: the same request is sent to the next one, and no step is heard twice."""
    bot.script(accepted(), progress(1, 10), progress(2, 20), HANG)
    bot.script(accepted(attached=True), progress(1, 10), progress(2, 20), progress(3, 30), result())
    heard: list[object] = []
    call = asyncio.create_task(
        client.submit_order(
            order,
            on_accepted=lambda event: heard.append(event.operation_id),
            on_progress=lambda event: heard.append(event.percent),
        )
    )
    await asyncio.wait_for(bot.hanging.wait(), 5)
    await bot.kill()
    await asyncio.sleep(0.5)
    await bot.start()
    assert await asyncio.wait_for(call, 10) == RESULT
    assert heard == ["op-1", 10, 20, 30]
    assert bot.requests == [order, order]


async def test_the_percentage_never_falls(bot: ScriptedBot, client: Client, order: Order) -> None:
    """A restarted server that counts its steps anew does not throw the caller's bar back."""
    bot.script(accepted(), progress(8, 50), failure("UNAVAILABLE", "DRAINING"))
    bot.script(accepted(), progress(1, 10), progress(9, 40), failure("UNAVAILABLE", "DRAINING"))
    bot.script(accepted(), progress(1, 10), progress(2, 60), progress(10, 55), result())
    heard: list[tuple[int, int]] = []
    await client.submit_order(
        order, on_progress=lambda event: heard.append((event.sequence, event.percent))
    )
    assert heard == [(8, 50), (9, 50), (2, 60), (10, 60)]


async def test_reattaches_when_the_connection_is_cut(bot: ScriptedBot, order: Order) -> None:
    """A connection that is reset without a word (SIGKILL, network) is replaced, not reported."""
    bot.script(accepted(), progress(1, 10), HANG)
    bot.script(accepted(attached=True), result())
    async with Relay(bot.port) as relay, Client(relay.address, patience=5) as client:
        call = asyncio.create_task(client.submit_order(order))
        await asyncio.wait_for(bot.hanging.wait(), 5)
        relay.cut()
        assert await asyncio.wait_for(call, 10) == RESULT
    assert bot.requests == [order, order]


async def test_notices_a_connection_that_died_without_a_word(
    bot: ScriptedBot, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing arrives and nobody says so: the pings find out (here thirty times as fast), and the call goes on."""
    quick = [
        (name, int(value) // 30 if name.endswith(("keepalive_time_ms", "timeout_ms")) else value)
        for name, value in calls.CHANNEL_OPTIONS
    ]
    monkeypatch.setattr(calls, "CHANNEL_OPTIONS", quick)
    bot.script(accepted(), progress(1, 10), HANG)
    bot.script(accepted(attached=True), result())
    async with Relay(bot.port) as relay, Client(relay.address, patience=5) as client:
        call = asyncio.create_task(client.submit_order(order))
        await asyncio.wait_for(bot.hanging.wait(), 5)
        relay.freeze()
        assert await asyncio.wait_for(call, 10) == RESULT
    assert bot.requests == [order, order]


def test_the_server_allows_the_clients_keepalive() -> None:
    """Pings that come quicker than the server takes are answered by GOAWAY, in the middle of an order."""
    ours: dict[str, Any] = dict(calls.CHANNEL_OPTIONS)
    theirs: dict[str, Any] = dict(_OPTIONS)
    assert ours["grpc.keepalive_time_ms"] > theirs["grpc.http2.min_ping_interval_without_data_ms"]
    assert theirs["grpc.keepalive_permit_without_calls"] == 1


async def test_waits_for_a_server_that_is_not_there_yet(bot: ScriptedBot, order: Order) -> None:
    """A call that comes before its server is sent as soon as the server listens."""
    bot.script(accepted(), result())
    await bot.kill()
    async with Client(bot.address, patience=5) as client:
        call = asyncio.create_task(client.submit_order(order))
        await asyncio.sleep(0.5)
        await bot.start()
        assert await asyncio.wait_for(call, 10) == RESULT


async def test_gives_up_when_no_server_comes(bot: ScriptedBot, order: Order) -> None:
    """Without a server the call ends when its patience does, and says that calling again is safe."""
    await bot.kill()
    began = time.monotonic()
    async with Client(bot.address, patience=0.5) as client:
        with pytest.raises(ServerUnreachableError) as caught:
            await client.submit_order(order)
    assert time.monotonic() - began < 5
    assert caught.value.status == "UNAVAILABLE"
    assert "same key" in caught.value.next_step


async def test_an_endless_loop_of_lost_calls_ends(bot: ScriptedBot, order: Order) -> None:
    """A server that takes the call and loses it, again and again, does not hold the caller for ever."""
    for _ in range(100):
        bot.script(accepted(), failure("UNAVAILABLE", "ERP_DOWN", retry_after=0.1))
    async with Client(bot.address, patience=0.5) as client:
        with pytest.raises(ErpUnavailableError):
            await client.submit_order(order)
    assert 2 <= len(bot.requests) <= 6


async def test_cancel_while_waiting_to_try_again(
    bot: ScriptedBot, client: Client, order: Order
) -> None:
    """A cancel is heard at once also between two tries."""
    bot.script(failure("UNAVAILABLE", "ERP_DOWN", retry_after=4))
    call = asyncio.create_task(client.submit_order(order))
    await asyncio.wait_for(bot.called.wait(), 5)
    await asyncio.sleep(0.1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


def test_delays_grow_to_a_bound_and_begin_anew() -> None:
    """Delays double up to the bound while nobody answers, and are short again after an answer."""
    outage = Outage(patience=1000, clock=lambda: 0.0)
    delays = [outage.delay(None) for _ in range(8)]
    assert all(delay is not None for delay in delays)
    for delay, least in zip(delays, [0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5], strict=True):
        assert least <= (delay or 0) <= least * 1.25
    outage.over()
    assert (outage.delay(None) or 1) <= 0.25


def test_patience_counts_outages_only_and_all_of_them() -> None:
    """Time with a server costs nothing; time without one adds up over all outages of a call."""
    now = 0.0
    outage = Outage(patience=10, clock=lambda: now)
    assert outage.delay(1) is not None
    now += 6  # without a server
    outage.over()
    now += 1000  # with one
    assert outage.delay(5) is None
    assert outage.delay(3) is not None
