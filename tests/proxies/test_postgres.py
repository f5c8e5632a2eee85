"""The Postgres proxy: held before, withheld after, let go, cut, over several connections."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from tests.proxies.postgres import PostgresProxy, postgres_proxy


@pytest.fixture
async def proxy(empty_database: str) -> AsyncIterator[PostgresProxy]:
    """A proxy before a database with one table."""
    async with await psycopg.AsyncConnection.connect(empty_database) as conn:
        await conn.execute("CREATE TABLE told (word TEXT)")
    async with postgres_proxy(empty_database) as proxy:
        yield proxy


async def tell(proxy: PostgresProxy, word: str) -> None:
    async with await psycopg.AsyncConnection.connect(proxy.dsn) as conn:
        await conn.execute("INSERT INTO told\n VALUES (%s)", [word])


async def told(database: str) -> list[str]:
    async with await psycopg.AsyncConnection.connect(database) as conn:
        cursor = await conn.execute("SELECT word FROM told ORDER BY word")
        return [row[0] for row in await cursor.fetchall()]


async def test_held_before_a_statement_it_has_no_effect(
    proxy: PostgresProxy, empty_database: str
) -> None:
    """Named by SQL and value; others pass meanwhile, the second of that name too; then it goes on."""
    proxy.stop_before(r"INSERT INTO told VALUES.*two")
    held = asyncio.create_task(tell(proxy, "two"))
    await proxy.reached.wait()
    await tell(proxy, "one")
    await tell(proxy, "two")
    assert await told(empty_database) == ["one", "two"]
    proxy.let_go()
    await held
    assert await told(empty_database) == ["one", "two", "two"]


async def test_held_after_it_the_effect_is_durable_and_nobody_hears(
    proxy: PostgresProxy, empty_database: str
) -> None:
    """Not the statement's own answer is withheld, but that of the commit behind it."""
    proxy.stop_after(r"INSERT INTO told")
    held = asyncio.create_task(tell(proxy, "one"))
    await proxy.reached.wait()
    assert await told(empty_database) == ["one"]
    assert not held.done()
    proxy.let_go()
    await held


async def test_a_cut_ends_what_is_held(proxy: PostgresProxy, empty_database: str) -> None:
    """The client hears of a lost connection; until it is mended there is no other."""
    proxy.stop_after(r"INSERT INTO told")
    held = asyncio.create_task(tell(proxy, "one"))
    await proxy.reached.wait()
    proxy.cut()
    with pytest.raises(psycopg.OperationalError):
        await held
    with pytest.raises(psycopg.OperationalError):
        await tell(proxy, "two")
    proxy.mend()
    await tell(proxy, "three")
    assert await told(empty_database) == ["one", "three"]
