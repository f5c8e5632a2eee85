"""Decides how long one call waits before it tries again, and when it gives up."""

import random
import time
from collections.abc import Callable

FIRST_DELAY = 0.2  # seconds; a restarting server is often back at once
LONGEST_DELAY = (
    5.0  # seconds; a person in front of a progress bar should not wait longer for nothing
)
JITTER = 0.25  # of a delay; callers that lost one server together must not come back together


class Outage:
    """The time that one call has spent without a server, all its outages together.

    The patience is not refilled when a server answers: one that takes the call and loses it again and
    again is as good as none, and the call must end.
    """

    def __init__(self, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._left = patience
        self._clock = clock
        self._since: float | None = None
        self._failures = 0

    def over(self) -> None:
        """A server has answered."""
        self._charge()
        self._since = None
        self._failures = 0

    def delay(self, retry_after: float | None) -> float | None:
        """Seconds to wait before the next try; None when they exceed what is left of the patience.

        ``retry_after`` is the server's wish: never come back sooner.
        """
        self._charge()
        self._since = self._clock()
        wish = retry_after
        if wish is None:
            wish = min(FIRST_DELAY * 2.0**self._failures, LONGEST_DELAY)
        self._failures += 1
        delay = wish * random.uniform(1, 1 + JITTER)  # noqa: S311 - spreads load, guards nothing
        return delay if wish <= self._left else None

    def _charge(self) -> None:
        if self._since is not None:
            self._left -= self._clock() - self._since
