"""The list of operations: its filters, its pages, and what it refuses."""

from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from archibald.v1 import operations_pb2
from archibald.v1.operations_pb2 import (
    ListOperationsRequest,
)
from tests.journal_rows import accepted
from tests.operations_desk import Desk, desk, invalid, refusal

__all__ = ["desk"]

QUEUED = operations_pb2.OPERATION_STATE_QUEUED
REVIEW = operations_pb2.OPERATION_STATE_NEEDS_REVIEW


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
