"""Every operation through the whole house, however the site answers its open questions."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from google.protobuf.message import Message
from structlog.testing import capture_logs

from archibald.v1 import bot_pb2 as pb
from server.config import Config
from server.erp.formats import dotted_id
from server.operations import OPERATIONS
from server.progress import COMMON
from tests.end_to_end.parts import Bot, order, started, store_login
from tests.erp_simulator.running import Simulator
from tests.operations.customers import VAT, delivery, full
from tests.pairwise import all_pairs, covering, met, sampled

QUESTIONS: Mapping[str, Sequence[str]] = {
    "operation": ("SubmitOrder", "SendToVerona", "CreateCustomer", "DeleteOrder"),
    "persist_on": ("customer", "article", "first_line", "save"),
    "header_persists_on": ("first_line", "save"),
    "address_persists_on": ("row", "save"),
    "postback": ("callback", "full"),
    "send_confirm": ("native", "popup"),
    "language": ("it", "en"),
}
AGENTS = {"it": ("A001", "ikiA0001"), "en": ("A010", "ikiA0010")}
CASES = list(covering(QUESTIONS))
# Of each operation the case that is least like the site as we suppose it to be.
UNLIKELY = {"full", "popup", "en", "save"}
SAMPLE = [
    max(
        (case for case in CASES if case["operation"] == name),
        key=lambda case: len(UNLIKELY & set(case.values())),
    )
    for name in QUESTIONS["operation"]
]


@dataclass(frozen=True)
class Ran:
    """One operation's answer, with what it left in the ERP."""

    result: Any
    effects: Sequence[Mapping[str, Any]]
    bot: Bot
    sim: Simulator
    user: str
    erp_user: str


@pytest.mark.parametrize(
    "case", sampled(CASES, lambda case: case in SAMPLE), ids=lambda case: "-".join(case.values())
)
async def test_it_does_its_work_once_and_records_it(
    config: Config, database: str, sim: Simulator, case: dict[str, str]
) -> None:
    """The ledger has its effects once, our tables their rows, and every step was reported in order."""
    print("case:", case)  # noqa: T201 - which pairs were covered
    switches = {name: case[name] for name in case if name not in {"operation", "language"}}
    await sim.config(**switches, users_own_language=True)
    user, erp_user = AGENTS[case["language"]]
    await store_login(config, sim, user, erp_user)
    operation = OPERATIONS[case["operation"]]
    async with started(config, database) as bot:
        request = await REQUESTS[case["operation"]](bot, user)
        before = len(await sim.effects())
        with capture_logs() as logs:
            result = await bot.client.run(request)
        effects = (await sim.effects())[before:]
        await CHECKS[case["operation"]](Ran(result, effects, bot, sim, user, erp_user))
    assert {effect["user"] for effect in effects} == {erp_user}
    steps = [entry["step"] for entry in logs if entry["event"] == "step"]
    percents = [entry["percent"] for entry in logs if entry["event"] == "step"]
    known = [*COMMON, *operation.STEPS]
    assert set(steps) <= set(known)
    assert percents == sorted(percents)
    assert steps[0] == "login"
    assert steps[-2:] == ["commit", "complete"]
    own = [name for name in operation.STEPS if name not in COMMON]
    assert [name for name in own if name in steps] == list(
        dict.fromkeys(step for step in steps if step in own)
    )
    assert set(own) - set(steps) <= OPTIONAL


# Steps of what these requests do not ask for, and of what only an interrupted one needs.
OPTIONAL = {"form.address", "form.edit"}


async def _submit(_bot: Bot, user: str) -> pb.SubmitOrderRequest:
    return order(user_id=user)


async def _entered(bot: Bot, user: str) -> str:
    """A draft of the agent's, entered and recorded as orders are."""
    return (await bot.client.submit_order(order(user_id=user))).order_id


async def _send(bot: Bot, user: str) -> pb.SendToVeronaRequest:
    return pb.SendToVeronaRequest(user_id=user, order_id=dotted_id(await _entered(bot, user)))


async def _delete(bot: Bot, user: str) -> pb.DeleteOrderRequest:
    return pb.DeleteOrderRequest(user_id=user, order_id=await _entered(bot, user))


async def _create(_bot: Bot, user: str) -> pb.CreateCustomerRequest:
    return full(user_id=user, addresses=[delivery()])


async def _check_submit(ran: Ran) -> None:
    kinds = [effect["kind"] for effect in ran.effects]
    assert (kinds.count("order_created"), kinds.count("line_added")) == (1, 2)
    assert "order_saved" in kinds
    assert {effect["id"] for effect in ran.effects} == {ran.result.order_id}
    stored = await ran.sim.order(ran.result.order_id)
    assert (stored["saved"], len(stored["lines"])) == (True, 2)
    assert list(ran.result.verification.differences) == []
    [record] = await ran.bot.rows("order_records")
    assert (record["id"], record["user_id"]) == (dotted_id(ran.result.order_id), ran.user)
    assert len(await ran.bot.rows("order_articles")) == 2


async def _check_send(ran: Ran) -> None:
    [sent] = ran.effects
    assert (sent["kind"], sent["id"]) == ("order_sent", ran.result.order_id)
    assert not ran.result.already_sent
    [record] = await ran.bot.rows("order_records")
    assert record["current_state"] == "inviato_verona"
    assert record["sent_to_verona_at"]
    [history] = await ran.bot.rows("order_state_history")
    assert (history["new_state"], history["order_id"]) == ("inviato_verona", record["id"])


async def _check_delete(ran: Ran) -> None:
    [deleted] = ran.effects
    assert (deleted["kind"], deleted["id"]) == ("order_deleted", ran.result.order_id)
    assert not ran.result.already_gone
    assert ran.result.order_id not in {each["id"] for each in await ran.sim.orders(ran.erp_user)}
    assert await ran.bot.rows("order_records") == []
    assert await ran.bot.rows("order_articles") == []


async def _check_create(ran: Ran) -> None:
    kinds = [effect["kind"] for effect in ran.effects]
    assert (kinds.count("customer_created"), kinds.count("address_added")) == (1, 1)
    assert {effect["id"] for effect in ran.effects} == {ran.result.customer_id}
    assert list(ran.result.differences) == []
    [row] = await ran.bot.rows("customers")
    assert (row["customer_profile"], row["bot_status"]) == (
        dotted_id(ran.result.customer_id),
        "placed",
    )
    assert row["vat_number"] == VAT


REQUESTS: Mapping[str, Callable[[Bot, str], Awaitable[Message]]] = {
    "SubmitOrder": _submit,
    "SendToVerona": _send,
    "CreateCustomer": _create,
    "DeleteOrder": _delete,
}
CHECKS: Mapping[str, Callable[[Ran], Awaitable[None]]] = {
    "SubmitOrder": _check_submit,
    "SendToVerona": _check_send,
    "CreateCustomer": _check_create,
    "DeleteOrder": _check_delete,
}


def test_the_cases_cover_every_pair() -> None:
    """Each two answers to two questions meet in some case, the operation being one of the questions."""
    for one, other, pairs in all_pairs(QUESTIONS):
        assert met(CASES, one, other) == pairs
