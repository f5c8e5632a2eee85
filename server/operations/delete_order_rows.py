"""A deleted order leaves our own tables, as erp-reference §5.2 does it; what was not there is told."""

from typing import Any

from psycopg import AsyncConnection

from server.erp.formats import dotted_id
from server.operations.order_named import spellings


async def delete_rows(conn: AsyncConnection[Any], user_id: str, order_id: str) -> list[str]:
    """Delete history, lines and head of the order, under whichever spelling; returns warnings.

    fresis_history is left alone: it tells of the sub-customers' orders, which did exist.
    """
    values = {"ids": spellings(order_id), "user_id": user_id}
    await conn.execute(
        "DELETE FROM agents.order_state_history"
        " WHERE order_id = ANY(%(ids)s) AND user_id = %(user_id)s",
        values,
    )
    lines = await conn.execute(
        "DELETE FROM agents.order_articles WHERE order_id = ANY(%(ids)s) AND user_id = %(user_id)s"
        " RETURNING id",
        values,
    )
    heads = await conn.execute(
        "DELETE FROM agents.order_records WHERE id = ANY(%(ids)s) AND user_id = %(user_id)s RETURNING id",
        values,
    )
    record = dotted_id(order_id)
    if await heads.fetchone() is None:
        return [f"there was no row {record} in order_records to delete"]
    if await lines.fetchone() is None:
        return [f"there were no lines of {record} in order_articles to delete"]
    return []
