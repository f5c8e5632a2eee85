"""A server with its entrance but without browsers: OperationsService behind TLS, callers and limits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import operations_pb2, operations_pb2_grpc
from archibald.v1.operations_pb2 import GetOperationRequest, OperationName
from server.artifacts import Artifacts
from server.audit import Audit
from server.config import Config
from server.entrance import entrance
from server.notices import Notices
from server.operation_events import Events
from server.operations import OPERATIONS
from server.operations_service import OPERATIONS_SERVICE, OperationsService
from server.readiness import Readiness, database_answers
from server.runs import Runs
from server.serving import serving
from tests.journal_rows import Pool, rows

BY_TYPE = {operation.TYPE: operation for operation in OPERATIONS.values()}


@dataclass(frozen=True)
class Door:
    """The server as a caller finds it, and what lies behind it."""

    address: str
    pool: Pool
    audit: Audit


@asynccontextmanager
async def door(config: Config, database: str) -> AsyncIterator[Door]:
    """Serve with these settings until the ``async with`` ends; the audit is complete then."""
    async with AsyncConnectionPool(database, min_size=1, max_size=3, open=False) as pool:
        events, audit = Events(pool), Audit(pool)
        service = OperationsService(
            BY_TYPE,
            pool,
            runs=Runs(events),
            events=events,
            notices=Notices(database),
            artifacts=Artifacts(config.data_dir, most_attempts=9, most_bytes=1_000_000),
            start_within=7200,
        )
        readiness = Readiness(
            {"database": database_answers(pool)}, essential="database", poll=config.readiness_poll
        )
        async with (
            audit.at_work(),
            serving(
                config.listen,
                {OPERATIONS_SERVICE.full_name: service.handlers()},
                (),
                _nothing,
                readiness,
                way_in=entrance(config),
                audit=audit,
            ) as address,
        ):
            yield Door(address, pool, audit)


async def _nothing() -> None:
    """There is nothing to drain."""


def desk_of(channel: grpc.aio.Channel) -> Any:
    """The service's stub, which is not typed."""
    return operations_pb2_grpc.OperationsServiceStub(channel)  # type: ignore[no-untyped-call]


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    """The metadata of a call with a token."""
    return (("authorization", f"Bearer {token}"),)


async def ask(
    desk: Any, operation_id: object, token: str = "", **call: Any
) -> operations_pb2.Operation:
    """Have an operation shown to the token's owner."""
    request = GetOperationRequest(name=OperationName(operation_id=str(operation_id)))
    metadata = bearer(token) if token else ()
    response: operations_pb2.GetOperationResponse = await desk.GetOperation(
        request, metadata=metadata, **call
    )
    return response.operation


async def audited(pool: Pool, count: int, *, ended: bool = True) -> list[dict[str, Any]]:
    """The audit's rows in the order of asking, once there are so many (and all have an end)."""
    async with asyncio.timeout(20):
        while True:
            kept = await rows(pool, "audit")
            if len(kept) >= count and not (ended and any(row["outcome"] is None for row in kept)):
                return sorted(kept, key=lambda row: row["asked_at"])
            await asyncio.sleep(0.02)  # between two looks


def settings(folder: Path, **changes: Any) -> Config:
    """Settings of such a server."""
    return Config(
        erp_url="http://127.0.0.1:1/Archibald",
        listen="127.0.0.1:0",
        data_dir=folder,
        **changes,
    )
