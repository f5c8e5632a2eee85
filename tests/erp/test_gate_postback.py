"""The gate before a site that posts whole pages: as strict as before callbacks; counted on the server."""

import asyncio

import pytest

from server.erp import editors, lookup, menu, order_form, order_lines, order_save
from server.erp.lookup import CUSTOMER
from server.errors import OutcomeUnknownError, UiDriftError
from tests.erp.drafts import ALFA, clicking, disc, draft, kinds, new_form
from tests.erp_agents import Agent
from tests.erp_simulator.running import Simulator
from tests.pairwise import sampled, sampled_rows


@pytest.fixture
async def full(erp: Simulator) -> Simulator:
    """The ERP that answers actions and immediate posts with whole pages."""
    await erp.config(postback="full")
    return erp


async def test_a_save_without_a_ticket_never_arrives(full: Simulator, agent: Agent) -> None:
    """A real click on Salva e chiudi without a ticket: stopped, no effect."""
    await draft(agent.session)
    screen = agent.session.screen
    action = await menu.find_action(screen, "save", "SaveAndClose")
    await full.clear_requests()
    await menu.click_action(screen, "save", action)
    async with asyncio.timeout(5):
        while not agent.session.gate.broken:  # noqa: ASYNC110  # nobody is told
            await asyncio.sleep(0.01)
    with pytest.raises(UiDriftError):
        agent.session.gate.check()
    assert await full.requests("write") == []
    assert await full.effects("order_saved") == []
    assert agent.records.kinds == ["customer"]


async def test_another_customer_than_asked_never_arrives(full: Simulator, agent: Agent) -> None:
    """The page chooses another customer than the ticket's: the draft never comes to be."""
    session = agent.session
    await new_form(session)
    found = await order_form.find_customer(session, ALFA)
    row = await lookup.show_row(session.screen, "customer", CUSTOMER, found)
    baseline = await editors.all_fields(session.screen, "customer")
    ticket = session.gate.write(
        "customer",
        "55203",
        content={"CUSTTABLE.key": "55203"},
        changes={"CUSTTABLE"},
        baseline=baseline,
    )
    with pytest.raises(UiDriftError) as caught:
        await clicking(session, ticket, row.element)
    assert caught.value.metadata["mismatch"] == "target, CUSTTABLE.key"
    assert await full.effects() == []
    assert agent.records.kinds == []


@pytest.mark.parametrize("fault", sampled(["F1", "F19"], lambda fault: fault == "F19"))
async def test_a_save_whose_answer_is_lost_is_one_save(
    full: Simulator, agent: Agent, fault: str
) -> None:
    """The connection breaks after the save: one effect, outcome unknown, nothing sent again."""
    entered = await draft(agent.session)
    await order_lines.add_line(agent.session, entered, disc(), {})
    await full.fault(fault, "save", once=True)
    with pytest.raises(OutcomeUnknownError):
        await order_save.save_and_close(agent.session, entered)
    assert len(await full.requests("write:save")) == 1
    found = await kinds(full)
    assert (found["order_created"], found["line_added"], found["order_saved"]) == (1, 1, 1)
    assert agent.session.gate.broken


@pytest.mark.parametrize(
    ("status", "closed"),
    sampled_rows([(302, False), (303, False), (307, True)], lambda row: row[0] == 307),
)
async def test_a_redirected_save_is_posted_once(
    full: Simulator, agent: Agent, *, status: int, closed: bool
) -> None:
    """302: the document goes there by GET. 307: the context is closed. Never a second POST."""
    entered = await draft(agent.session)
    await order_lines.add_line(agent.session, entered, disc(), {})
    location = "/Archibald/SALESTABLE_ListView_Agent/"
    await full.fault("redirect", "save", once=True, status=status, location=location)
    await full.clear_requests()
    if closed:
        with pytest.raises(OutcomeUnknownError):
            await order_save.save_and_close(agent.session, entered)
    else:
        await order_save.save_and_close(agent.session, entered)
        await agent.session.page.wait_for_url(f"**{location}")
    assert [(e["status"], e["method"]) for e in await full.requests("write")] == [(status, "POST")]
    assert agent.session.page.is_closed() is closed
    assert await full.effects("order_saved") == []
