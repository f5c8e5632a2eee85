"""The connection between client and server while nothing is said on it."""

import asyncio
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.end_to_end.parts import Bot


@pytest.mark.matrix
async def test_a_quiet_stream_survives_the_keepalive(bot: Bot) -> None:
    """A client that listens and pings is no attacker: an order of minutes keeps its stream.

    gRPC's default takes a third ping within five minutes for one too many. Clients ping every 30 s; here
    it is every 6 s, so that four of them fit into a test.
    """
    options = [("grpc.keepalive_time_ms", 6_000), ("grpc.http2.max_pings_without_data", 0)]
    async with grpc.aio.insecure_channel(bot.address, options=options) as channel:
        stub: Any = health_pb2_grpc.HealthStub(
            channel
        )  # its type stub is of the sync kind, without Watch
        watch = stub.Watch(health_pb2.HealthCheckRequest())
        first = await anext(aiter(watch))
        assert first.status == health_pb2.HealthCheckResponse.SERVING
        silence = asyncio.ensure_future(anext(aiter(watch)))
        await asyncio.wait({silence}, timeout=26)
        assert not silence.done()
        watch.cancel()
        await asyncio.wait({silence})
