"""What an operator can look at after a failed attempt: a screenshot and a trace, kept in a folder.

Typed values are customers' data, so these files are kept like request bodies. Traces hold no headers
and no bodies (law 12): they start after the login, without snapshots.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from playwright.async_api import Error, Page

log = structlog.get_logger(__name__)


@asynccontextmanager
async def kept_on_failure(page: Page, folder: Path) -> AsyncIterator[None]:
    """Record the page; if the body fails, leave ``page.png`` and ``trace.zip`` in ``folder``."""
    tracing = page.context.tracing
    await tracing.start(screenshots=True, snapshots=False, sources=False)
    try:
        yield
    except BaseException:
        await _keep(page, folder)
        raise
    # A good attempt leaves nothing: its context is closed, and the recording goes with it.


async def _keep(page: Page, folder: Path) -> None:
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True, mode=0o700)
    kept = []
    for name, keep in (
        ("page.png", lambda path: page.screenshot(path=path, timeout=5000)),
        ("trace.zip", lambda path: page.context.tracing.stop(path=path)),
    ):
        try:
            await keep(folder / name)
        except Error as error:
            # The page or its browser is gone: the reason of the failure is the news, not this.
            log.warning("artifact_lost", artifact=name, error=type(error).__name__)
        else:
            kept.append(name)
    log.info("artifacts_kept", artifacts=kept)
