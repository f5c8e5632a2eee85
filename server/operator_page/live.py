"""Pages that go on by themselves: what has changed is sent again, as server-sent events."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from hashlib import sha256
from typing import TypeVar

from starlette.responses import StreamingResponse

T = TypeVar("T")


def digest_of(html: str) -> str:
    """By which a page that was sent before is known again."""
    return sha256(html.encode()).hexdigest()[:16]


def event_stream(pictures: AsyncIterator[str | None], seen: str) -> StreamingResponse:
    """Send each picture of the page that is another one than the last; ``seen``: the digest of the first.

    None says that nothing will change any more. A stream that ends without it is asked for again.
    """
    return StreamingResponse(_changes(pictures, seen), media_type="text/event-stream")


async def _changes(pictures: AsyncIterator[str | None], seen: str) -> AsyncIterator[str]:
    async for html in pictures:
        if html is None:
            yield "event: end\ndata:\n\n"
            return
        digest = digest_of(html)
        if digest == seen:
            yield ": \n\n"  # by which a browser that is gone is noticed
            continue
        seen = digest
        lines = "".join(f"data: {line}\n" for line in html.splitlines())
        yield f"event: now\n{lines}\n"


async def until(leaving: asyncio.Event, events: AsyncGenerator[T, None]) -> AsyncIterator[T]:
    """The events, until there are no more or the server leaves."""
    left = asyncio.create_task(leaving.wait())
    async with aclosing(events):
        try:
            while True:
                step = asyncio.ensure_future(anext(events, None))
                try:
                    await asyncio.wait({step, left}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not step.done():
                        step.cancel()
                        await asyncio.wait({step})
                if step.cancelled() or (event := step.result()) is None:
                    return
                yield event
        finally:
            left.cancel()
