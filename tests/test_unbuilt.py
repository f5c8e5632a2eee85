"""What the contract says and this version does not do is refused, never half done."""

from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from archibald.v1 import bot_pb2, credentials_pb2
from server.unbuilt import unbuilt_handlers

SERVICES = [
    service
    for file in (bot_pb2, credentials_pb2)
    for service in file.DESCRIPTOR.services_by_name.values()
]
METHODS = [method for service in SERVICES for method in service.methods]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
async def test_an_unbuilt_rpc_answers_unimplemented(method: MethodDescriptor) -> None:
    """UNIMPLEMENTED with the reason NOT_BUILT, whatever was asked; the same for every shape of rpc."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([unbuilt_handlers(service) for service in SERVICES])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        make: Any = channel.unary_stream if method.server_streaming else channel.unary_unary
        call = make(
            f"/{method.containing_service.full_name}/{method.name}",
            request_serializer=GetMessageClass(method.input_type).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )(GetMessageClass(method.input_type)())
        answer = anext(aiter(call)) if method.server_streaming else call
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await answer
    await server.stop(None)
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED
    status = rpc_status.from_call(refused.value)
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert (info.domain, info.reason) == ("archibald.v1", "NOT_BUILT")
