"""An order through the service against the same order by a bare script: same pages, same ERP, both signed in.

The service's time is its caller's: from the call to the result. With an ERP that answers at once the three
take turns; at its real latencies, where each of them has the processors for a twentieth of its time, they
run beside each other, so that what else the machine does meets all.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

from archibald.v1 import bot_pb2 as pb
from archibald_client import Client
from server.erp.session import ErpSession, Login
from server.erp.timeouts import Timeouts
from server.operations import submit_order
from tests.benchmarks.bare import NoNotebook, intent_of, signed_in
from tests.benchmarks.figures import Figure, inner
from tests.load.plan import AGENTS, orders
from tests.soak.house import LOGINS, house

LINES = 5
# The first agent is left out: he alone has hundreds of orders, and a full list takes everybody longer.
OURS, CACHED, UNCACHED = AGENTS[1:4]
ROUNDS = {1.0: 3, 0.0: 5}
# With an ERP that answers at once our waits are short as well: poll and pauses, never a bound.
LEAST_SCALE = 0.02


async def measure(folder: Path) -> list[Figure]:
    """The figures ``overhead_ratio`` and ``overhead_ratio_scale0``."""
    return [
        await _at(1.0, inner(folder, "one"), "overhead_ratio", 1.03),
        await _at(0.0, inner(folder, "zero"), "overhead_ratio_scale0", 1.25),
    ]


async def _at(scale: float, folder: Path, key: str, bound: float) -> Figure:
    waits = max(scale, LEAST_SCALE)
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(
            house(folder, ("-m", "server"), {}, {"time_scale": waits}, servers=1, scale=scale)
        )
        known = {agent["user"]: agent["password"] for agent in await parts.sim.agents()}
        client = await stack.enter_async_context(Client(parts.addresses[0]))
        bare = [
            await stack.enter_async_context(
                signed_in(
                    folder / user, parts.sim.base_url, Login(LOGINS[user], known[LOGINS[user]]),
                    user, Timeouts().scaled(waits), cache=cache,
                )
            )
            for user, cache in ((CACHED, True), (UNCACHED, False))
        ]  # fmt: skip
        times: dict[str, list[float]] = {"service": [], "bare": [], "bare_without_cache": []}
        warm, asked = orders("warm-up", 1), orders("overhead", LINES)
        for number in range(ROUNDS[scale] + 1):
            order = next(asked if number else warm)  # the same for all three
            turns = {
                "service": _through(client, order, OURS),
                "bare": _bare(bare[0], order, CACHED),
                "bare_without_cache": _bare(bare[1], order, UNCACHED),
            }
            if scale:
                seconds = await asyncio.gather(*turns.values())
            else:
                seconds = [await turn for turn in turns.values()]
            for name, one in zip(turns, seconds, strict=True):
                if number:
                    times[name].append(one)
    pairs = zip(times["service"], times["bare"], strict=True)
    return Figure(
        key, "", [one / other for one, other in pairs], ("<=", bound),
        {"lines": LINES, "seconds": times, "baseline": "HTTP cache on"},
    )  # fmt: skip


async def _through(client: Client, order: pb.SubmitOrderRequest, user: str) -> float:
    request = _for(user, order)
    began = time.perf_counter()
    await client.submit_order(request)
    return time.perf_counter() - began


async def _bare(session: ErpSession, order: pb.SubmitOrderRequest, user: str) -> float:
    intent = intent_of(submit_order, _for(user, order))
    began = time.perf_counter()
    await submit_order.run(session, intent, NoNotebook(), lambda *_, **__: None)
    return time.perf_counter() - began


def _for(user: str, order: pb.SubmitOrderRequest) -> pb.SubmitOrderRequest:
    request = pb.SubmitOrderRequest()
    request.CopyFrom(order)
    request.user_id = user
    return request
