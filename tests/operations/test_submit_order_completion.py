"""An order that was interrupted is completed where it stands: one order, every line once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from server.errors import (
    ErpRejectedError,
    ErpUnavailableError,
    OutcomeUnknownError,
    UiDriftError,
)
from server.operation import Intent
from server.operations import submit_order
from server.verdicts import Absent, Landed, Partial
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import MARKER, Notes, burs, disc, order
from tests.operations.probing import probed
from tests.operations.recovering import recovered, stopped, traced
from tests.pairwise import covering, sampled

# Each enters orders and reads them back in several sessions.
pytestmark = pytest.mark.timeout(240)

BETA: dict[str, Any] = {
    "customer_id": "55207", "customer_account": "1002006", "customer_name": "Laboratorio Beta",
}  # fmt: skip
# All that an order can have: a customer whose group costs two saves, another address, texts, discounts.
FULL = order(
    burs("10", discount="12.5"),
    burs("2", article_id="88001", package_content=""),
    disc("3"),
    notes="secondo piano",
    no_shipping=True,
    discount_percent="5",
    delivery_address=pb.DeliveryAddress(
        street=" viale  PROVA 7", postal_code="00070", city="Colle Finto"
    ),
    **BETA,
)
# Where an order stops: fault, on which request, the how manieth of its kind.
POINTS: Mapping[str, tuple[str, str, int]] = {
    "after the customer": ("F13", "add_line", 1),
    "in the first line's editor": ("F13", "line", 1),
    "after the first line": ("F13", "add_line", 2),
    "in the second line's editor": ("F13", "line", 2),
    "last line's answer lost": ("F1", "line", 3),
    "before the first save": ("F13", "save", 1),
    "first save's answer lost": ("F1", "save", 1),
    "between the rounds of LINEDISC": ("F13", "save", 2),
    "before the last save": ("F13", "save", 3),
    "last save's answer lost": ("F1", "save", 3),
}
QUESTIONS: Mapping[str, Sequence[str]] = {
    "point": tuple(POINTS),
    "persist_on": ("customer", "article", "first_line", "save"),
    "header_persists_on": ("first_line", "save"),
    "postback": ("callback", "full"),
}
CASES = list(covering(QUESTIONS))
EVERYDAY = [{"point": "in the second line's editor", "persist_on": "first_line"}]


def everyday(case: Mapping[str, str]) -> bool:
    """The first of the cases that answer so."""
    first = [next(c for c in CASES if wanted.items() <= c.items()) for wanted in EVERYDAY]
    return case in first


@pytest.mark.parametrize(
    "case", sampled(CASES, everyday), ids=lambda case: "-".join(case.values()).replace(" ", "_")
)
async def test_an_interrupted_order_is_completed_where_it_stands(
    agent_of: SignIn, erp: Simulator, case: dict[str, str]
) -> None:
    """Wherever it stopped and whenever the ERP keeps what: one order, its lines once, as asked."""
    await erp.config(**{name: value for name, value in case.items() if name != "point"})
    notes = Notes()
    fault, on, nth = POINTS[case["point"]]
    assert await stopped(agent_of, erp, FULL, notes, fault, on, nth=nth) is not None
    done = await recovered(agent_of, FULL, notes)
    await one_order_as_asked(erp, done.result.order_id)
    assert list(done.result.verification.differences) == []
    assert list(done.result.warnings) == []
    assert isinstance(done.verdicts[-1], Landed)
    if not isinstance(done.verdicts[0], Absent):
        assert done.result.order_id == notes.drafts[0]
        assert "customer" not in done.writes


async def one_order_as_asked(erp: Simulator, order_id: str) -> None:
    """The ledger shows one order, in which each line was added once and none ever went."""
    kinds = Counter(effect["kind"] for effect in await erp.effects())
    assert kinds["order_created"] == 1, kinds
    assert kinds["order_deleted"] == kinds["line_removed"] == 0, kinds
    added = await erp.effects("line_added")
    assert {effect["id"] for effect in added} == {order_id}
    lines = [("88002", "10", "12.5"), ("88001", "2", "0"), ("88003", "3", "0")]
    assert Counter(
        (one["fields"]["article_id"], one["fields"]["quantity"], one["fields"]["manualdiscount"])
        for one in added
    ) == Counter(lines)
    stored = await erp.order(order_id)
    assert Counter(
        (line["article_id"], line["quantity"], line["lineperc"]) for line in stored["lines"]
    ) == Counter(lines)
    text = "NO SPESE DI SPEDIZIONE\nsecondo piano"
    assert (stored["textinternal"], stored["textexternal"]) == (text, text)
    assert stored["purchorderformnum"] == f"{MARKER} NO SPESE DI SPEDIZIONE secondo piano"
    assert (stored["linedisc"], stored["manualdiscount"]) == (0, "5")
    assert (stored["customer_id"], stored["address_id"]) == ("55207", 552072)
    assert stored["saved"] is True


@pytest.mark.matrix
async def test_a_completion_may_be_interrupted_itself(agent_of: SignIn, erp: Simulator) -> None:
    """The answer of a line is lost, another line's commit never arrives: each time only the rest is entered."""
    notes = Notes()
    await stopped(agent_of, erp, FULL, notes, "F13", "line", nth=1)
    for fault, error in (("F1", OutcomeUnknownError), ("F13", ErpUnavailableError)):
        agent = await agent_of()
        await erp.fault(fault, "line", once=True)
        with pytest.raises(error):
            await completed(agent, notes.drafts[0])
        await agent.session.context.close()
    done = await recovered(agent_of, FULL, notes)
    assert done.writes == ["line", "line", "save", "save", "save"]
    await one_order_as_asked(erp, notes.drafts[0])


@pytest.mark.matrix
async def test_a_view_that_shows_what_was_before_costs_no_second_line(
    agent_of: SignIn, erp: Simulator
) -> None:
    """The pages lag behind the second line (F8): the form knows it, and it is not entered again."""
    notes = Notes()
    await erp.fault("F8", "line", nth=2, seconds=600)
    await stopped(agent_of, erp, FULL, notes, "F13", "add_line", nth=3)
    verdict = await probed(agent_of, FULL, traced(notes))
    assert isinstance(verdict, Partial)
    assert verdict.missing[:2] == ("items[1]", "items[2]")
    agent = await agent_of()
    with pytest.raises(UiDriftError, match=r"does not show items\[1\], items\[2\]"):
        await completed(agent, notes.drafts[0])
    assert agent.records.kinds.count("line") == 1
    await one_order_as_asked(erp, notes.drafts[0])


async def test_a_draft_that_is_not_as_we_left_it_is_not_edited(
    agent_of: SignIn, erp: Simulator
) -> None:
    """Changed or sent by the agent, another customer's, packages that cannot be told: nothing is written."""
    notes = Notes()
    await stopped(agent_of, erp, FULL, notes, "F13", "add_line", nth=3)
    [draft] = notes.drafts
    agent = await agent_of()

    async def refused(request: pb.SubmitOrderRequest, why: str) -> None:
        with pytest.raises(UiDriftError, match=why):
            await completed(agent, draft, request)

    alpha = order(*FULL.items, notes=FULL.notes, no_shipping=True)
    await refused(alpha, "another customer's")
    twins = order(
        burs("10", discount="12.5"),
        burs("10", article_id="88001", package_content="", discount="12.5"),
        burs("2", article_id="88001", package_content=""),
        notes=FULL.notes,
        no_shipping=True,
        **BETA,
    )
    await refused(twins, r"which package of items\[1\] stands already")
    await erp.human("ikiA0001", "edit", order=draft, quantity="15")
    await refused(FULL, "holds 15 of H129FSQ.104.023")
    await erp.human("ikiA0001", "edit", order=draft, quantity="10")
    await erp.human("ikiA0001", "send", order=draft)
    await refused(FULL, r"and lacks items\[2\]")
    assert agent.records.tickets == []


@pytest.mark.matrix
async def test_a_completion_that_is_refused_can_be_taken_back(
    agent_of: SignIn, erp: Simulator
) -> None:
    """The ERP refuses a line that was still missing: then the draft goes, and nothing is left."""
    notes = Notes()
    await stopped(agent_of, erp, FULL, notes, "F13", "line", nth=2)
    agent = await agent_of()
    await erp.fault("F3", "line", once=True)
    with pytest.raises(ErpRejectedError):
        await completed(agent, notes.drafts[0])
    await agent.session.context.close()
    agent = await agent_of()
    intent = Intent(agent.claim, FULL, MARKER)
    assert isinstance(await submit_order.undo(agent.session, intent, traced(notes), notes), Absent)
    kinds = Counter(effect["kind"] for effect in await erp.effects())
    assert kinds["order_created"] == kinds["order_deleted"] == 1


async def completed(
    agent: Agent, draft: str, request: pb.SubmitOrderRequest = FULL
) -> pb.SubmitOrderResult:
    """Complete a draft as recovery does when the probe has called it Partial."""
    intent = Intent(agent.claim, request, MARKER)
    return await submit_order.complete(agent.session, intent, draft, Notes(), lambda *_: None)
