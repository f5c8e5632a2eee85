"""The store of the original's four tests, on a real Postgres: absent, saved, overwritten, cleared."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from server.bot_results import check_bot_result, clear_bot_result, save_bot_result

KEY = ("A001", "submit-order", "p-1")


@pytest.fixture
async def conn(database: str) -> AsyncIterator[psycopg.AsyncConnection]:
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as conn:
        yield conn


async def test_an_unknown_key_has_no_result(conn: psycopg.AsyncConnection) -> None:
    """Absent: the bot must run."""
    assert await check_bot_result(conn, *KEY) is None


async def test_a_saved_result_is_found_under_its_key_alone(conn: psycopg.AsyncConnection) -> None:
    """Saved: found by agent, type and key together, and by nothing less."""
    await save_bot_result(conn, *KEY, {"order_id": "71723"})
    assert await check_bot_result(conn, *KEY) == {"order_id": "71723"}
    for other in [("A002", *KEY[1:]), (KEY[0], "delete-order", KEY[2]), (*KEY[:2], "p-2")]:
        assert await check_bot_result(conn, *other) is None


async def test_a_second_save_overwrites_the_first(conn: psycopg.AsyncConnection) -> None:
    """Overwritten: one row a key."""
    await save_bot_result(conn, *KEY, {"order_id": "71723"})
    await save_bot_result(conn, *KEY, {"order_id": "71723", "marker": "#0123456789"})
    assert await check_bot_result(conn, *KEY) == {"order_id": "71723", "marker": "#0123456789"}
    cursor = await conn.execute("SELECT count(*) FROM agents.bot_results")
    assert await cursor.fetchone() == (1,)


async def test_a_cleared_result_is_gone_and_clearing_twice_is_no_error(
    conn: psycopg.AsyncConnection,
) -> None:
    """Cleared: the next check finds nothing; the others stay."""
    await save_bot_result(conn, *KEY, {"order_id": "71723"})
    await save_bot_result(conn, "A002", *KEY[1:], {"order_id": "71724"})
    await clear_bot_result(conn, *KEY)
    await clear_bot_result(conn, *KEY)
    assert await check_bot_result(conn, *KEY) is None
    assert await check_bot_result(conn, "A002", *KEY[1:]) == {"order_id": "71724"}
