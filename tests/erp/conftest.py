"""The simulated ERP and its agents, and the smaller site of the gate's own tests, for the tests in this folder."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.erp.gate_rig import CLAIM, Rig, gated, run_browser
from tests.erp.gate_site import FORM_PATH, GateSite, gate_site
from tests.erp_agents import agent, agent_of, chromium, erp, running_erp

__all__ = ["agent", "agent_of", "chromium", "erp", "running_erp"]


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A browser for all tests of a module."""
    async with run_browser() as running:
        yield running


@pytest.fixture
async def site() -> AsyncIterator[GateSite]:
    """The gate's own site."""
    async with gate_site() as running:
        yield running


@pytest.fixture
async def rig(browser: Browser, site: GateSite) -> AsyncIterator[Rig]:
    """An order form behind a gate, under a claim."""
    async with gated(browser, site.base_url) as rig:
        await rig.page.goto(site.url(FORM_PATH))
        with rig.gate.claimed(CLAIM):
            yield rig
