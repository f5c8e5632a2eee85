"""Throughput from one agent to sixty, on one server to three: operations a minute, and where that bends.

Agents are warm before the clock starts. At a fifth of the ERP's latencies the processors are the bound, and
which share of them is busy says so; `sixty` is the same question at the real ones.
"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, inner
from tests.load.attempts import attempts, erp_seconds
from tests.load.machine import Processors
from tests.load.plan import rounds
from tests.soak.callers import Callers, Operation
from tests.soak.house import House, house
from tests.soak.report import say

SCALE = 0.2
SLOTS = 10
# Agents at once, on so many servers.
STEPS = ((1, 1), (2, 1), (5, 1), (10, 1), (60, 1), (60, 2), (60, 3))


async def measure(folder: Path) -> list[Figure]:
    """The figure ``throughput_ratio_10``: ten agents' operations a minute by those of one, and all steps."""
    steps = list[dict[str, Any]]()
    for agents, servers in STEPS:
        steps.append(await _step(inner(folder, f"{agents}-{servers}"), agents, servers))
        say(", ".join(f"{name} {value:.3g}" for name, value in steps[-1].items()))
    rates = {(one["agents"], one["servers"]): one["operations_a_minute"] for one in steps}
    ratio = rates[10, 1] / rates[1, 1]
    return [Figure("throughput_ratio_10", "", [ratio], None, {"scale": SCALE, "steps": steps})]


async def _step(folder: Path, agents: int, servers: int) -> dict[str, Any]:
    settings = {"time_scale": SCALE, "pool_size": SLOTS}
    # An order to warm each agent up; then an order, a customer, an order of each where agents are few.
    planned = rounds(1 + (1 if agents > SLOTS else 3), 3, agents)
    async with (
        house(
            folder, ("-m", "server"), {}, settings, servers=servers, scale=SCALE
        ) as parts,
        Callers(parts.addresses, parts.postgres, planned) as callers,
    ):  # fmt: skip
        operations = list(callers.operations.values())
        await _perform(callers, operations[:agents])
        await parts.sim.clear_requests()
        processors, began = Processors(), time.time()
        await _perform(callers, operations[agents:])
        took, busy = time.time() - began, processors.busy()
        return {
            "agents": agents,
            "servers": servers,
            "operations_a_minute": 60 * (len(operations) - agents) / took,
            "efficiency": await _ideal(parts, min(agents, SLOTS * servers)) / took,
            "work_by_erp": await _work_by_erp(parts, began),
            "processors": busy,
        }


async def _perform(callers: Callers, operations: Sequence[Operation]) -> None:
    await asyncio.gather(*map(callers.perform, operations))


async def _ideal(parts: House, at_once: int) -> float:
    """The seconds that the ERP itself needs, so many of its sessions beside each other."""
    return erp_seconds(await parts.sim.requests(), SCALE) / at_once


async def _work_by_erp(parts: House, since: float) -> float:
    rows = [row for row in await attempts(parts.postgres) if row["began"] >= since]
    work: float = sum(row["ended"] - row["began"] for row in rows)
    return work / erp_seconds(await parts.sim.requests(), SCALE)
