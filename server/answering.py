"""A service's methods as gRPC serves them: one shape for all, errors turned into statuses in one place.

A unary method is ``async (request, peer) -> response``, a streaming one an async generator of the same
arguments; ``peer`` is who calls, as gRPC names it.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import grpc
import structlog
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc_status import rpc_status

from server import measures, tracing
from server.arrivals import request_of
from server.errors import BotError
from server.statuses import status_of

Method = Callable[[Any, str], Any]
Context = grpc.aio.ServicerContext[Any, Any]

log = structlog.get_logger(__name__)


def method_handlers(
    service: ServiceDescriptor, methods: Mapping[str, Method]
) -> grpc.GenericRpcHandler:
    """What `grpc.aio.Server` serves: these methods of a service, by the names of their rpcs."""
    return grpc.method_handlers_generic_handler(
        service.full_name,
        {name: _handler(service.methods_by_name[name], method) for name, method in methods.items()},
    )


def _handler(rpc: MethodDescriptor, method: Method) -> "grpc.RpcMethodHandler[Any, Any]":
    kind = GetMessageClass(rpc.input_type)

    async def unary(data: bytes, context: Context) -> Any:
        async with _answered(rpc.name, context):
            return await method(request_of(kind, data), context.peer())

    async def stream(data: bytes, context: Context) -> AsyncIterator[Any]:
        async with _answered(rpc.name, context):
            async for event in method(request_of(kind, data), context.peer()):
                yield event

    write = GetMessageClass(rpc.output_type).SerializeToString
    if rpc.server_streaming:
        return grpc.unary_stream_rpc_method_handler(stream, None, write)
    return grpc.unary_unary_rpc_method_handler(unary, None, write)


@asynccontextmanager
async def _answered(rpc: str, context: Context) -> AsyncIterator[None]:
    """Turn whatever the method raises into the status of the call."""
    try:
        with tracing.call(rpc, context.invocation_metadata() or ()):
            yield
    except BotError as error:
        log.info("answered", rpc=rpc, reason=error.reason)
        measures.answered(rpc, error.reason)
        await context.abort_with_status(rpc_status.to_status(status_of(error)))
    except Exception:
        log.exception("handler_failed", rpc=rpc)
        fault = BotError("a fault of ours; call again with the same key, and report it")
        measures.answered(rpc, fault.reason)
        await context.abort_with_status(rpc_status.to_status(status_of(fault)))
    else:
        measures.answered(rpc, "OK")
