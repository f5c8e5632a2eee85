"""Which error a status becomes in Node, and what it carries: the same as in Python."""

from typing import Any

import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2
from google.rpc.status_pb2 import Status

from archibald.v1 import bot_pb2
from archibald_client.kinds import BY_REASON
from server import errors
from server.statuses import TABLE, status_of
from tests.client.scripted_bot import ScriptedBot, accepted, failure
from tests.client.test_errors import contracts_table
from tests.client_node.backend import NodeError, backend, evaluated

Order = bot_pb2.SubmitOrderRequest

KINDS = """
import * as client from "@archibald/bot-client";
import { BY_REASON } from "./client/node/src/statuses.js";

const told = {};
for (const [reason, kind] of BY_REASON) {
  const { nextStep, status } = new kind();
  const parent = Object.getPrototypeOf(kind).name;
  told[reason] = { name: kind.name, status, parent, nextStep, isPublic: client[kind.name] === kind };
}
console.log(JSON.stringify(told));
"""
# What a caller never hears as such: the journal keeps them between two attempts.
INTERNAL = {errors.UnclearError, errors.HeldError, errors.NothingThereError, errors.FencedError}


async def failed(bot: ScriptedBot, order: Order, status: Status) -> NodeError:
    bot.script(accepted(), status)
    async with backend(bot.address, patienceMs=0) as node:
        return await node.call("submitOrder", request=order).error()


async def test_every_reason_has_the_class_that_python_has() -> None:
    """Name, parent, status and advice agree, and with the contract's table; every class is public."""
    told: dict[str, dict[str, Any]] = await evaluated(KINDS)
    assert all(kind.pop("isPublic") for kind in told.values())
    python = {
        reason: {
            "name": kind.__name__,
            "status": kind.default_status,
            "parent": kind.__base__.__name__ if kind.__base__ else "",
            "nextStep": kind().next_step,
        }
        for reason, kind in BY_REASON.items()
    }
    assert {reason: told[reason] for reason in python} == python
    table = contracts_table()
    assert {reason: told[reason]["status"] for reason in table} == table


async def test_every_error_of_the_server_is_read_back(bot: ScriptedBot, order: Order) -> None:
    """What the server makes of each of its errors arrives whole: class, reason, status, message, facts."""
    async with backend(bot.address, patienceMs=0) as node:
        for kind in errors.BotError.__subclasses__():
            if kind in INTERNAL or kind is errors.InvalidRequestError:
                continue
            said = kind("what happened — perché")
            said.metadata = {"key": "po-1"}
            bot.script(accepted(), status_of(said))
            error = await node.call("submitOrder", request=order).error()
            expected = BY_REASON.get(kind.reason)
            if expected:
                assert error.facts["class"] == error.name == expected.__name__
                assert error.status == expected.default_status
            assert (error.reason, error.message) == (kind.reason, "what happened — perché")
            assert error.metadata == {"key": "po-1"}
            assert error.violations == []
            after = TABLE[kind].retry_after if kind in TABLE else None
            assert error.facts.get("retryAfterMs") == (after and after * 1000)


async def test_violations_name_the_fields(bot: ScriptedBot, order: Order) -> None:
    """BadRequest's fields arrive in order, each with what is allowed, in Italian where that is said."""
    status = failure("INVALID_ARGUMENT", "INVALID_REQUEST")
    wrong = error_details_pb2.BadRequest()
    wrong.field_violations.add(field="items[2].quantity", description="a whole number")
    other = wrong.field_violations.add(field="user_id", description="required")
    other.localized_message.locale = "it-IT"
    other.localized_message.message = "obbligatorio"
    pack(status, wrong)
    pack(status, error_details_pb2.LocalizedMessage(locale="en", message="mend it"))
    pack(status, error_details_pb2.LocalizedMessage(locale="it", message="da correggere"))
    error = await failed(bot, order, status)
    assert error.facts["class"] == "InvalidRequestError"
    assert error.messageIt == "da correggere"
    assert error.violations == [
        {"field": "items[2].quantity", "description": "a whole number", "descriptionIt": ""},
        {"field": "user_id", "description": "required", "descriptionIt": "obbligatorio"},
    ]


async def test_what_an_error_names_can_be_asked_for(bot: ScriptedBot, order: Order) -> None:
    """A draft left behind changes the advice; a pending commit says what the ERP has."""
    error = await failed(bot, order, failure("FAILED_PRECONDITION", "ERP_REJECTED"))
    assert "same key" in error.nextStep
    left = {"draft_id": "71723"}
    error = await failed(bot, order, failure("FAILED_PRECONDITION", "ERP_REJECTED", metadata=left))
    assert error.draftId == "71723"
    assert "71723" in error.nextStep
    assert "person" in error.nextStep
    pending = failure("FAILED_PRECONDITION", "LOCAL_COMMIT_PENDING", metadata={"erp_id": "71723"})
    assert (await failed(bot, order, pending)).erpId == "71723"


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (failure("FAILED_PRECONDITION", "OF_TOMORROW"), "PreconditionError", "OF_TOMORROW"),
        (failure("UNAVAILABLE", "OF_TOMORROW"), "UnavailableError", "OF_TOMORROW"),
        (failure("NOT_FOUND", "OF_TOMORROW"), "ArchibaldError", "OF_TOMORROW"),
        (failure("UNAUTHENTICATED"), "ArchibaldError", "UNAUTHENTICATED"),
        (failure("INTERNAL"), "ArchibaldError", "INTERNAL"),
        (failure("PERMISSION_DENIED", "A", domain="else"), "ArchibaldError", "PERMISSION_DENIED"),
        (
            failure("UNAVAILABLE", "ERP_DOWN", domain="else"),
            "ServerUnreachableError",
            "SERVER_UNREACHABLE",
        ),
    ],
)
async def test_an_unknown_reason_falls_back_on_its_status(
    status: Status, kind: str, reason: str, bot: ScriptedBot, order: Order
) -> None:
    """A reason of a newer server, or words that are not our server's, still end in the right family."""
    error = await failed(bot, order, status)
    assert (error.facts["class"], error.reason) == (kind, reason)


DETAILS = """
import { Metadata } from "@grpc/grpc-js";
import { errorOf } from "./client/node/src/statuses.js";

const metadata = new Metadata();
metadata.add("grpc-status-details-bin", Buffer.from("%s", "hex"));
const failure = Object.assign(new Error(), { code: 13, details: "boom", metadata });
const { reason, status, message } = errorOf(failure);
console.log(JSON.stringify([reason, status, message]));
"""


@pytest.mark.parametrize(
    "details",
    [b"\xff not a status", failure("ABORTED", "USER_BUSY").SerializeToString()],
    ids=["garbage", "of another status"],
)
async def test_details_that_do_not_fit_are_left_aside(details: bytes) -> None:
    """Details that cannot be read, or belong to another status, never hide the status itself."""
    assert await evaluated(DETAILS % details.hex()) == ["INTERNAL", "INTERNAL", "boom"]


def pack(status: Status, detail: Any) -> None:
    packed = any_pb2.Any()
    packed.Pack(detail)
    status.details.append(packed)
