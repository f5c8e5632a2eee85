"""One run: a house, its callers, chaos, the settling, and the comparison."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.soak.callers import Callers, Operation
from tests.soak.chaos import Chaos
from tests.soak.house import LOGINS, House, house
from tests.soak.plan import Plan
from tests.soak.reconcile import Finding, reconcile, strays
from tests.soak.report import Report, say
from tests.soak.second_reader import undecided
from tests.soak.tables import read_tables, unsettled
from tests.soak.truth import ledger_of
from tests.soak.weather import draw_switches

# Times short enough for a fast simulator, in the proportions of the real ones.
SETTINGS: Mapping[str, Any] = {
    "time_scale": 0.25,
    "pool_size": 4,
    "write_timeout": 20.0,
    "erp_lag_max": 15.0,
    "quiet_time": 25.0,
    "verify_pause": 2.0,
    "verify_for": 60.0,
    "retry_delays": (1.0, 3.0, 6.0),
    "lease": 9.0,
    "lease_renewal": 2.0,
    "guardian_margin": 3.0,
    "circuit_pause": 3.0,
    "drain_timeout": 20.0,
    "trace_pictures": "never",
}
COMMANDS = {
    "ours": ("-m", "server"),
    "plain": ("-m", "tests.soak.losers", "plain"),
    "single": ("-m", "tests.soak.losers", "single"),
}
PACE = 10.0  # mean seconds between two deeds of chaos
AT_ONCE = 10  # operations whose callers wait at the same time
PROGRESS = 10.0  # seconds between two lines on the terminal


class Run:
    """A run as its seed says."""

    def __init__(
        self,
        service: str,
        seed: int,
        count: int,
        folder: Path,
        *,
        pace: float,
        settle: float,
        switches: Mapping[str, Any],
    ) -> None:
        """``pace`` 0 is without chaos; ``settle`` seconds are given to what has no end yet."""
        self._service = service
        self._seed = seed
        self._plan = Plan(seed, count).operations
        self._folder = folder
        self._pace = pace
        self._settle = settle
        self._switches = draw_switches(seed) | dict(switches)
        self._chaos: Chaos | None = None
        self._seconds: dict[str, float] = {}

    async def whole(self) -> Report:
        """All of it."""
        say(f"switches {json.dumps(self._switches)}")
        async with AsyncExitStack() as stack:
            parts = await stack.enter_async_context(
                house(self._folder, COMMANDS[self._service], self._switches, dict(SETTINGS))
            )
            callers = await stack.enter_async_context(
                Callers(parts.addresses, parts.postgres, self._plan)
            )
            progress = asyncio.create_task(self._progress(callers))
            try:
                return await self._run(parts, callers)
            finally:
                progress.cancel()
                await asyncio.gather(progress, return_exceptions=True)

    async def _run(self, parts: House, callers: Callers) -> Report:
        began, over = time.time(), asyncio.Event()
        self._chaos = Chaos(parts, self._seed, pace=self._pace or 1, lease=SETTINGS["lease"])
        if not self._pace:
            over.set()
        chaos = asyncio.create_task(self._chaos.run(over))
        await self._all_operations(callers, over, chaos)
        self._seconds["operations"] = time.time() - began
        left = await self._settled(parts) if self._service == "ours" else []
        self._seconds["settling"] = time.time() - self._chaos.last_at
        say(f"settled; {len(left)} are not: {', '.join(left[:10])}")
        return await self._compared(parts, callers)

    async def _all_operations(
        self, callers: Callers, over: asyncio.Event, chaos: asyncio.Task[None]
    ) -> None:
        """Start one after another, some at once; chaos ends with the last start."""
        room = asyncio.Semaphore(AT_ONCE)
        tasks = set[asyncio.Task[None]]()

        async def perform(operation: Operation) -> None:
            try:
                await callers.perform(operation)
            finally:
                room.release()

        for operation in callers.operations.values():
            await room.acquire()
            if chaos.done():
                await chaos  # raises what ended it
            tasks.add(asyncio.create_task(perform(operation)))
        over.set()
        await chaos
        # Callers of what cannot be settled would call for ever.
        _, waiting = await asyncio.wait(tasks, timeout=self._settle)
        for task in waiting:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _settled(self, parts: House) -> list[str]:
        """Wait until every operation has an end, or the time is over."""
        assert self._chaos is not None
        deadline = self._chaos.last_at + self._settle
        while left := await unsettled(parts.postgres):
            if time.time() > deadline:
                break
            await asyncio.sleep(1)  # the server tells nobody outside
        return left

    # The comparison -----------------------------------------------------------------------------

    async def _compared(self, parts: House, callers: Callers) -> Report:
        tables = await read_tables(parts.postgres) if self._service == "ours" else None
        if tables is not None:
            done = [
                one
                for one in callers.operations.values()
                if one.request is not None and not one.skipped and one.results
            ]
            for one in done:
                await callers.replay(one)
        ledger = await ledger_of(parts.sim, callers.operations, tables)
        self._keep("effects", await parts.sim.effects())
        findings = reconcile(callers.operations, ledger, tables)
        self._keep("answers", [_told(one) for one in callers.operations.values()])
        if tables is not None:
            self._keep("operations", list(tables.operations.values()))
        undecidable, disagreements = await self._second_reading(parts, callers, findings)
        assert self._chaos is not None
        return Report(
            seed=self._seed, service=self._service, findings=findings,
            strays=strays(ledger, tables), undecidable=undecidable, disagreements=disagreements,
            seconds=self._seconds,
            more={
                "switches": self._switches, "chaos": dict(self._chaos.done),
                "chaos not done": dict(self._chaos.errors), "calls": callers.calls,
                "called again": dict(callers.called_again),
                "lives": {server.name: server.lives for server in parts.servers},
            },
        )  # fmt: skip

    async def _second_reading(
        self, parts: House, callers: Callers, findings: list[Finding]
    ) -> tuple[list[int], list[str]]:
        """What a reader of ERP pages alone says of each order under review."""
        undecidable, disagreements = list[int](), list[str]()
        newest = max(int(order["id"]) for order in await parts.sim.orders())
        for found in findings:
            if found.end != "under review":
                continue
            one = callers.operations[found.number]
            reading = await undecided(
                parts.sim.base_url, LOGINS[one.planned.user], one.planned.kind, one.request, newest
            )
            found.facts["second reader"] = reading.told
            if found.name.split()[1] != "send-to-verona":
                continue
            if reading.undecided:
                undecidable.append(found.number)
            else:
                disagreements.append(f"{found.name}: {reading.told}")
        return undecidable, disagreements

    def _keep(self, name: str, rows: list[Any]) -> None:
        lines = "".join(json.dumps(row, default=str) + "\n" for row in rows)
        (self._folder / f"{name}.jsonl").write_text(lines)

    async def _progress(self, callers: Callers) -> None:
        began = time.time()
        while True:
            await asyncio.sleep(PROGRESS)
            all_of_them = callers.operations.values()
            started = sum(1 for one in all_of_them if one.started)
            ended = sum(1 for one in all_of_them if one.done.is_set())
            told = Counter(
                "done" if one.results else (one.refusals[-1].reason if one.refusals else "skipped")
                for one in all_of_them
                if one.done.is_set()
            )
            each = (time.time() - began) / max(ended, 1)
            left = each * (len(self._plan) - ended) / 60
            deeds = sum(self._chaos.done.values()) if self._chaos else 0
            say(
                f"{ended}/{started}/{len(self._plan)} {dict(told)}, {deeds} deeds, "
                f"{each:.1f} s each, {left:.0f} min left; 1000 would take {each * 1000 / 60:.0f} min"
            )


def _told(one: Operation) -> dict[str, Any]:
    """What the callers of an operation were told, for the file."""
    return {
        "name": one.planned.name, "wrong": one.planned.wrong, "skipped": one.skipped,
        "started": one.started, "ended": one.ended,
        "answers": [
            {"caller": each.caller, "at": each.at, "reason": each.reason, "message": each.message,
             "order_id": each.order_id}
            for each in one.answers
        ],
    }  # fmt: skip
