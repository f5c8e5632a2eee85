"""A database's rows and columns, for the tests of migrations."""

from typing import Any

import psycopg


async def rows(dsn: str, query: str) -> list[tuple[Any, ...]]:
    """What the query finds."""
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        return await (await conn.execute(query.encode())).fetchall()


async def run(dsn: str, statements: str) -> None:
    """Run the statements in one transaction."""
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        await conn.execute(statements.encode())


async def schema(dsn: str) -> list[tuple[Any, ...]]:
    """Every column of our schema's tables, with its type."""
    return await rows(
        dsn,
        """
        SELECT table_name, column_name, data_type, numeric_precision, numeric_scale, is_generated
        FROM information_schema.columns
        WHERE table_schema = 'agents'
        ORDER BY table_name, column_name
        """,
    )
