"""What the commands of load runs have in common: a folder for their logs, progress, and how they end."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from server.config import default_data_dir
from server.tasks import stop_task
from tests.soak.callers import Callers
from tests.soak.report import say

EVERY = 15.0  # seconds between two lines of progress


def new_folder(name: str) -> Path:
    """A folder for the run's logs and report, which stays."""
    folder = default_data_dir() / "load" / f"{name}-{time.strftime('%H%M%S')}"
    folder.mkdir(parents=True)
    say(f"logs in {folder}")
    return folder


def exit_code(run: Coroutine[Any, Any, Iterable[str]]) -> int:
    """Run it, and say which bounds it found broken."""
    failures = list(asyncio.run(run))
    for failure in failures:
        say(f"NOT GOOD: {failure}")
    return 1 if failures else 0


@asynccontextmanager
async def progress(callers: Callers) -> AsyncIterator[None]:
    """Say now and then how many operations have ended."""
    telling = asyncio.create_task(_tell(callers))
    try:
        yield
    finally:
        await stop_task(telling)


async def _tell(callers: Callers) -> None:
    while True:
        await asyncio.sleep(EVERY)
        ended = sum(one.done.is_set() for one in callers.operations.values())
        say(f"{ended} of {len(callers.operations)}")
