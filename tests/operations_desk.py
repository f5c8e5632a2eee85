"""OperationsService over gRPC on a real Postgres, without a browser or an ERP, and how it refuses."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import operations_pb2, operations_pb2_grpc
from archibald.v1.operations_pb2 import (
    GetOperationRequest,
    OperationName,
)
from server.artifacts import Artifacts
from server.audit import Audit
from server.doorkeeper import Doorkeeper
from server.notices import Notices
from server.operation_events import Events
from server.operations import OPERATIONS
from server.operations_service import OperationsService
from server.runs import Runs
from tests.journal_rows import Pool

BY_TYPE = {operation.TYPE: operation for operation in OPERATIONS.values()}


@dataclass(frozen=True)
class Desk:
    """The service as a caller has it, and what lies behind it."""

    stub: Any  # the generated stubs are not typed
    pool: Pool
    files: Path


@pytest.fixture
async def desk(database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    files = tmp_path / "artifacts"
    async with AsyncConnectionPool(database, min_size=1, max_size=3, open=False) as pool:
        events = Events(pool)
        service = OperationsService(
            BY_TYPE,
            pool,
            runs=Runs(events),
            events=events,
            notices=Notices(database),
            artifacts=Artifacts(files, most_attempts=9, most_bytes=1_000_000),
            start_within=7200,
        )
        server = grpc.aio.server(interceptors=[Doorkeeper(None, Audit(pool))])
        server.add_generic_rpc_handlers((service.handlers(),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = operations_pb2_grpc.OperationsServiceStub(channel)  # type: ignore[no-untyped-call]
            yield Desk(stub, pool, files)
        await server.stop(grace=None)


async def get(desk: Desk, **name: str) -> operations_pb2.Operation:
    response: operations_pb2.GetOperationResponse = await desk.stub.GetOperation(
        GetOperationRequest(name=OperationName(**name))
    )
    return response.operation


async def refusal(call: Any) -> tuple[str, str, list[str]]:
    """How a call is refused: status, reason, and the fields it names."""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await (anext(aiter(call)) if hasattr(call, "__aiter__") else call)
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in rpc_status.from_call(refused.value).details:
        assert (
            any(detail.Unpack(each) for each in (info, bad)) or "BadRequest" not in detail.type_url
        )
    return refused.value.code().name, info.reason, [each.field for each in bad.field_violations]


def invalid(*fields: str) -> tuple[str, str, list[str]]:
    return "INVALID_ARGUMENT", "INVALID_REQUEST", list(fields)
