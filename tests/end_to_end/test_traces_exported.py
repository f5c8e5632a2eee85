"""Spans leave the server only for the collector that the environment names, by OTLP over gRPC."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import grpc
import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from archibald_client import Client
from server.config import Config
from server.tracing import ENDPOINTS, exported
from tests.end_to_end.parts import order
from tests.end_to_end.processes import server_process


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps whatever it is sent."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, str]] = []
        """Service and name."""

    async def Export(self, request: Any, _: Any) -> Any:  # noqa: N802  # the protocol's name
        for resource in request.resource_spans:
            attributes = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [(attributes["service.name"], span.name) for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()


C = TypeVar("C", bound=Collector)


@asynccontextmanager
async def collecting(collector: C) -> AsyncIterator[tuple[C, str]]:
    """The collector, at work, and its endpoint."""
    server = grpc.aio.server()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield collector, f"http://127.0.0.1:{port}"
    finally:
        await server.stop(grace=None)


async def test_a_server_sends_its_spans_and_what_is_left_at_its_end(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order served from stock needs no browser: accepted, claimed, confirmed, committed."""
    async with collecting(Collector()) as (collector, endpoint):
        monkeypatch.setenv(ENDPOINTS[0], endpoint)
        async with server_process(config) as (process, address):
            request = order()
            for item in request.items:
                item.warehouse_quantity = item.quantity
            async with Client(address, patience=0) as client:
                await client.submit_order(request)
            process.terminate()
            await process.communicate()
    assert {service for service, _ in collector.spans} == {"archibald-bot"}
    names = {name for _, name in collector.spans}
    assert {
        "SubmitOrder",
        "submit-order",
        "journal claim",
        "step commit",
        "journal succeed",
    } <= names


async def test_without_an_endpoint_there_are_no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    """No provider is made, so that nothing is kept or sent."""
    for name in ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    before = trace.get_tracer_provider()
    async with exported():
        assert trace.get_tracer_provider() is before
