"""Kills, stops, restarts and cuts what runs, as the seed says, until it is told to end."""

import asyncio
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psycopg

from tests.soak.house import AGENTS, APPLICATION, House, ServerProcess
from tests.soak.weather import FAULTS

MOST_ORDERED = (
    12  # faults waiting for their request; more than that and the old ones are taken back
)
VIEW_FILTERS = ("OrdersAll", "OrdersToday", "OrdersThisWeek", "OrdersCompleted", "OrdersEntered")

Deed = Callable[[], Awaitable[str]]


class Chaos:
    """One thing after another goes wrong; every deed is a line in the log."""

    def __init__(self, house: House, seed: int, *, pace: float, lease: float) -> None:
        """``pace`` is the mean pause between two deeds, ``lease`` that of the servers."""
        self._house = house
        self._random = Random(f"chaos {seed}")
        self._pace = pace
        self._lease = lease
        self._log = house.folder / "chaos.log"
        self.done: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.last_at = 0.0
        self._deeds: Mapping[str, tuple[int, Deed]] = {
            "fault": (40, self._fault),
            "server killed": (8, self._kill_server),
            "server stopped": (4, self._stop_server),
            "browser killed": (5, self._browser("--type=", without=True)),
            "renderer killed": (8, self._browser("--type=renderer")),
            "driver killed": (4, self._driver),
            "connections cut": (8, self._cut),
            "postgres restarted": (4, self._restart_postgres),
            "erp restarted": (4, self._restart_erp),
            "view filter changed": (10, self._change_filter),
            "verona answered": (5, self._verona),
        }

    async def run(self, over: asyncio.Event) -> None:
        """Until it is over; in the end everything runs again."""
        names = list(self._deeds)
        weights = [weight for weight, _ in self._deeds.values()]
        while not over.is_set():
            pause = self._random.expovariate(1 / self._pace)
            try:
                async with asyncio.timeout(pause):
                    await over.wait()
                break
            except TimeoutError:
                pass
            [name] = self._random.choices(names, weights)
            await self._do(name)
            await self._revive()
        await self._revive()
        await self._house.sim.clear_faults()
        self.last_at = time.time()
        self._note("end", "everything runs")

    async def _revive(self) -> None:
        """Start what ended by itself, as whatever supervises a server in production does."""
        for server in self._house.servers:
            if not server.pid:
                await server.start()
                self.done["server revived"] += 1
                self._note("server revived", server.name)

    async def _do(self, name: str) -> None:
        began = time.time()
        try:
            what = await self._deeds[name][1]()
        except (psycopg.Error, httpx.HTTPError, ValueError, RuntimeError, OSError) as error:
            self.errors[name] += 1
            what = f"not done: {type(error).__name__}: {error}"
        else:
            self.done[name] += 1
        self._note(name, what, began)

    def _note(self, name: str, what: str, began: float | None = None) -> None:
        line = {"at": began or time.time(), "until": time.time(), "deed": name, "what": what}
        with self._log.open("a") as log:
            log.write(json.dumps(line) + "\n")

    # Servers ------------------------------------------------------------------------------------

    def _server(self) -> ServerProcess:
        return self._random.choice(self._house.servers)

    async def _kill_server(self) -> str:
        """SIGKILL, and a start after a while: at once, or when the other has taken over."""
        server, pause = self._server(), self._random.choice((0.0, 1.0, 2 * self._lease))
        pid = server.pid
        await server.kill()
        await asyncio.sleep(pause)
        await server.start()
        return f"{server.name} pid {pid}, started again after {pause} s as {server.pid}"

    async def _stop_server(self) -> str:
        """SIGSTOP for longer than the lease, or for a moment; then SIGCONT."""
        server = self._server()
        pause = self._random.choice((0.5, self._lease + 2, 2 * self._lease + 5))
        server.signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(pause)
        finally:
            server.signal(signal.SIGCONT)
        return f"{server.name} pid {server.pid} for {pause} s"

    def _browser(self, word: str, *, without: bool = False) -> Deed:
        async def kill() -> str:
            """SIGKILL of a Chromium process: of the browser itself, or of one page's renderer."""
            server = self._server()
            found = [
                (pid, command)
                for pid, command in processes_of(server.data_dir)
                if "chromium" in command and "guardian" not in command
                and (word not in command if without else word in command)
            ]  # fmt: skip
            return self._kill(server, found)

        return kill

    async def _driver(self) -> str:
        """SIGKILL of Playwright's driver, a Node.js process."""
        server = self._server()
        found = [
            (pid, command)
            for pid, command in processes_of(server.data_dir)
            if "/node " in command or command.startswith("node ") or "run-driver" in command
        ]
        return self._kill(server, found)

    def _kill(self, server: ServerProcess, found: list[tuple[int, str]]) -> str:
        if not found:
            raise ValueError(f"{server.name} has no such process")
        pid, command = self._random.choice(found)
        os.kill(pid, signal.SIGKILL)
        return f"of {server.name}: {pid} {command[:80]}"

    # Postgres -----------------------------------------------------------------------------------

    async def _cut(self) -> str:
        """pg_terminate_backend for each connection, or for half of them."""
        share = self._random.choice((0.5, 1.0))
        rows = await self._house.postgres.rows(
            f"""
            SELECT pid, pg_terminate_backend(pid) AS cut FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
               AND application_name <> '{APPLICATION}' AND random() < {share}
            """
        )
        return f"{len(rows)} connections"

    async def _restart_postgres(self) -> str:
        """Down and up, at once or after some seconds."""
        pause = self._random.choice((0.0, 1.0, 5.0))
        await self._house.postgres.stop()
        await asyncio.sleep(pause)
        await self._house.postgres.start()
        return f"away for {pause} s"

    # The ERP ------------------------------------------------------------------------------------

    async def _fault(self) -> str:
        """Order one fault, for a request of its class that chance picks."""
        sim = self._house.sim
        name, on, options = self._random.choice(FAULTS)
        chance = 0.05 if on == "page" else 0.3
        waiting = await sim.api.get("faults")
        if len(waiting.json()) > MOST_ORDERED:
            await sim.clear_faults()
        await sim.fault(name, on, once=True, probability=chance, **options)
        return f"{name} on {on} {dict(options)}"

    async def _restart_erp(self) -> str:
        seconds = self._random.choice((0, 0, 1, 3))
        await self._house.sim.restart(seconds)
        return f"away for {seconds} s"

    async def _change_filter(self) -> str:
        user, view = self._random.choice(list(AGENTS.values())), self._random.choice(VIEW_FILTERS)
        await self._house.sim.human(user, "filter", view_filter=view)
        return f"{user} sees {view}"

    async def _verona(self) -> str:
        """The head office answers an order that was sent: F17."""
        sent = await self._house.sim.effects("order_sent")
        if not sent:
            raise ValueError("nothing was sent yet")
        number: Any = self._random.choice(sent)["id"]
        do = self._random.choice(("approve", "approve", "invoice", "error"))
        await self._house.sim.verona(number, do)
        return f"{do} {number}"


def processes_of(folder: Path) -> list[tuple[int, str]]:
    """Living processes that name the folder, as a server's helpers do, and their children's children.

    A renderer has neither its browser's command line nor its environment.
    """
    commands, parents, named = dict[int, str](), dict[int, int](), set[int]()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        pid = int(entry.name)
        try:
            commands[pid] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            parents[pid] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            environ = (entry / "environ").read_bytes()
        except (OSError, UnicodeDecodeError):
            continue
        if str(folder) in commands[pid] or f"TMPDIR={folder}".encode() in environ:
            named.add(pid)
    while more := {pid for pid, parent in parents.items() if parent in named} - named:
        named |= more
    return [(pid, commands[pid]) for pid in sorted(named) if commands[pid]]
