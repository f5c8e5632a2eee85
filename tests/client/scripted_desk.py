"""OperationsService of a scripted server: each rpc plays the next of its scripts, and keeps what it was asked."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc.aio
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import status_pb2
from grpc_status import rpc_status

from archibald.v1 import bot_pb2, operations_pb2
from archibald.v1.operations_pb2 import Operation, OperationError, WatchOperationResponse

SERVICE = operations_pb2.DESCRIPTOR.services_by_name["OperationsService"]


def operation(state: str = "SUCCEEDED", **fields: Any) -> Operation:
    """An operation as the server shows it."""
    known: dict[str, Any] = {
        "operation_id": "op-1",
        "user_id": "A001",
        "operation_type": "submit-order",
        "operation_key": "po-1",
    }
    return Operation(state=f"OPERATION_STATE_{state}", **known | fields)


def failed(state: str, reason: str) -> Operation:
    """An operation that an error has ended."""
    return operation(state, error=OperationError(reason=reason, message="what happened"))


def stepped(sequence: int, percent: int) -> WatchOperationResponse:
    """An event of a watched operation."""
    return WatchOperationResponse(
        progress=bot_pb2.Progress(
            sequence=sequence,
            percent=percent,
            step="form.open",
            label_it=f"Passo {sequence}",
            label_en=f"Step {sequence}",
        )
    )


class ScriptedDesk:
    """Scripts by the names of rpcs: messages to answer with, a status to end with, HANG to never end."""

    def __init__(self) -> None:
        self.requests: dict[str, list[Any]] = defaultdict(list)
        self.hanging = asyncio.Event()
        self._scripts: dict[str, deque[Sequence[Any]]] = defaultdict(deque)

    def script(self, rpc: str, *acts: Message | str) -> None:
        """What the next call of an rpc gets."""
        self._scripts[rpc].append(acts)

    def handlers(self) -> grpc.GenericRpcHandler:
        """What `grpc.aio.Server` serves."""
        return grpc.method_handlers_generic_handler(
            SERVICE.full_name, {rpc.name: self._handler(rpc) for rpc in SERVICE.methods}
        )

    def _handler(self, rpc: MethodDescriptor) -> "grpc.RpcMethodHandler[Any, Any]":
        async def stream(request: Any, context: Any) -> AsyncIterator[Any]:
            self.requests[rpc.name].append(request)
            for act in self._scripts[rpc.name].popleft():
                if isinstance(act, str):
                    self.hanging.set()
                    await asyncio.Event().wait()
                elif isinstance(act, status_pb2.Status):
                    await context.abort_with_status(rpc_status.to_status(act))
                else:
                    yield act

        async def unary(request: Any, context: Any) -> Any:
            async for answer in stream(request, context):
                return answer
            return None

        parse = GetMessageClass(rpc.input_type).FromString
        write = GetMessageClass(rpc.output_type).SerializeToString
        if rpc.server_streaming:
            return grpc.unary_stream_rpc_method_handler(stream, parse, write)
        return grpc.unary_unary_rpc_method_handler(unary, parse, write)
