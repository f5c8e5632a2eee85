"""Rows of the journal for tests that need an operation but no ERP."""

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import bot_pb2

Pool = AsyncConnectionPool[AsyncConnection[Any]]


async def accepted(pool: Pool, key: str = "p-1", user_id: str = "A001", **columns: Any) -> UUID:
    """A submit-order that waits for its turn; ``columns`` make it what else it would take a crash to be."""
    request = bot_pb2.SubmitOrderRequest(user_id=user_id, pending_order_id=key)
    async with pool.connection() as conn:
        cursor = await conn.execute(
            """
            INSERT INTO agents.operations
                   (user_id, operation_type, operation_key, target, request, fingerprint, marker, start_by)
            VALUES (%(user_id)s, 'submit-order', %(key)s, %(key)s, %(request)s, 'f1', '#1',
                    now() + interval '2 hours')
            RETURNING id
            """,
            {"user_id": user_id, "key": key, "request": request.SerializeToString()},
        )
        row = await cursor.fetchone()
    assert row
    if columns:
        await change(pool, row[0], **columns)
    return UUID(str(row[0]))


async def change(pool: Pool, operation_id: UUID, **columns: Any) -> None:
    """Set columns of an operation by force."""
    assignments = ", ".join(f"{name} = %({name})s" for name in columns)
    async with pool.connection() as conn:
        await conn.execute(
            f"UPDATE agents.operations SET {assignments} WHERE id = %(id)s".encode(),
            columns | {"id": operation_id},
        )


async def rows(pool: Pool, table: str) -> list[dict[str, Any]]:
    """All rows of one of our tables."""
    async with pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(f"SELECT * FROM agents.{table}".encode())
        return await cursor.fetchall()
