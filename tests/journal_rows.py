"""Rows of the journal for tests that need an operation but no ERP."""

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import bot_pb2
from server.intake import Submission, accept
from server.journal_row import Row

Pool = AsyncConnectionPool[AsyncConnection[Any]]


async def accepted(
    pool: Pool, key: str = "p-1", user_id: str = "A001", operation_type: str = "submit-order"
) -> Row:
    """A QUEUED operation."""
    request = bot_pb2.SubmitOrderRequest(user_id=user_id, pending_order_id=key)
    return await accept(
        pool,
        Submission(
            user_id=user_id,
            operation_type=operation_type,
            operation_key=key,
            target=key,
            once=True,
            request=request.SerializeToString(),
            fingerprint="f1",
            start_by=None,
            start_within=7200,
            marker_of=lambda revision: f"#{revision}",
            differing=lambda _: [],
        ),
    )


async def change(pool: Pool, operation_id: UUID, **columns: Any) -> None:
    """Set columns of an operation by force: a state that would take a crash to reach."""
    assignments = ", ".join(f"{name} = %({name})s" for name in columns)
    async with pool.connection() as conn:
        await conn.execute(
            f"UPDATE agents.operations SET {assignments} WHERE id = %(id)s".encode(),
            columns | {"id": operation_id},
        )
