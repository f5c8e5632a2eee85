"""The judge itself: whatever is wrong is found, and what is right passes. No house is needed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from tests.erp_simulator.switches import Switches
from tests.soak.callers import Answer, Operation
from tests.soak.house import AGENTS
from tests.soak.ledger import read_ledger
from tests.soak.plan import Plan, Planned
from tests.soak.reconcile import Finding, reconcile, strays
from tests.soak.report import Report
from tests.soak.second_reader import Shown, read_send
from tests.soak.weather import LEFT, SWITCHES, draw_switches

LINE = {"article_code": "TD1272.314.", "quantity": "2", "manualdiscount": "0"}
ORDER = {"id": "71724", "lines": [LINE]}


def submitted(answers: list[Answer] | None = None) -> Operation:
    """One order that its caller was told is 71724."""
    request = pb.SubmitOrderRequest(
        user_id="A001",
        pending_order_id="soak-0001",
        customer_id="55.202",
        items=[pb.OrderItem(article_code="TD1272.314.", quantity="2")],
    )
    one = Operation(Planned(1, "submit-order", "A001", request), request, started=1.0)
    result = pb.SubmitOrderResult(order_id="71724").SerializeToString()
    told = Answer("first", 2.0, result=result, order_id="71724")
    one.answers = [told] if answers is None else answers
    return one


def effect(kind: str, number: str = "71724", **fields: Any) -> dict[str, Any]:
    """A line of the ledger, of the first agent."""
    values = {"customer_id": "55202"} | fields if kind == "order_created" else fields
    at = datetime.now(UTC).isoformat()
    return {"kind": kind, "id": number, "user": "ikiA0001", "at": at, "fields": values}


def judged(one: Operation, *effects: dict[str, Any], order: Any = ORDER) -> Finding:
    """The finding about one operation, of a service without a journal."""
    orders = [order] if order else []
    ledger = read_ledger(effects, orders, [], {1: one}, {})
    assert not strays(ledger, None)
    [found] = reconcile({1: one}, ledger, None)
    return found


def kinds(found: Finding) -> list[str]:
    """The kinds of what is wrong."""
    return [kind for kind, _ in found.problems]


def test_one_order_with_its_answer_is_well() -> None:
    """The plain case has no problems."""
    found = judged(submitted(), effect("order_created"))
    assert (found.end, found.problems) == ("succeeded", [])


def test_a_second_order_is_a_duplicate_even_deleted_later() -> None:
    """A creation that was undone has happened all the same."""
    found = judged(
        submitted(),
        effect("order_created"),
        effect("order_created", "71725"),
        effect("order_deleted", "71725"),
    )
    assert kinds(found) == ["duplicate"]


def test_an_order_without_marker_is_known_by_its_note() -> None:
    """Text that was stored later tells whose it is, before the customer does."""
    one = submitted()
    ledger = read_ledger(
        [
            effect("order_created", "71729", customer_id="55999"),
            effect("header_saved", "71729", textinternal="soak 0001"),
        ],
        [],
        [],
        {1: one},
        {},
    )
    assert ledger.of[1].created == ["71729"]


def test_what_nobody_asked_for_is_a_stray() -> None:
    """An order of another customer, without any text of ours."""
    ledger = read_ledger(
        [effect("order_created", customer_id="55999")], [], [], {1: submitted()}, {}
    )
    assert strays(ledger, None) == ["order_created 71724 by ikiA0001"]


def test_success_without_an_order_is_a_loss() -> None:
    """The caller was told of an order that the ERP does not have."""
    assert "lost" in kinds(judged(submitted(), order=None))


def test_an_order_that_is_not_as_asked_is_a_loss() -> None:
    """A line too little, and nobody said so."""
    bare = {"id": "71724", "lines": []}
    assert kinds(judged(submitted(answers=None), effect("order_created"), order=bare)) == ["lost"]


def test_a_failure_that_left_an_order_behind_is_a_loss() -> None:
    """Nobody knows of that order."""
    told = [Answer("first", 2.0, reason="ERP_REJECTED")]
    assert kinds(judged(submitted(told), effect("order_created"))) == ["lost"]


def test_two_answers_for_one_key_are_told() -> None:
    """Byte for byte."""
    told = [Answer(name, 2.0, result=name.encode(), order_id="71724") for name in ("a", "b")]
    assert kinds(judged(submitted(told), effect("order_created"))) == ["answers"]


@pytest.mark.parametrize(
    ("end", "problems", "good"),
    [
        ("succeeded", [], True),
        ("under review", [], False),
        ("succeeded", [("duplicate", "")], False),
        ("unsettled", [], False),
        ("expired", [], False),
    ],
)
def test_the_bars(end: str, problems: list[tuple[str, str]], *, good: bool) -> None:
    """None twice, none lost, none open; one under review of ten is too many."""
    well = [Finding(n, f"{n:04d} submit-order A001", "succeeded") for n in range(9)]
    odd = Finding(9, "0009 submit-order A001", end, problems=problems)
    assert (not Report(1, "ours", [*well, odd]).failures()) is good


def test_an_undecidable_send_is_held_rightly() -> None:
    """A draft that left and shows as one settles nothing; a number does."""
    fields = dict.fromkeys(("SALESID", "TRANSFERREDDATE", "PURCHORDERFORMNUM"), "")
    open_still = Shown("71724", fields | {"TRANSFERSTATUS": "Modifica"}, [])
    numbered = Shown("71724", fields | {"TRANSFERSTATUS": "Modifica", "SALESID": "ORD/1"}, [])
    assert read_send(open_still).undecided
    assert not read_send(numbered).undecided


def test_a_seed_draws_the_same_plan_and_weather() -> None:
    """So that a run can be made again; every switch is drawn or left for a reason."""
    one, two = Plan(7, 200).operations, Plan(7, 200).operations
    assert one == two
    assert {planned.kind for planned in one} == {
        "submit-order", "send-to-verona", "create-customer", "delete-order",
    }  # fmt: skip
    assert {planned.user for planned in one} == set(AGENTS)
    assert draw_switches(7) == draw_switches(7)
    Switches().change(draw_switches(7))
    whole = {name for name in LEFT if "=" not in name}
    assert SWITCHES.keys() | whole == Switches().as_dict().keys()
    assert not SWITCHES.keys() & whole
