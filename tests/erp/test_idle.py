"""When a page counts as quiet: at once where nothing is planned, and never before what is planned."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, Route

from server.erp.idle import TELL_PLANS
from server.erp.screen import Screen
from server.erp.timeouts import QUIET_LOOKS
from tests.erp.test_screen import PAGE
from tests.erp_agents import TIMEOUTS

# Long enough that a wait of several looks is told from one that knows that nothing comes.
POLL = 0.5
LONG = POLL * (QUIET_LOOKS - 1)


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context()
    page = await context.new_page()
    await page.add_init_script(TELL_PLANS)
    await page.goto("about:blank")
    await page.set_content(PAGE)
    yield page
    await context.close()


@pytest.fixture
def screen(page: Page) -> Screen:
    return Screen(page, replace(TIMEOUTS, look=1, callback=5, element=1, poll=POLL, settle=0.02))


async def seconds_of(screen: Screen, looks: int = QUIET_LOOKS) -> float:
    """How long it takes until the page counts as quiet."""
    began = time.monotonic()
    await screen.quiet("step", looks=looks)
    return time.monotonic() - began


async def test_a_page_with_nothing_planned_is_quiet_at_once(screen: Screen) -> None:
    """Several looks are for pages that may begin something between them."""
    assert await seconds_of(screen) < LONG
    assert await seconds_of(screen, looks=50) < LONG


@pytest.mark.parametrize("begin", ["begin", "'begin()'"])
async def test_what_a_timer_begins_is_waited_for(screen: Screen, page: Page, begin: str) -> None:
    """Between two callbacks the page looks quiet: the second one is planned, and belongs to the wait."""
    await page.evaluate(
        """() => {
          window.begin = () => { busy = true; setTimeout(() => { busy = false; document.title = 'over'; }, 300); };
        }"""
    )
    await page.evaluate(f"setTimeout({begin}, 300); 0")
    await screen.quiet("step")
    assert await page.title() == "over"


async def test_a_request_on_its_way_is_waited_for(screen: Screen, page: Page) -> None:
    """What its answer may begin is not over, although no control is in a callback."""
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        asked.set()
        await answered.wait()
        await route.fulfill(headers={"Access-Control-Allow-Origin": "*"}, body="")

    await page.route("**/slow", slow)
    await page.evaluate(
        """() => {
          const request = new XMLHttpRequest();
          request.open('GET', 'http://127.0.0.1/slow');
          request.onload = () => { document.title = 'answered'; };
          request.send();
        }"""
    )
    await asked.wait()
    waiting = asyncio.create_task(screen.quiet("step", looks=100))
    await asyncio.wait({waiting}, timeout=0.3)
    assert not waiting.done()
    answered.set()
    await waiting
    assert await page.title() == "answered"


async def test_what_was_taken_back_is_not_planned(screen: Screen, page: Page) -> None:
    """A timer that was cleared, and one that is due much later, hold nobody up."""
    await page.evaluate(
        """() => {
          clearTimeout(setTimeout(() => {}, 100));
          clearInterval(setInterval(() => {}, 100));
          setTimeout(() => {}, 60000);
          setInterval(() => {}, 300000);
        }"""
    )
    assert await seconds_of(screen) < LONG


async def test_a_page_that_always_plans_is_quiet_after_several_looks(
    screen: Screen, page: Page
) -> None:
    """A clock on the page is no reason to wait for ever: then the looks decide, as they did before."""
    await page.evaluate("setInterval(() => {}, 100); 0")
    assert await seconds_of(screen) >= LONG


async def test_the_sign_is_seen_as_soon_as_it_is_there(screen: Screen, page: Page) -> None:
    """The end of what the page had planned wakes the wait; it does not sleep until its next look."""
    began = time.monotonic()
    await page.evaluate("setTimeout(() => { document.title = 'there' }, 100); 0")
    assert await screen.wait("step", "() => document.title", within=5) == "there"
    assert time.monotonic() - began < POLL


async def test_timers_do_what_they_did(page: Page) -> None:
    """The page's own scripts see no difference: their data arrives, in order, and errors stay theirs."""
    seen = await page.evaluate(
        """() => new Promise((done) => {
          const told = [];
          window.onerror = () => { told.push('error'); return true; };
          setTimeout((...data) => told.push(...data), 5, 1, 2);
          setTimeout(() => { throw new Error('own'); }, 10);
          setTimeout('window.text = 3', 15);
          setTimeout(() => done([...told, window.text]), 40);
        })"""
    )
    assert seen == [1, 2, "error", 3]
