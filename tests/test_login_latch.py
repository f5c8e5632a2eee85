"""Laws of the latch: one at a time over all servers, and nobody waits for one who can try nothing any more."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from cryptography.fernet import Fernet
from psycopg_pool import AsyncConnectionPool

from server.credentials import Credentials
from server.errors import ErpLoginRejectedError
from server.login_latch import LoginLatch
from tests.journal_rows import Pool, rows

AGENT = "A001"
CREDENTIALS = Credentials(Fernet.generate_key())
# Seconds in which whoever need not wait has long begun, and far less than a trial may last.
SOON = 5.0


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """With a login of one agent and two servers."""
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        async with pool.connection() as conn:
            await CREDENTIALS.put(conn, AGENT, "ikiA0001", "secret")
            for server in ("here", "there"):
                await conn.execute(
                    "INSERT INTO agents.server_instances (id, host, pid, started, lease_until) "
                    "VALUES (%s, 'a machine', 1, 1, now() + INTERVAL '1 hour')",
                    [server],
                )
        yield pool


def latch(pool: Pool, server: str) -> LoginLatch:
    return LoginLatch(pool, CREDENTIALS, server)


async def interrupted(pool: Pool, server: str) -> None:
    """A trial that this server has begun and will never end."""
    async with pool.connection() as conn:
        await conn.execute(
            "UPDATE agents.erp_credentials SET tried_by = %s, tried_at = now()", [server]
        )


async def is_void(pool: Pool, trial_of: str) -> None:
    """Whether it holds nobody back."""
    await interrupted(pool, trial_of)
    async with asyncio.timeout(SOON):
        async with latch(pool, "here").trying(AGENT):
            pass
    [row] = await rows(pool, "erp_credentials")
    assert (row["tried_by"], row["tried_at"]) == (None, None)


async def test_a_living_servers_trial_is_waited_for(pool: Pool) -> None:
    """The other begins when the first has ended, and not before."""
    order = []
    begun = asyncio.Event()

    async def first() -> None:
        async with latch(pool, "there").trying(AGENT):
            begun.set()
            # Twice as long as it takes to look again.
            await asyncio.sleep(0.6)  # a login takes its time
            order.append("there has ended")

    trying = asyncio.create_task(first())
    await begun.wait()
    async with latch(pool, "here").trying(AGENT):
        order.append("here has begun")
    await trying
    assert order == ["there has ended", "here has begun"]


async def test_our_own_unfinished_trial_holds_nobody_back(pool: Pool) -> None:
    """It is what a database that was away kept us from ending: the lock in memory says who tries."""
    await is_void(pool, "here")


async def test_the_trial_of_a_server_that_is_gone_is_void(pool: Pool) -> None:
    """As soon as it is seen to be gone, long before its lease is over; of one that nobody knows, too."""
    async with pool.connection() as conn:
        await conn.execute("UPDATE agents.server_instances SET gone_at = now() WHERE id = 'there'")
    await is_void(pool, "there")
    await is_void(pool, "somebody")


async def test_the_trial_of_a_server_that_hangs_is_void_with_its_lease(pool: Pool) -> None:
    """Its guardian has ended its browsers."""
    async with pool.connection() as conn:
        await conn.execute(
            "UPDATE agents.server_instances SET lease_until = now() WHERE id = 'there'"
        )
    await is_void(pool, "there")


async def test_a_refused_login_is_tried_once_by_all(pool: Pool) -> None:
    """Whoever waited hears of the refusal, in this server and in the other, and a look tells it at once."""
    here, there = latch(pool, "here"), latch(pool, "there")
    tried = 0

    async def trial(one: LoginLatch) -> None:
        nonlocal tried
        async with one.trying(AGENT):
            tried += 1
            raise ErpLoginRejectedError("wrong")

    async def refused(one: LoginLatch) -> None:
        with pytest.raises(ErpLoginRejectedError):
            await trial(one)

    await asyncio.gather(*(refused(one) for one in (here, there) * 4))
    assert tried == 1
    for one in (here, there):
        with pytest.raises(ErpLoginRejectedError, match="refused the stored login"):
            await one.usable(AGENT)


async def test_what_is_not_stored_is_not_tried(pool: Pool) -> None:
    """The look says what to do."""
    with pytest.raises(ErpLoginRejectedError, match="no ERP login is stored for agent A099"):
        await latch(pool, "here").usable("A099")
    await latch(pool, "here").usable(AGENT)
