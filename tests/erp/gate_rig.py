"""A page behind a real gate in a real browser, with a journal in memory, for tests of the gate."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from server.erp.editor_fields import COLLECT, Fields, fields_of
from server.erp.resources import Resources
from server.erp.rules import Rules
from server.erp.write_gate import WriteGate
from server.operation import Answer, Claim, Ticket
from tests.erp.gate_site import CUSTOMER_STATE, EDITOR, LINES

CLAIM = Claim(
    operation_id=UUID("00000000-0000-4000-8000-000000000001"),
    generation=1,
    instance="here",
    user_id="ikiA0930",
    operation_type="submit-order",
    operation_key="pending-1",
)
RULES = Rules.load()

XAF = "globalCallbackControl"
SAVE = "c0:Vertical$mainMenu:1i1:XafCallback"
QUANTITY = f"{LINES}$editnew_25$xaf_QTYORDERED_Edit"
MARKER = f"{EDITOR}$xaf_dviPURCHORDERFORMNUM_Edit"
CUSTOMER = f"{EDITOR}$xaf_dviCUSTTABLE_Edit"
COMMIT = "c0:KV|2;[];GB|13;10|UPDATEEDIT;"
LINE: Mapping[str, Any] = {
    "content": {
        "line.INVENTTABLE": "ZZ99.104.023",
        "line.QTYORDERED": Decimal(5),
        "PURCHORDERFORMNUM": "#7HKQW2M4XA",
    }
}


@dataclass
class Journal:
    """Keeps what the gate records; ``allows`` and the failures are what the database would say."""

    allows: bool = True
    write_failure: Exception | None = None
    answer_failure: Exception | None = None
    writes: list[Ticket] = field(default_factory=list)
    answers: list[tuple[Ticket, Answer]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    about: dict[str, Any] = field(default_factory=dict)  # what log lines of the gate's say it is

    def __post_init__(self) -> None:
        self.decided.set()

    async def record_write(self, ticket: Ticket) -> bool:
        self.writes.append(ticket)
        self.about = structlog.contextvars.get_contextvars()
        self.asked.set()
        await self.decided.wait()
        if self.write_failure is not None:
            raise self.write_failure
        return self.allows

    async def record_answer(self, ticket: Ticket, answer: Answer) -> None:
        self.answers.append((ticket, answer))
        if self.answer_failure is not None:
            raise self.answer_failure


@dataclass
class Rig:
    """One context behind one gate."""

    context: BrowserContext
    page: Page
    gate: WriteGate
    journal: Journal


@asynccontextmanager
async def run_browser() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    path = os.environ.get("ARCHIBALD_CHROMIUM", "/usr/bin/chromium-headless-shell")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def gated(
    browser: Browser,
    base_url: str,
    *,
    answer_timeout: float = 5.0,
    gesture_timeout: float = 3.0,
    resources: Resources | None = None,
) -> AsyncIterator[Rig]:
    """A new context behind a new gate, with one page."""
    context = await browser.new_context(service_workers="block")
    try:
        journal = Journal()
        gate = WriteGate(
            RULES,
            journal.record_write,
            journal.record_answer,
            base_url=base_url,
            answer_timeout=answer_timeout,
            gesture_timeout=gesture_timeout,
            resources=resources,
        )
        await gate.install(context)
        yield Rig(context, await context.new_page(), gate, journal)
    finally:
        await context.close()


async def fire(page: Page, control: str, parameter: str) -> None:
    await page.evaluate("([id, parameter]) => callback(id, parameter)", [control, parameter])


async def put(page: Page, name: str, value: str) -> None:
    await page.evaluate("([name, value]) => set(name, value)", [name, value])


async def answers(page: Page, count: int = 1) -> list[Any]:
    await page.wait_for_function("count => answers.length >= count", arg=count)
    found: list[Any] = await page.evaluate("answers")
    return found


async def commit_line(rig: Rig) -> Answer:
    baseline = await read_fields(rig.page)
    async with rig.gate.write("line", "71723", baseline=baseline, **LINE) as pending:
        await fire(rig.page, LINES, COMMIT)
    assert pending.answer is not None
    return pending.answer


async def choose_customer(rig: Rig, key: str, account: str, *, sends: str | None = None) -> None:
    """Choose a customer by ticket; ``sends`` = the key that the page puts into its body instead."""
    baseline = await read_fields(rig.page)
    content = {"CUSTTABLE.key": key, "CUSTTABLE": account, "PURCHORDERFORMNUM": "#7HKQW2M4XA"}
    async with rig.gate.write(
        "customer", key, content=content, changes={"CUSTTABLE"}, baseline=baseline
    ):
        await put(rig.page, CUSTOMER, account)
        await put(rig.page, f"{CUSTOMER}$DDD$gv", CUSTOMER_STATE.format(sends or key))
        await fire(rig.page, XAF, "c0:::XafCallback")


async def change(rig: Rig, armed: str, values: Mapping[str, str]) -> None:
    """Set fields and post immediately, with a pass for ``armed`` only."""
    baseline = await read_fields(rig.page)
    async with rig.gate.allow(changes={armed}, baseline=baseline):
        for name, value in values.items():
            await put(rig.page, name, value)
        await fire(rig.page, XAF, "c0:::XafCallback")


async def read_fields(page: Page) -> Fields:
    """The page's form as its next request would post it: a gesture's baseline."""
    return fields_of(await page.evaluate(COLLECT))
