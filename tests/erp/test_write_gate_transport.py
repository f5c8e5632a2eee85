"""What the network can do to a gated write: redirects, cut connections, silence; counted on the server."""

import asyncio
import re
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, Route

from server.errors import OutcomeUnknownError
from tests.erp.gate_rig import (
    CLAIM,
    COMMIT,
    Rig,
    answers,
    commit_line,
    fire,
    gated,
    read_fields,
)
from tests.erp.gate_site import FORM_PATH, LINES, LIST_PATH, GateSite, Reply, Seen


def once(reply: Reply) -> Callable[[Seen], Reply]:
    """Give this reply to the first POST and the usual one to all others."""
    left = [reply]
    return lambda _: left.pop() if left else Reply()


async def warm(rig: Rig) -> None:
    """Make the browser keep a connection that its next request will use again."""
    await rig.page.evaluate("fetch('/DXR.axd?r=warm').then(answer => answer.text())")


async def test_chromium_repeats_a_post_by_itself(browser: Browser, site: GateSite) -> None:
    """Control: without the gate a POST on a re-used connection that closes is sent twice (F19)."""
    context = await browser.new_context(service_workers="block")
    try:
        handled: list[str] = []

        async def pass_on(route: Route) -> None:
            handled.append(route.request.method)
            await route.continue_()

        await context.route("**/*", pass_on)
        page = await context.new_page()
        await page.goto(site.url(FORM_PATH))
        site.reply = once(Reply(close=True))
        await fire(page, LINES, COMMIT)
        assert (await answers(page))[0][0] == 200
        assert handled.count("POST") == 1
        assert site.posts[0].on_connection > 1
        assert len(site.posts) == 2
    finally:
        await context.close()


async def test_a_closed_connection_is_one_request_and_an_unknown_outcome(
    rig: Rig, site: GateSite
) -> None:
    """The connection closes without a byte: the gate has sent one request and says so."""
    await warm(rig)
    site.reply = once(Reply(close=True))
    with pytest.raises(OutcomeUnknownError):
        await commit_line(rig)
    assert len(site.posts) == 1
    assert rig.gate.broken
    ticket, answer = rig.journal.answers[0]
    assert (ticket.kind, answer.status, answer.error) == ("line", None, "Error")


async def test_a_closed_connection_that_the_driver_uses_again_is_one_request(
    rig: Rig, site: GateSite
) -> None:
    """The same when the driver itself uses a kept connection: it does not repeat the request either."""
    await commit_line(rig)
    site.reply = once(Reply(close=True))
    with pytest.raises(OutcomeUnknownError):
        await commit_line(rig)
    assert len(site.posts) == 2
    assert site.posts[1].connection == site.posts[0].connection
    assert site.posts[1].on_connection == 2


async def test_silence_is_an_unknown_outcome(browser: Browser, site: GateSite) -> None:
    """No answer within answer_timeout: one request, unknown outcome, nothing about cookies kept."""
    async with gated(browser, site.base_url, answer_timeout=0.5) as rig:
        await rig.context.add_cookies([{"name": "secret", "value": "5ecre7", "url": site.base_url}])
        await rig.page.goto(site.url(FORM_PATH))
        site.reply = once(Reply(hang=True))
        with rig.gate.claimed(CLAIM), pytest.raises(OutcomeUnknownError) as caught:
            await commit_line(rig)
        assert len(site.posts) == 1
        assert rig.journal.answers[0][1].error == "TimeoutError"
        assert "5ecre7" not in repr((caught.value, caught.value.metadata, rig.journal.answers))


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_of_a_callback_is_followed_by_get_only(
    rig: Rig, site: GateSite, status: int
) -> None:
    """30x to our own site: the page goes there by GET; the form is not posted again."""
    site.reply = once(Reply(status=status, headers={"Location": LIST_PATH}))
    async with rig.page.expect_navigation(url=f"**{LIST_PATH}"):
        answer = await commit_line(rig)
    assert (answer.status, answer.location) == (status, LIST_PATH)
    assert len(site.posts) == 1
    assert site.paths().count(LIST_PATH) == 1


async def test_a_redirect_of_a_document_is_followed_by_get_only(rig: Rig, site: GateSite) -> None:
    """302 to a full postback: a document comes instead, which goes there by GET."""
    await rig.page.evaluate("document.querySelectorAll('[name*=editnew]').forEach(e => e.remove())")
    save, location = "Vertical$mainMenu:1i1:XafCallback", f"{LIST_PATH}?a='%3C/script>"
    site.reply = once(Reply(status=302, headers={"Location": location}))
    baseline = await read_fields(rig.page)
    async with rig.gate.write(
        "save", "71723", action="SaveAndClose", parameter=save, content={}, baseline=baseline
    ) as pending:
        await rig.page.evaluate("argument => postback('globalCallbackControl', argument)", save)
    await rig.page.wait_for_url(re.compile(re.escape(LIST_PATH)))
    assert pending.answer is not None
    assert pending.answer.status == 302
    assert len(site.posts) == 1
    assert len([path for path in site.paths() if path.startswith(LIST_PATH)]) == 1


@pytest.mark.parametrize(
    ("status", "location"),
    [
        (307, LIST_PATH),
        (308, LIST_PATH),
        (302, "http://127.0.0.2:1/elsewhere"),
        (302, ""),
        (302, "javascript:alert(1)"),
    ],
)
async def test_a_redirect_that_would_post_again_closes_the_context(
    rig: Rig, site: GateSite, status: int, location: str
) -> None:
    """307, 308 and other origins: one POST on the server, the context closed, outcome unknown."""
    site.reply = once(Reply(status=status, headers={"Location": location} if location else {}))
    with pytest.raises(OutcomeUnknownError):
        await commit_line(rig)
    assert len(site.posts) == 1
    assert rig.page.is_closed()
    answer = rig.journal.answers[0][1]
    assert (answer.status, answer.error) == (status, "redirect")


async def test_closing_the_context_ends_a_held_write(rig: Rig, site: GateSite) -> None:
    """The owner closes the context while a request is held: nothing is sent, nothing hangs."""
    rig.journal.decided.clear()
    writing = asyncio.create_task(commit_line(rig))
    await rig.journal.asked.wait()
    await rig.context.close()
    rig.journal.decided.set()
    with pytest.raises(OutcomeUnknownError):
        await writing
    assert site.posts == []
    assert rig.gate.written == 1


async def test_cancelling_the_gesture_ends_a_held_write(rig: Rig, site: GateSite) -> None:
    """A cancelled attempt whose request is still held sends nothing."""
    rig.journal.decided.clear()
    writing = asyncio.create_task(commit_line(rig))
    await rig.journal.asked.wait()
    writing.cancel()
    ended, _ = await asyncio.wait({writing}, timeout=0.2)
    assert not ended  # it waits for its held request
    rig.journal.decided.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert site.posts == []
    assert rig.gate.broken
