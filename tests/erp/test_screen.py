"""Looks and waits on a page: no stale quiet, no endless look, no foreign text in an error."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page

from server.erp.screen import Screen
from server.erp.timeouts import Timeouts
from server.errors import ErpUnavailableError, UiDriftError
from tests.erp_agents import TIMEOUTS

# The least that a page of the site has: a registry with one control that can be busy.
PAGE = """
<input id="x_v1_1_dviNAME_Edit_I" value=""><div id="panel" class="dxlp" style="display:none">Loading</div>
<script>
  window.busy = false;
  const control = {name: 'c', InCallback: () => window.busy};
  class ASPxClientControl { static GetControlCollection() { return {ForEachControl: (act) => act(control)}; } }
</script>
"""


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context()
    page = await context.new_page()
    await page.set_content(PAGE)
    yield page
    await context.close()


@pytest.fixture
def screen(page: Page) -> Screen:
    return Screen(page, replace(TIMEOUTS, look=1, callback=1, element=1))


async def test_a_look_returns_what_is_there_even_nothing(screen: Screen) -> None:
    """0, an empty text and null are answers, not reasons to wait on."""
    values: list[object] = [0, "", None, False, [], {"a": 1}]
    for value in values:
        assert await screen.look("step", "(data) => data", value) == value


async def test_quiet_waits_for_the_sign(screen: Screen, page: Page) -> None:
    """Just after a gesture a page looks quiet: only the sign says that it was answered."""
    await page.evaluate("setTimeout(() => { document.title = 'there' }, 200); 0")
    assert await screen.quiet("step", "() => document.title", within=5) == "there"


@pytest.mark.parametrize("busy", ["window.busy = true; 0", "panel.style.display = ''; 0"])
async def test_a_busy_page_is_the_erp_being_slow(screen: Screen, page: Page, busy: str) -> None:
    """A callback or a loading panel that does not end is no drift of the site."""
    await page.evaluate(busy)
    with pytest.raises(ErpUnavailableError):
        await screen.quiet("step")


async def test_quiet_counts_anew_each_time(screen: Screen, page: Page) -> None:
    """The looks of an earlier wait do not count for a later one (erp-reference §2.2)."""
    await screen.quiet("step")
    await page.evaluate("window.busy = true; 0")
    with pytest.raises(ErpUnavailableError):
        await screen.quiet("step")


async def test_a_quiet_page_without_the_sign_is_drift(screen: Screen) -> None:
    """The page does nothing and is not as it should be: a person must look."""
    with pytest.raises(UiDriftError):
        await screen.quiet("step", "() => document.getElementById('nowhere')")


@pytest.mark.parametrize("after", [0, 400])
async def test_a_page_whose_script_never_ends_does_not_hold_us(
    screen: Screen, page: Page, after: int
) -> None:
    """A wait ends with its time, whether the page stops answering before it or in its midst (incident 26)."""
    await page.evaluate(f"setTimeout(() => {{ for (;;) {{}} }}, 100 + {after}); 0")
    if not after:
        await page.wait_for_timeout(300)
    with pytest.raises(ErpUnavailableError, match="does not answer"):
        await screen.quiet("step", "() => window.never")


async def test_a_key_that_the_page_never_takes_does_not_hold_us(screen: Screen, page: Page) -> None:
    """Typing has no time-out of its own; a stuck page ends it all the same."""
    await page.evaluate("document.addEventListener('keydown', () => { for (;;) {} }); 0")
    with pytest.raises(ErpUnavailableError, match="does not answer"):
        await screen.key("step", "a")


async def test_playwrights_words_stay_inside(screen: Screen) -> None:
    """An error of the page may hold what was typed: only our step's name goes on (law 12)."""
    with pytest.raises(UiDriftError) as raised:
        await screen.look("step", "() => { throw new Error('segreto') }")
    assert "segreto" not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_a_closed_browser_is_told_as_lost(screen: Screen, page: Page) -> None:
    """Stopping work by closing its context ends every step with our own error."""
    await page.context.close()
    with pytest.raises(ErpUnavailableError, match="browser was lost"):
        await screen.look("step", "() => 1")


async def test_an_id_that_is_no_id_never_becomes_a_selector(screen: Screen) -> None:
    """Ids come from the page: what would leave the quotes of a selector is refused."""
    with pytest.raises(UiDriftError):
        await screen.click("step", 'x"], body, [id="y')


async def test_the_focus_is_seen_before_anything_is_typed(screen: Screen, page: Page) -> None:
    """Another element takes the focus: nothing may be typed into it (erp-reference §3.1.8)."""
    await page.evaluate(
        "document.querySelector('input').addEventListener('focus', (event) => event.target.blur()); 0"
    )
    with pytest.raises(UiDriftError):
        await screen.focus("step", "x_v1_1_dviNAME_Edit_I")


def test_waits_scale_but_the_browsers_own_do_not() -> None:
    """A slow link stretches every bound; a fast simulator never makes them shorter than a browser needs."""
    assert Timeouts().scaled(2).page == Timeouts().page * 2
    assert Timeouts().scaled(0.02).look == 5
    assert Timeouts().scaled(0.1).poll == Timeouts().poll * 0.1
