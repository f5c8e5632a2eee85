"""`make three`: sixty agents on three servers behind one gRPC address, of which one is killed every 20 s.

First two servers alone, for their rate; then three, and a kill after the other, each dead server started
again as a supervisor does it. Exit code 1 if anything came twice or was lost, or the rate did not come back.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.load.attempts import UNASKED
from tests.load.command import exit_code, new_folder, progress
from tests.load.judged import judged
from tests.load.machine import Processors
from tests.load.plan import AGENTS, rounds
from tests.soak.callers import Callers, Operation
from tests.soak.house import House, ServerProcess, house
from tests.soak.report import say
from tests.soak.run import SETTINGS
from tests.soak.tables import unsettled

SCALE = 0.5
WARM_UP = 20.0  # seconds until all slots are at work
ALONE = 60.0  # seconds for which two servers are measured
EVERY = 20.0  # seconds from a kill to the next
WITHIN = 5.0  # seconds after a kill in which the rate has to be back
BACK = 0.9  # of the rate of two
ENDS = "SELECT extract(epoch FROM finished_at)::float8 AS ended FROM agents.operations"


def main() -> int:
    """Run it as the arguments say."""
    parser = argparse.ArgumentParser(prog="tests.load.three", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="operations of each agent")
    parser.add_argument("--slots", type=int, default=2, help="slots of each server")
    arguments = parser.parse_args()
    return exit_code(_run(new_folder("three"), arguments.rounds, arguments.slots))


async def _run(folder: Path, count: int, slots: int) -> list[str]:
    settings = dict(SETTINGS) | {"pool_size": slots, "time_scale": SCALE, "write_timeout": 60.0}
    async with house(
        folder, ("-m", "server"), {}, settings, servers=3, scale=SCALE
    ) as parts:  # fmt: skip
        third = parts.servers[2]
        await third.end()
        together = "ipv4:" + ",".join(parts.addresses)
        async with (
            Callers([together], parts.postgres, rounds(count, lines=2)) as callers,
            progress(callers),
        ):
            began, processors = time.time(), Processors()
            working = asyncio.gather(*(_agent(callers, user) for user in AGENTS))
            await asyncio.sleep(WARM_UP + ALONE)
            alone = (began + WARM_UP, began + WARM_UP + ALONE)
            say(f"two servers alone: processors busy {processors.busy():.0%}")
            await third.start()
            await asyncio.sleep(WARM_UP)
            processors = Processors()
            kills = await _kill_one_after_another(parts.servers, working)
            say(f"with kills: processors busy {processors.busy():.0%}")
            await working
            took = time.time() - began
            await _until_settled(parts)
            report = await judged(parts, callers, {"all": took}, folder / "report.json")
        served = [
            one for one in await parts.sim.requests() if one["class"] not in UNASKED
        ]  # fmt: skip
        ends = [row["ended"] for row in await parts.postgres.rows(ENDS)]
    # As long as every slot has something to do; after that the work runs out, and the rate with it.
    enough = sorted(ends)[-len(parts.servers) * slots]
    return report.failures() + _rates(served, alone, [kill for kill in kills if kill < enough])


async def _agent(callers: Callers, user: str) -> None:
    """An agent asks for one operation after the other."""
    for operation in _of(user, callers.operations.values()):
        await callers.perform(operation)


def _of(user: str, operations: Iterable[Operation]) -> list[Operation]:
    return [one for one in operations if one.planned.user == user]


async def _kill_one_after_another(
    servers: list[ServerProcess], working: "asyncio.Future[Any]"
) -> list[float]:
    """Until the work is done; returns the times of the kills."""
    kills = list[float]()
    while not working.done():
        server = servers[len(kills) % len(servers)]
        kills.append(time.time())
        await server.kill()
        await server.start()
        say(f"{server.name} was killed, and serves again after {time.time() - kills[-1]:.1f} s")
        await asyncio.wait({working}, timeout=EVERY - (time.time() - kills[-1]))
    return kills


async def _until_settled(parts: House) -> None:
    async with asyncio.timeout(300):
        while await unsettled(parts.postgres):  # noqa: ASYNC110
            await asyncio.sleep(1)  # the server tells nobody outside


def rate(served: Iterable[Mapping[str, Any]], began: float, ended: float) -> float:
    """Seconds of the ERP's own time that were worked off in a second, all sessions together."""
    whole = 0.0
    for one in served:
        at = datetime.fromisoformat(one["at"]).timestamp()
        whole += max(0.0, min(at + one["erp_seconds"], ended) - max(at, began))
    return whole / (ended - began)


def _rates(
    served: list[dict[str, Any]], alone: tuple[float, float], kills: list[float]
) -> list[str]:
    """The rate between two kills, from the fifth second on, against that of two servers."""
    two = rate(served, *alone)
    say(f"two servers work off {two:.2f} s of the ERP's time a second")
    found = []
    for number, (killed, following) in enumerate(pairwise(kills), start=1):
        at_first = rate(served, killed, killed + WITHIN) / two
        then = rate(served, killed + WITHIN, following) / two
        say(f"kill {number}: {at_first:.2f} of it at first, {then:.2f} from the fifth second on")
        if then < BACK:
            found.append(f"after kill {number} the rate came back to {then:.2f} only")
    return found


if __name__ == "__main__":
    sys.exit(main())
