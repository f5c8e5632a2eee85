"""Which error a status becomes, and what it carries."""

import pickle
import re
from pathlib import Path

import grpc.aio
import pytest
from google.rpc.status_pb2 import Status

import archibald_client
from archibald.v1 import bot_pb2
from archibald_client import (
    ArchibaldError,
    Client,
    ErpRejectedError,
    InvalidRequestError,
    LocalCommitPendingError,
    PreconditionError,
    UnavailableError,
    Violation,
)
from archibald_client.kinds import BY_REASON
from archibald_client.statuses import error_of
from tests.client.scripted_bot import ScriptedBot, accepted, failure

CONTRACT = Path(__file__).parents[2] / "protos" / "archibald" / "v1" / "bot.proto"
ROW = re.compile(r"^//   ([A-Z_]+)  +((?:[A-Z_]+(?:, *)?)+)(?:  .*)?$", re.MULTILINE)


def contracts_table() -> dict[str, str]:
    """The table of errors in the contract's comment, reason → status."""
    return {
        reason: status
        for status, reasons in ROW.findall(CONTRACT.read_text())
        for reason in reasons.replace(",", " ").split()
    }


async def failed(client: Client, order: bot_pb2.SubmitOrderRequest) -> ArchibaldError:
    with pytest.raises(ArchibaldError) as caught:
        await client.submit_order(order)
    return caught.value


def test_every_reason_of_the_contract_has_its_class() -> None:
    """The contract's table and the client's agree on every reason and its status."""
    table = contracts_table()
    assert len(table) >= 17
    assert {reason: BY_REASON[reason].default_status for reason in table} == table


def test_every_error_is_public_and_gives_advice() -> None:
    """Every class can be imported from the package, says in one sentence what happened, and what to do."""
    for kind in BY_REASON.values():
        assert getattr(archibald_client, kind.__name__) is kind
        assert kind.__name__ in archibald_client.__all__
        assert kind.__doc__
        assert kind().next_step


@pytest.mark.parametrize("reason", sorted(BY_REASON))
async def test_a_reason_arrives_as_its_class(
    reason: str, bot: ScriptedBot, order: bot_pb2.SubmitOrderRequest
) -> None:
    """What the server says arrives whole: class, reason, status, message, metadata."""
    kind = BY_REASON[reason]
    bot.script(accepted(), failure(kind.default_status, reason, metadata={"key": "po-1"}))
    async with Client(bot.address, patience=0) as client:
        error = await failed(client, order)
    assert type(error) is kind
    assert (error.reason, error.status) == (reason, kind.default_status)
    assert (error.message, error.metadata) == ("what happened", {"key": "po-1"})
    assert str(error) == f"{reason}: what happened"


async def test_the_agents_language_arrives_too(
    bot: ScriptedBot, client: Client, order: bot_pb2.SubmitOrderRequest
) -> None:
    """The Italian text of the error and of each field stands beside the English one; without one, nothing."""
    wrong = [("items[0].price", "must be a number")]
    bot.script(failure("INVALID_ARGUMENT", "INVALID_REQUEST", violations=wrong, italian="Numero!"))
    error = await failed(client, order)
    assert (error.message, error.message_it) == ("what happened", "Numero!")
    assert error.violations == (Violation("items[0].price", "must be a number", "Numero!"),)
    bot.script(failure("FAILED_PRECONDITION", "UI_DRIFT"))
    assert (await failed(client, order)).message_it == ""


async def test_violations_name_the_fields(
    bot: ScriptedBot, client: Client, order: bot_pb2.SubmitOrderRequest
) -> None:
    """BadRequest's fields arrive in order, each with what is allowed."""
    wrong = [("items[2].quantity", "a whole number"), ("user_id", "required")]
    bot.script(failure("INVALID_ARGUMENT", "INVALID_REQUEST", violations=wrong))
    error = await failed(client, order)
    assert isinstance(error, InvalidRequestError)
    assert error.violations == tuple(Violation(*each) for each in wrong)


async def test_a_draft_left_behind_changes_the_advice(
    bot: ScriptedBot, client: Client, order: bot_pb2.SubmitOrderRequest
) -> None:
    """ERP_REJECTED says to call again, unless a draft is left: then a person comes first."""
    bot.script(failure("FAILED_PRECONDITION", "ERP_REJECTED"))
    error = await failed(client, order)
    assert isinstance(error, ErpRejectedError)
    assert error.draft_id is None
    assert "same key" in error.next_step
    bot.script(failure("FAILED_PRECONDITION", "ERP_REJECTED", metadata={"draft_id": "71723"}))
    error = await failed(client, order)
    assert isinstance(error, ErpRejectedError)
    assert error.draft_id == "71723"
    assert "71723" in error.next_step
    assert "person" in error.next_step


async def test_a_pending_commit_names_what_the_erp_has(
    bot: ScriptedBot, client: Client, order: bot_pb2.SubmitOrderRequest
) -> None:
    """LOCAL_COMMIT_PENDING carries the ERP's id."""
    bot.script(failure("FAILED_PRECONDITION", "LOCAL_COMMIT_PENDING", metadata={"erp_id": "71723"}))
    error = await failed(client, order)
    assert isinstance(error, LocalCommitPendingError)
    assert error.erp_id == "71723"


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (failure("FAILED_PRECONDITION", "OF_TOMORROW"), PreconditionError, "OF_TOMORROW"),
        (failure("UNAVAILABLE", "OF_TOMORROW"), UnavailableError, "OF_TOMORROW"),
        (failure("NOT_FOUND", "OF_TOMORROW"), ArchibaldError, "OF_TOMORROW"),
        (failure("UNAUTHENTICATED"), ArchibaldError, "UNAUTHENTICATED"),
        (
            failure("PERMISSION_DENIED", "ELSE", domain="else.org"),
            ArchibaldError,
            "PERMISSION_DENIED",
        ),
        (
            failure("UNAVAILABLE", "ERP_DOWN", domain="else.org"),
            archibald_client.ServerUnreachableError,
            "SERVER_UNREACHABLE",
        ),
    ],
)
async def test_an_unknown_reason_falls_back_on_its_status(
    status: Status,
    kind: type[ArchibaldError],
    reason: str,
    bot: ScriptedBot,
    order: bot_pb2.SubmitOrderRequest,
) -> None:
    """A reason of a newer server, or words that are not our server's, still end in the right family."""
    bot.script(status)
    async with Client(bot.address, patience=0) as client:
        error = await failed(client, order)
    assert type(error) is kind
    assert error.reason == reason


@pytest.mark.parametrize(
    "details",
    [b"\xff not a status", failure("ABORTED", "USER_BUSY").SerializeToString()],
    ids=["garbage", "of another status"],
)
def test_details_that_do_not_fit_are_left_aside(details: bytes) -> None:
    """Details that cannot be read, or belong to another status, never hide the status itself."""
    error = error_of(
        grpc.aio.AioRpcError(
            grpc.StatusCode.INTERNAL,
            grpc.aio.Metadata(),
            grpc.aio.Metadata(("grpc-status-details-bin", details)),
            details="boom",
        )
    )
    assert (error.reason, error.status, error.message) == ("INTERNAL", "INTERNAL", "boom")


def test_an_error_survives_pickling() -> None:
    """Job queues carry errors between processes: nothing may be lost on the way."""
    error = InvalidRequestError("no", violations=[Violation("a", "b")], retry_after=2.5)
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is InvalidRequestError
    assert vars(copy) == vars(error)


async def test_no_grpc_type_reaches_the_caller(
    bot: ScriptedBot, client: Client, order: bot_pb2.SubmitOrderRequest
) -> None:
    """Neither the error nor what it was raised from is gRPC's."""
    bot.script(failure("INTERNAL", "INTERNAL"))
    error = await failed(client, order)
    assert error.__cause__ is None
    assert error.__context__ is None
