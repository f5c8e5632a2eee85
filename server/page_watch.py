"""Watches the pages of an attempt from outside its calls: one that says nothing any more is given up.

A renderer that is frozen, or whose script never ends, answers no call, and not every call has a time-out
of its own that Playwright keeps (measured with 1.65.2: one that times out still cleans up in the page).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from playwright.async_api import Page

from server.tasks import stop_task

WATCH_PAUSE = 1.0  # seconds between two questions

log = structlog.get_logger(__name__)


@asynccontextmanager
async def watched(
    pages: Callable[[], Sequence[Page]], give_up: Callable[[], Awaitable[None]], *, within: float
) -> AsyncIterator[None]:
    """Within the ``async with`` every page that ``pages`` names must answer in so many seconds.

    Otherwise ``give_up`` is awaited, once: it closes the context, and with it the calls fail that wait.
    """
    watch = asyncio.create_task(_watch(pages, give_up, within), name="page watch")
    try:
        yield
    finally:
        await stop_task(watch)


async def _watch(
    pages: Callable[[], Sequence[Page]], give_up: Callable[[], Awaitable[None]], within: float
) -> None:
    while True:
        await asyncio.sleep(WATCH_PAUSE)
        if any([await _is_silent(page, within) for page in pages()]):
            log.error("page_frozen", silent_for=within)
            await give_up()
            return


async def _is_silent(page: Page, within: float) -> bool:
    """Whether nothing comes at all; an error is an answer as well: the page is being left, or closed."""
    asking = asyncio.ensure_future(page.evaluate("1"))
    asking.add_done_callback(lambda done: done.cancelled() or done.exception())
    for _ in range(2):
        # In two halves: if it was this very process that stood still, the answer is there by now.
        await asyncio.wait({asking}, timeout=within / 2)
    return not asking.done()
