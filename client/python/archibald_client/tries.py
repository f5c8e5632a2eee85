"""Decides after each failed try of one call whether there is another one, and when."""

import asyncio
import logging

import grpc.aio

from archibald_client.errors import StoppedListeningError, UnavailableError
from archibald_client.outage import Outage
from archibald_client.statuses import error_of

log = logging.getLogger(__name__)


class Tries:
    """The tries of one call: only UNAVAILABLE has a next one, within patience and timeout."""

    def __init__(self, patience: float, timeout: float | None) -> None:
        self._clock = asyncio.get_running_loop().time
        self._deadline = None if timeout is None else self._clock() + timeout
        self._outage = Outage(patience)

    def time_left(self) -> float | None:
        """Seconds for the next try, None without a bound.

        Raises:
            StoppedListeningError: there are none.
        """
        if self._deadline is None:
            return None
        left = self._deadline - self._clock()
        if left <= 0:
            raise StoppedListeningError("the timeout passed before the call ended")
        return left

    def answered(self) -> None:
        """A server has answered: the time without one is over."""
        self._outage.over()

    async def pause(self, failure: grpc.aio.AioRpcError) -> None:
        """Wait until it is worth another try.

        Raises:
            ArchibaldError: what the failure means, where trying again is of no use or too late.
        """
        error = error_of(failure)
        delay = (
            self._outage.delay(error.retry_after) if isinstance(error, UnavailableError) else None
        )
        if delay is None or (
            self._deadline is not None and self._clock() + delay >= self._deadline
        ):
            raise error
        log.info("%s; trying again in %.1f s with the same key", error, delay)
        await asyncio.sleep(delay)
