"""What Postgres tells reaches who waits for it, also after the connection was lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from server import notices as notices_module
from server.decisions import cancel
from server.intake import accept
from server.notices import Notice, Notices, Waiter
from tests.states.rows import Pool, claimed, registered, submission


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        yield pool


@asynccontextmanager
async def listening(database: str) -> AsyncIterator[Notices]:
    """Notices that are connected by now: everybody is woken when they are."""
    notices = Notices(database)
    async with notices.connected():
        with notices.listening(uuid4()) as waiter:
            assert await waiter.wait(10)
        yield notices


async def test_a_change_wakes_its_operation_its_agent_and_who_waits_for_all(
    database: str, pool: Pool
) -> None:
    """And nobody else; the notice says what has changed."""
    journal = await registered(pool, "server-1")
    row = await accept(pool, submission(user="A 001"), "server-1")
    async with listening(database) as notices:
        with (
            notices.listening(row.id) as operation,
            notices.listening(uuid4(), "A 001") as agent,
            notices.listening() as everything,
            notices.listening(uuid4(), "A002") as stranger,
        ):
            assert await journal.claim(row, []) is not None
            for waiter in (operation, agent, everything):
                assert await waiter.wait(10)
                assert waiter.newest == Notice(row.id, "A 001", "RUNNING", 1)
            assert not await stranger.wait(0)
            await cancel(pool, {}, row.id)
            assert await operation.wait(10)
            assert operation.newest is not None
            assert operation.newest.cancel_requested


async def test_a_step_wakes_only_who_waits_for_that_operation(database: str, pool: Pool) -> None:
    """Sixty agents' steps are not everybody's business."""
    row = await accept(pool, submission(), "server-1")
    async with listening(database) as notices:
        with (
            notices.listening(row.id, "A001") as operation,
            notices.listening(row.id, steps=False) as its_browser,
            notices.listening(uuid4(), "A001") as next_one,
            notices.listening() as everything,
        ):
            async with pool.connection() as conn:
                await conn.execute(
                    """
                    INSERT INTO agents.operation_events
                           (operation_id, sequence, step, percent, label_it, label_en)
                    VALUES (%(id)s, 1, 'login', 1, 'a', 'b')
                    """,
                    {"id": row.id},
                )
            assert await operation.wait(10)
            assert not await its_browser.wait(0)
            assert not await next_one.wait(0)
            assert not await everything.wait(0)


def test_a_step_does_not_hide_the_cancel_before_it() -> None:
    """Both may come before anybody looks: the change is what counts."""
    cancelled = Notice(uuid4(), "A001", "RUNNING", 1, cancel_requested=True)
    waiter = Waiter(cancelled.operation_id)
    waiter.wake(cancelled)
    waiter.wake(Notice(cancelled.operation_id, event=True))
    assert waiter.newest == cancelled


async def test_a_lost_connection_is_made_again_and_everybody_looks(
    database: str, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was missed meanwhile: the rows are read again, and then notices come as before."""
    monkeypatch.setattr(notices_module, "RECONNECT", 0.05)
    journal = await registered(pool, "server-1")
    async with listening(database) as notices:
        with notices.listening(uuid4(), "A001") as waiter:
            async with await psycopg.AsyncConnection.connect(database, autocommit=True) as conn:
                cursor = await conn.execute(
                    """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                     WHERE query LIKE 'LISTEN%' AND datname = current_database()
                    """
                )
                assert await cursor.fetchone() == (1,)
            assert await waiter.wait(10)
            assert waiter.newest is None
            await claimed(pool, journal)
            assert await waiter.wait(10)
            assert waiter.newest is not None


async def test_news_that_came_before_the_wait_is_not_missed() -> None:
    """The row is read inside; what changes after that ends the wait at once, once."""
    notices = Notices("")
    with notices.listening(user_id="A001") as waiter:
        notices.wake_all()
        assert await waiter.wait(10)
        assert not await waiter.wait(0.01)
    notices.wake_all()
    assert not await waiter.wait(0)
    assert repr(notices) == "<Notices 0 waiting>"


async def test_a_database_that_is_away_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again for ever; leaving does not hang."""
    monkeypatch.setattr(notices_module, "RECONNECT", 0.01)
    async with asyncio.timeout(10), Notices("host=127.0.0.1 port=1").connected():
        await asyncio.sleep(0.1)  # several tries
