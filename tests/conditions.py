"""Waiting in a test for what another process or the system does, and tells nobody of."""

import asyncio
import time
from collections.abc import Callable

WAIT = 20  # seconds for anything that should happen at once


async def until(condition: Callable[[], bool], what: str) -> None:
    """Look every hundredth of a second; fails, saying what it was waited for."""
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, f"waited {WAIT} s for: {what}"
        await asyncio.sleep(0.01)
