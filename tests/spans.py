"""Records the spans of this process, and shows one trace as a tree."""

from collections.abc import Iterator, Sequence
from functools import cache

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


@cache
def recorder() -> InMemorySpanExporter:
    """Keeps every span from the first call on: a process has one provider of traces."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


def spans_of(trace_id: int) -> list[ReadableSpan]:
    """The spans of one trace that have ended, in the order in which they began."""
    spans = [
        span for span in recorder().get_finished_spans() if identity(span).trace_id == trace_id
    ]
    return sorted(spans, key=lambda span: span.start_time or 0)


def identity(span: ReadableSpan) -> trace.SpanContext:
    """Whose span it is."""
    context = span.get_span_context()
    assert context is not None
    return context


def children(spans: Sequence[ReadableSpan], parent: ReadableSpan | None) -> list[ReadableSpan]:
    """Those directly below it; below None those whose parent is not among them."""
    if parent is not None:
        number = identity(parent).span_id
        return [span for span in spans if span.parent and span.parent.span_id == number]
    known = {identity(span).span_id for span in spans}
    return [span for span in spans if span.parent is None or span.parent.span_id not in known]


def attribute(span: ReadableSpan, name: str) -> str:
    """What it tells by that name; "" if nothing."""
    return str((span.attributes or {}).get(name, ""))


def path_of(spans: Sequence[ReadableSpan], span: ReadableSpan) -> list[str]:
    """The names from the root to the span."""
    by_id = {identity(one).span_id: one for one in spans}
    names = [span.name]
    while span.parent and (above := by_id.get(span.parent.span_id)):
        span = above
        names.append(span.name)
    return names[::-1]


def tree(spans: Sequence[ReadableSpan]) -> list[str]:
    """One line a span: its name below its parent's, how long it took, and its attributes."""
    return [line for root in children(spans, None) for line in _lines(spans, root, "", "")]


def _lines(
    spans: Sequence[ReadableSpan], span: ReadableSpan, first: str, rest: str
) -> Iterator[str]:
    seconds = ((span.end_time or 0) - (span.start_time or 0)) / 1e9
    told = " ".join(f"{name}={value!s}" for name, value in (span.attributes or {}).items())
    yield f"{first + span.name:<48} {seconds:7.3f} s  {told}".rstrip()
    below = children(spans, span)
    for one in below:
        last = one is below[-1]
        yield from _lines(
            spans, one, f"{rest}{'└ ' if last else '├ '}", f"{rest}{'  ' if last else '│ '}"
        )
