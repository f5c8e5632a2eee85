"""Everything that can die, together: simulator, two proxies, a Postgres and a server of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg.rows import dict_row

from server.app import stored_credentials
from server.config import Config
from tests.crash.boundaries import Stops
from tests.crash.requests import AGENTS
from tests.crash.server import Postgres, Server, free_port
from tests.databases import temporary_folder
from tests.erp_simulator.running import Simulator, simulator
from tests.proxies.erp import erp_proxy
from tests.proxies.postgres import postgres_proxy

SCALE = 0.02


@dataclass
class Rig:
    """One worker's parts; its server serves one cell after another and is replaced when it dies."""

    sim: Simulator
    stops: Stops
    postgres: Postgres
    server: Server
    address: str
    numbers: int = field(default=0)

    def next_number(self) -> int:
        """A number that no cell had before."""
        self.numbers += 1
        return self.numbers

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        """A connection past the proxy, in autocommit, for looking."""
        async with await psycopg.AsyncConnection.connect(
            self.postgres.dsn, autocommit=True
        ) as conn:
            yield conn

    async def query(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """Rows as the tests see them."""
        async with self.connected() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(statement.encode(), values or None)
            return await cursor.fetchall() if cursor.description else []

    async def operation(self, user: str, key: str) -> dict[str, Any] | None:
        """The journal's row of a key."""
        rows = await self.query(
            "SELECT * FROM agents.operations WHERE user_id = %s AND operation_key = %s", user, key
        )
        return rows[0] if rows else None

    async def clean(self, user: str) -> bool:
        """Leave nothing of a cell to the next one; whether there was something."""
        self.stops.mend()
        left = await self.query(
            """
            UPDATE agents.operations
               SET state = 'ABANDONED', finished_at = now(), owner_instance = NULL
             WHERE user_id = %s AND state NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'ABANDONED')
            RETURNING id
            """,
            user,
        )
        return bool(left)


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """All of it, running; the database holds the logins of all agents."""
    with temporary_folder() as folder:
        postgres = Postgres(folder)
        await postgres.start()
        try:
            async with (
                simulator(scale=SCALE) as sim,
                erp_proxy(sim.base_url) as erp,
                postgres_proxy(postgres.dsn) as wire,
            ):
                address = f"127.0.0.1:{free_port()}"
                config = Config(
                    erp_url=erp.base_url,
                    database_url=wire.dsn,
                    listen=address,
                    data_dir=folder,
                    allow_unconfirmed=True,
                    time_scale=0.08,
                    write_timeout=4,
                    erp_lag_max=3,
                    retry_delays=(0.2, 0.4, 0.8),
                    verify_pause=0.3,
                    verify_for=4,
                    quiet_time=2,
                    send_within=2,
                    circuit_pause=0.5,
                    database_timeout=3,
                    completer_poll=1,
                    neighbour_poll=0.2,
                    close_timeout=2,
                    trace_pictures="never",
                )
                server = Server(config)
                try:
                    await _store_logins(config, postgres, sim)
                    await server.start()
                    yield Rig(sim, Stops(erp, wire), postgres, server, address)
                finally:
                    await server.kill()
        finally:
            await postgres.stop()


async def _store_logins(config: Config, postgres: Postgres, sim: Simulator) -> None:
    passwords = {agent["user"]: agent["password"] for agent in await sim.agents()}
    direct = replace(config, database_url=postgres.dsn)
    async with stored_credentials(direct) as (credentials, conn):
        for agent in AGENTS:
            await credentials.put(conn, agent.user, agent.erp_user, passwords[agent.erp_user])
