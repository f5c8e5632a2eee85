"""OperationsService over gRPC: one operation shown, stopped, settled, and its files handed out."""

from pathlib import Path
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

from archibald.v1 import bot_pb2, operations_pb2
from archibald.v1.operations_pb2 import (
    CancelOperationRequest,
    GetArtifactRequest,
    GetOperationRequest,
    ListOperationsRequest,
    OperationName,
    ResolveOperationRequest,
)
from tests.journal_rows import accepted, change, rows
from tests.operations_desk import Desk, desk, get, invalid, refusal

__all__ = ["desk"]

LOST = {"reason": "ERP_DOWN", "message": "no answer came", "metadata": {"draft_id": "71723"}}
QUEUED, RUNNING = operations_pb2.OPERATION_STATE_QUEUED, operations_pb2.OPERATION_STATE_RUNNING


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
    failed = by_key["failed"].error
    assert (failed.reason, failed.message) == ("ERP_DOWN", "no answer came")
    assert failed.message_it.startswith("Archibald non risponde")
    held = by_key["held"]
    assert (held.error.reason, held.error.message) == ("OUTCOME_UNKNOWN", "no answer came")
    assert held.error.metadata == {"draft_id": "71723", "cause": "ERP_DOWN"}
    assert held.error.message_it.startswith(
        "Non è ancora certo l'esito dell'inserimento dell'ordine"
    )
    assert held.duplicate_suspected


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
