"""What the other servers can tell of one that died, stopped, or was never there."""

import asyncio
import os
import signal

from psycopg.types.json import Jsonb

from server.instance import Instance
from tests.conditions import until
from tests.instances import (
    MARGIN,
    Pool,
    change,
    children,
    instance,
    lapse,
    pool,
    row,
    server,
)
from tests.test_guardian import family

__all__ = ["instance", "pool"]  # fixtures


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
        guarding = next(pid for pid in children(process.pid) if os.getsid(pid) == pid)
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
        guarding = next(pid for pid in children(process.pid) if os.getsid(pid) == pid)
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
