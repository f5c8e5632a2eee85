"""An operation that waits for its agent's turn without any notice looks again and again, ever less often."""

import asyncio

import pytest
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import bot_pb2
from server.user_locks import BACK_OFF, JITTER
from tests.end_to_end.parts import USER, Bot, order
from tests.states.rows import Pool, claimed, registered

LATE = 0.5  # seconds that a busy machine may be late by


@pytest.mark.matrix
@pytest.mark.timeout(200)
async def test_the_waits_of_a_blocked_operation(bot: Bot) -> None:
    """2, 4, 8, 16, 30, 30 seconds, each a little more or less, as the journal holds them."""
    async with AsyncConnectionPool(bot.database, min_size=1, open=False) as pool:
        expected = (*BACK_OFF, BACK_OFF[-1])
        await _cut_notices(pool)
        # The agent's turn is held by an operation of a server that lives elsewhere.
        await claimed(pool, await registered(pool, "elsewhere"), "p-0", USER)
        request = order(pending_order_id="p-2", wait=bot_pb2.WAIT_NONE)
        await bot.client.start(request)
        waits: list[float] = []
        async with asyncio.timeout(sum(expected) * (1 + JITTER) + 20):
            while len(waits) < len(expected):
                await asyncio.sleep(0.5)
                [waits] = [
                    row["waits"]
                    for row in await bot.rows("operations")
                    if row["operation_key"] == "p-2"
                ]
    for seconds, pause in zip(waits, expected, strict=True):
        assert pause * (1 - JITTER) <= seconds <= pause * (1 + JITTER) + LATE


async def _cut_notices(pool: Pool) -> None:
    async with pool.connection() as conn:
        for table in ("operations", "operation_events"):
            await conn.execute(f"ALTER TABLE agents.{table} DISABLE TRIGGER USER".encode())
