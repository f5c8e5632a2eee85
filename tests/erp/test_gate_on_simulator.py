"""The gate before the simulated ERP, whose bodies are the real form's; counted on the server."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext

from server.erp import editors, lookup, menu, order_form, order_lines, order_save, row_editor
from server.erp.lookup import CUSTOMER
from server.erp.rules import Rules
from server.erp.session import ErpSession, Login, open_context, sign_in
from server.erp.write_gate import PendingWrite, WriteGate
from server.errors import OutcomeUnknownError, UiDriftError
from tests.erp.drafts import ALFA, clicking, disc, draft, kinds, new_form
from tests.erp_agents import TIMEOUTS, Agent, Records, SignIn
from tests.erp_simulator.running import Simulator
from tests.pairwise import sampled, sampled_rows

LINES = "controls('_xaf_dviSALESLINEs_v\\\\d+_\\\\d+_LE_v\\\\d+$')[0]"


class OpenGate(WriteGate):
    """Control: the same page objects without a gate; requests only pass through a handler."""

    async def install(self, context: BrowserContext) -> None:
        await context.route("**/*", lambda route: route.continue_())

    @asynccontextmanager
    async def allow(self, **_: Any) -> AsyncIterator[None]:
        yield

    @asynccontextmanager
    async def write(self, kind: str, target: str, **_: Any) -> AsyncIterator[PendingWrite]:
        assert kind
        assert target
        yield PendingWrite()


async def test_a_save_without_a_ticket_never_arrives(agent: Agent, erp: Simulator) -> None:
    """A real click on Salva e chiudi without a ticket: stopped, remembered by name, no effect."""
    await draft(agent.session)
    action = await menu.find_action(agent.session.screen, "save", "SaveAndClose")
    await erp.clear_requests()
    await menu.click_action(agent.session.screen, "save", action)
    await agent.session.page.evaluate("fetch('/DXR.axd?r=after').then(() => 0)")
    with pytest.raises(UiDriftError) as caught:
        agent.session.gate.check()
    assert caught.value.metadata["request"] == f"Vertical$mainMenu:{action.argument}"
    assert await erp.requests("write") == []
    assert await erp.effects("order_saved") == []
    assert agent.records.kinds == ["customer"]


async def test_another_customer_than_asked_never_arrives(agent: Agent, erp: Simulator) -> None:
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
    assert await erp.requests("write") == []
    assert await erp.effects() == []
    assert agent.records.kinds == []


@pytest.mark.parametrize(
    ("name", "asked"),
    sampled_rows(
        [
            ("line.QTYORDERED", Decimal(3)),
            ("line.INVENTTABLE.key", "88001"),
            ("line.MANUALDISCOUNT", Decimal(10)),
            ("PURCHORDERFORMNUM", "#ANOTHER"),
            ("ID", "1"),
        ],
        lambda row: row[0] in {"line.QTYORDERED", "PURCHORDERFORMNUM"},
    ),
)
async def test_a_line_that_is_not_as_asked_never_arrives(
    agent: Agent, erp: Simulator, name: str, asked: str | Decimal
) -> None:
    """Each value of a line's commit is compared in the held body."""
    session = agent.session
    entered = await draft(session)
    opened = await order_lines._open_row(session)
    _, shown = await order_lines._choose_article(session, disc(), opened)
    content: Mapping[str, str | Decimal] = {
        "line.INVENTTABLE": "TD1272.314.",
        "line.QTYORDERED": shown.quantity,
        name: asked,
    }
    link = await row_editor.command(session.screen, "test", order_lines.GRID, "UpdateEdit")
    baseline = await editors.all_fields(session.screen, "test")
    await erp.clear_requests()
    ticket = session.gate.write("line", entered.order_id, content=content, baseline=baseline)
    with pytest.raises(UiDriftError) as caught:
        await clicking(session, ticket, link)
    assert caught.value.metadata["mismatch"] == name
    assert await erp.requests("write") == []
    assert await erp.effects("line_added") == []


async def test_an_unknown_command_never_arrives(agent: Agent, erp: Simulator) -> None:
    """A command of the lines grid that nobody listed is stopped before the server."""
    session = agent.session
    await draft(session)
    await erp.clear_requests()
    await session.screen.look("test", f"() => {{ {LINES}.SendCommand('WHATIS', '1'); return 0; }}")
    await session.page.evaluate("fetch('/DXR.axd?r=after').then(() => 0)")
    with pytest.raises(UiDriftError) as caught:
        session.gate.check()
    assert caught.value.metadata["request"].startswith("WHATIS on ")
    assert [entry for entry in await erp.requests() if entry["method"] == "POST"] == []


@pytest.mark.parametrize("fault", sampled(["F1", "F19"], lambda fault: fault == "F1"))
async def test_a_line_whose_answer_is_lost_is_one_line(
    agent: Agent, erp: Simulator, fault: str
) -> None:
    """The connection breaks after the commit was processed: one effect, outcome unknown."""
    entered = await draft(agent.session)
    await erp.fault(fault, "line", once=True)
    with pytest.raises(OutcomeUnknownError):
        await order_lines.add_line(agent.session, entered, disc(), {})
    sent = await erp.requests("write:line")
    assert [entry["closed_without_answer"] for entry in sent] == [True]
    assert fault != "F19" or sent[0]["on_connection"] > 1
    assert (await kinds(erp))["line_added"] == 1
    assert agent.records.answers[-1].status is None
    assert agent.session.gate.broken


async def test_a_save_whose_answer_is_lost_is_one_save(agent: Agent, erp: Simulator) -> None:
    """The same for the save, on a connection that was used before (F19)."""
    entered = await draft(agent.session)
    await order_lines.add_line(agent.session, entered, disc(), {})
    await erp.fault("F19", "save", once=True)
    with pytest.raises(OutcomeUnknownError):
        await order_save.save_and_close(agent.session, entered)
    assert [entry["on_connection"] > 1 for entry in await erp.requests("write:save")] == [True]
    found = await kinds(erp)
    assert (found["order_created"], found["line_added"], found["order_saved"]) == (1, 1, 1)


async def test_without_the_gate_the_same_line_is_entered_twice(
    erp: Simulator, chromium: Browser
) -> None:
    """Control: Chromium itself sends the commit again, and the ERP adds a second line."""
    context = await open_context(chromium)
    try:
        session = await ungated(context, erp)
        entered = await draft(session)
        await erp.fault("F19", "line", once=True)
        with pytest.raises(UiDriftError):  # the grid shows two new lines where one was committed
            await order_lines.add_line(session, entered, disc(), {})
        assert len(await erp.requests("write:line")) == 2
        assert (await kinds(erp))["line_added"] == 2
    finally:
        await context.close()


async def ungated(context: BrowserContext, erp: Simulator) -> ErpSession:
    records = Records()
    gate = OpenGate(
        Rules.load(),
        records.write,
        records.answer,
        base_url=erp.base_url,
        answer_timeout=20,
        gesture_timeout=5,
    )
    await gate.install(context)
    return await sign_in(
        context,
        gate,
        Login("ikiA0001", "pw-ikiA0001"),
        user_id="A001",
        base_url=erp.base_url,
        timeouts=TIMEOUTS,
    )


@pytest.mark.parametrize(("status", "closed"), [(302, False), (307, True)])
async def test_a_redirected_save_is_posted_once(
    agent: Agent, erp: Simulator, *, status: int, closed: bool
) -> None:
    """302: the page goes there by GET. 307: the context is closed. Never a second POST."""
    entered = await draft(agent.session)
    await order_lines.add_line(agent.session, entered, disc(), {})
    location = "/Archibald/SALESTABLE_ListView_Agent/"
    await erp.fault("redirect", "save", once=True, status=status, location=location)
    await erp.clear_requests()
    if closed:
        with pytest.raises(OutcomeUnknownError):
            await order_save.save_and_close(agent.session, entered)
    else:
        await order_save.save_and_close(agent.session, entered)
        await agent.session.page.wait_for_url(f"**{location}")
    assert [(e["status"], e["method"]) for e in await erp.requests("write")] == [(status, "POST")]
    assert agent.session.page.is_closed() is closed
    assert await erp.effects("order_saved") == []


async def test_a_choice_that_sends_two_requests_has_two_rows(
    agent_of: SignIn, erp: Simulator
) -> None:
    """GLP_AC ahead of the immediate post: each is recorded and sent once, by one gesture."""
    await erp.config(lookup_choice_sends_apply=True)
    agent = await agent_of()
    entered = await draft(agent.session)
    await order_lines.add_line(agent.session, entered, disc(), {})
    assert agent.records.kinds == ["customer", "customer", "line"]
    assert [answer.status for answer in agent.records.answers] == [200, 200, 200]
    assert agent.session.gate.written == 3
    assert (await kinds(erp))["order_created"] == 1
