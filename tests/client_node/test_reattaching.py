"""When the Node client sends a call again, how long it waits, and when it gives up: as the Python client."""

import asyncio
import time
from typing import Any, cast

import pytest

from archibald.v1 import bot_pb2
from archibald_client.kinds import BY_REASON
from server.serving import _OPTIONS
from tests.client.scripted_bot import (
    HANG,
    Relay,
    ScriptedBot,
    accepted,
    failure,
    progress,
    result,
)
from tests.client_node.backend import backend, evaluated

Order = bot_pb2.SubmitOrderRequest
PATIENT = 5_000  # milliseconds

OUTAGE = """
import { Outage } from "./client/node/src/outage.js";

let now = 0;
const clock = () => now;
const growing = new Outage(1_000_000, clock);
const delays = Array.from({ length: 8 }, () => growing.delay(undefined));
growing.over();
const anew = growing.delay(undefined);

const outage = new Outage(10_000, clock);
const first = outage.delay(1_000);
now += 6_000; // without a server
outage.over();
now += 1_000_000; // with one
console.log(JSON.stringify({ delays, anew, first, tooLong: outage.delay(5_000) ?? null, fits: outage.delay(3_000) }));
"""

OPTIONS = """
import { CHANNEL_OPTIONS } from "./client/node/src/calls.js";

console.log(JSON.stringify(CHANNEL_OPTIONS));
"""


async def say_goodbye(bot: ScriptedBot) -> None:
    """Stop as a server does that is being replaced: GOAWAY first, and its calls end a moment later."""
    assert bot._server is not None
    await bot._server.stop(0.3)
    bot._server = None


def hang_up(relay: Relay) -> None:
    """End every connection as a process does that ends: what was sent arrives, then FIN."""
    for writer in list(relay._writers):
        writer.close()


def freeze(relay: Relay) -> None:
    """Pass nothing on any more on the connections that there are, and tell nobody."""
    for writer in relay._writers:
        cast("asyncio.Transport", writer.transport).pause_reading()


async def test_waits_as_long_as_the_server_asks(bot: ScriptedBot, order: Order) -> None:
    """UNAVAILABLE is sent again with the same request, not before RetryInfo's delay has passed."""
    bot.script(failure("UNAVAILABLE", "DRAINING", retry_after=0.5))
    bot.script(accepted(), result())
    async with backend(bot.address, patienceMs=PATIENT) as node:
        began = time.monotonic()
        await node.ask("submitOrder", request=order)
        assert time.monotonic() - began >= 0.5
    assert bot.requests == [order, order]


async def test_nothing_else_is_sent_again(bot: ScriptedBot, order: Order) -> None:
    """A status that is not UNAVAILABLE reaches the caller at once, even with a RetryInfo."""
    kinds = {r: kind for r, kind in BY_REASON.items() if kind.default_status != "UNAVAILABLE"}
    async with backend(bot.address, patienceMs=PATIENT) as node:
        for reason, kind in kinds.items():
            bot.script(failure(kind.default_status, reason, retry_after=0.01))
            error = await node.call("submitOrder", request=order).error()
            assert (error.reason, error.retryAfterMs) == (reason, 10)
    assert len(bot.requests) == len(kinds)


@pytest.mark.parametrize(
    ("patience", "bound", "retry_after"),
    [(0, None, 20), (PATIENT, None, 60), (PATIENT, 4_000, 4.5)],
    ids=["no patience", "more than the patience", "more than the timeout"],
)
async def test_a_try_that_would_come_too_late_is_not_waited_for(
    bot: ScriptedBot, order: Order, patience: int, bound: int | None, retry_after: float
) -> None:
    """The caller hears now what the server said, and its delay."""
    bot.script(failure("UNAVAILABLE", "ERP_DOWN", retry_after=retry_after))
    bounds = {} if bound is None else {"timeoutMs": bound}
    async with backend(bot.address, patienceMs=patience) as node:
        began = time.monotonic()
        error = await node.call("submitOrder", request=order, **bounds).error()
        assert time.monotonic() - began < min(retry_after, 10)
    assert (error.reason, error.retryAfterMs) == ("ERP_DOWN", retry_after * 1000)
    assert len(bot.requests) == 1


@pytest.mark.parametrize("graceful", [False, True], ids=["killed", "GOAWAY"])
async def test_reattaches_when_the_server_comes_back(
    bot: ScriptedBot, order: Order, *, graceful: bool
) -> None:
    """A call outlives its server: the same request goes to the next one, and no step is heard twice."""
    bot.script(accepted(), progress(1, 10), progress(2, 20), HANG)
    bot.script(accepted(attached=True), progress(1, 10), progress(2, 20), progress(3, 30), result())
    async with backend(bot.address, patienceMs=PATIENT) as node:
        call = node.call("submitOrder", request=order)
        await call.until(lambda call: len(call.told("progress")) == 2)
        await (say_goodbye(bot) if graceful else bot.kill())
        await asyncio.sleep(
            0.5
        )  # a server takes its time to be replaced; tries come to nobody meanwhile
        await bot.start()
        assert (await asyncio.wait_for(call.result(), 10))["order_id"] == "71723"
    assert [each["percent"] for each in call.told("progress")] == [10, 20, 30]
    assert len(call.told("accepted")) == 1
    assert bot.requests == [order, order]


async def test_the_percentage_never_falls(bot: ScriptedBot, order: Order) -> None:
    """A restarted server that counts its steps anew does not throw the caller's bar back."""
    bot.script(accepted(), progress(8, 50), failure("UNAVAILABLE", "DRAINING"))
    bot.script(accepted(), progress(1, 10), progress(9, 20), progress(10, 60), result())
    async with backend(bot.address, patienceMs=PATIENT) as node:
        call = node.call("submitOrder", request=order)
        await call.result()
    told = [(each["sequence"], each["percent"]) for each in call.told("progress")]
    assert told == [(8, 50), (9, 50), (10, 60)]


@pytest.mark.parametrize("politely", [False, True], ids=["reset", "ended"])
async def test_reattaches_when_the_connection_is_cut(
    bot: ScriptedBot, order: Order, *, politely: bool
) -> None:
    """A connection that goes without a word of HTTP/2 (SIGKILL, a proxy) is replaced, not reported."""
    bot.script(accepted(), progress(1, 10), HANG)
    bot.script(accepted(attached=True), result())
    async with Relay(bot.port) as relay, backend(relay.address, patienceMs=PATIENT) as node:
        call = node.call("submitOrder", request=order)
        await call.until(lambda call: bool(call.told("progress")))
        if politely:
            hang_up(relay)
        else:
            relay.cut()
        assert (await asyncio.wait_for(call.result(), 10))["order_id"] == "71723"
    assert bot.requests == [order, order]


@pytest.mark.matrix  # 40 s of silence
async def test_notices_a_connection_that_died_without_a_word(
    bot: ScriptedBot, order: Order
) -> None:
    """Nothing arrives and nobody says so: the keepalive finds out, and the call goes on."""
    bot.script(accepted(), progress(1, 10), HANG)
    bot.script(accepted(attached=True), result())
    async with Relay(bot.port) as relay, backend(relay.address, patienceMs=PATIENT) as node:
        call = node.call("submitOrder", request=order)
        await call.until(lambda call: bool(call.told("progress")))
        freeze(relay)
        assert (await asyncio.wait_for(call.result(), 60))["order_id"] == "71723"
    assert bot.requests == [order, order]


async def test_the_server_allows_the_keepalive() -> None:
    """Pings that come quicker than the server takes are answered by GOAWAY, in the middle of an order."""
    ours, theirs = await evaluated(OPTIONS), dict[str, Any](_OPTIONS)
    assert ours["grpc.keepalive_time_ms"] > theirs["grpc.http2.min_ping_interval_without_data_ms"]
    assert theirs["grpc.keepalive_permit_without_calls"] == 1


async def test_delays_grow_to_a_bound_and_patience_counts_all_outages() -> None:
    """They double and begin anew after an answer; time with a server costs nothing, without one adds up."""
    told = await evaluated(OUTAGE)
    least = [200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]
    for delay, bound in zip(told["delays"], least, strict=True):
        assert bound <= delay <= bound * 1.25
    assert told["anew"] <= 250
    assert told["first"] >= 1_000
    assert told["tooLong"] is None
    assert told["fits"] >= 3_000


async def test_waits_for_a_server_that_is_not_there_yet(bot: ScriptedBot, order: Order) -> None:
    """A call that comes before its server is sent as soon as the server listens."""
    bot.script(accepted(), result())
    await bot.kill()
    async with backend(bot.address, patienceMs=PATIENT) as node:
        call = node.call("submitOrder", request=order)
        await asyncio.sleep(0.5)
        await bot.start()
        assert (await asyncio.wait_for(call.result(), 10))["order_id"] == "71723"


async def test_gives_up_when_no_server_comes(bot: ScriptedBot, order: Order) -> None:
    """Without a server the call ends when its patience does, and says that calling again is safe."""
    await bot.kill()
    async with backend(bot.address, patienceMs=500) as node:
        error = await asyncio.wait_for(node.call("submitOrder", request=order).error(), 5)
    assert (error.facts["class"], error.status) == ("ServerUnreachableError", "UNAVAILABLE")
    assert "same key" in error.nextStep


async def test_an_endless_loop_of_lost_calls_ends(bot: ScriptedBot, order: Order) -> None:
    """A server that takes the call and loses it, again and again, does not hold the caller for ever."""
    for _ in range(100):
        bot.script(accepted(), failure("UNAVAILABLE", "ERP_DOWN", retry_after=0.1))
    async with backend(bot.address, patienceMs=500) as node:
        assert (await node.call("submitOrder", request=order).error()).reason == "ERP_DOWN"
    assert 2 <= len(bot.requests) <= 6


async def test_all_addresses_are_used_and_a_dead_one_is_passed_over(order: Order) -> None:
    """Several servers on one database give the same answers: whichever is asked."""
    async with ScriptedBot() as first, ScriptedBot() as second:
        for each in (first, second):
            for _ in range(200):
                each.script(accepted(), result())
        addresses = f"ipv4:{first.address},{second.address}"
        async with backend(addresses, patienceMs=PATIENT) as node:
            while not (first.requests and second.requests):
                await node.ask("submitOrder", request=order)
            await second.kill()
            heard = len(first.requests)
            for _ in range(4):
                await node.ask("submitOrder", request=order)
            assert len(first.requests) == heard + 4
