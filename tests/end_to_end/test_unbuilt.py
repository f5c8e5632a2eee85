"""What the contract says and this version does not do is refused, never half done."""

from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from archibald.v1 import bot_pb2, credentials_pb2
from server.operations import OPERATIONS
from tests.end_to_end.parts import Bot
from tests.erp_simulator.running import Simulator

UNBUILT = [
    method
    for file in (bot_pb2, credentials_pb2)
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
    if method.name not in OPERATIONS
]


@pytest.mark.parametrize("method", UNBUILT, ids=lambda method: method.name)
async def test_an_unbuilt_rpc_answers_unimplemented(
    bot: Bot, sim: Simulator, method: MethodDescriptor
) -> None:
    """UNIMPLEMENTED with the reason NOT_BUILT, and nothing is recorded or sent."""
    async with grpc.aio.insecure_channel(bot.address) as channel:
        make: Any = channel.unary_stream if method.server_streaming else channel.unary_unary
        call = make(
            f"/{method.containing_service.full_name}/{method.name}",
            request_serializer=GetMessageClass(method.input_type).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )(GetMessageClass(method.input_type)())
        answer = anext(aiter(call)) if method.server_streaming else call
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await answer
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED
    status = rpc_status.from_call(refused.value)
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert (info.domain, info.reason) == ("archibald.v1", "NOT_BUILT")
    assert await sim.requests("page") == []
