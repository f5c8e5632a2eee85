"""What the ERP refused is taken back: our own draft goes, provably, and nothing that is not ours."""

from collections import Counter
from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from server.errors import ErpRejectedError, OutcomeUnknownError
from server.operation import Completing, Intent, Undoing
from server.operations import OPERATIONS, submit_order
from server.verdicts import Absent, Inconclusive, Traces, Verdict
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import MARKER, Notes, burs, disc, entered, order
from tests.operations.recovering import stopped, traced
from tests.pairwise import sampled

# Each enters orders and reads them back in several sessions.
pytestmark = pytest.mark.timeout(240)

REQUEST = order(burs(discount="12.5"), disc(), notes="nota", discount_percent="5")


async def undone(agent: Agent, traces: Traces, request: pb.SubmitOrderRequest = REQUEST) -> Verdict:
    intent = Intent(agent.claim, request, MARKER)
    return await submit_order.undo(agent.session, intent, traces, Notes())


async def deleted(erp: Simulator) -> list[str]:
    return [effect["id"] for effect in await erp.effects("order_deleted")]


CASES = [
    ("customer", "save", "line", 1),
    ("article", "save", "line", 1),
    ("first_line", "first_line", "line", 2),
    ("first_line", "save", "save", 1),
    ("save", "save", "save", 1),
]


@pytest.mark.parametrize("case", sampled(CASES, lambda case: case == CASES[4]), ids=str)
async def test_what_was_refused_leaves_nothing_behind(
    agent_of: SignIn, erp: Simulator, case: tuple[str, str, str, int]
) -> None:
    """A line or the save was refused: the draft is deleted once, whatever the ERP had kept of it."""
    persist_on, header_persists_on, on, nth = case
    before = {one["id"] for one in await erp.orders("ikiA0001")}
    await erp.config(persist_on=persist_on, header_persists_on=header_persists_on)
    notes = Notes()
    error = await stopped(agent_of, erp, REQUEST, notes, "F3", on, nth=nth)
    assert isinstance(error, ErpRejectedError)
    agent = await agent_of()
    verdict = await undone(agent, traced(notes))
    assert isinstance(verdict, Absent)
    kept = persist_on != "save"
    assert agent.records.kinds == (["delete"] if kept else [])
    assert {ticket.target for ticket in agent.records.tickets} <= {notes.drafts[0]}
    assert {one["id"] for one in await erp.orders("ikiA0001")} == before
    kinds = Counter(effect["kind"] for effect in await erp.effects())
    assert kinds["order_created"] == kinds["order_deleted"] == int(kept)
    # Once more, as after a crash: gone already is Absent too, and nothing is written.
    assert isinstance(await undone(agent, traced(notes)), Absent)
    assert len(agent.records.kinds) == int(kept)


async def test_only_our_own_draft_is_deleted(agent_of: SignIn, erp: Simulator) -> None:
    """Sent, another's, unmarked, changed by hand, named by a person: words, and nothing is deleted."""
    agent = await agent_of()
    ran = await entered(agent, REQUEST)
    order_id, mark = ran.result.order_id, ran.notes.marks[0]

    async def reason(traces: Traces, request: pb.SubmitOrderRequest = REQUEST) -> str:
        verdict = await undone(agent, traces, request)
        assert isinstance(verdict, Inconclusive), verdict
        return verdict.reason

    alien: dict[str, Any] = {"customer_account": "1002006", "customer_name": "Laboratorio Beta"}
    assert "another customer's" in await reason(Traces(order_id, mark), order(burs(), **alien))
    assert "by a person's word only" in await reason(Traces(order_id, mark, named=True))
    intent = Intent(agent.claim, REQUEST, "#ANOTHER000")
    other = await submit_order.undo(agent.session, intent, Traces("", mark), Notes())
    assert isinstance(other, Inconclusive)
    assert f"without our marker: {order_id}" in other.reason
    await erp.human("ikiA0001", "edit", order=order_id, quantity="7")
    assert "holds 7 of H129FSQ.104.023" in await reason(Traces(order_id, mark))
    await erp.human("ikiA0001", "edit", order=order_id, quantity="5")
    await erp.human("ikiA0001", "send", order=order_id)
    assert "no draft any more" in await reason(Traces(order_id, mark))
    assert agent.records.kinds[-1] == "save"
    assert await deleted(erp) == []


async def test_a_deletion_whose_answer_is_lost_is_looked_for(
    agent_of: SignIn, erp: Simulator
) -> None:
    """A lost answer is no proof, a refusal is told; undone again it is gone, deleted once."""
    notes = Notes()
    await stopped(agent_of, erp, REQUEST, notes, "F3", "line", nth=2)
    agent = await agent_of()
    await erp.fault("F3", "delete", once=True)
    with pytest.raises(ErpRejectedError, match="refused to delete our draft"):
        await undone(agent, traced(notes))
    await erp.fault("F1", "delete", once=True)
    with pytest.raises(OutcomeUnknownError):
        await undone(agent, traced(notes))
    again = await agent_of()
    assert isinstance(await undone(again, traced(notes)), Absent)
    assert again.records.kinds == []
    assert await deleted(erp) == notes.drafts


def test_who_can_complete_and_who_can_undo() -> None:
    """Recovery asks the operations by these protocols."""
    able = {
        name: (isinstance(operation, Completing), isinstance(operation, Undoing))
        for name, operation in OPERATIONS.items()
    }
    assert able == {
        "SubmitOrder": (True, True),
        "SendToVerona": (False, False),
        "CreateCustomer": (True, False),
        "DeleteOrder": (False, False),
    }
