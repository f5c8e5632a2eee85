"""Ends background tasks and calls of psycopg for sure. Nothing of Playwright is ever cancelled (law 8)."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

PAUSE = 0.05  # seconds for a task to end before it is cancelled again

T = TypeVar("T")


async def stop_task(task: asyncio.Future[Any]) -> None:
    """Cancel until it has ended; whatever it ended by is nobody's news any more.

    One cancel is not enough: Python 3.11's wait_for, which the connection pool waits by, loses one
    that comes together with what it waits for; and psycopg's first answer is to ask the database to
    stop, and to wait for that.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=PAUSE)
    task.cancelled() or task.exception()


async def within(seconds: float, call: Coroutine[Any, Any, T]) -> T:
    """Wait for a call of psycopg, and drop it in time even if the database takes in nothing.

    Raises:
        TimeoutError: it took longer.
    """
    task = asyncio.ensure_future(call)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if task.done():
            return task.result()
        raise TimeoutError(f"no answer within {seconds} s")
    finally:
        await stop_task(task)
