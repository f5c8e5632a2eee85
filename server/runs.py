"""Operations in flight in this process: owned here, joined and left by callers as they please.

Law 7: the operation outlives the call. A caller's cancel ends the caller's wait and nothing else; only
this module's tasks do the work, and nobody cancels them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from uuid import UUID

import structlog

from server.operation import ReportProgress
from server.progress import ProgressEvent, Step, next_event

Work = Callable[[ReportProgress], Awaitable[bytes]]

log = structlog.get_logger(__name__)


class Run:
    """One operation in flight: its newest progress, and its end."""

    def __init__(self, operation_id: UUID, steps: Mapping[str, Step], work: Work) -> None:
        self.operation_id = operation_id
        self._steps = steps
        self._latest: ProgressEvent | None = None
        self._news = asyncio.Event()
        self.task = asyncio.create_task(self._work(work), name=f"operation {operation_id}")

    async def _work(self, work: Work) -> bytes:
        try:
            return await work(self.report)
        finally:
            self._news.set()

    def report(self, step: str, current: int = 0, total: int = 0) -> None:
        """Tell everybody who listens; a slow listener hears the newest, not all."""
        self._latest = next_event(self._latest, self._steps, step, current, total)
        log.info("step", step=step, percent=self._latest.percent)
        self._news.set()
        self._news = asyncio.Event()

    async def progress(self) -> AsyncIterator[ProgressEvent]:
        """The newest event whenever there is a newer one, until the run has ended."""
        heard = 0
        while True:
            news, latest = self._news, self._latest
            if latest and latest.sequence > heard:
                heard = latest.sequence
                yield latest
            elif self.task.done():
                return
            else:
                await news.wait()

    async def result(self) -> bytes:
        """The stored response.

        Raises:
            BotError: what the operation ended with. A cancel of the caller leaves the run alone.
        """
        return await asyncio.shield(self.task)


class Runs:
    """Every operation in flight, by its id."""

    def __init__(self) -> None:
        self._runs: dict[UUID, Run] = {}

    def __repr__(self) -> str:
        return f"<Runs {len(self._runs)} in flight>"

    def join_or_start(
        self, operation_id: UUID, steps: Mapping[str, Step], work: Work
    ) -> tuple[Run, bool]:
        """The run of this operation, and whether it was already there.

        Look-up and start are one step without an await, so that two callers never start two.
        """
        run = self._runs.get(operation_id)
        if run is not None:
            return run, True
        run = self._runs[operation_id] = Run(operation_id, steps, work)
        run.task.add_done_callback(lambda task: self._ended(operation_id, task))
        return run, False

    def _ended(self, operation_id: UUID, task: "asyncio.Task[bytes]") -> None:
        del self._runs[operation_id]
        if not task.cancelled():
            task.exception()  # retrieved: a run that nobody listens to any more has its end in the journal

    async def drain(self, seconds: float) -> int:
        """Wait until everything in flight has ended, at most so many seconds; returns what has not."""
        tasks = [run.task for run in self._runs.values()]
        if not tasks:
            return 0
        _, pending = await asyncio.wait(tasks, timeout=seconds)
        return len(pending)
