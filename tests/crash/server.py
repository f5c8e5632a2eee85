"""The server in a process of its own, to be killed with its browsers; and its Postgres, which dies too."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections import deque
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from server import embedded_cluster
from server.config import Config
from server.embedded_postgres import embedded_postgres
from tests.end_to_end.processes import environment

START = 60  # seconds; the start takes two


class Server:
    """One server process after another, all of the same settings, on the same address."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._serving = asyncio.Event()
        self.log: deque[str] = deque(maxlen=2000)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it, if it does not run, and wait until it serves."""
        if self.alive:
            return
        self._serving.clear()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server",
            env=os.environ | environment(self._config), stderr=asyncio.subprocess.PIPE, limit=2**20,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read(self._process))
        async with asyncio.timeout(START):
            await asyncio.wait(
                {self._reading, asyncio.ensure_future(self._serving.wait())},
                return_when=asyncio.FIRST_COMPLETED,
            )
        if not self._serving.is_set():
            raise RuntimeError("the server did not start:\n" + "\n".join(self.log))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        while line := (await process.stderr.readline()).decode():
            self.log.append(line.rstrip())
            if '"serving"' in line and json.loads(line)["event"] == "serving":
                self._serving.set()
        self.log.append(f"(the server's process {process.pid} has ended)")

    async def kill(self) -> None:
        """SIGKILL; what it started is left to whoever guards it."""
        if self._process is None or self._reading is None:
            return
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reading

    def browsers(self) -> list[int]:
        """The browsers' own processes."""
        return [pid for pid, words in self._programs() if not _kind(words)]

    def pages(self) -> list[int]:
        """The processes in which pages live."""
        return [pid for pid, words in self._programs() if _kind(words) == "renderer"]

    def _programs(self) -> list[tuple[int, list[str]]]:
        """The browser programs below the server's process, with their arguments."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and (parent := _parent(entry)) is not None:
                children.setdefault(parent, []).append(int(entry.name))
        found, todo = [], [self.pid]
        while todo:
            pid = todo.pop()
            todo += children.get(pid, [])
            words = _command(pid)
            if words and ("chromium" in words[0] or "headless" in words[0]):
                found.append((pid, words))
        return found


def _kind(words: list[str]) -> str:
    kinds = [word.removeprefix("--type=") for word in words if word.startswith("--type=")]
    return kinds[0] if kinds else ""


def _parent(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # ended meanwhile
        return None


def _command(pid: int) -> list[str]:
    try:
        # Chromium writes all its words into one, with blanks between.
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().split()
    except OSError:
        return []


class Postgres:
    """An embedded Postgres that can be stopped, killed and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._life = AsyncExitStack()
        self.dsn = ""

    async def start(self) -> None:
        """Start it on what it holds."""
        self.dsn = await self._life.enter_async_context(
            embedded_postgres(self._folder, fsync=False)
        )

    async def stop(self) -> None:
        """An orderly end: sessions are closed first."""
        await self._life.aclose()

    async def kill(self) -> None:
        """SIGKILL of its first process, which takes the others with it."""
        postmaster = embedded_cluster.locate(self._folder).recorded_pid()
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
        await self._life.aclose()


def free_port() -> int:
    """A port on which a server can be started again and again."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def told(line: str) -> dict[str, Any]:
    """One line of the server's log; empty for what is none."""
    try:
        event: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return event
