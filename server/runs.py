"""Operations in flight in this process: owned here, joined and left by callers as they please.

Law 7: the operation outlives the call. A caller's cancel ends the caller's wait and nothing else; only
this module's tasks do the work, and nobody cancels them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from uuid import UUID

import structlog

from server.operation import ReportProgress
from server.operation_events import Events, Recording
from server.progress import ProgressEvent, Step, next_event, resumed

Work = Callable[[ReportProgress], Awaitable[bytes]]

log = structlog.get_logger(__name__)


class Run:
    """One operation in flight: its newest progress, and its end.

    Changes of step are stored, what is told within a step is not (design §5).
    """

    def __init__(
        self, operation_id: UUID, steps: Mapping[str, Step], work: Work, recording: Recording
    ) -> None:
        self.operation_id = operation_id
        self._steps = steps
        self._recording = recording
        self._before: ProgressEvent | None = None  # the last event of attempts before this run
        self._latest: ProgressEvent | None = None
        self._news = asyncio.Event()
        self.joined = False
        """Somebody has come since this was last taken back: what it ends with may be older than that."""
        self.task = asyncio.create_task(self._work(work), name=f"operation {operation_id}")

    async def _work(self, work: Work) -> bytes:
        try:
            last = await self._recording.last()
            self._before = resumed(last, self._steps) if last else None
            return await work(self.report)
        finally:
            self._wake()

    def report(self, step: str, current: int = 0, total: int = 0) -> None:
        """Tell everybody who listens; a slow listener hears the newest, not all."""
        told = self._latest
        if told and (told.step, told.current, told.total) == (step, current, total):
            return
        self._latest = next_event(self._previous(), self._steps, step, current, total)
        if told is None or told.step != step:
            self._recording.add(self._latest)
        log.info("step", step=step, percent=self._latest.percent)
        self._wake()

    def follow(self, event: ProgressEvent) -> None:
        """Tell what another process reported and stored, unless something newer has been told."""
        if self._latest is None or event.sequence > self._latest.sequence:
            previous = self._previous()
            floor = previous.percent if previous else 0
            self._latest = replace(event, percent=max(event.percent, floor))
            self._before = resumed(self._latest, self._steps)
            self._wake()

    def _previous(self) -> ProgressEvent | None:
        known = [event for event in (self._before, self._latest) if event]
        return max(known, key=lambda event: event.sequence, default=None)

    @property
    def latest(self) -> ProgressEvent | None:
        """The newest event of this run; None before its first."""
        return self._latest

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def newer(self, heard: int) -> ProgressEvent | None:
        """The newest event as soon as it is behind the number ``heard``; None when the run has ended."""
        while True:
            news, latest = self._news, self._latest
            if latest and latest.sequence > heard:
                return latest
            if self.task.done():
                return None
            await news.wait()

    async def progress(self) -> AsyncIterator[ProgressEvent]:
        """The newest event whenever there is a newer one, until the run has ended."""
        heard = 0
        while event := await self.newer(heard):
            heard = event.sequence
            yield event

    async def result(self) -> bytes:
        """The stored response.

        Raises:
            BotError: what the operation ended with. A cancel of the caller leaves the run alone.
        """
        return await asyncio.shield(self.task)


class Runs:
    """Every operation in flight, by its id; their steps are kept in ``events``."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._runs: dict[UUID, Run] = {}
        self._recordings: dict[UUID, Recording] = {}  # of the runs, and of steps still on their way

    def __repr__(self) -> str:
        return f"<Runs {len(self._runs)} in flight>"

    def join_or_start(
        self, operation_id: UUID, steps: Mapping[str, Step], work: Work
    ) -> tuple[Run, bool]:
        """The run of this operation, and whether it was already there.

        Look-up and start are one step without an await, so that two callers never start two.
        """
        run = self._runs.get(operation_id)
        if run is not None and not run.task.done():
            run.joined = True
            return run, True
        recording = self._recordings.get(operation_id) or Recording(self._events, operation_id)
        self._recordings[operation_id] = recording
        run = self._runs[operation_id] = Run(operation_id, steps, work, recording)
        run.task.add_done_callback(lambda task: self._ended(run, task))
        return run, False

    def find(self, operation_id: UUID) -> Run | None:
        """The run of this operation, if it is in flight in this process."""
        return self._runs.get(operation_id)

    def told(self) -> dict[UUID, ProgressEvent]:
        """The newest event of every operation of which `latest` knows one, by the operations' ids."""
        known = self._runs.keys() | self._recordings.keys()
        newest = {operation_id: self.latest(operation_id) for operation_id in known}
        return {operation_id: event for operation_id, event in newest.items() if event}

    def latest(self, operation_id: UUID) -> ProgressEvent | None:
        """The newest event of this process's run, also while the last steps of an ended one are stored."""
        if run := self._runs.get(operation_id):
            return run.latest
        recording = self._recordings.get(operation_id)
        return recording.newest if recording else None

    def _ended(self, run: Run, task: "asyncio.Task[bytes]") -> None:
        operation_id = run.operation_id
        if self._runs[operation_id] is run:  # else the next one has begun already
            del self._runs[operation_id]
        recording = self._recordings[operation_id]
        recording.hurry()
        storing = recording.task
        if storing is None:
            self._stored(operation_id)
        else:
            storing.add_done_callback(lambda _: self._stored(operation_id))
        if not task.cancelled():
            task.exception()  # retrieved: a run that nobody listens to any more has its end in the journal

    def _stored(self, operation_id: UUID) -> None:
        # A run that began meanwhile goes on with the recording, and lets it go at its own end.
        recording = self._recordings.get(operation_id)
        if recording and recording.task is None and operation_id not in self._runs:
            del self._recordings[operation_id]

    async def drain(self, seconds: float) -> int:
        """Wait until everything in flight has ended, at most so many seconds; returns what has not.

        Steps still on their way are waited for within the same time, and not counted.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        tasks = [run.task for run in self._runs.values()]
        pending: set[asyncio.Task[bytes]] = set()
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=seconds)
        storing = [recording.task for recording in self._recordings.values() if recording.task]
        if storing:
            left = deadline - asyncio.get_running_loop().time()
            await asyncio.wait(storing, timeout=max(left, 0.0))
        return len(pending)
