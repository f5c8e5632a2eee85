"""Watches one run from its reports of steps.

How long each took goes to the metrics, a span each to the traces, and its name into every line of the log.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from uuid import UUID

import structlog

from server import measures, tracing
from server.operation import ReportProgress


class _Watch:
    """Reports on to whoever listens; a step lasts until another one is reported."""

    def __init__(self, operation_type: str, report: ReportProgress) -> None:
        self._type = operation_type
        self._report = report
        self._spans = tracing.Steps()
        self._step = ""
        self._since = 0.0

    def __call__(self, step: str, current: int = 0, total: int = 0) -> None:
        if step != self._step:
            self.end()
            structlog.contextvars.bind_contextvars(step=step)
            if step == "complete":  # the end itself takes no time
                measures.succeeded(self._type)
            else:
                self._step, self._since = step, monotonic()
                self._spans.begin(step)
        self._report(step, current, total)

    def end(self, error: BaseException | None = None) -> None:
        """The last step is over."""
        if self._step:
            measures.step_took(self._type, self._step, monotonic() - self._since)
        self._step = ""
        self._spans.end(error)


@contextmanager
def observed(
    operation_id: UUID, operation_type: str, report: ReportProgress
) -> Iterator[ReportProgress]:
    """What to report to instead, as long as the run lasts."""
    with tracing.span(operation_type, operation_id=str(operation_id)):
        watch = _Watch(operation_type, report)
        try:
            yield watch
        except BaseException as error:
            watch.end(error)
            raise
        watch.end()
