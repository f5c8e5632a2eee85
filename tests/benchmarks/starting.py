"""From nothing to serving: a server's start, its first operation, and its return after SIGKILL in mid-order."""

import asyncio
import time
from pathlib import Path

from archibald_client import Client
from tests.benchmarks.figures import Figure, inner
from tests.load.plan import orders
from tests.soak.house import House, ServerProcess, house

ROUNDS = 5
SCALE = 0.02


async def measure(folder: Path) -> list[Figure]:
    """The figures ``start_s`` (serving), ``recovery_s`` (serving again), ``first_cold_s``, ``first_warm_s``."""
    settings = {"time_scale": SCALE}
    async with house(
        inner(folder, "house"), ("-m", "server"), {}, settings, servers=1, scale=SCALE
    ) as parts:
        [server] = parts.servers
        asked = orders("start", 1)
        starts, cold, warm, again, reads = (list[float]() for _ in range(5))
        async with Client(server.address) as client:
            for _ in range(ROUNDS):
                await server.end()
                starts.append(await _started(server))
                for times in (cold, warm):
                    began = time.perf_counter()
                    await client.submit_order(next(asked))
                    times.append(time.perf_counter() - began)
                entered = asyncio.Event()
                caller = asyncio.create_task(
                    client.submit_order(
                        next(asked),
                        on_progress=lambda event, seen=entered: (  # type: ignore[misc]
                            seen.set() if event.step == "form.articles.progress" else None
                        ),
                    )
                )
                await entered.wait()
                await server.kill()
                await parts.sim.clear_requests()
                again.append(await _started(server))
                reads.append(again[-1] + await _until_asked(parts))
                await caller
    return [
        Figure("start_s", "s", starts),
        Figure("recovery_s", "s", again, ("<=", 2.0)),
        Figure("recovery_asked_s", "s", reads),
        Figure("first_cold_s", "s", cold),
        Figure("first_warm_s", "s", warm),
    ]


async def _started(server: ServerProcess) -> float:
    began = time.perf_counter()
    await server.start()
    return time.perf_counter() - began


async def _until_asked(parts: House) -> float:
    """Seconds until the ERP is asked for something."""
    began = time.perf_counter()
    while not await parts.sim.requests():  # noqa: ASYNC110  # the simulator tells nobody
        await asyncio.sleep(0.01)
    return time.perf_counter() - began
