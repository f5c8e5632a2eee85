"""What another server has left: taken when it is gone, and ended only when its browser is proved dead."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool

from server.intake import accept
from server.operations import OPERATIONS
from server.takeover import Takeover
from tests.states.rows import Pool, change, claimed, passed, registered, submission

BY_TYPE: dict[str, Any] = {operation.TYPE: operation for operation in OPERATIONS.values()}


@dataclass
class Known:
    """What is known of the other server."""

    gone: bool = True
    dead: bool = False

    async def takeable(self, _: str) -> bool:
        return self.gone

    async def proved_dead(self, _: str) -> bool:
        return self.dead


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        yield pool


async def test_what_has_expired_ends_only_when_no_browser_can_be_at_it(pool: Pool) -> None:
    """The agent's turn passes on with its end: a server that hangs may have its browser still (law 8)."""
    other, mine = await registered(pool, "server-1"), await registered(pool, "server-2")
    claim = await claimed(pool, other)
    await change(pool, claim.operation_id, request=None)  # the body is no message here
    await passed(pool, 7300)
    known = Known()
    takeover = Takeover(mine, known, BY_TYPE)
    row = await mine.read(claim.operation_id)
    assert row.expired
    assert await takeover.claim(row) is None
    assert (await mine.read(claim.operation_id)).state == "RUNNING"
    known.dead = True
    assert await takeover.claim(row) is None
    row = await mine.read(claim.operation_id)
    assert (row.state, row.error and row.error["reason"]) == ("FAILED", "EXPIRED")


async def test_what_has_expired_in_the_queue_ends_there(pool: Pool) -> None:
    """It does not wait for a turn that it no longer wants."""
    mine = await registered(pool, "server-1")
    await claimed(pool, mine)
    row = await accept(pool, submission("p-2"), mine.instance)
    takeover = Takeover(mine, Known(), BY_TYPE)
    assert not await takeover.ripe(row)
    await change(pool, row.id, request=None)
    await passed(pool, 7300)
    row = await mine.read(row.id)
    assert row.blocked
    assert await takeover.ripe(row)
    assert await takeover.claim(row) is None
    assert (await mine.read(row.id)).state == "FAILED"


async def test_what_a_living_server_has_is_not_taken(pool: Pool) -> None:
    """Nor is what waits behind it in the agent's queue worth a place in the line."""
    other, mine = await registered(pool, "server-1"), await registered(pool, "server-2")
    claim = await claimed(pool, other)
    takeover = Takeover(mine, Known(gone=False), BY_TYPE)
    row = await mine.read(claim.operation_id)
    assert not await takeover.ripe(row)
    assert await takeover.claim(row) is None
