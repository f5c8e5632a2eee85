"""The gRPC server itself: its port, its health and reflection, and the order in which it goes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from server.audit import Audit
from server.doorkeeper import Doorkeeper
from server.entrance import Entrance
from server.readiness import Readiness

_OPTIONS = [
    # Clients ping every 30 s while they listen. The default takes more than one in five minutes
    # for an attack and closes the connection in the middle of an order.
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.so_reuseport", 0),  # two servers on one port are a mistake, not a feature
]


@asynccontextmanager
async def serving(
    listen: str,
    services: Mapping[str, grpc.GenericRpcHandler],
    others: tuple[grpc.GenericRpcHandler, ...],
    drain: Callable[[], Awaitable[None]],
    readiness: Readiness,
    *,
    way_in: Entrance,
    audit: Audit,
) -> AsyncIterator[str]:
    """Serve on ``listen`` (HOST:PORT, port 0 picks one) and yield the address; drain in the end.

    ``services`` by their full names are shown by health and reflection, ``others`` answer beside them.
    ``readiness`` says how they are, ``way_in`` who is let in, and the audit hears of them.
    """
    server = grpc.aio.server(
        options=(*_OPTIONS, *way_in.options), interceptors=[Doorkeeper(way_in.callers, audit)]
    )
    server.add_generic_rpc_handlers((*services.values(), *others))
    checks = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection(
        (*services, health.SERVICE_NAME, reflection.SERVICE_NAME), server
    )
    host = listen.rpartition(":")[0]
    if way_in.credentials is None:
        port = server.add_insecure_port(listen)
    else:
        port = server.add_secure_port(listen, way_in.credentials)
    await server.start()
    try:
        async with readiness.shown(checks, ("", *services)):
            yield f"{host}:{port}"
    finally:
        await checks.enter_graceful_shutdown()
        await drain()
        await server.stop(grace=1.0)
