"""Traces for OpenTelemetry: off unless the environment names where they go (OTEL_EXPORTER_OTLP_ENDPOINT).

Attributes are names, ids and numbers of ours; an error is told by its reason alone, for its text may hold
what a caller or the site wrote (law 12).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import structlog
from opentelemetry import context, propagate, trace

from server.errors import BotError

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

Context = context.Context
Attribute = str | int | float | bool
current = context.get_current
P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger(__name__)
_tracer = trace.get_tracer("archibald-bot")


@asynccontextmanager
async def exported() -> AsyncIterator[None]:
    """Send this process's spans to the collector that the environment names; without one make none."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        yield
        return
    # A start should not take the time of these where nobody listens.
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "archibald-bot"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    log.info("traces_exported")
    try:
        yield
    finally:
        await asyncio.to_thread(provider.shutdown)  # sends what is left


def _listened_to() -> bool:
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


@contextmanager
def span(name: str, **attributes: Attribute) -> Iterator[trace.Span]:
    """One thing that takes time, below whatever is being done; its error is told by its reason."""
    if not _listened_to():
        yield trace.INVALID_SPAN
        return
    with _tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as one:
        try:
            yield one
        except BaseException as error:
            _failed(one, error)
            raise


def traced(
    prefix: str, argument: int
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """A span for each call of an async function, named by one of its positional arguments."""

    def wrap(function: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        @wraps(function)
        async def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            with span(f"{prefix} {args[argument]}"):
                return await function(*args, **kwargs)

        return wrapped

    return wrap


@contextmanager
def call(rpc: str, metadata: Iterable[tuple[str, str | bytes]]) -> Iterator[None]:
    """An answered call, below the caller's span if ``traceparent`` names one.

    It is current for the rest of its task, which gRPC makes for each call: a generator may be closed in
    another context than it was begun in.
    """
    if not _listened_to():
        yield
        return
    carrier = {key: value for key, value in metadata if isinstance(value, str)}
    caller = propagate.extract(carrier, context=Context())
    one = _tracer.start_span(rpc, context=caller, kind=trace.SpanKind.SERVER)
    context.attach(trace.set_span_in_context(one, caller))
    try:
        yield
    except GeneratorExit:
        one.add_event("the caller left")
        raise
    except BaseException as error:
        _failed(one, error)
        raise
    finally:
        one.end()


@contextmanager
def continued(where: Context) -> Iterator[None]:
    """Within the ``with`` spans stand below what was current elsewhere: for callbacks of Playwright."""
    token = context.attach(where)
    try:
        yield
    finally:
        context.detach(token)


class Steps:
    """The steps of one run, one span after the other, each current until the next begins."""

    def __init__(self) -> None:
        self._above = context.get_current()
        self._step: trace.Span | None = None

    def begin(self, step: str) -> None:
        """End the step before and begin this one, below what was current at the beginning."""
        self.end()
        self._step = _tracer.start_span(f"step {step}", context=self._above)
        context.attach(trace.set_span_in_context(self._step, self._above))

    def end(self, error: BaseException | None = None) -> None:
        """The last step is over."""
        if self._step is not None:
            if error is not None:
                _failed(self._step, error)
            self._step.end()
            context.attach(self._above)
            self._step = None


def _failed(one: trace.Span, error: BaseException) -> None:
    one.set_status(trace.StatusCode.ERROR)
    reason = error.reason if isinstance(error, BotError) else type(error).__name__
    one.set_attribute("error.type", reason)
