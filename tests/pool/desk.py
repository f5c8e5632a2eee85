"""A browser pool whose sessions are bare pages, and its callers."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from server.browser_pool import BrowserPool
from server.chromium import GuardedBrowser, guarded_driver
from server.config import Config
from server.operation import Access, Claim, Intent
from server.pool_state import PoolSettings

CLOSE_TIMEOUT = 0.5


class Pages:
    """Opens a page that stands for a session."""

    def __init__(self) -> None:
        self.opening = asyncio.Event()
        self.may_open = asyncio.Event()
        self.may_open.set()
        self.valid = True
        self.trusted = True

    async def may_sign_in(self, _: str) -> None:
        """Every agent may."""

    async def context(self, browser: Browser) -> BrowserContext:
        return await browser.new_context()

    async def sign_in(self, context: BrowserContext, *_: object) -> Page:
        page = await context.new_page()
        self.opening.set()
        await self.may_open.wait()
        await page.title()
        return page

    async def renew(self, session: Page, _: Intent) -> Page | None:
        return session if self.valid else None

    @asynccontextmanager
    async def attempt(self, session: Page, _: Intent) -> AsyncIterator[Page]:
        yield session

    def reusable(self, _: Page) -> bool:
        return self.trusted


DEFAULTS = PoolSettings.of(Config(erp_url="http://127.0.0.1:1/Archibald"))
SETTINGS = replace(
    DEFAULTS,
    size=2,
    wait_for=0.5,
    close_timeout=CLOSE_TIMEOUT,
    browsers=1,
    idle_contexts=3,
    look_every=0.05,
)


@asynccontextmanager
async def opened(
    tmp_path: Path, pages: Pages, settings: PoolSettings = SETTINGS
) -> AsyncIterator[BrowserPool]:
    async with (
        guarded_driver(None, tmp_path) as driver,
        BrowserPool(driver.launch, pages, settings) as pool,
    ):
        yield pool


agents = itertools.count(1)


def intent(agent: str = "") -> Intent:
    """An operation of the agent, or of one who was never here."""
    agent = agent or f"A{next(agents):03d}"
    return Intent(Claim(uuid4(), 1, "here", agent, "submit-order", "p-1"), None, "#M")


def silent(step: str, current: int = 0, total: int = 0) -> None:
    """Nobody watches."""


@asynccontextmanager
async def session(
    pool: BrowserPool, intended: Intent | None = None, access: Access = Access.CONTINUE
) -> AsyncIterator[Any]:
    """Wait for a slot, and work in it."""
    with pool.place() as place:
        while not place.ask():
            await place.wait()
        async with pool.session(intended or intent(), silent, access, place) as lent:
            yield lent


def behind(pool: BrowserPool) -> GuardedBrowser:
    [browser] = pool._fleet.browsers
    return browser


async def enter(pool: BrowserPool, intended: Intent) -> None:
    async with session(pool, intended):
        pytest.fail("a stopped attempt was let in")
