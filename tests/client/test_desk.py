"""The verbs of OperationsService: what they ask, what they return, and that they outlive their server."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archibald.v1 import operations_pb2
from archibald.v1.operations_pb2 import (
    Artifact,
    CancelOperationResponse,
    GetArtifactResponse,
    GetOperationResponse,
    GiveUp,
    Landed,
    ListOperationsResponse,
    LookAgain,
    NotDone,
    OperationName,
    ResolveOperationResponse,
    WatchOperationResponse,
)
from archibald_client import (
    BrokenContractError,
    Client,
    NotUnderReviewError,
    OperationNotFoundError,
    StoppedListeningError,
    TooLateError,
)
from tests.client.scripted_bot import HANG, Relay, ScriptedBot, failure
from tests.client.scripted_desk import ScriptedDesk, failed, operation, stepped

NAME = OperationName(user_id="A001", operation_type="submit-order", operation_key="po-1")


@pytest.fixture
def desk(bot: ScriptedBot) -> ScriptedDesk:
    return bot.desk


async def test_an_operation_is_named_by_id_or_by_key(desk: ScriptedDesk, client: Client) -> None:
    """A text is the id; agent, type and key come as the contract's own message."""
    for _ in range(2):
        desk.script("GetOperation", GetOperationResponse(operation=operation()))
    assert await client.get_operation("op-1") == operation()
    assert await client.get_operation(NAME) == operation()
    names = [request.name for request in desk.requests["GetOperation"]]
    assert names == [OperationName(operation_id="op-1"), NAME]


async def test_reading_is_sent_again_while_no_server_answers(
    desk: ScriptedDesk, client: Client
) -> None:
    """UNAVAILABLE is no answer to a question either."""
    desk.script("GetOperation", failure("UNAVAILABLE", "DB_DOWN", retry_after=0.05))
    desk.script("GetOperation", GetOperationResponse(operation=operation()))
    assert await client.get_operation("op-1") == operation()
    assert len(desk.requests["GetOperation"]) == 2


async def test_the_list_goes_over_all_pages(desk: ScriptedDesk, client: Client) -> None:
    """The next page is asked for with the same filters, and not before it is needed."""
    every = [operation(operation_id=f"op-{number}") for number in range(3)]
    page = ListOperationsResponse(operations=every[:2], next_page_token="2")
    desk.script("ListOperations", page)
    desk.script("ListOperations", failure("UNAVAILABLE", "DRAINING", retry_after=0.05))
    desk.script("ListOperations", ListOperationsResponse(operations=every[2:]))
    listed = client.list_operations(
        page_size=2,
        user_ids=["A001"],
        states=[operations_pb2.OPERATION_STATE_NEEDS_REVIEW],
        accepted_from=datetime(2026, 1, 2, tzinfo=UTC),
    )
    assert [await anext(listed), await anext(listed)] == every[:2]
    assert len(desk.requests["ListOperations"]) == 1
    assert [each async for each in listed] == every[2:]
    first, again, second = desk.requests["ListOperations"]
    assert first.accepted_from.ToDatetime(UTC) == datetime(2026, 1, 2, tzinfo=UTC)
    assert (list(first.user_ids), first.page_size, first.page_token) == (["A001"], 2, "")
    assert again == second
    second.page_token = ""
    assert first == second


async def test_a_time_without_its_zone_is_refused(client: Client) -> None:
    """Nobody guesses which midnight is meant."""
    with pytest.raises(ValueError, match="time zone"):
        await anext(client.list_operations(accepted_from=datetime(2026, 1, 2)))  # noqa: DTZ001


@pytest.mark.parametrize("state", ["SUCCEEDED", "FAILED", "NEEDS_REVIEW"])
async def test_watching_ends_with_the_operation(
    state: str, desk: ScriptedDesk, client: Client
) -> None:
    """Every step is heard, and what the operation has come to is returned, also when it has failed."""
    end = operation(state)
    desk.script(
        "WatchOperation", stepped(1, 10), stepped(3, 40), WatchOperationResponse(operation=end)
    )
    heard: list[int] = []
    ended = await client.watch("op-1", on_progress=lambda at: heard.append(at.sequence))
    assert (ended, heard) == (end, [1, 3])


async def test_a_watch_goes_on_behind_what_was_heard(bot: ScriptedBot) -> None:
    """A connection that is cut is replaced, and asked for the events after the last one heard."""
    bot.desk.script("WatchOperation", stepped(4, 10), stepped(5, 20), HANG)
    bot.desk.script("WatchOperation", stepped(6, 30), WatchOperationResponse(operation=operation()))
    heard: list[int] = []
    both = asyncio.Event()  # that they were sent does not say that they have arrived

    def hear(at: Any) -> None:
        heard.append(at.sequence)
        if len(heard) == 2:
            both.set()

    async with Relay(bot.port) as relay, Client(relay.address, patience=5) as client:
        watch = asyncio.create_task(client.watch("op-1", from_sequence=2, on_progress=hear))
        await asyncio.wait_for(both.wait(), 5)
        relay.cut()
        assert await asyncio.wait_for(watch, 10) == operation()
    assert heard == [4, 5, 6]
    assert [request.from_sequence for request in bot.desk.requests["WatchOperation"]] == [2, 6]


async def test_a_watch_has_its_timeout(desk: ScriptedDesk, client: Client) -> None:
    """It ends the listening, not the operation."""
    desk.script("WatchOperation", stepped(1, 10), HANG)
    with pytest.raises(StoppedListeningError):
        await client.watch("op-1", timeout=0.3)


async def test_a_watch_without_its_end_is_an_error(desk: ScriptedDesk, client: Client) -> None:
    """A stream that just stops is never taken for an end."""
    desk.script("WatchOperation", stepped(1, 10))
    with pytest.raises(BrokenContractError):
        await client.watch("op-1")


async def test_a_cancel_returns_what_became_of_it(desk: ScriptedDesk, client: Client) -> None:
    """Stopped, or too late, which is an error of its own."""
    desk.script("CancelOperation", CancelOperationResponse(operation=operation("CANCELLED")))
    assert await client.cancel(NAME) == operation("CANCELLED")
    desk.script("CancelOperation", failure("FAILED_PRECONDITION", "TOO_LATE"))
    with pytest.raises(TooLateError):
        await client.cancel(NAME)


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (LookAgain(), "look_again"),
        (Landed(erp_id="71723"), "landed"),
        (NotDone(), "not_done"),
        (GiveUp(), "give_up"),
    ],
)
async def test_a_decision_is_sent_as_it_is_meant(
    decision: Any, field: str, desk: ScriptedDesk, client: Client
) -> None:
    """Exactly one of the four arrives, with its note; one that is none of them is a mistake."""
    desk.script("ResolveOperation", ResolveOperationResponse(operation=operation("VERIFYING")))
    await client.resolve(NAME, decision, note="seen in the list")
    [request] = desk.requests["ResolveOperation"]
    assert (request.WhichOneof("decision"), request.note) == (field, "seen in the list")
    assert getattr(request, field) == decision


async def test_a_decision_that_is_not_wanted_is_told(desk: ScriptedDesk, client: Client) -> None:
    """Somebody else was quicker: its own error, sent once."""
    desk.script("ResolveOperation", failure("FAILED_PRECONDITION", "NOT_UNDER_REVIEW"))
    with pytest.raises(NotUnderReviewError):
        await client.resolve(NAME, GiveUp(), note="n")
    assert len(desk.requests["ResolveOperation"]) == 1


async def test_a_file_arrives_whole_or_not_at_all(desk: ScriptedDesk, client: Client) -> None:
    """A stream that breaks in the middle of a file begins anew: no byte comes twice."""
    parts = [GetArtifactResponse(data=data) for data in (b"ab", b"cd", b"e")]
    desk.script("GetArtifact", *parts[:2], failure("UNAVAILABLE", "DRAINING", retry_after=0.05))
    desk.script("GetArtifact", *parts)
    assert await client.artifact("op-1", "1/page.png") == b"abcde"


async def test_all_files_are_saved_below_the_folder(
    desk: ScriptedDesk, client: Client, tmp_path: Path
) -> None:
    """Each under its own name, and none outside, whatever a server says."""
    files = [Artifact(name="2/page.png"), Artifact(name="1/page.png")]
    desk.script("GetOperation", GetOperationResponse(operation=operation(artifacts=files)))
    for data in (b"two", b"one"):
        desk.script("GetArtifact", GetArtifactResponse(data=data))
    saved = [path async for path in client.artifacts("op-1", tmp_path)]
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in saved} == {
        "2/page.png": b"two",
        "1/page.png": b"one",
    }
    for name in ("../outside", "/outside"):
        outside = operation(artifacts=[Artifact(name=name)])
        desk.script("GetOperation", GetOperationResponse(operation=outside))
        with pytest.raises(BrokenContractError):
            await anext(aiter(client.artifacts("op-1", tmp_path)))


async def test_what_is_not_there_is_an_error_of_its_own(desk: ScriptedDesk, client: Client) -> None:
    """NOT_FOUND, at once."""
    desk.script("GetOperation", failure("NOT_FOUND", "OPERATION_NOT_FOUND"))
    with pytest.raises(OperationNotFoundError) as caught:
        await client.get_operation("op-1")
    assert caught.value.status == "NOT_FOUND"


async def test_the_error_of_a_failed_operation_is_in_it(desk: ScriptedDesk, client: Client) -> None:
    """Looking raises nothing: the error is a fact about the operation."""
    lost = failed("NEEDS_REVIEW", "OUTCOME_UNKNOWN")
    desk.script("GetOperation", GetOperationResponse(operation=lost))
    assert (await client.get_operation("op-1")).error.reason == "OUTCOME_UNKNOWN"
