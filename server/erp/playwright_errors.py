"""What Playwright raises, turned into our errors: here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from server.errors import BrowserLostError, ErpUnavailableError, UiDriftError


class LateError(UiDriftError):
    """A time-out, before it is known whether the ERP is slow or the page is not as we know it."""


@contextmanager
def our_errors(step: str) -> Iterator[None]:
    """Turn what Playwright raises into our errors; ``step`` says in our words what was tried.

    Only the type of a Playwright error goes on: its text may hold cookies or typed values
    (design §2, law 12).
    """
    try:
        yield
    except PlaywrightTimeoutError:
        raise LateError(f"{step}: what should be there did not come in time", step=step) from None
    except PlaywrightError as error:
        kind = type(error).__name__
        if "closed" in error.message or "crashed" in error.message:
            raise BrowserLostError(f"{step}: the browser was lost ({kind})", step=step) from None
        if "net::" in error.message:
            raise ErpUnavailableError(f"{step}: the ERP could not be reached", step=step) from None
        raise UiDriftError(f"{step}: the page refused ({kind})", step=step) from None
