"""OperationsService over gRPC, on a real Postgres, without a browser or an ERP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import bot_pb2, operations_pb2, operations_pb2_grpc
from archibald.v1.operations_pb2 import (
    CancelOperationRequest,
    GetArtifactRequest,
    GetOperationRequest,
    ListOperationsRequest,
    OperationName,
    ResolveOperationRequest,
)
from server.artifacts import Artifacts
from server.notices import Notices
from server.operation_events import Events
from server.operations import OPERATIONS
from server.operations_service import OperationsService
from server.runs import Runs
from tests.journal_rows import Pool, accepted, change, rows

BY_TYPE = {operation.TYPE: operation for operation in OPERATIONS.values()}
LOST = {"reason": "ERP_DOWN", "message": "no answer came", "metadata": {"draft_id": "71723"}}
QUEUED, RUNNING = operations_pb2.OPERATION_STATE_QUEUED, operations_pb2.OPERATION_STATE_RUNNING
REVIEW = operations_pb2.OPERATION_STATE_NEEDS_REVIEW


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
        server = grpc.aio.server()
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


async def test_an_operation_is_named_by_its_id_or_by_agent_type_and_key(desk: Desk) -> None:
    """Both show the same; what does not exist is NOT_FOUND."""
    operation = await accepted(desk.pool, generation=2)
    shown = await get(desk, operation_id=str(operation))
    by_key = {"user_id": "A001", "operation_type": "submit-order", "operation_key": "p-1"}
    assert await get(desk, **by_key) == shown
    assert (shown.operation_key, shown.target, shown.state, shown.revision, shown.attempts) == (
        "p-1",
        "p-1",
        QUEUED,
        1,
        2,
    )
    assert shown.HasField("accepted_at")
    assert not shown.HasField("finished_at")
    for unknown in ({"operation_id": str(uuid4())}, by_key | {"operation_key": "p-2"}):
        call = desk.stub.GetOperation(GetOperationRequest(name=OperationName(**unknown)))
        assert await refusal(call) == ("NOT_FOUND", "OPERATION_NOT_FOUND", [])


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ({}, ["name"]),
        ({"operation_id": "71723"}, ["name.operation_id"]),
        ({"operation_id": str(uuid4()), "user_id": "A001"}, ["name.user_id"]),
        ({"user_id": "A001"}, ["name.operation_type", "name.operation_key"]),
        (
            {"user_id": "A\0", "operation_type": "submit", "operation_key": "k" * 201},
            ["name.user_id", "name.operation_key", "name.operation_type"],
        ),
    ],
)
async def test_a_malformed_name_is_refused_by_field(
    desk: Desk, name: dict[str, str], fields: list[str]
) -> None:
    named = OperationName(**name)
    assert await refusal(desk.stub.GetOperation(GetOperationRequest(name=named))) == invalid(
        *fields
    )


async def test_what_an_operation_has_come_to_is_shown(desk: Desk) -> None:
    """The stored result, the error as callers hear it, and an Italian sentence for the agent."""
    result = bot_pb2.SubmitOrderResult(order_id="71723", marker="#1")
    await accepted(desk.pool, "done", state="SUCCEEDED", response=result.SerializeToString())
    await accepted(desk.pool, "failed", state="FAILED", error=Jsonb(LOST))
    await accepted(
        desk.pool, "held", state="NEEDS_REVIEW", error=Jsonb(LOST), duplicate_suspected=True
    )
    await accepted(desk.pool, "empty", state="SUCCEEDED", response=b"")
    page = await desk.stub.ListOperations(ListOperationsRequest())
    by_key = {shown.operation_key: shown for shown in page.operations}
    assert by_key["done"].submit_order == result
    assert by_key["empty"].WhichOneof("result") == "submit_order"
    assert not by_key["done"].HasField("error")
    assert (by_key["failed"].error.reason, by_key["failed"].error.message_it) == ("ERP_DOWN", "")
    held = by_key["held"]
    assert (held.error.reason, held.error.message) == ("OUTCOME_UNKNOWN", "no answer came")
    assert held.error.metadata == {"draft_id": "71723", "cause": "ERP_DOWN"}
    assert held.error.message_it.startswith(
        "Non è ancora certo l'esito dell'inserimento dell'ordine"
    )
    assert held.duplicate_suspected


async def test_pages_show_each_operation_once_newest_first(desk: Desk) -> None:
    """Also when several were accepted in one moment, and others come between two pages."""
    async with desk.pool.connection() as conn:
        for number in range(7):
            await accepted(desk.pool, f"p-{number}")
        await conn.execute(
            "UPDATE agents.operations SET accepted_at = '2026-01-01' WHERE target < 'p-4'"
        )
    request, keys = ListOperationsRequest(page_size=3), []
    while True:
        page = await desk.stub.ListOperations(request)
        keys.append([shown.operation_key for shown in page.operations])
        await accepted(desk.pool, f"late-{len(keys)}")
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    assert [len(each) for each in keys] == [3, 3, 1]
    assert keys[0] == ["p-6", "p-5", "p-4"]
    assert sorted(key for page_keys in keys for key in page_keys) == [
        f"p-{number}" for number in range(7)
    ]


async def test_the_list_is_filtered(desk: Desk) -> None:
    """By agent, type, state and time of acceptance."""
    await accepted(desk.pool, "a")
    await accepted(desk.pool, "b", state="NEEDS_REVIEW")
    await accepted(desk.pool, "c", user_id="A002", operation_type="delete-order")
    await accepted(desk.pool, "d", accepted_at="2025-12-31")

    async def keys(**filters: Any) -> str:
        page = await desk.stub.ListOperations(ListOperationsRequest(**filters))
        return "".join(sorted(shown.operation_key for shown in page.operations))

    new_year = Timestamp(seconds=1767225600)
    assert await keys() == "abcd"
    assert await keys(user_ids=["A002", "A003"]) == "c"
    assert await keys(operation_types=["delete-order"]) == "c"
    assert await keys(states=[REVIEW]) == "b"
    assert await keys(accepted_from=new_year, states=[QUEUED]) == "ac"
    assert await keys(accepted_before=new_year) == "d"


async def test_a_malformed_list_is_refused_by_field(desk: Desk) -> None:
    """A token belongs to its filters; it is not ours if a single character was changed."""
    for number in range(2):
        await accepted(desk.pool, f"p-{number}")
    page = await desk.stub.ListOperations(ListOperationsRequest(page_size=1, user_ids=["A001"]))
    token = page.next_page_token
    other = "A" if token[3] != "A" else "B"
    torn = token[:3] + other + token[4:]
    for field, request in (
        ("user_ids[1]", ListOperationsRequest(user_ids=["A001", "A\0"])),
        ("user_ids", ListOperationsRequest(user_ids=["A001"] * 201)),
        ("operation_types[0]", ListOperationsRequest(operation_types=["orders"])),
        ("states[0]", ListOperationsRequest(states=[operations_pb2.OPERATION_STATE_UNSPECIFIED])),
        ("states[1]", ListOperationsRequest(states=[QUEUED, 99])),  # type: ignore[list-item]
        ("accepted_from", ListOperationsRequest(accepted_from=Timestamp(seconds=1 << 60))),
        ("accepted_before", ListOperationsRequest(accepted_before=Timestamp(nanos=-1))),
        ("page_size", ListOperationsRequest(page_size=201)),
        ("page_token", ListOperationsRequest(page_size=1, page_token=token)),
        ("page_token", ListOperationsRequest(user_ids=["A001"], page_token=torn)),
        ("page_token", ListOperationsRequest(page_token="è'; --")),
    ):
        assert await refusal(desk.stub.ListOperations(request)) == invalid(field)


async def test_a_cancel_answers_with_what_became_of_it(desk: Desk) -> None:
    """CANCELLED, or RUNNING with the cancel noted, or too late."""
    waiting = OperationName(operation_id=str(await accepted(desk.pool, "p-1")))
    running = OperationName(operation_id=str(await accepted(desk.pool, "p-2", state="RUNNING")))
    for name, state in (
        (waiting, operations_pb2.OPERATION_STATE_CANCELLED),
        (waiting, operations_pb2.OPERATION_STATE_CANCELLED),
        (running, RUNNING),
    ):
        answer = await desk.stub.CancelOperation(CancelOperationRequest(name=name))
        assert answer.operation.state == state
    async with desk.pool.connection() as conn:
        await conn.execute("UPDATE agents.operations SET state = 'WRITING' WHERE state = 'RUNNING'")
    call = desk.stub.CancelOperation(CancelOperationRequest(name=running))
    assert await refusal(call) == ("FAILED_PRECONDITION", "TOO_LATE", [])


async def test_a_resolution_is_kept_with_the_callers_address(desk: Desk) -> None:
    operation = await accepted(desk.pool, state="NEEDS_REVIEW")
    request = ResolveOperationRequest(
        name=OperationName(operation_id=str(operation)), note=" seen\n "
    )
    request.landed.erp_id = "71.723"
    answer = await desk.stub.ResolveOperation(request)
    assert (answer.operation.state, answer.operation.draft_id) == (
        operations_pb2.OPERATION_STATE_VERIFYING,
        "71723",
    )
    [kept] = await rows(desk.pool, "operation_resolutions")
    assert (kept["decision"], kept["erp_id"], kept["note"]) == ("landed", "71723", "seen")
    assert kept["decided_by"].startswith("ipv4:127.0.0.1:")
    assert await refusal(desk.stub.ResolveOperation(request)) == (
        "FAILED_PRECONDITION",
        "NOT_UNDER_REVIEW",
        [],
    )


async def test_a_malformed_resolution_is_refused_by_field(desk: Desk) -> None:
    """A send is about the order that it names, and about no other."""
    operation = await accepted(
        desk.pool, "71723", operation_type="send-to-verona", state="NEEDS_REVIEW"
    )
    name = OperationName(operation_id=str(operation))
    nothing = ResolveOperationRequest(name=name)
    assert await refusal(desk.stub.ResolveOperation(nothing)) == invalid("note", "decision")
    other = ResolveOperationRequest(name=name, note="n" * 1001)
    other.landed.erp_id = "ORDER-1"
    assert await refusal(desk.stub.ResolveOperation(other)) == invalid("note", "landed.erp_id")
    other.note = "n"
    other.landed.erp_id = "71724"
    assert await refusal(desk.stub.ResolveOperation(other)) == invalid("landed.erp_id")
    await change(desk.pool, operation, state="FAILED")


async def test_files_are_fetched_by_their_names_and_nothing_else_is(
    desk: Desk, tmp_path: Path
) -> None:
    """A name that would lead out of the folder is refused, and no link is followed."""
    operation = await accepted(desk.pool)
    name = OperationName(operation_id=str(operation))
    picture = bytes(range(256)) * 600
    for attempt in ("2", "10"):
        (desk.files / str(operation) / attempt).mkdir(parents=True)
        (desk.files / str(operation) / attempt / "page.png").write_bytes(picture)
    secret = tmp_path / "secret.key"
    secret.write_text("secret")
    (desk.files / str(operation) / "2" / "trace.zip").symlink_to(secret)
    (desk.files / str(operation) / "2" / "notes.txt").write_text("not ours")
    shown = await get(desk, operation_id=str(operation))
    assert [(file.name, file.size, file.media_type) for file in shown.artifacts] == [
        ("10/page.png", len(picture), "image/png"),
        ("2/page.png", len(picture), "image/png"),
    ]
    call = desk.stub.GetArtifact(GetArtifactRequest(name=name, artifact="10/page.png"))
    parts = [response.data async for response in call]
    assert b"".join(parts) == picture
    assert max(map(len, parts)) == 64 * 1024
    for odd in (
        "",
        "../secret.key",
        "2/../../../secret.key",
        "/etc/passwd",
        "2/notes.txt",
        "٢/page.png",
    ):
        call = desk.stub.GetArtifact(GetArtifactRequest(name=name, artifact=odd))
        assert await refusal(call) == invalid("artifact")
    for missing in ("2/trace.zip", "3/page.png"):
        call = desk.stub.GetArtifact(GetArtifactRequest(name=name, artifact=missing))
        assert await refusal(call) == ("NOT_FOUND", "OPERATION_NOT_FOUND", [])


async def test_a_database_that_is_away_is_worth_another_try(desk: Desk) -> None:
    operation = await accepted(desk.pool)
    await desk.pool.close()
    call = desk.stub.GetOperation(
        GetOperationRequest(name=OperationName(operation_id=str(operation)))
    )
    assert await refusal(call) == ("UNAVAILABLE", "DB_DOWN", [])
