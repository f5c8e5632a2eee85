"""Servers with leases, as rows and as processes, for the tests of who may act."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from server.guardian import Guardian
from server.instance import Instance
from server.processes import Family

LEASE = 0.9
MARGIN = 0.3

# A server that tells of one family and is then killed or stopped.
SERVER = """
import asyncio, sys
from psycopg_pool import AsyncConnectionPool
from server import logs
from server.guardian import Guardian
from server.instance import Instance
from server.processes import Family

async def main():
    logs.configure()
    async with AsyncConnectionPool(sys.argv[1], open=False) as pool:
        times = {"lease": 0.9, "renewal": 0.2, "guardian_margin": 0.3, "neighbour_poll": 0.1}
        instance = Instance(sys.argv[1], pool, Guardian(), **times)
        async with instance.registered():
            await instance.browser_started(Family.of(int(sys.argv[2])))
            print(instance.id, flush=True)
            await asyncio.Event().wait()

asyncio.run(main())
"""

Pool = AsyncConnectionPool[psycopg.AsyncConnection[Any]]


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """Connections to the test's own database."""
    async with AsyncConnectionPool(database, open=False, kwargs={"autocommit": True}) as pool:
        yield pool


def an_instance(conninfo: str, pool: Pool, **settings: float) -> Instance:
    times = {"lease": LEASE, "renewal": 0.2, "guardian_margin": MARGIN, "neighbour_poll": 0.1}
    return Instance(conninfo, pool, Guardian(), **times | settings)


@pytest.fixture
async def instance(database: str, pool: Pool) -> AsyncIterator[Instance]:
    """A registered server; its families are killed by it at the end."""
    instance = an_instance(database, pool)
    async with instance.registered():
        yield instance


async def row(pool: Pool, instance_id: str) -> dict[str, Any]:
    async with pool.connection() as conn:
        cursor = conn.cursor(row_factory=psycopg.rows.dict_row)
        await cursor.execute(
            "SELECT *, lease_until <= now() AS lapsed FROM agents.server_instances WHERE id = %s",
            (instance_id,),
        )
        found = await cursor.fetchone()
    assert found is not None
    return found


async def change(pool: Pool, statement: str, *values: object) -> None:
    async with pool.connection() as conn:
        await conn.execute(statement.encode(), values)


async def lapse(pool: Pool, instance_id: str, *, lapsed: bool = True) -> None:
    """Wait until an instance's lease is over in the database, or begins anew."""
    deadline = time.monotonic() + 10
    while (await row(pool, instance_id))["lapsed"] is not lapsed:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@contextmanager
def server(database: str, browser: Family) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another server on this machine, and its id."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, database, str(browser.pid)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as children:  # noqa: PTH123
        return [int(child) for child in children.read().split()]
