"""The server's connections to Postgres: a pool in autocommit, and transactions where there are several statements.

In autocommit a statement of its own is one round trip; psycopg would send BEGIN and COMMIT around it.
"""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.config import Config

Pool = AsyncConnectionPool[AsyncConnection[Any]]


@asynccontextmanager
async def database(config: Config, url: str) -> AsyncIterator[Pool]:
    """The pool, open; every wait for a connection, a lock or a statement is bounded."""
    milliseconds = int(config.database_timeout * 1000)
    pool: Pool = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=config.database_pool_size,
        timeout=config.database_timeout,
        open=False,
        check=_still_open,
        kwargs={
            "autocommit": True,
            "connect_timeout": int(config.database_timeout),
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} "
            f"-c idle_in_transaction_session_timeout={milliseconds}",
        },
    )
    await pool.open(wait=True)
    try:
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[AsyncConnection[Any]]:
    """A pooled connection in a transaction: what is done in it is done whole, or not at all."""
    async with pool.connection() as conn, conn.transaction():
        yield conn


async def _still_open(conn: AsyncConnection[Any]) -> None:
    """Raise for a connection that Postgres has closed, so that the pool gives another one.

    Its end is there to be read. Only then is it asked: asking each time would double the round trips.
    """
    waiting = select.poll()
    waiting.register(conn.fileno(), select.POLLIN)
    if waiting.poll(0):
        await AsyncConnectionPool.check_connection(conn)
