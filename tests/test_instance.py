"""Laws of a server's lease: who holds it may act, who lost it has no browser, and the others can tell."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from server import guardian
from server.errors import DatabaseDownError
from server.guardian import Guardian
from server.instance import Instance, as_json, this_host
from server.processes import Family
from tests.proxies.postgres import postgres_proxy
from tests.test_guardian import family, until

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


async def test_a_lease_is_held_renewed_and_given_back(database: str, pool: Pool) -> None:
    """Longer than it lasts; the goodbye ends it at once, and with it go guardian and browsers."""
    instance = an_instance(database, pool)
    with family() as browser:
        async with instance.registered():
            await instance.browser_started(browser)
            begun = time.monotonic()
            while time.monotonic() < begun + 2 * LEASE:
                assert instance.holds()
                assert not await instance.takeable(instance.id)
                await asyncio.sleep(0.05)
            kept = await row(pool, instance.id)
            assert kept["host"] == this_host()
            assert kept["pid"] == os.getpid()
            assert kept["browsers"] == [as_json(browser)]
            assert not await instance.proved_dead(instance.id)
        assert not instance.holds()
        assert not browser.members()
    gone = await row(pool, instance.id)
    assert gone["gone_at"] is not None
    assert gone["lapsed"]
    assert await instance.takeable(instance.id)
    assert await instance.proved_dead(instance.id)


async def test_browsers_that_died_are_not_told_for_ever(instance: Instance, pool: Pool) -> None:
    """The row names the living ones: a death that was seen needs no second proof."""
    with family() as first, family() as second:
        await instance.browser_started(first)
        await first.end()
        await instance.browser_started(second)
        assert (await row(pool, instance.id))["browsers"] == [as_json(second)]


async def test_a_busy_pool_does_not_let_the_lease_lapse(
    instance: Instance, database: str, pool: Pool
) -> None:
    """It has a connection of its own, and opens another when that one is cut."""
    async with AsyncExitStack() as stack:
        for _ in range(pool.max_size):
            await stack.enter_async_context(pool.connection())
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as conn:
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE '%lease_until%'"
                " AND pid <> pg_backend_pid()"
            )
        begun = time.monotonic()
        while time.monotonic() < begun + 2 * LEASE:
            assert instance.holds()
            await asyncio.sleep(0.05)


async def test_a_renewal_that_gets_no_answer_is_dropped_in_time(database: str, pool: Pool) -> None:
    """As on a network that swallows: another connection renews before the lease is over."""
    async with postgres_proxy(database) as proxy:
        instance = an_instance(proxy.dsn, pool, lease=2.0)
        async with instance.registered():
            proxy.stop_at("SET lease_until")
            await asyncio.wait_for(proxy.reached.wait(), 10)
            begun = time.monotonic()
            while time.monotonic() < begun + 3:
                assert instance.holds()
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_its_guardian_it_holds_nothing_until_there_is_another(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Nobody would end the browsers with the lease; the next guardian knows those that live."""
    monkeypatch.setattr(guardian, "ANSWER_TIMEOUT", 0.2)
    with family() as browser:
        await instance.browser_started(browser)
        old = instance._guardian._process
        assert old is not None
        os.kill(old.pid, number)
        await until(lambda: not instance.holds(), "the guardian to be missed")
        await until(instance.holds, "another guardian to be there")
        assert browser.members()
        await instance._guardian.feed(0)
        await until(lambda: not browser.members(), "the new guardian to act")


async def test_a_lost_lease_costs_the_browsers_and_is_taken_anew(
    instance: Instance, pool: Pool
) -> None:
    """Somebody may have taken over what we had; afterwards nobody needs to suspect us any more."""
    await change(
        pool,
        "INSERT INTO agents.operations"
        " (user_id, operation_type, operation_key, target, fingerprint, state, suspects)"
        " VALUES ('A001', 'submit-order', 'p-1', 'p-1', 'f', 'VERIFYING', %s)",
        [instance.id, "another"],
    )
    with family() as browser, family() as next_browser:
        await instance.browser_started(browser)
        await change(pool, "UPDATE agents.server_instances SET lease_until = now()")
        await until(lambda: not browser.members(), "the browser to die")
        await until(instance.holds, "the lease to be taken anew")
        await instance.browser_started(next_browser)
        assert next_browser.members()
        kept = await row(pool, instance.id)
        assert kept["browsers"] == [as_json(next_browser)]
        assert not kept["lapsed"]
    async with pool.connection() as conn:
        cursor = await conn.execute("SELECT suspects FROM agents.operations")
        assert await cursor.fetchone() == (["another"],)


async def test_a_database_that_is_silent_costs_the_lease_but_not_the_server(
    instance: Instance, database: str
) -> None:
    """Locked out for longer than the lease: browsers dead, nothing may start; then it goes on."""
    with family() as browser:
        await instance.browser_started(browser)
        async with await psycopg.AsyncConnection.connect(database) as conn:
            await conn.execute("LOCK TABLE agents.server_instances")
            await until(lambda: not instance.holds(), "the lease to lapse")
            await until(lambda: not browser.members(), "the browser to die")
            with pytest.raises(DatabaseDownError):
                await instance.browser_started(browser)
        await until(instance.holds, "the lease to be taken anew")


async def test_a_server_that_is_killed_is_seen_at_once(instance: Instance, database: str) -> None:
    """Long before its lease lapses, on this machine: its process is gone and its browsers are dead."""
    deaths: list[str] = []
    with family() as browser, server(database, browser) as (process, other):
        assert not await instance.takeable(other)
        assert not await instance.proved_dead(other)
        instance.on_death = lambda: deaths.append(other)
        process.kill()
        process.wait()
        assert await instance.takeable(other)
        assert await instance.proved_dead(other)
        assert not browser.members()
        await until(lambda: bool(deaths), "the neighbour's death to be told")


async def test_a_dead_servers_frozen_browser_is_ended_by_a_neighbour(
    instance: Instance, database: str
) -> None:
    """Server and guardian killed together: whoever is left on the machine sees to the rest."""
    with family() as browser, server(database, browser) as (process, other):
        guarding = next(pid for pid in _children(process.pid) if os.getsid(pid) == pid)
        for pid in browser.members():
            os.kill(pid, signal.SIGSTOP)
        os.kill(guarding, signal.SIGKILL)
        process.kill()
        process.wait()
        await until(lambda: not browser.members(), "the neighbour to end it")
        assert await instance.proved_dead(other)


async def test_a_server_that_is_stopped_is_over_with_its_lease(
    instance: Instance, database: str, pool: Pool
) -> None:
    """Not before; then its guardian has acted. When it goes on it takes a new lease."""
    with family() as browser, server(database, browser) as (process, other):
        os.kill(process.pid, signal.SIGSTOP)
        assert not await instance.takeable(other)
        assert not await instance.proved_dead(other)
        await lapse(pool, other)
        assert await instance.takeable(other)
        assert await instance.proved_dead(other)
        assert not browser.members()
        os.kill(process.pid, signal.SIGCONT)
        await lapse(pool, other, lapsed=False)
        assert not await instance.takeable(other)


async def test_with_its_guardian_stopped_too_nothing_is_proved(
    instance: Instance, database: str, pool: Pool
) -> None:
    """The lease is over, but the browser lives: it may still write, so nothing may be run again."""
    with family() as browser, server(database, browser) as (process, other):
        guarding = next(pid for pid in _children(process.pid) if os.getsid(pid) == pid)
        os.kill(guarding, signal.SIGSTOP)
        os.kill(process.pid, signal.SIGSTOP)
        await lapse(pool, other)
        assert await instance.takeable(other)
        assert not await instance.proved_dead(other)
        os.kill(guarding, signal.SIGCONT)
        await until(lambda: not browser.members(), "the guardian to catch up")
        assert await instance.proved_dead(other)


async def test_another_machines_browsers_are_dead_a_margin_after_its_lease(
    instance: Instance, pool: Pool
) -> None:
    """Its process numbers mean nothing here: that a living process has them does not count."""
    await change(
        pool,
        "INSERT INTO agents.server_instances (id, host, pid, started, browsers, lease_until)"
        " VALUES ('far', 'another machine', 1, 1, %s, now() + INTERVAL '0.2 s')",
        Jsonb([{"pid": 1, "started": 1}]),
    )
    assert not await instance.takeable("far")
    await lapse(pool, "far")
    assert await instance.takeable("far")
    assert not await instance.proved_dead("far")
    await asyncio.sleep(MARGIN)
    assert await instance.proved_dead("far")
    await asyncio.sleep(0.3)
    assert (await row(pool, "far"))["gone_at"] is None


async def test_an_unknown_instance_can_be_followed_but_proves_nothing(instance: Instance) -> None:
    """Its row is long gone, or it never had one."""
    assert await instance.takeable("nobody")
    assert not await instance.proved_dead("nobody")


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as children:  # noqa: PTH123
        return [int(child) for child in children.read().split()]
