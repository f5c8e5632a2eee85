"""The simulator in a process of its own, and Chromium to look at it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.erp_simulator.running import Simulator, simulator
from tests.simulator.site import CHROMIUM, Site

SCALE = 0.002


@pytest.fixture(scope="session")
async def running_erp() -> AsyncIterator[Simulator]:
    """One simulator for all tests here; `sim` begins it anew."""
    async with simulator(scale=SCALE) as erp:
        yield erp


@pytest.fixture
async def sim(running_erp: Simulator) -> Simulator:
    """The simulator with its seed data and the switches' defaults, but for the list's first filter.

    Early on a Monday the orders of this week are none.
    """
    await running_erp.reset(scale=SCALE)
    await running_erp.config(initial_filter="OrdersAll")
    return running_erp


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        await chromium.close()


@pytest.fixture
async def visitor(sim: Simulator, browser: Browser) -> AsyncIterator[Site]:
    """A browser context of an Italian who has not logged in."""
    async with Site.visiting(browser, sim.base_url) as site:
        yield site


@pytest.fixture
async def site(visitor: Site) -> Site:
    """The first agent, logged in."""
    await visitor.sign_in("ikiA0001")
    return visitor
