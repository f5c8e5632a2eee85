"""A page that goes away under its requests: nothing of them stays behind in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from playwright.async_api import Browser, Error

from server.erp.resources import Resources
from server.errors import BotError, OutcomeUnknownError
from tests.erp.gate_rig import CLAIM, Rig, commit_line, gated
from tests.erp.gate_site import FORM_PATH, GateSite, Reply

PICTURE = "/DXR.axd?r=picture"
SHOW = "address => { const image = new Image(); image.src = address; document.body.append(image); }"


@pytest.fixture
async def rig(browser: Browser, site: GateSite) -> AsyncIterator[Rig]:
    async with gated(browser, site.base_url, resources=Resources()) as rig:
        await rig.page.goto(site.url(FORM_PATH))
        with rig.gate.claimed(CLAIM):
            yield rig


async def routes_end() -> None:
    """Wait until Playwright handles no request any more; it is asked for none."""
    async with asyncio.timeout(5):
        while asked := [task for task in asyncio.all_tasks() if "_on_route" in repr(task)]:
            await asyncio.wait(asked)


async def test_a_file_that_never_comes(rig: Rig, site: GateSite) -> None:
    """A picture that the ERP never sends is not waited for once its page has gone."""
    site.files[PICTURE] = Reply(hang=True)
    async with rig.page.expect_request(lambda request: "picture" in request.url):
        await rig.page.evaluate(SHOW, PICTURE)
    while PICTURE not in site.paths():  # noqa: ASYNC110  # the site is asked, it does not tell
        await asyncio.sleep(0.01)
    await rig.page.close()
    await routes_end()


@pytest.mark.parametrize("allows", [True, False])
async def test_a_write_that_waits_for_its_row(rig: Rig, *, allows: bool) -> None:
    """A write whose page goes while its row is written ends, whatever the database says then."""
    rig.journal.decided.clear()
    rig.journal.allows = allows
    writing = asyncio.create_task(commit_line(rig))
    await rig.journal.asked.wait()
    await rig.context.close()
    rig.journal.decided.set()
    with suppress(BotError, Error):
        await writing
    await routes_end()


async def test_a_write_whose_answer_nobody_waits_for(rig: Rig, site: GateSite) -> None:
    """A write's answer that comes when its page has gone ends there, kept."""
    answered = asyncio.Event()

    def reply(_: object) -> Reply:
        answered.set()
        return Reply(hang=True)

    site.reply = reply
    writing = asyncio.create_task(commit_line(rig))
    await answered.wait()
    await rig.context.close()
    with suppress(BotError, Error):
        await writing
    await routes_end()


async def test_a_redirect_for_which_the_gate_closes_the_context(rig: Rig, site: GateSite) -> None:
    """The request whose answer the page must not see ends with the context, too."""
    site.reply = lambda _: Reply(status=307, headers={"Location": FORM_PATH})
    with pytest.raises(OutcomeUnknownError):
        await commit_line(rig)
    await routes_end()
