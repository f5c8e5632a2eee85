"""`make sixty`: sixty agents with three operations each against one server with ten slots, and its memory.

Its settings are the defaults. What is compared: the time that everything took with the ERP's own time
divided by the slots. Exit code 1 if a bound is broken.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.load.attempts import UNASKED, attempts, erp_seconds, most_at_once, out_of_order
from tests.load.command import exit_code, new_folder, progress
from tests.load.judged import judged
from tests.load.machine import Processors, memory_of
from tests.load.plan import rounds as rounds_of
from tests.pool.scraping import scraped
from tests.soak.callers import Callers
from tests.soak.house import House, house
from tests.soak.report import say

SLOTS = 10
MOST_OF_IDEAL = 1.15
MOST_BUSY = 0.8
ROOM = 6 * 1024**3
MB = 1024**2


def main() -> int:
    """Run it as the arguments say."""
    parser = argparse.ArgumentParser(prog="tests.load.sixty", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="factor on the ERP's latencies")
    parser.add_argument("--agents", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3, help="operations of each agent")
    parser.add_argument("--lines", type=int, default=3, help="lines of an order")
    return exit_code(_failures(parser.parse_args()))


async def _failures(arguments: argparse.Namespace) -> list[str]:
    return (await run(new_folder("sixty"), **vars(arguments)))[1]


async def run(
    folder: Path, *, scale: float, agents: int = 60, rounds: int = 3, lines: int = 3
) -> tuple["Measured", list[str]]:
    """The run's numbers, which are shown as well, and what is not as it must be."""
    planned = rounds_of(rounds, lines, agents)
    async with house(
        folder, ("-m", "server"), {}, {"time_scale": scale}, servers=1, scale=scale
    ) as parts:
        async with Callers(parts.addresses, parts.postgres, planned) as callers:
            processors, began = Processors(), time.time()
            async with progress(callers):
                await asyncio.gather(*map(callers.perform, callers.operations.values()))
            took, busy = time.time() - began, processors.busy()
            report = await judged(parts, callers, {"all": took}, folder / "report.json")
        measured = Measured(
            await attempts(parts.postgres), await parts.sim.requests(), took, busy,
            memory_of(parts.servers[0].pid, parts.servers[0].data_dir), agents, scale,
        )  # fmt: skip
        measured.show()
        for name, value in sorted((await scraped(parts.servers[0].metrics or "")).items()):
            say(f"  {name}: {value:g}")
        failures = report.failures() + measured.failures() + await _not_succeeded(parts)
        return measured, failures


class Measured:
    """The numbers of a run, and which of them break a bound."""

    def __init__(
        self,
        rows: list[dict[str, Any]],
        requests: list[dict[str, Any]],
        took: float,
        busy: float,
        memory: Mapping[str, int],
        agents: int,
        scale: float,
    ) -> None:
        self._rows = rows
        self._requests = [one for one in requests if one["class"] not in UNASKED]
        self._took = took
        self._busy = busy
        self._memory = memory
        self._agents = agents
        self._erp = erp_seconds(self._requests, scale)
        self._ideal = self._erp / SLOTS
        self._logins = sum(one["class"] == "login" for one in self._requests)

    @property
    def efficiency(self) -> float:
        """The time that the ERP itself needs with all slots, by the time that everything took."""
        return self._ideal / self._took

    def show(self) -> None:
        """On the terminal, a line for each."""
        kinds = Counter(row["operation_type"] for row in self._rows)
        for kind, count in kinds.items():
            worked = [
                row["ended"] - row["began"] for row in self._rows if row["operation_type"] == kind
            ]
            say(f"{kind}: {count} attempts, {sum(worked) / count:.1f} s each in a browser")
        work = sum(row["ended"] - row["began"] for row in self._rows)
        say(f"makespan {self._took:.0f} s; ERP time {self._erp:.0f} s, ideal {self._ideal:.0f} s")
        say(f"makespan / ideal: {self._took / self._ideal:.3f}")
        say(f"work / ERP time: {work / self._erp:.3f}; slots in use: {work / self._took:.1f}")
        say(
            f"processors busy: {self._busy:.0%}; logins: {self._logins}; most at work: {self._most}"
        )
        for kind, size in sorted(self._memory.items()):
            say(f"memory of {kind}: {size / MB:.0f} MB")
        browsers = sum(
            size for kind, size in self._memory.items() if kind not in {"server", "postgres"}
        )
        say(
            f"browsers with {self._agents} warm agents: {browsers / MB:.0f} MB (PSS), "
            f"{browsers / MB / self._agents:.0f} MB each"
        )

    def failures(self) -> list[str]:
        """The bounds that are broken."""
        found = [f"out of order: {one}" for one in out_of_order(self._rows)]
        if self._took > MOST_OF_IDEAL * self._ideal:
            found.append(f"the makespan is more than {MOST_OF_IDEAL} times the ideal")
        if self._busy >= MOST_BUSY:
            found.append(f"the processors were busy for {self._busy:.0%}")
        if self._logins != self._agents:
            found.append(f"{self._logins} logins of {self._agents} agents")
        if self._most > SLOTS:
            found.append(f"{self._most} at work at once")
        for user in {row["user_id"] for row in self._rows}:
            own = [row for row in self._rows if row["user_id"] == user]
            if most_at_once((row["claimed"], row["ended"]) for row in own) > 1:
                found.append(f"two operations of {user} at once")
        if sum(self._memory.values()) > ROOM:
            found.append("more memory than 6 GiB")
        return found

    @property
    def _most(self) -> int:
        return most_at_once((row["began"], row["ended"]) for row in self._rows)


async def _not_succeeded(parts: House) -> list[str]:
    rows = await parts.postgres.rows(
        "SELECT user_id, operation_key, state FROM agents.operations WHERE state <> 'SUCCEEDED'"
    )
    return [f"{row['user_id']} {row['operation_key']} is {row['state']}" for row in rows]


if __name__ == "__main__":
    sys.exit(main())
