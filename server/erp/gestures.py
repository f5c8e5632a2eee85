"""A gesture that the page did not hear: made once more, because nothing was sent."""

from collections.abc import Awaitable, Callable

from server.erp.write_gate import NoRequestError


async def heard(gesture: Callable[[], Awaitable[None]]) -> None:
    """Make a gesture under its ticket; a second time where the first sent nothing.

    A page that moves below the mouse swallows a click. Should the first one send something after all,
    the second ticket covers one request only, and what comes beside it is stopped.
    """
    try:
        await gesture()
    except NoRequestError:
        await gesture()
