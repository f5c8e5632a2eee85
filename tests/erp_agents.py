"""Agents signed in to the simulated ERP with a real Chromium, for the tests of pages and operations."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from playwright.async_api import Browser, async_playwright

from server.chromium import WITHOUT_IMAGES
from server.erp.rules import Rules
from server.erp.session import ErpSession, Login, open_context, sign_in
from server.erp.timeouts import Timeouts
from server.erp.write_gate import WriteGate
from server.operation import Answer, Claim, Ticket
from tests.erp_simulator.running import Simulator, simulator

# Upper bounds short enough that a failing test ends soon, polls as quick as the simulator.
TIMEOUTS = Timeouts(
    page=20,
    login=20,
    look=10,
    element=5,
    callback=10,
    editing_end=10,
    leave_form=10,
    value=2,
    read_again=0.05,
    absence_pause=0.05,
    send_lag=1.5,
    delete_lag=1.5,
    vat_check=10,
    vat_silence=0.1,
    key_pause=0.01,
    poll=0.02,
)


@dataclass
class Records:
    """What the gate has recorded: every ticket before its request, every answer after it."""

    allow: bool = True
    tickets: list[Ticket] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    async def write(self, ticket: Ticket) -> bool:
        self.tickets.append(ticket)
        return self.allow

    async def answer(self, ticket: Ticket, answer: Answer) -> None:
        assert ticket in self.tickets
        self.answers.append(answer)

    @property
    def kinds(self) -> list[str]:
        return [ticket.kind for ticket in self.tickets]


@dataclass
class Agent:
    """A signed-in agent under a claim, with what its gate has recorded."""

    session: ErpSession
    records: Records
    claim: Claim


async def in_english(agent: Agent) -> Agent:
    """The same agent, to whom the site talks English from the next page on.

    It follows the browser's languages, and a context's locale wins over its extra headers.
    """
    page = agent.session.page
    cdp = await agent.session.context.new_cdp_session(page)
    languages = {"userAgent": await page.evaluate("navigator.userAgent"), "acceptLanguage": "en-US"}
    await cdp.send("Emulation.setUserAgentOverride", languages)
    return agent


SignIn = Callable[..., Awaitable[Agent]]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests, without pictures like the server's."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=WITHOUT_IMAGES)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def running_erp() -> AsyncIterator[Simulator]:
    """One simulator process for all tests."""
    async with simulator(scale=0.02) as sim:
        yield sim


@pytest.fixture
async def erp(running_erp: Simulator) -> Simulator:
    """The simulated ERP, begun again; English to the agents whose profile says so, as ikiA0010's."""
    await running_erp.clear_faults()
    await running_erp.reset(users_own_language=True)
    return running_erp


@pytest.fixture
async def agent_of(erp: Simulator, chromium: Browser) -> AsyncIterator[SignIn]:
    """A function that signs an agent in, by the name of its login."""
    async with AsyncExitStack() as stack:

        async def signed_in(
            user: str = "ikiA0001",
            password: str = "",
            *,
            answer_timeout: float = 20,
            rules: Rules | None = None,
        ) -> Agent:
            context = await open_context(chromium)
            stack.push_async_callback(context.close)
            records = Records()
            gate = WriteGate(
                rules or Rules.load(),
                records.write,
                records.answer,
                base_url=erp.base_url,
                answer_timeout=answer_timeout,
                gesture_timeout=5,
            )
            await gate.install(context)
            session = await sign_in(
                context,
                gate,
                Login(user, password or f"pw-{user}"),
                user_id=user.removeprefix("iki"),
                base_url=erp.base_url,
                timeouts=TIMEOUTS,
            )
            claim = Claim(uuid4(), 1, "test", session.user_id, "submit-order", str(uuid4()))
            stack.enter_context(gate.claimed(claim))
            return Agent(session, records, claim)

        yield signed_in


@pytest.fixture
async def agent(agent_of: SignIn) -> Agent:
    """The first agent: Italian, with many orders."""
    return await agent_of()
