"""The ways past a handler that Chromium has, and that none of them is open behind the gate."""

import asyncio
from contextlib import suppress

import pytest
from playwright.async_api import Browser, Error, Page, Route

from tests.erp.gate_rig import COMMIT, Rig, commit_line, fire
from tests.erp.gate_site import FORM_PATH, LINES, LIST_PATH, GateSite

SAVE = """
  const body = collect();
  body.append('__CALLBACKID', 'globalCallbackControl');
  body.append('__CALLBACKPARAM', 'c0:Vertical$mainMenu:1i1:XafCallback');
"""
POST = "{method: 'POST', body"
LAST_WORDS = {
    "beacon": "navigator.sendBeacon(location.href, body)",
    "keepalive": f"fetch(location.href, {POST}, keepalive: true}})",
    "request": f"fetch(new Request(location.href, {POST}, keepalive: true}}))",
    "later": f"window.fetchLater && fetchLater(location.href, {POST}}})",
    "fetch": f"fetch(location.href, {POST}}})",
    "xhr": "const it = new XMLHttpRequest(); it.open('POST', location.href); it.send(body)",
}
WORKER = """([address, kind]) => {
  const code = `fetch('${address}', {method: 'POST', body: new URLSearchParams({a: 'b'})})`;
  const url = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
  try { window.kept = kind === 'Worker' ? new Worker(url) : new SharedWorker(url); }
  catch (error) { return error.name; }
  return 'started';
}"""


async def say_when_left(page: Page, words: str) -> None:
    script = f"() => addEventListener('pagehide', () => {{ {SAVE} {words}; }})"
    await page.evaluate(script)


async def left_behind(site: GateSite) -> list[str]:
    """POSTs on the server, after everything that was on its way has had its time."""
    await asyncio.sleep(0.3)  # there is no sign for something that never comes
    return site.paths("POST")


@pytest.mark.parametrize("words", LAST_WORDS.values(), ids=LAST_WORDS)
async def test_a_page_has_no_last_word(rig: Rig, site: GateSite, words: str) -> None:
    """What a page sends while it is being left does not arrive."""
    await say_when_left(rig.page, words)
    await rig.page.goto(site.url(LIST_PATH))
    assert await left_behind(site) == []


@pytest.mark.parametrize("words", ["beacon", "keepalive", "request"])
async def test_without_the_gate_it_has_one_unseen(
    browser: Browser, site: GateSite, words: str
) -> None:
    """Control: with a mere handler the same words arrive, and the handler is never asked."""
    context = await browser.new_context(service_workers="block")
    asked: list[str] = []

    async def pass_on(route: Route) -> None:
        asked.append(route.request.method)
        await route.continue_()

    await context.route("**/*", pass_on)
    page = await context.new_page()
    await page.goto(site.url(FORM_PATH))
    await say_when_left(page, LAST_WORDS[words])
    await page.goto(site.url(LIST_PATH))
    assert await left_behind(site) == [FORM_PATH]
    assert "POST" not in asked
    await context.close()


@pytest.mark.parametrize("kind", ["Worker", "SharedWorker"])
async def test_a_worker_is_gated_or_does_not_start(rig: Rig, site: GateSite, kind: str) -> None:
    """A worker's request is stopped like the page's; a shared worker, which nobody sees, cannot start."""
    started = await rig.page.evaluate(WORKER, [site.url(FORM_PATH), kind])
    assert started == ("started" if kind == "Worker" else "ReferenceError")
    assert await left_behind(site) == []


async def test_closing_a_page_would_let_a_held_request_go(browser: Browser, site: GateSite) -> None:
    """Control, and why only contexts are closed: with page.close() a held request reaches the server."""
    context = await browser.new_context(service_workers="block")
    held: asyncio.Queue[Route] = asyncio.Queue()

    async def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.put_nowait(route)
        else:
            await route.continue_()

    await context.route("**/*", hold)
    page = await context.new_page()
    await page.goto(site.url(FORM_PATH))
    await fire(page, LINES, COMMIT)
    route = await held.get()
    await page.close()
    assert await left_behind(site) == [FORM_PATH]
    await context.close()
    with suppress(Error):  # else Playwright keeps a task for it for ever
        await route.abort()


async def test_closing_the_context_lets_nothing_go(rig: Rig, site: GateSite) -> None:
    """A request that is held when its context closes never arrives."""
    rig.journal.decided.clear()
    writing = asyncio.create_task(commit_line(rig))
    await rig.journal.asked.wait()
    await rig.context.close()
    assert await left_behind(site) == []
    rig.journal.decided.set()
    await asyncio.wait({writing})
    assert writing.exception() is not None
    assert await left_behind(site) == []
