"""The audit is written behind the calls: while the database is away too, and at the end to the last one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
import structlog
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from server import audit
from server.audit import Audit
from server.call import Call
from server.callers import Caller
from tests.doors import audited
from tests.journal_rows import Pool, rows

SHOP = Caller("shop", frozenset({"A001"}))


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=2, open=False) as pool:
        yield pool


def call() -> Call:
    return Call(SHOP, "ipv4:127.0.0.1:1", "/archibald.v1.OperationsService/GetOperation")


@asynccontextmanager
async def away(postgres: str, database: str) -> AsyncIterator[None]:
    """The database takes no connections, and those that there were are gone."""
    name = str(conninfo_to_dict(database)["dbname"])
    async with await psycopg.AsyncConnection.connect(postgres, autocommit=True) as conn:
        statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        database_name = sql.Identifier(name)
        await conn.execute(statement.format(database_name, sql.SQL("false")))
        await conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            await conn.execute(statement.format(database_name, sql.SQL("true")))


def outcomes(kept: list[dict[str, Any]]) -> list[str | None]:
    return [row["outcome"] for row in kept]


async def test_a_call_is_there_from_its_beginning_and_ends_in_the_same_row(pool: Pool) -> None:
    """A server that is killed meanwhile leaves it without an end."""
    asked = call()
    ledger = Audit(pool)
    async with ledger.at_work():
        ledger.note(asked)
        assert outcomes(await audited(pool, 1, ended=False)) == [None]
        asked.about("A001", "p-1")
        asked.ended("OK")
        ledger.note(asked)
        [kept] = await audited(pool, 1)
    assert (kept["id"], kept["agent"], kept["operation"]) == (asked.id, "A001", "p-1")


async def test_what_is_noted_at_the_very_end_is_written(pool: Pool) -> None:
    """Leaving waits for it, once."""
    ledger = Audit(pool)
    async with ledger.at_work():
        for _ in range(100):
            ledger.note(call())
    assert len(await rows(pool, "audit")) == 100


async def test_a_database_that_is_away_gets_it_when_it_is_back(
    postgres: str, database: str
) -> None:
    """Nobody waits for it meanwhile, and nothing is lost."""
    # Soon out of patience, so that it is soon told: a busy machine's first connection may take longer as well.
    impatient = AsyncConnectionPool(
        database,
        min_size=1,
        max_size=2,
        timeout=0.5,
        open=False,
        check=AsyncConnectionPool.check_connection,
    )
    ledger = Audit(impatient)
    async with impatient, ledger.at_work():
        with structlog.testing.capture_logs() as events:
            async with away(postgres, database):
                ledger.note(call())
                async with asyncio.timeout(20):
                    while not events:  # noqa: ASYNC110  # the log tells it
                        await asyncio.sleep(0.02)
        assert events[0]["event"] == "audit_waits"
        # By a pool of its own: the other one may take its time until it connects again.
        async with AsyncConnectionPool(database, open=False) as reading:
            assert len(await audited(reading, 1, ended=False)) == 1


async def test_memory_is_bounded_and_what_is_lost_is_told(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than there is room for while nothing is written: the log counts them."""
    monkeypatch.setattr(audit, "MOST", 3)
    ledger = Audit(pool)
    for _ in range(5):
        ledger.note(call())
    with structlog.testing.capture_logs() as events:
        async with ledger.at_work():
            await audited(pool, 3, ended=False)
    assert len(await rows(pool, "audit")) == 3
    assert [(event["event"], event["calls"]) for event in events] == [("audit_lost", 2)]
