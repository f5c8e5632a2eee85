"""Every fault that can touch create-customer: how the run ends, what is read back, and never two customers."""

import pytest

from server.errors import ErpRejectedError, ErpUnavailableError, OutcomeUnknownError, UiDriftError
from server.operation import Intent
from server.operations import create_customer
from server.verdicts import Absent, Inconclusive, Landed, Partial
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.creating import created, customer_kinds, probed
from tests.operations.customers import MARKER, customer, delivery
from tests.operations.entering import Notes
from tests.operations.striking import Case, judge, strike, table, untold

REQUEST = customer(notes="nota", addresses=[delivery(), delivery(street="Via Altra 1")])

PLAIN = customer(notes="nota")

CASES = [
    Case("F1", "save", OutcomeUnknownError, Landed),
    Case("F1", "address", OutcomeUnknownError, Partial),
    Case("F2", "save", OutcomeUnknownError, Landed, {"seconds": 30}),
    Case("F3", "save", ErpRejectedError, Absent),
    # Refused for good: the customer stands without it, which the result tells.
    Case("F3", "address", None, Partial),
    Case("F4", "save", UiDriftError, Inconclusive),
    Case("F5", "save", ErpUnavailableError, Absent),
    Case("F6", "save", OutcomeUnknownError, Landed, {"how": "answer"}),
    Case("F7", "save", OutcomeUnknownError, Absent, {"kind": "merge"}),
    Case("F8", "save", None, Landed, {"seconds": 0.2}),
    Case("F9", "list", None, Landed, {"how": "first"}),
    Case("F10", "page", None, Landed, {"english": True, "prefix": "xaf_a2", "nth": None}),
    Case("F11", "list", None, Landed, {"customer": "1002001"}),
    Case("F13", "save", ErpUnavailableError, Absent),
    Case("F15", "save", ErpUnavailableError, Absent),
    # The agent, in another window, gives the customer just entered another phone.
    Case(
        "F16",
        "address",
        OutcomeUnknownError,
        Landed,
        {"do": "customer", "customer": 57400, "phone": "+391"},
    ),
    Case("F18", "save", None, Landed, {"how": "truncated", "nth": None}),
    Case("F19", "save", OutcomeUnknownError, Landed),
]


@pytest.mark.parametrize("case", table(CASES), ids=str)
async def test_a_fault_never_makes_two(agent_of: SignIn, erp: Simulator, case: Case) -> None:
    """Error class and verdict of design §4.4 and §4.6; a success has its effect and its evidence."""
    request = REQUEST if case.on == "address" else PLAIN
    outcome = await strike(agent_of, erp, "CreateCustomer", request, case)
    judge("CreateCustomer", case, outcome)
    if isinstance(outcome.error, ErpRejectedError):
        assert outcome.error.nothing_left
    if case.ends is None:
        different = {"F18": ["notes"], "F3": ["addresses[0]"]}.get(case.fault, [])
        assert [one.field for one in outcome.result.differences] == different
        assert any("addresses[0] was refused" in one for one in outcome.result.warnings) == (
            case.fault == "F3"
        )


@pytest.mark.matrix
async def test_what_is_not_ours_never_lands(agent_of: SignIn, erp: Simulator) -> None:
    """The VAT number in the list without our marker, or only behind it, is for a person to look at."""
    notes = Notes(marks=["55265"])
    theirs = customer()
    await created(await agent_of(), theirs)
    verdict = await probed(agent_of, theirs, notes, marker="#OTHERMARK0")
    assert isinstance(verdict, Inconclusive)
    assert "57400 has the VAT number, without our marker" in verdict.reason
    # Nothing of ours had left: then it is not ours, and entering it will be refused by its id.
    verdict = await probed(agent_of, theirs, notes, marker="#OTHERMARK0", written=False)
    assert isinstance(verdict, Absent)
    assert "57400" in verdict.shown
    ours = await probed(agent_of, theirs, notes)
    assert isinstance(ours, Landed)
    assert (ours.result.customer_id, list(ours.result.differences)) == ("57400", [])
    # The same name, street and town under another VAT number: another customer, that is not there.
    homonym = customer(vat_number="00743110157", fiscal_code="00743110157")
    verdict = await probed(agent_of, homonym, notes)
    assert isinstance(verdict, Absent)
    assert "free" in verdict.shown
    unseen = customer(vat_number="90000000050")  # seed.OWNED: another agent's
    verdict = await probed(agent_of, unseen, notes)
    assert isinstance(verdict, Inconclusive)
    assert "55251" in verdict.reason
    # A person names it, older than the mark: it is this one if it has the VAT number and lacks nothing.
    named = Notes(marks=["99999"], drafts=["57400"])
    verdict = await probed(agent_of, theirs, named, marker="#OTHERMARK0", named=True)
    assert isinstance(verdict, Landed)
    assert verdict.result.customer_id == "57400"
    for request, told in ((homonym, "another VAT number"), (REQUEST, "lacks addresses[0]")):
        verdict = await probed(agent_of, request, named, marker="#OTHERMARK0", named=True)
        assert isinstance(verdict, Inconclusive)
        assert told in verdict.reason
    assert await customer_kinds(erp) == ["customer_created"]


async def test_half_a_customer_is_completed(agent_of: SignIn, erp: Simulator) -> None:
    """The addresses that are missing are added, those that stand are not; then it has landed."""
    await created(await agent_of(), customer(notes="nota", addresses=[delivery()]))
    notes = Notes(marks=["55265"], drafts=["57400"])
    verdict = await probed(agent_of, REQUEST, notes)
    assert verdict == Partial("57400", ("addresses[1]",))
    agent = await agent_of()
    result = await create_customer.complete(
        agent.session, Intent(agent.claim, REQUEST, MARKER), "57400", notes, lambda *_: None
    )
    assert (list(result.differences), list(result.warnings)) == ([], [])
    assert agent.records.kinds == ["address", "customer-save"]
    assert (await customer_kinds(erp)).count("address_added") == 2
    assert isinstance(await probed(agent_of, REQUEST, notes), Landed)


@pytest.mark.matrix
async def test_a_customer_is_completed_in_the_session_that_entered_it(
    agent_of: SignIn, erp: Simulator
) -> None:
    """Find windows of its earlier pages are in nobody's way: the postal codes go where they belong."""
    await erp.config(second_page_breaks_first=False)
    agent = await agent_of()
    await created(agent, customer(notes="nota"))
    notes = Notes(marks=["55265"], drafts=["57400"])
    result = await create_customer.complete(
        agent.session, Intent(agent.claim, REQUEST, MARKER), "57400", notes, lambda *_: None
    )
    assert (list(result.differences), list(result.warnings)) == ([], [])
    assert (await customer_kinds(erp)).count("address_added") == 2


async def test_readings_that_prove_nothing_are_inconclusive(
    agent_of: SignIn, erp: Simulator
) -> None:
    """A control that does not show, a column that is hidden, our own customer gone."""
    verdict = await probed(agent_of, REQUEST, Notes(marks=["55999"]))
    assert isinstance(verdict, Inconclusive)
    verdict = await probed(agent_of, REQUEST, Notes(marks=["55265"], drafts=["57400"]))
    assert isinstance(verdict, Inconclusive)
    assert "57400 vanished" in verdict.reason
    await erp.config(customers_columns="ID NAME STREET")
    verdict = await probed(agent_of, REQUEST, Notes(marks=["55265"]))
    assert isinstance(verdict, Inconclusive)
    assert "VATNUM" in verdict.reason


# Why a fault has no case here.
ELSEWHERE = {
    "F12": "a customer has no lines",
    "F14": "a new customer's form is saved in place and never opened again for editing",
    "F17": "Verona approves orders",
}


def test_every_fault_is_struck_or_has_a_reason() -> None:
    """None of F1 to F19 is left out in silence."""
    assert untold(CASES, ELSEWHERE) == set()
