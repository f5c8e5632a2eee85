"""Laws of a server's lease: who holds it may act, who lost it has no browser, and it never holds on to it."""

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack

import psycopg
import pytest

from server import guardian
from server.errors import DatabaseDownError
from server.instance import Instance, as_json, this_host
from server.processes import GuardianError
from tests.conditions import until
from tests.instances import (
    LEASE,
    Pool,
    an_instance,
    change,
    instance,
    pool,
    row,
)
from tests.proxies.postgres import postgres_proxy
from tests.test_guardian import family

__all__ = ["instance", "pool"]  # fixtures


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
    database: str, pool: Pool, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Nobody would end the browsers with the lease; the next guardian knows those that live."""
    monkeypatch.setattr(guardian, "ANSWER_TIMEOUT", 1)
    instance = an_instance(database, pool, lease=5.0)  # as in earnest, it outlasts a missing echo
    async with instance.registered():
        with family() as browser:
            await instance.browser_started(browser)
            old = instance._guardian._process
            assert old is not None
            os.kill(old.pid, number)
            with pytest.raises(GuardianError):  # the worst moment: it was just being told
                await instance._guardian.feed(instance._deadline)
            assert not instance.holds()
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
