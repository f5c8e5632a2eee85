"""The ERP's answers between the save and our own commit: check, save, clear on agents.bot_results."""

from collections.abc import Awaitable, Mapping
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import tuple_row
from psycopg.sql import SQL
from psycopg.types.json import Jsonb

# The save; `{of}` may take it from the statement that it is part of.
SAVE = SQL("""
    INSERT INTO agents.bot_results (user_id, operation_type, operation_key, result_data)
    SELECT %(user_id)s, %(operation_type)s, %(operation_key)s, %(result_data)s {of}
        ON CONFLICT (user_id, operation_type, operation_key)
        DO UPDATE SET result_data = EXCLUDED.result_data
""")


async def check_bot_result(
    conn: AsyncConnection[Any],
    user_id: str,
    operation_type: str,
    operation_key: str,
    *,
    beside: Awaitable[object] | None = None,
) -> dict[str, Any] | None:
    """The saved answer for this key, or None when there is none.

    ``beside``: a statement on the same connection that is sent with it, in one round trip.
    """
    async with conn.cursor(row_factory=tuple_row) as cursor:
        async with conn.pipeline():
            if beside is not None:
                await beside
            await cursor.execute(
                """
                SELECT result_data
                  FROM agents.bot_results
                 WHERE user_id = %(user_id)s
                   AND operation_type = %(operation_type)s
                   AND operation_key = %(operation_key)s
                """,
                {
                    "user_id": user_id,
                    "operation_type": operation_type,
                    "operation_key": operation_key,
                },
            )
        row = await cursor.fetchone()
    return None if row is None else dict(row[0])


async def save_bot_result(
    conn: AsyncConnection[Any],
    user_id: str,
    operation_type: str,
    operation_key: str,
    result_data: Mapping[str, Any],
) -> None:
    """Keep the ERP's answer; a second save for the key overwrites the first.

    Whether a *different* ERP id may replace the first is judged by the journal: in the server the save
    is part of the statement that moves to CONFIRMED (`transitions.confirm`).
    """
    await conn.execute(
        SAVE.format(of=SQL("")),
        {
            "user_id": user_id,
            "operation_type": operation_type,
            "operation_key": operation_key,
            "result_data": Jsonb(dict(result_data)),
        },
    )


async def clear_bot_result(
    conn: AsyncConnection[Any], user_id: str, operation_type: str, operation_key: str
) -> None:
    """Forget the saved answer; clearing what is not there is no error."""
    await conn.execute(
        """
        DELETE FROM agents.bot_results
         WHERE user_id = %(user_id)s
           AND operation_type = %(operation_type)s
           AND operation_key = %(operation_key)s
        """,
        {"user_id": user_id, "operation_type": operation_type, "operation_key": operation_key},
    )
