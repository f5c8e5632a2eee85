"""Reading once more: a page that does not come, or not whole, is asked for again, for it changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from server.erp.session import ErpSession
from server.errors import ErpUnavailableError, UiDriftError

T = TypeVar("T")
READS = 3  # of what was saved, before its outcome is an open question


async def read_again(session: ErpSession, read: Callable[[], Awaitable[T]]) -> T:
    """What ``read`` reads, asked for up to three times with pauses.

    Raises:
        ErpUnavailableError, UiDriftError: as the last reading; at once where the page has gone.
    """
    for _ in range(READS - 1):
        try:
            return await read()
        except (ErpUnavailableError, UiDriftError):
            if session.page.is_closed():
                raise
            await asyncio.sleep(session.timeouts.read_again)  # back-off between two reads
    return await read()
