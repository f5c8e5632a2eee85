"""The read-back of an interrupted order: what it may say under every guess about when an order exists."""

from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from server.operation import Intent
from server.operations import submit_order
from server.verdicts import Absent, Inconclusive, Landed, Partial, Traces
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import Notes, burs, disc, entered, order
from tests.operations.probing import interrupted, probed, traces_of
from tests.pairwise import sampled_rows

REQUEST = order(burs(discount="12.5"), disc(), notes="nota", discount_percent="5")
NOTHING_YET = ("items[0]", "items[1]", "description", "notes", "discount_percent")
ONE_LINE = ("items[1]", "discount_percent")


@pytest.mark.parametrize(
    ("persist_on", "fault", "on", "expected"),
    sampled_rows(
        [
            ("customer", "F13", "line", NOTHING_YET),
            ("article", "F13", "add_line", "vanished"),
            ("article", "F1", "line", ONE_LINE),
            ("first_line", "F19", "line", ONE_LINE),
            ("article", "F13", "save", ("discount_percent",)),
            ("save", "F1", "line", "vanished"),
            ("save", "F1", "save", "landed"),
            ("customer", "F1", "customer", "without our marker"),
            ("article", "F1", "customer", "absent"),
        ],
        lambda row: row[:3] in {("article", "F1", "line"), ("customer", "F1", "customer")},
    ),
)
async def test_an_interrupted_order_is_judged_by_what_stands(
    agent: Agent,
    agent_of: SignIn,
    erp: Simulator,
    persist_on: str,
    fault: str,
    on: str,
    expected: str | tuple[str, ...],
) -> None:
    """Whatever the ERP keeps of a stopped attempt is found and named; what it shows no more is not absent."""
    await erp.config(persist_on=persist_on)
    traces = await interrupted(agent, erp, REQUEST, fault, on)
    before = await erp.effects()
    notes = Notes()
    verdict = await probed(agent_of, REQUEST, traces, notes=notes)
    assert await erp.effects() == before
    if isinstance(expected, tuple):
        assert verdict == Partial(traces.draft_id, expected)
        assert notes.facts["order_id"] == traces.draft_id
    elif expected == "landed":
        assert isinstance(verdict, Landed)
        assert verdict.result.order_id == traces.draft_id
        assert list(verdict.result.verification.differences) == []
        assert verdict.result.verification.total == "476.21"
    elif expected == "absent":
        assert isinstance(verdict, Absent)
        assert traces.draft_id == ""
        assert traces.high_water_mark in verdict.shown
    else:
        assert isinstance(verdict, Inconclusive)
        assert expected in verdict.reason


async def test_a_probe_says_what_run_said(agent: Agent, agent_of: SignIn, erp: Simulator) -> None:
    """The same order read later gives the same result; lost notes are no hindrance, changes are told."""
    ran = await entered(agent, REQUEST)
    order_id = ran.result.order_id
    await agent.session.context.close()
    notes = Notes()
    verdict = await probed(agent_of, REQUEST, Traces("", ran.notes.marks[0]), notes=notes)
    assert isinstance(verdict, Landed)
    assert verdict.result == ran.result
    assert notes.drafts == [order_id]
    assert notes.facts["total"] == ran.result.verification.total
    # Sent meanwhile, and an attempt that never read the list: ours all the same.
    await erp.human("ikiA0001", "send", order=order_id)
    sent = await probed(agent_of, REQUEST, Traces())
    assert isinstance(sent, Landed)
    assert sent.result == ran.result
    # A request that asked for more: sent orders are not completed, a person must look.
    more = order(*REQUEST.items, disc("9"), notes="nota", discount_percent="5")
    lacking = await probed(agent_of, more, traces_of(ran.notes))
    assert isinstance(lacking, Inconclusive)
    assert "lacks items[2]" in lacking.reason


@pytest.mark.matrix
async def test_what_was_never_begun_is_absent(agent_of: SignIn) -> None:
    """Without a mark no attempt has come as far as the list; an empty list needs a customer that shows."""
    assert isinstance(await probed(agent_of, REQUEST, Traces()), Absent)
    empty = Traces("", "empty")
    verdict = await probed(agent_of, REQUEST, empty, user="ikiA0060")
    assert isinstance(verdict, Absent)
    # All of another agent's orders stand above "empty": the customer's among them may be ours.
    verdict = await probed(agent_of, REQUEST, empty)
    assert isinstance(verdict, Inconclusive)
    assert "without our marker" in verdict.reason


async def test_where_nothing_had_left_one_look_is_enough(agent_of: SignIn, erp: Simulator) -> None:
    """The journal is the proof: no reading is repeated, and an order made by hand is not in the way."""
    listed = await erp.orders("ikiA0001")
    newest = str(max(int(one["id"]) for one in listed))
    theirs = next(one for one in listed if one["customer_account"] == "1002001")
    await erp.human("ikiA0001", "clone", order=theirs["id"])
    assert isinstance(await probed(agent_of, REQUEST, Traces("", newest)), Inconclusive)
    before = await erp.requests()
    verdict = await probed(agent_of, REQUEST, Traces("", newest, written=False))
    assert isinstance(verdict, Absent)
    assert "no request had left" in verdict.shown
    opened = [one for one in (await erp.requests())[len(before) :] if one["method"] == "GET"]
    assert len([one for one in opened if "SALESTABLE_ListView" in one["path"]]) == 1


@pytest.mark.matrix
async def test_an_order_that_a_person_names_is_believed_when_it_is_as_asked(
    agent: Agent, agent_of: SignIn
) -> None:
    """Typed by hand, without our marker: its lines and sums must be those asked; it is never completed."""
    intent = Intent(agent.claim, order(*REQUEST.items, discount_percent="5"), "BY HAND")
    ran = await submit_order.run(agent.session, intent, Notes(), lambda *_: None)
    await agent.session.context.close()
    # Older than the mark, as one that stood before the service was asked.
    named = Traces(ran.order_id, str(int(ran.order_id) + 1), named=True)
    verdict = await probed(agent_of, REQUEST, named)
    assert isinstance(verdict, Landed)
    assert verdict.result.order_id == ran.order_id
    assert {one.field for one in verdict.result.verification.differences} == {"notes"}
    for request, told in (
        (order(*REQUEST.items, disc("9"), discount_percent="5"), "items[2]"),
        (order(*REQUEST.items), "discount_percent"),
        (order(burs(discount="12.5"), discount_percent="5"), "2 of TD1272.314."),
    ):
        other = await probed(agent_of, request, named)
        assert isinstance(other, Inconclusive)
        assert f"which was named, is not as asked: {told}" in other.reason
    nothing = await probed(agent_of, REQUEST, Traces("99999", ran.order_id, named=True))
    assert isinstance(nothing, Inconclusive)
    assert "99999 vanished" in nothing.reason


async def test_what_cannot_be_told_is_not_told(
    agent: Agent, agent_of: SignIn, erp: Simulator
) -> None:
    """Two orders of one marker, another's marker, a lost mark, a hidden column: never a guess."""
    first = await entered(agent, order(disc()))
    second = await entered(agent, order(disc()))
    marks, ids = first.notes.marks, [first.result.order_id, second.result.order_id]
    await agent.session.context.close()

    async def reason(traces: Traces, request: pb.SubmitOrderRequest | None = None) -> str:
        verdict = await probed(agent_of, request or order(disc()), traces)
        assert isinstance(verdict, Inconclusive)
        return verdict.reason

    assert f"several orders are this one by marker or id: {ids[1]}, {ids[0]}" in await reason(
        Traces(ids[0], marks[0])
    )
    assert "vanished" in await reason(Traces("99999", ids[0]))
    alien: dict[str, Any] = {"customer_account": "1002006", "customer_name": "Laboratorio Beta"}
    assert "another customer's" in await reason(Traces(ids[1], ids[0]), order(disc(), **alien))
    await erp.human("ikiA0001", "delete", order=ids[1])
    assert f"{ids[1]}, which is known to exist" in await reason(Traces("", ids[1]))
    assert f"{ids[1]} vanished" in await reason(Traces(ids[1], ids[0]))
    await erp.config(orders_columns="ID SALESNAME CUSTACCOUNT TRANSFERSTATUS")
    assert "does not show PURCHORDERFORMNUM" in await reason(Traces(ids[0], marks[0]))


async def test_a_filter_set_meanwhile_is_no_absence(agent_of: SignIn, erp: Simulator) -> None:
    """The agent narrows the list in another window just before it is sorted to be read."""
    newest = str(max(int(one["id"]) for one in await erp.orders("ikiA0001")))
    await erp.fault("F16", "list", nth=4, do="filter", view_filter="OrdersToday", once=True)
    verdict = await probed(agent_of, REQUEST, Traces("", newest))
    assert isinstance(verdict, Inconclusive)
    assert "filter" in verdict.reason
