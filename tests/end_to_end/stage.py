"""A server under settings of a test's own, operations put into any state, and how a call is refused."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import grpc
import psycopg
import pytest
from google.protobuf.message_factory import GetMessageClass
from psycopg.types.json import Jsonb

from archibald.v1 import bot_pb2, credentials_pb2, operations_pb2
from archibald.v1.operations_pb2 import OperationName
from server.app import running
from server.config import Config
from server.identity import fingerprint, marker
from server.operations import submit_order
from tests.end_to_end.parts import USER
from tests.erp_simulator.running import Simulator

Heard = grpc.aio.AioRpcError
_METHODS = {
    method.name: method
    for file in (bot_pb2, operations_pb2, credentials_pb2)
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}
_ERROR = {"reason": "UI_DRIFT", "message": "two orders have our marker", "metadata": {}}


@dataclass(frozen=True)
class Stage:
    """What a server of these settings has: its database, and the simulated ERP."""

    config: Config
    database: str
    sim: Simulator

    @asynccontextmanager
    async def server(self, **changes: Any) -> AsyncIterator[str]:
        """A server, and its address."""
        async with running(replace(self.config, **changes)) as address:
            yield address

    async def execute(self, statement: str, *values: Any) -> None:
        """Change the database by force."""
        async with await psycopg.AsyncConnection.connect(self.database) as conn:
            await conn.execute(statement.encode(), values or None)

    async def recorded(self, state: str, request: bot_pb2.SubmitOrderRequest) -> OperationName:
        """An operation that has come to this state, as the journal holds it; nothing is due of it today."""
        key = submit_order.key(request)
        await self.execute(
            """
            INSERT INTO agents.operations
                   (user_id, operation_type, operation_key, target, request, fingerprint, marker, state,
                    generation, write_seq, error, response, start_by, not_before)
            VALUES (%s, 'submit-order', %s, %s, %s, %s, %s, %s, 1, 1, %s, %s, now(), now() + interval '1 day')
            """,
            USER,
            key,
            submit_order.target(request),
            request.SerializeToString(deterministic=True),
            fingerprint(submit_order.canonical(request)),
            marker(USER, "submit-order", key, 1),
            state,
            None if state == "SUCCEEDED" else Jsonb(_ERROR),
            b"" if state == "SUCCEEDED" else None,
        )
        return OperationName(user_id=USER, operation_type="submit-order", operation_key=key)

    async def refuse_rows(self, table: str) -> None:
        """Let one of our tables refuse new rows, for a reason that nobody foresaw."""
        await self.execute(
            "CREATE FUNCTION agents.refuse() RETURNS TRIGGER LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        )
        await self.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT ON agents.{table} "
            "FOR EACH ROW EXECUTE FUNCTION agents.refuse()"
        )


async def refused(
    address: str,
    rpc: str,
    request: Any,
    heard: Callable[[Any], object] = lambda _: None,
    *,
    metadata: Sequence[tuple[str, str]] = (),
) -> Heard:
    """Call, listen to whatever comes, and return how it was refused."""
    method = _METHODS[rpc]
    async with grpc.aio.insecure_channel(address) as channel:
        make: Any = channel.unary_stream if method.server_streaming else channel.unary_unary
        call = make(
            f"/{method.containing_service.full_name}/{rpc}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )(request, metadata=metadata)
        listening = heard_out(call, heard) if method.server_streaming else call
        with pytest.raises(grpc.aio.AioRpcError) as failure:
            await listening
    return failure.value


async def heard_out(call: Any, heard: Callable[[Any], object]) -> None:
    """Listen to a stream until it ends."""
    async for event in call:
        heard(event)
