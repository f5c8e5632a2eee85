"""Answers for the parts of the contract that this version does not do: UNIMPLEMENTED, always."""

from collections.abc import AsyncIterator, Collection
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc_status import rpc_status

from server.errors import NotBuiltError
from server.statuses import status_of


def unbuilt_handlers(
    service: ServiceDescriptor, built: Collection[str] = ()
) -> grpc.GenericRpcHandler:
    """Handlers for all rpcs of a service but the built ones."""
    return grpc.method_handlers_generic_handler(
        service.full_name,
        {method.name: _handler(method) for method in service.methods if method.name not in built},
    )


def _handler(method: MethodDescriptor) -> "grpc.RpcMethodHandler[Any, Any]":
    name = f"{method.containing_service.full_name}/{method.name}"
    status = rpc_status.to_status(status_of(NotBuiltError(f"this version does not do {name} yet")))

    async def refuse(_: Any, context: "grpc.aio.ServicerContext[Any, Any]") -> Any:
        await context.abort_with_status(status)

    async def refuse_stream(
        _: Any, context: "grpc.aio.ServicerContext[Any, Any]"
    ) -> AsyncIterator[Any]:
        await context.abort_with_status(status)
        yield  # what makes it a stream; never reached

    # The request's bytes are not even read: whatever they are, nothing is done with them.
    response = GetMessageClass(method.output_type).SerializeToString
    if method.server_streaming:
        return grpc.unary_stream_rpc_method_handler(refuse_stream, None, response)
    return grpc.unary_unary_rpc_method_handler(refuse, None, response)
