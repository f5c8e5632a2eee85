"""The same page objects, driven by a bare script: no gate, no journal, no pool, no traces; a page that is signed in.

It is what an operation costs at the least with this bot, in a browser that was started like the server's. Without routing the browser has its own HTTP
cache; `cache` turns it off, as routing does.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from server.chromium import guarded_browser
from server.erp.session import ErpSession, Login, open_context, sign_in
from server.erp.timeouts import Timeouts
from server.erp.write_gate import WriteGate
from server.operation import Claim, Intent


class OpenGate:
    """Where a gate would be: everything passes, and nothing is looked at."""

    broken = False
    written = 0

    def check(self) -> None:
        """Nothing was denied."""

    @contextmanager
    def signing_in(self) -> Iterator[None]:
        """A login."""
        yield

    @contextmanager
    def late_posts(self, *_: Any) -> Iterator[None]:
        """Posts that a form sends of its own accord."""
        yield

    @asynccontextmanager
    async def allow(self, **_: Any) -> AsyncIterator[None]:
        """A harmless request."""
        yield

    @asynccontextmanager
    async def write(self, *_: Any, **__: Any) -> AsyncIterator[None]:
        """One that changes the ERP."""
        yield


class NoNotebook:
    """Nothing is kept."""

    async def high_water_mark(self, mark: str) -> None:
        """The newest order's id."""

    async def draft(self, erp_id: str) -> None:
        """The draft's id."""

    async def seen(self, **facts: str) -> None:
        """What the ERP showed."""


@asynccontextmanager
async def signed_in(
    folder: Path, base_url: str, login: Login, user_id: str, timeouts: Timeouts, *, cache: bool
) -> AsyncIterator[ErpSession]:
    """A session in a browser of its own."""
    async with guarded_browser(None, folder, images=False) as browser:
        context = await open_context(browser)
        if not cache:
            cdp = await context.new_cdp_session(context.pages[0])
            await cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
        gate = cast("WriteGate", OpenGate())
        yield await sign_in(
            context, gate, login, user_id=user_id, base_url=base_url, timeouts=timeouts
        )


def intent_of(operation: Any, request: Any) -> Intent:
    """As the journal would have it."""
    key = operation.key(request)
    claim = Claim(uuid4(), 1, "bare", request.user_id, operation.TYPE, key)
    return Intent(claim, request, f"#{uuid4().hex[:10].upper()}")
