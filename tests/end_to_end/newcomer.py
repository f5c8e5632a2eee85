"""Does what the README says as a newcomer does: two terminals that serve, and a third one to call from.

Commands and scripts run as they stand; only fixed addresses and ports are replaced by free ones, and
`.venv/bin` by the environment that runs the tests.
"""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc.aio
import httpx
from cryptography.fernet import Fernet

from tests.demo import free_port
from tests.end_to_end.doc_pages import ROOT, Block, Page
from tests.erp_simulator.running import Simulator

README = Page("README.md")
SIMULATOR = README.block("sh", "tests.erp_simulator")
SERVER = README.block("sh", "credentials put")

# The simulated ERP is quick and nobody's late request is on its way: so are the read-backs.
QUICK = {
    "ARCHIBALD_VERIFY_PAUSE": "0.3",
    "ARCHIBALD_VERIFY_FOR": "5",
    "ARCHIBALD_QUIET_TIME": "5",
    "ARCHIBALD_COMPLETER_POLL": "0.5",
    "ARCHIBALD_TRACE_PICTURES": "never",
}

# What the pages' fixed ports stand for.
ERP, FIRST, SECOND, METRICS = "8080", "50051", "50052", "9464"


@dataclass(frozen=True)
class Newcomer:
    """Somebody at a terminal, with the README's simulator and server running beside it."""

    ports: Mapping[str, int]
    environment: Mapping[str, str]
    sim: Simulator
    database: str

    @property
    def address(self) -> str:
        """Where the README's server listens."""
        return f"127.0.0.1:{self.ports[FIRST]}"

    async def line(self, line: str, *, cwd: Path = ROOT) -> str:
        """Run one line as it is typed; its standard output."""
        return await ended(await self._start("bash", "-c", self._here(line), cwd=cwd))

    async def session(self, block: Block) -> dict[str, str]:
        """Run a shell block line by line; the output of each."""
        return {line: await self.line(line) for line in block.lines}

    async def script(self, block: Block) -> list[str]:
        """Run a script as it stands; the lines that it prints."""
        programs = {"python": (sys.executable,), "js": ("node", "--input-type=module")}
        process = await self._start(*programs[block.language], "-")
        return (await ended(process, self._here(block.text))).splitlines()

    @asynccontextmanager
    async def terminal(self, text: str, port: str) -> AsyncIterator[None]:
        """A terminal in which something serves on a port, until it is told to end."""
        process = await self._start("bash", "-c", self._here(text), new_session=True)
        drained = asyncio.create_task(process.communicate())
        try:
            async with asyncio.timeout(60):
                while not await answers(self.ports[port]):
                    assert not drained.done(), drained.result()
                    await asyncio.sleep(0.05)
            yield
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGTERM)
            await drained

    def _here(self, text: str) -> str:
        for fixed, free in self.ports.items():
            text = text.replace(f"127.0.0.1:{fixed}", f"127.0.0.1:{free}")
            text = text.replace(f"--port {fixed}", f"--port {free}")
        return text.replace(".venv/bin/", f"{Path(sys.executable).parent}/")

    async def _start(
        self, *command: str, cwd: Path = ROOT, new_session: bool = False
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            env=os.environ | self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=new_session,
        )


async def ended(process: asyncio.subprocess.Process, given: str = "") -> str:
    """What a command that went well has printed."""
    out, err = await process.communicate(given.encode())
    assert process.returncode == 0, out.decode() + err.decode()
    return out.decode()


async def answers(port: int) -> bool:
    """Whether something listens there."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def newcomer(database: str, folder: Path) -> AsyncIterator[Newcomer]:
    """The README's two terminals, on a database and in a folder of the test's own."""
    ports = {fixed: free_port() for fixed in (ERP, FIRST, SECOND, METRICS)}
    environment = QUICK | {
        "ARCHIBALD_DATABASE_URL": database,
        "ARCHIBALD_DATA_DIR": str(folder),
        "ARCHIBALD_SECRET_KEY": Fernet.generate_key().decode(),
        "ARCHIBALD_LISTEN": f"127.0.0.1:{ports[FIRST]}",
        "ARCHIBALD_METRICS_LISTEN": f"127.0.0.1:{ports[METRICS]}",
        "NODE_PATH": str(ROOT / "node_modules"),
    }
    environment["ARCHIBALD_SERVER"] = environment["ARCHIBALD_LISTEN"]
    site = f"http://127.0.0.1:{ports[ERP]}"
    # What the README exports in the server's terminal is what other pages take for given in theirs.
    for name, value in re.findall(r"^export (\w+)=(\S+)", SERVER.text, re.MULTILINE):
        environment[name] = value.replace(f":{ERP}", f":{ports[ERP]}")
    async with httpx.AsyncClient(base_url=f"{site}/sim/") as api:
        sim = Simulator(f"{site}/Archibald", api)
        one = Newcomer(ports, environment, sim, database)
        async with one.terminal(SIMULATOR.text, ERP), one.terminal(SERVER.text, FIRST):
            async with grpc.aio.insecure_channel(one.address) as channel:
                await channel.channel_ready()
            yield one
