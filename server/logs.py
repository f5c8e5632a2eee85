"""Structured logs: one JSON line per event on standard error, with what is bound to the operation."""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog


def configure() -> None:
    """Write every event as one line; exceptions with their frames, never with a local variable."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _describe_exception,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _describe_exception(_: Any, __: str, event: Any) -> Any:
    """Replace ``exc_info`` by the chain of causes.

    Playwright's texts are withheld: that of a failed fetch prints the Cookie header (law 12).
    """
    info = event.pop("exc_info", None)
    if info:
        error = info if isinstance(info, BaseException) else sys.exc_info()[1]
        event["exception"] = _chain(error)
    return event


def _chain(error: BaseException | None) -> list[dict[str, object]]:
    described: list[dict[str, object]] = []
    while error is not None:
        kind = type(error)
        foreign = kind.__module__.startswith("playwright")
        described.append(
            {
                "type": f"{kind.__module__}.{kind.__qualname__}",
                "message": "(withheld)" if foreign else str(error),
                "frames": _frames(error.__traceback__),
            }
        )
        error = error.__cause__ or error.__context__
    return described


def _frames(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
