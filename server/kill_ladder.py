"""Closes a browser context by whatever it takes: first itself, then its browser, at last the driver."""

import asyncio

import structlog
from playwright.async_api import BrowserContext, Error

from server.chromium import GuardedBrowser, uncancelled

# Seconds for a call to fail after its browser was killed; it takes 0.4.
FAILING = 1.5

log = structlog.get_logger(__name__)


async def close_context(context: BrowserContext, behind: GuardedBrowser, *, within: float) -> None:
    """Close it within so many seconds, or kill the browser; afterwards nothing of it is sent any more.

    Never a single page: closing one lets the requests go that the gate holds (measured). A kill ends
    the other contexts of that browser too; whoever works in them fails, and begins again.

    Raises:
        GuardianError: the browser does not die of SIGKILL.
    """
    closing = asyncio.ensure_future(context.close())
    try:
        await uncancelled(closing, within)
    except TimeoutError:
        log.warning("context_not_closed", then="killing its browser", pid=behind.family.pid)
    except Error as error:
        # Gone with its browser, or else with the driver, and then the browser is just dying.
        log.info("context_was_gone", error=type(error).__name__)
        if behind.is_alive():
            return
    else:
        return
    await kill(behind, closing)


async def kill(behind: GuardedBrowser, pending: "asyncio.Future[None] | None" = None) -> None:
    """Kill a browser that does not answer, and its driver too if calls do not fail even then.

    ``pending`` is a call that waits for the browser; without one it is asked for its version. Which of
    the two is frozen cannot be told beforehand, and a driver takes all its browsers along.
    """
    await behind.kill()
    if pending is None:
        pending = asyncio.ensure_future(behind.ask())
    pending.add_done_callback(lambda done: done.cancelled() or done.exception())
    await asyncio.wait({pending}, timeout=FAILING)
    if not pending.done():
        log.warning("calls_do_not_fail", then="killing the driver", pid=behind.driver.pid)
        await behind.driver.end()
