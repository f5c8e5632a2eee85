"""The parts of a soak in processes of their own, each to be killed, stopped and started again."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet
from psycopg.rows import dict_row

from server.app import stored_credentials
from server.config import PREFIX, Config
from server.embedded_postgres import embedded_postgres
from tests.erp_simulator.running import Simulator, _die_with_parent, simulator

ROOT = Path(__file__).parents[2]
LOGINS = {f"A{n:03d}": f"ikiA{n:04d}" for n in range(1, 61)}  # of all agents, for the ERP
AGENTS = dict(list(LOGINS.items())[:20])  # those of a soak
SERVING_WITHIN = 60.0  # seconds from a start until the port takes connections; loaded, it takes 3
APPLICATION = "soak"  # our own database connections, which chaos leaves alone


class Postgres:
    """An embedded Postgres that can be restarted under its servers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = AsyncExitStack()
        self.dsn = ""

    async def start(self) -> None:
        """Start it; the address is the same every time."""
        self.dsn = await self._stack.enter_async_context(
            embedded_postgres(self._folder, fsync=False)
        )

    async def stop(self) -> None:
        """End it with all sessions."""
        await self._stack.aclose()

    async def rows(self, query: str) -> list[dict[str, Any]]:
        """What a query finds."""
        async with (
            await psycopg.AsyncConnection.connect(
                self.dsn, row_factory=dict_row, application_name=APPLICATION, autocommit=True
            ) as conn,
            conn.cursor() as cursor,
        ):
            await cursor.execute(query.encode())
            return await cursor.fetchall()


class ServerProcess:
    """One server, on a port that it keeps over its lives; its log goes to one file."""

    def __init__(self, name: str, command: Sequence[str], config: Config, log: Path) -> None:
        self.name = name
        self.address = config.listen
        self.metrics = config.metrics_listen
        self.data_dir = config.data_dir
        self._command = command
        self._environment = environment(config)
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.lives = 0

    @property
    def pid(self) -> int:
        """The number of its process; 0 when it does not run."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and alive else 0

    async def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self.lives += 1
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._command, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=_die_with_parent,
                env=os.environ | self._environment | {"PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        host, _, port = self.address.rpartition(":")
        async with asyncio.timeout(SERVING_WITHIN):
            while self.pid:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection(host, int(port))
                    writer.close()
                    return
                await asyncio.sleep(0.05)  # nobody announces that a port is open
        raise RuntimeError(f"{self.name} ended while starting; see {self._log}")

    async def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.pid and self._process is not None:
            self._process.kill()
            await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Stop it or let it go on."""
        if self.pid:
            os.kill(self.pid, number)

    async def end(self) -> None:
        """SIGTERM, and SIGKILL behind it: the run is over."""
        if self.pid and self._process is not None:
            self._process.terminate()
            try:
                async with asyncio.timeout(30):
                    await self._process.wait()
            except TimeoutError:
                await self.kill()


@dataclass
class House:
    """Everything that runs."""

    folder: Path
    postgres: Postgres
    sim: Simulator
    servers: list[ServerProcess]

    @property
    def addresses(self) -> list[str]:
        """Where the servers are."""
        return [server.address for server in self.servers]


@asynccontextmanager
async def house(
    folder: Path,
    command: Sequence[str],
    switches: dict[str, Any],
    settings: dict[str, Any],
    *,
    servers: int = 2,
    scale: float = 0.02,
) -> AsyncIterator[House]:
    """Postgres, the simulated ERP and servers on one database, with the agents' logins stored."""
    postgres = Postgres(folder / "postgres")
    await postgres.start()
    try:
        async with simulator(scale=scale, **switches) as sim:
            secret = Fernet.generate_key().decode()
            configs = [
                Config(
                    erp_url=sim.base_url,
                    database_url=postgres.dsn,
                    listen=f"127.0.0.1:{free_port()}",
                    metrics_listen=f"127.0.0.1:{free_port()}",
                    data_dir=folder / f"server-{number}",
                    secret_key=secret,
                    allow_unconfirmed=True,
                    **settings,
                )
                for number in range(1, servers + 1)
            ]
            await store_logins(configs[0], sim)
            processes = [
                ServerProcess(f"server-{n}", command, config, folder / f"server-{n}.log")
                for n, config in enumerate(configs, start=1)
            ]
            try:
                await asyncio.gather(*(server.start() for server in processes))
                yield House(folder, postgres, sim, processes)
            finally:
                await asyncio.gather(*(server.end() for server in processes))
    finally:
        await postgres.stop()


async def store_logins(config: Config, sim: Simulator) -> None:
    """Store the agents' ERP logins; makes the schema as well."""
    known = {agent["user"]: agent["password"] for agent in await sim.agents()}
    async with stored_credentials(config) as (credentials, conn):
        for user, login in LOGINS.items():
            await credentials.put(conn, user, login, known[login])


def environment(config: Config) -> dict[str, str]:
    """The settings as the variables that a server reads."""
    values = {}
    for item in fields(config):
        value = getattr(config, item.name)
        if isinstance(value, tuple):
            value = ",".join(map(str, value))
        if value is not None:
            values[f"{PREFIX}{item.name.upper()}"] = str(value)
    return values


def free_port() -> int:
    """A port that is free now and stays so unless somebody is very quick."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
