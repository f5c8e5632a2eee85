"""An entered order in our own tables, on a real Postgres: written twice it is there once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from psycopg import AsyncConnection

from server.operations.order_rows import write_order
from tests.operations.entering import burs, disc, order


@pytest.fixture
async def conn(database: str) -> AsyncIterator[AsyncConnection[Any]]:
    async with await AsyncConnection.connect(database, autocommit=True) as conn:
        yield conn


async def test_orders_stand_side_by_side_and_once(conn: AsyncConnection[Any]) -> None:
    """Two drafts of one customer, neither with a sales number yet, and the first written again."""
    request = order(burs(), disc())
    for record_id in ("71.724", "71.725", "71.724"):
        await write_order(conn, request, record_id)
    heads = await conn.execute("SELECT id, order_number FROM agents.order_records ORDER BY id")
    assert await heads.fetchall() == [("71.724", "PENDING-71.724"), ("71.725", "PENDING-71.725")]
    lines = await conn.execute(
        "SELECT order_id, count(*) FROM agents.order_articles GROUP BY order_id ORDER BY order_id"
    )
    assert await lines.fetchall() == [("71.724", 2), ("71.725", 2)]
