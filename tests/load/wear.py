"""`make wear`: hours of a server's wear in minutes, and what grew meanwhile: memory, files, tasks, processes.

Contexts and browsers are replaced all the time, for their bounds are tiny; every lap something is killed,
frozen, cancelled or left. Between laps the server rests and is counted. Exit code 1 if anything grows.
"""

import argparse
import asyncio
import math
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from cryptography.fernet import Fernet

from archibald.v1 import bot_pb2 as pb
from archibald_client.errors import ArchibaldError
from server.config import Config
from server.erp.formats import dotted_id
from server.pool_state import proportional_size
from tests.databases import migrated_template, new_database, run_postgres
from tests.end_to_end.parts import Bot, started
from tests.erp_simulator.running import simulator
from tests.load.command import new_folder
from tests.load.plan import rounds
from tests.soak.chaos import processes_of
from tests.soak.house import LOGINS, store_logins
from tests.soak.reconcile import UNSETTLED
from tests.soak.report import say

AGENTS = tuple(LOGINS)[:10]
# Laps after which nothing may grow any more: each deed has been done twice. The second time that a driver is
# replaced, two of them are known to this process at once for a while; those 12 MB are given back to it alone.
WARM_UP = 12
MOST_GROWTH = 0.1  # of the memory after the warm-up, over all laps that follow
MOST_THREADS = min(32, (os.cpu_count() or 1) + 4)  # of asyncio's default executor
MB = 1024**2
DEEDS = ("nothing", "renderer KILL", "browser KILL", "browser STOP", "driver KILL", "renderer STOP")
BOUNDS: dict[str, Any] = {
    "pool_size": 4, "idle_contexts": 5, "idle_for": 8.0, "context_age": 20.0, "context_uses": 4,
    "contexts_per_browser": 10, "close_timeout": 2.0, "page_timeout": 2.0, "time_scale": 0.15,
    "retry_delays": (0.2, 0.4, 0.8), "verify_pause": 0.3, "verify_for": 5.0, "quiet_time": 3.0,
    "circuit_pause": 0.5, "completer_poll": 0.5, "artifacts_kept": 10,
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """What there is when nothing is at work; memory in bytes, of the browsers by their share (PSS)."""

    server: int
    browsers: int
    processes: int
    files: int
    tasks: int
    threads: int
    entries: int
    """Files and folders that browsers and drivers have in their private folder."""


def sample(data_dir: Path, tasks: int) -> Sample:
    """Count what belongs to the server, which is this process."""
    own = os.getpid()
    children = [pid for pid, _ in processes_of(data_dir) if pid != own]
    return Sample(
        server=proportional_size(own),
        browsers=sum(map(proportional_size, children)),
        processes=len(children),
        files=len(list(Path("/proc/self/fd").iterdir())),
        tasks=tasks,
        threads=threading.active_count(),
        entries=sum(1 for _ in (data_dir / "browsers").rglob("*")),
    )


class Lap:
    """Some operations of every agent at once, one of them a whole order, and a deed in their midst."""

    def __init__(self, bot: Bot, data_dir: Path, number: int) -> None:
        self._bot = bot
        self._data_dir = data_dir
        self._number = number
        self._random = Random(number)

    async def run(self) -> None:
        """Returns when everything has an end."""
        calls = [asyncio.create_task(self._delete(user)) for user in AGENTS]
        orders = [asyncio.create_task(self._order(user)) for user in self._random.sample(AGENTS, 2)]
        await asyncio.sleep(self._random.uniform(0.2, 2))  # a deed has no condition
        self._do(DEEDS[self._number % len(DEEDS)])
        calls[0].cancel()  # its caller hangs up
        await asyncio.gather(*calls, *orders, return_exceptions=True)
        while await _unsettled(self._bot):  # noqa: ASYNC110
            await asyncio.sleep(0.2)  # the server tells nobody outside

    async def _delete(self, user: str) -> None:
        """An order that is not there: a login or a warm context, and a search."""
        number = 10_000 + self._number * len(AGENTS) + AGENTS.index(user)
        with suppress(ArchibaldError):
            await self._bot.client.delete_order(
                pb.DeleteOrderRequest(user_id=user, order_id=dotted_id(str(number))), timeout=120
            )

    async def _order(self, user: str) -> None:
        request = pb.SubmitOrderRequest()
        [planned] = [one for one in rounds(1, lines=1) if one.user == user]
        request.CopyFrom(planned.request)  # type: ignore[arg-type]  # rounds make orders first
        request.pending_order_id = f"wear-{self._number:04d}-{user}"
        with suppress(ArchibaldError):
            await self._bot.client.submit_order(request, timeout=120)

    def _do(self, deed: str) -> None:
        if deed == "nothing":
            return
        who, how = deed.split()
        words = {"renderer": "--type=renderer", "driver": "driver/package/cli.js"}
        found = [
            pid
            for pid, command in processes_of(self._data_dir)
            if pid != os.getpid()
            and "guardian" not in command
            and (
                words[who] in command
                if who in words
                else "chromium" in command and "--type=" not in command
            )
        ]
        if found:
            os.kill(self._random.choice(found), getattr(signal, f"SIG{how}"))


async def _unsettled(bot: Bot) -> bool:
    """Whether anything has no end; a count, for this process is the one that is measured."""
    async with await psycopg.AsyncConnection.connect(bot.database) as conn:
        cursor = await conn.execute(
            "SELECT count(*) FROM agents.operations WHERE state = ANY(%s)", (sorted(UNSETTLED),)
        )
        [count] = await cursor.fetchone() or (0,)
    return bool(count)


def slope(values: Sequence[float]) -> tuple[float, float]:
    """By how much a value grows each time, by least squares, and the standard error of that."""
    count = range(len(values))
    fit = statistics.linear_regression(count, values)
    off = sum((y - fit.intercept - fit.slope * x) ** 2 for x, y in zip(count, values, strict=True))
    spread = statistics.variance(count) * (len(values) - 1)
    return fit.slope, math.sqrt(off / (len(values) - 2) / spread)


def judged(samples: Sequence[Sample]) -> list[str]:
    """What grew after the warm-up; says every slope."""
    worn = [asdict(one) for one in samples[WARM_UP:]]
    found = []
    for name in worn[0]:
        values = [float(one[name]) for one in worn]
        (grows, error), mean = slope(values), sum(values) / len(values)
        unit = MB if name in {"server", "browsers"} else 1
        say(
            f"{name}: {values[0] / unit:.1f} … {values[-1] / unit:.1f}, mean {mean / unit:.1f}, "
            f"{grows / unit:+.3f} ± {error / unit:.3f} a lap"
        )
        # What a lap leaves depends on its deed: growth is what is more than that goes up and down.
        if grows > 2 * error and grows * len(values) > MOST_GROWTH * mean:
            found.append(f"{name} grows by {grows / unit:.2f} a lap")
    return found


async def _run(folder: Path, laps: int) -> list[str]:
    samples, began = list[Sample](), time.monotonic()
    data_dir = folder / "server"
    async with (
        run_postgres() as postgres,
        migrated_template(postgres) as template,
        new_database(postgres, template) as database,
        simulator(scale=0.01) as sim,
    ):
        config = Config(
            erp_url=sim.base_url, database_url=database, listen="127.0.0.1:0", data_dir=data_dir,
            secret_key=Fernet.generate_key().decode(), allow_unconfirmed=True, **BOUNDS,
        )  # fmt: skip
        await store_logins(config, sim)
        # Threads for blocking calls come one by one, up to a bound, each with memory of its own.
        await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.1) for _ in range(MOST_THREADS)))
        async with started(config, database) as bot:
            for number in range(laps):
                await Lap(bot, data_dir, number).run()
                await asyncio.sleep(3)  # of rest: what is being closed gets closed
                tasks = len(asyncio.all_tasks())
                samples.append(await asyncio.to_thread(sample, data_dir, tasks))
                say(f"lap {number + 1} of {laps}: {samples[-1]}")
            states = [row["state"] for row in await bot.rows("operations")]
            [instance] = await bot.rows("server_instances")
        say(f"{len(states)} operations in {time.monotonic() - began:.0f} s; ends: "
            f"{ {state: states.count(state) for state in sorted(set(states))} }")  # fmt: skip
        say(f"browsers that the journal names for this server: {len(instance['browsers'])}")
    failures = judged(samples)
    left = [command for pid, command in processes_of(data_dir) if pid != os.getpid()]
    entries = list((data_dir / "browsers").glob("run-*"))
    others = asyncio.all_tasks() - {asyncio.current_task()}
    failures += [f"left behind: {one}" for one in (*left, *entries, *others)]
    return failures


def main() -> int:
    """Run it as the arguments say."""
    parser = argparse.ArgumentParser(prog="tests.load.wear", description=__doc__)
    parser.add_argument("--laps", type=int, default=36)
    laps = parser.parse_args().laps
    folder = new_folder("wear")
    say(f"the server's log is {folder / 'server.log'}")
    with (folder / "server.log").open("w") as log, redirect_stderr(log):
        failures = asyncio.run(_run(folder, laps))
    for failure in failures:
        say(f"NOT GOOD: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
