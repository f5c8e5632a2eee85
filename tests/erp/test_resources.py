"""The site's files are loaded once for all contexts, and nothing that is no file is answered from there."""

import asyncio
from collections.abc import Mapping

import pytest
from playwright.async_api import Browser, Page

from server.erp.resources import Resources, fresh_for
from tests.erp.gate_rig import CLAIM, commit_line, gated
from tests.erp.gate_site import FORM_PATH, GateSite, Reply

SCRIPT = "/Archibald/DXR.axd?r=1_3-Pg14u"
PUBLIC = {"Content-Type": "text/javascript", "Cache-Control": "public, max-age=31536000"}


async def load(page: Page, site: GateSite, path: str) -> object:
    """Let a fresh document embed the script of that path; returns what the script has set."""
    await page.goto(site.url(FORM_PATH))
    return await page.evaluate(
        """(src) => new Promise((done) => {
          const script = document.createElement('script');
          script.onload = () => done(window.told ?? '');
          script.onerror = () => done('failed');
          script.src = src;
          document.head.append(script);
        })""",
        path,
    )


async def learned(resources: Resources, size: int) -> None:
    """Wait until the answer that a page has got already is kept as well, and so many bytes are."""
    async with asyncio.timeout(5):
        while resources.size != size:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)


async def test_a_file_is_loaded_once_for_all_contexts(browser: Browser, site: GateSite) -> None:
    """The second context's page gets the same script, and the server is not asked for it."""
    site.files[SCRIPT] = Reply(body="window.told = 'é'", headers=PUBLIC)
    resources = Resources()
    for _ in range(2):
        async with gated(browser, site.base_url, resources=resources) as rig:
            assert await load(rig.page, site, SCRIPT) == "é"
            await learned(resources, len("window.told = 'é'".encode()))
    assert site.paths().count(SCRIPT) == 1


@pytest.mark.parametrize(
    ("path", "reply"),
    [
        (
            "/Archibald/DXX.axd?handlerName=SessionKeepAliveReconnect",
            Reply(body="", headers=PUBLIC),
        ),
        ("/Archibald/Default.aspx", Reply(body="", headers=PUBLIC)),
        (SCRIPT, Reply(body="", headers={"Content-Type": "text/javascript"})),
        (SCRIPT, Reply(body="", headers={**PUBLIC, "Cache-Control": "private, max-age=60"})),
        (SCRIPT, Reply(body="", headers={**PUBLIC, "Cache-Control": "no-store"})),
        (SCRIPT, Reply(body="", headers={**PUBLIC, "Set-Cookie": "a=b"})),
        (SCRIPT, Reply(body="", headers={**PUBLIC, "Vary": "Cookie"})),
        (SCRIPT, Reply(404, "", PUBLIC)),
    ],
)
async def test_what_is_not_everybodys_is_asked_for_again(
    browser: Browser, site: GateSite, path: str, reply: Reply
) -> None:
    """Other addresses, and answers that the server does not give to everybody, are never kept."""
    site.files[path] = reply
    resources = Resources()
    async with gated(browser, site.base_url, resources=resources) as rig:
        for _ in range(2):
            await load(rig.page, site, path)
    assert site.paths().count(path) == 2
    assert resources.size == 0


async def test_a_fetch_of_the_same_address_leaves(browser: Browser, site: GateSite) -> None:
    """Only what a page embeds is answered from there: scripts that ask for themselves get the server."""
    site.files[SCRIPT] = Reply(body="window.told = 1", headers=PUBLIC)
    async with gated(browser, site.base_url, resources=Resources()) as rig:
        await load(rig.page, site, SCRIPT)
        await rig.page.evaluate("(url) => fetch(url).then((answer) => answer.text())", SCRIPT)
    assert site.paths().count(SCRIPT) == 2


async def test_a_write_leaves_as_before(browser: Browser, site: GateSite) -> None:
    """With files kept, a line's commit is recorded and reaches the server, once each time."""
    site.files[SCRIPT] = Reply(body="window.told = 1", headers=PUBLIC)
    async with gated(browser, site.base_url, resources=Resources()) as rig:
        for _ in range(2):
            await load(rig.page, site, SCRIPT)
            with rig.gate.claimed(CLAIM):
                await commit_line(rig)
        assert len(rig.journal.writes) == len(site.posts) == 2


async def test_there_is_a_bound(browser: Browser, site: GateSite) -> None:
    """Of two files that do not fit together the one used longer ago is asked for again."""
    bodies = {f"{SCRIPT}&n={number}": f"window.told = 1; //{'x' * number}" for number in (600, 700)}
    for path, body in bodies.items():
        site.files[path] = Reply(body=body, headers=PUBLIC)
    resources = Resources(most_bytes=1000)
    async with gated(browser, site.base_url, resources=resources) as rig:
        for path in (*bodies, *bodies):
            await load(rig.page, site, path)
            await learned(resources, len(bodies[path]))
    assert [site.paths().count(path) for path in bodies] == [2, 2]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=60"}, 60),
        ({"cache-control": "max-age=60"}, 0),
        ({"cache-control": "public, no-cache, max-age=60"}, 0),
        ({"cache-control": "public, max-age=60", "vary": "Accept-Encoding"}, 60),
        ({"cache-control": "public, max-age=60", "vary": "*"}, 0),
        ({}, 0),
    ],
)
def test_the_server_says_what_may_be_kept(headers: Mapping[str, str], seconds: int) -> None:
    """Only for everybody, only with an age, only where no header makes a difference."""
    assert fresh_for(headers) == seconds
