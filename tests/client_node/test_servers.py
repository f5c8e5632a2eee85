"""Node's calls against real servers that are cut off, killed and replaced under them."""

import asyncio
import base64
import json
import signal
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from google.protobuf.json_format import MessageToDict
from psycopg.types.json import Jsonb

from archibald.v1 import bot_pb2
from archibald_client import Client
from server.config import Config
from tests.client.scripted_bot import Relay
from tests.client_node.backend import ROOT, Backend, NodeCall, backend
from tests.end_to_end.parts import ERP_USER, USER, Bot, order, started
from tests.end_to_end.processes import server_process
from tests.erp_simulator.running import Simulator
from tests.soak.house import free_port

FIRST_LINE = "form.articles.progress"
NAMED = {"user_id": USER, "operation_type": "submit-order", "operation_key": "p-1"}


def spelt_otherwise(**changes: Any) -> bot_pb2.SubmitOrderRequest:
    """The same order, its discount written as another program would."""
    request = order(**changes)
    assert request.items[1].discount == "12.5"
    request.items[1].discount = "12.50"
    return request


def plain(message: Any) -> Any:
    """A message as Node has it: the contract's names, every default spelled out."""
    return MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )


async def entered_once(sim: Simulator, order_id: str) -> None:
    """The ledger has this one order, with each of its lines once."""
    assert [one["id"] for one in await sim.effects("order_created")] == [order_id]
    assert len(await sim.effects("line_added")) == 2


def heard_in_order(call: NodeCall) -> None:
    """One `accepted`, and progress that never falls."""
    assert len(call.told("accepted")) == 1
    percents = [each["percent"] for each in call.told("progress")]
    assert percents == sorted(percents)
    assert all(each["label_it"] and each["label_en"] for each in call.told("progress"))


async def refusals(node: Backend) -> dict[str, Any]:
    """What a server says to calls that it cannot do, with an order done under p-1, by their reasons."""
    bad = order(pending_order_id="p-3", notes="x" * 10_000)
    bad.items[1].quantity = "1.5"
    unknown = order(pending_order_id="p-4")
    unknown.items[0].article_code = "NO.SUCH.ARTICLE"
    give_up = {"give_up": {}, "note": "ordered by phone"}
    calls = [
        node.call("submitOrder", request=bad),
        node.call("submitOrder", request=order(notes="altro", customer_name="Centro Beta")),
        node.call("submitOrder", request=order(operation_key="another")),
        node.call("submitOrder", request=order(user_id="A077", pending_order_id="p-5")),
        node.call("submitOrder", request=unknown),
        node.call("cancel", name=NAMED),
        node.call("resolve", name=NAMED, request=give_up),
        node.call("getOperation", name=NAMED | {"operation_key": "never"}),
        node.call("artifact", name=NAMED, artifact="9/page.png"),
    ]
    errors = [await call.error() for call in calls]
    return {error.reason: error for error in errors}


async def test_an_order_whose_connection_is_cut(
    config: Config, database: str, sim: Simulator
) -> None:
    """One `await` has the answer; then it is replayed, watched, listed, and what is wrong is refused."""
    async with (
        started(config, database) as server,
        Relay(int(server.address.rpartition(":")[2])) as relay,
        backend(relay.address) as node,
    ):
        call = node.call("submitOrder", request=order())
        await call.step(FIRST_LINE)
        relay.cut()
        later = order(pending_order_id="p-2")
        waiting = await node.ask("start", operation="SubmitOrder", request=later)
        stopped = await node.ask("cancel", name=waiting["operation_id"])
        assert stopped["state"] == "OPERATION_STATE_CANCELLED"
        result = await call.result()
        await entered_once(sim, result["order_id"])
        heard_in_order(call)

        again = node.call("submitOrder", request=spelt_otherwise())
        assert await again.result() == result == plain(await server.client.submit_order(order()))
        assert again.told("accepted")[0]["replayed"]

        [accepted] = call.told("accepted")
        watcher = node.call("watch", name=accepted["operation_id"], fromSequence=1)
        ended = await watcher.result()
        assert (ended["state"], ended["submit_order"]) == ("OPERATION_STATE_SUCCEEDED", result)
        assert {"form.customer", "verify"} <= {each["step"] for each in watcher.told("progress")}
        assert await node.ask("getOperation", name=NAMED) == ended
        listed = await node.ask("listOperations", request={"user_ids": [USER], "page_size": 1})
        assert listed == [stopped, ended]

        told = await refusals(node)
        assert {reason: error.facts["class"] for reason, error in told.items()} == {
            "INVALID_REQUEST": "InvalidRequestError",
            "IDEMPOTENCY_KEY_REUSED": "KeyReusedError",
            "TARGET_ALREADY_DONE": "TargetAlreadyDoneError",
            "ERP_LOGIN_REJECTED": "ErpLoginRejectedError",
            "ERP_REJECTED": "ErpRejectedError",
            "TOO_LATE": "TooLateError",
            "NOT_UNDER_REVIEW": "NotUnderReviewError",
            "OPERATION_NOT_FOUND": "OperationNotFoundError",
        }
        fields = [violation["field"] for violation in told["INVALID_REQUEST"].violations]
        assert fields == ["notes", "items[1].quantity"]
        assert told["IDEMPOTENCY_KEY_REUSED"].metadata["fields"] == "customer_name,notes"
        assert told["TARGET_ALREADY_DONE"].metadata["operation_key"] == "p-1"
        await what_failed_is_handed_out(node, config)
        await what_is_given_up_is_at_its_end(node, database)
        await entered_once(sim, result["order_id"])


async def what_failed_is_handed_out(node: Backend, config: Config) -> None:
    """The files of the order that the ERP refused, byte for byte as they lie in the server's folder."""
    failed = await node.ask("getOperation", name=NAMED | {"operation_key": "p-4"})
    assert failed["error"]["reason"] == "ERP_REJECTED"
    folder = config.data_dir / "artifacts" / failed["operation_id"]
    assert failed["artifacts"]
    for file in failed["artifacts"]:
        data = await node.ask("artifact", name=failed["operation_id"], artifact=file["name"])
        assert base64.b64decode(data) == (folder / file["name"]).read_bytes()


async def what_is_given_up_is_at_its_end(node: Backend, database: str) -> None:
    """Under review the caller hears OUTCOME_UNKNOWN; once a person has given it up, OUTCOME_ABANDONED."""
    async with await psycopg.AsyncConnection.connect(database) as conn:
        await conn.execute(
            """
            UPDATE agents.operations
               SET state = 'NEEDS_REVIEW', response = NULL, erp_id = NULL, draft_id = NULL,
                   finished_at = NULL, confirmed_at = NULL, error = %s
             WHERE operation_key = 'p-1'
            """,
            [Jsonb({"reason": "HELD", "message": "two orders have our marker", "metadata": {}})],
        )
    # Not byte for byte the request whose answer the server still has: what is undone here never is.
    again = order()
    again.items[0].price += "0"
    error = await node.call("submitOrder", request=again).error()
    assert (error.facts["class"], error.reason) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN")
    [held] = await node.ask("listOperations", request={"states": ["OPERATION_STATE_NEEDS_REVIEW"]})
    assert held["error"]["message_it"]
    assert held["error"]["metadata"]["cause"] == "HELD"
    decision = {"give_up": {}, "note": "ordered by phone"}
    settled = await node.ask("resolve", name=held["operation_id"], request=decision)
    assert settled["state"] == "OPERATION_STATE_ABANDONED"
    error = await node.call("submitOrder", request=again).error()
    assert error.facts["class"] == "OutcomeAbandonedError"


@pytest.mark.matrix  # every day the Python client lives through the same
async def test_a_server_killed_under_two_callers(
    config: Config, database: str, sim: Simulator
) -> None:
    """Python writes 12.5 and Node 12.50; SIGKILL, another server: one order, two equal answers."""
    config = replace(config, listen=f"127.0.0.1:{free_port()}")
    async with AsyncExitStack() as servers:
        process, address = await servers.enter_async_context(server_process(config))
        client = await servers.enter_async_context(Client(address))
        node = await servers.enter_async_context(backend(address))
        python = asyncio.create_task(client.submit_order(order()))
        call = node.call("submitOrder", request=spelt_otherwise())
        await call.step(FIRST_LINE)
        process.kill()
        await process.wait()
        await servers.enter_async_context(server_process(config))
        result = await call.result()
        assert plain(await python) == result
        heard_in_order(call)
        await entered_once(sim, result["order_id"])
    assert database


@pytest.mark.matrix
async def test_a_rolling_deploy_under_the_stream(
    config: Config, database: str, sim: Simulator
) -> None:
    """Two servers, each stopped and replaced, first the one at work: the call ends with the answer."""
    addresses = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    settings = [
        replace(config, listen=address, data_dir=config.data_dir / address.rpartition(":")[2])
        for address in addresses
    ]
    async with AsyncExitStack() as servers:
        serving = [
            (await servers.enter_async_context(server_process(each)))[0] for each in settings
        ]
        node = await servers.enter_async_context(backend(f"ipv4:{','.join(addresses)}"))
        call = node.call("submitOrder", request=order())
        await call.step("navigation.articoli")  # in a browser, and nothing written yet
        server = Bot(addresses[0], Client(addresses[0]), database)
        [row] = await server.rows("operations")
        at_work = [process.pid for process in serving].index(
            int(row["owner_instance"].split(":")[1])
        )
        for index in (at_work, 1 - at_work):
            serving[index].send_signal(signal.SIGTERM)
            await serving[index].wait()
            await servers.enter_async_context(server_process(settings[index]))
        result = await call.result()
        heard_in_order(call)
        await entered_once(sim, result["order_id"])
        assert (await node.ask("getOperation", name=NAMED))["attempts"] >= 2


@pytest.mark.matrix  # the writes themselves are the server's; here, that Node's verbs reach them
async def test_the_other_writes(config: Config, database: str, sim: Simulator) -> None:
    """Each verb does its operation once in the ERP, and says what the ERP then shows."""
    drafts = [
        one["id"]
        for one in await sim.orders(ERP_USER)
        if one["transferstatus"] == "Edit" and one["lines"]
    ]
    customer = json.loads((ROOT / "tests" / "fixtures" / "customer.json").read_text())
    async with started(config, database) as server, backend(server.address) as node:
        for verb, request in (
            ("sendToVerona", {"user_id": USER, "order_id": drafts[0]}),
            ("deleteOrder", {"user_id": USER, "order_id": drafts[1]}),
            ("createCustomer", customer),
        ):
            call = node.call(verb, request=request)
            result = await call.result()
            heard_in_order(call)
            assert result["warnings"] is not None
    effects = [(effect["kind"], effect["id"]) for effect in await sim.effects()]
    assert effects[:2] == [("order_sent", drafts[0]), ("order_deleted", drafts[1])]
    assert [kind for kind, _ in effects].count("customer_created") == 1
    assert result["customer_id"] == dict(effects)["customer_created"]
