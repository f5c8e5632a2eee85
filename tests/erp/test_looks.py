"""Several looks are made in one, and with a wait in the very moment that ends it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from server.erp import idle
from server.erp.inputs import one_input, values
from server.erp.looks import Look, together
from server.erp.screen import Screen
from server.errors import UiDriftError
from tests.erp_agents import TIMEOUTS

PAGE = """<!doctype html>
<input id="a_I" value="one"><input id="b_I" value="two"><input id="b_II" value="hidden" style="display: none">
<script>
  class ASPxClientControl { static GetControlCollection() { return {ForEachControl: () => {}}; } }
  window.looks = 0;
</script>
"""
COUNTED = "(data) => { window.looks += 1; return [data, window.looks]; }"


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context()
    page = await context.new_page()
    await page.add_init_script(idle.TELL_PLANS)
    await page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.goto("http://127.0.0.1/")
    yield page
    await context.close()


@pytest.fixture
def screen(page: Page) -> Screen:
    return Screen(page, replace(TIMEOUTS, look=2, callback=2, element=0.5))


def counted(data: object) -> Look[list[Any]]:
    return Look(COUNTED, data, lambda _, seen: list(seen))


async def test_each_look_has_its_own_data_and_its_own_meaning(screen: Screen) -> None:
    """The data of one is not seen by another, and each is understood by its own."""
    look = together(counted("x"), values("a_I$", "b_I$"), counted({"y": 1}), one_input("b_I$"))
    assert await screen.see("step", look) == (
        ["x", 1],
        ["one", "two"],
        [{"y": 1}, 2],
        "b_I",
    )


async def test_the_first_that_cannot_be_understood_is_told(screen: Screen) -> None:
    """In the order of the looks, whatever else is wrong behind it."""
    with pytest.raises(UiDriftError) as caught:
        await screen.see("step", together(counted(1), one_input("none$"), one_input("_I")))
    assert caught.value.message == "step: 0 inputs where one was expected"


async def test_a_wait_sees_what_shows_when_it_ends(screen: Screen, page: Page) -> None:
    """Not what showed before: the value that comes with the sign is the one that is seen."""
    await page.evaluate("""() => setTimeout(() => {
      document.getElementById('a_I').value = 'later';
      document.body.dataset.done = 'yes';
    }, 200)""")
    (seen,) = await screen.quiet_and_see("step", values("a_I$"), "() => document.body.dataset.done")
    assert seen == "later"


async def test_nothing_is_seen_before_the_sign(screen: Screen, page: Page) -> None:
    """A wait whose sign does not come fails by that, and has looked at nothing else."""
    with pytest.raises(UiDriftError):
        await screen.quiet_and_see("step", counted(1), "() => false", within=0.3)
    assert await page.evaluate("window.looks") == 0


async def test_the_one_input_gets_the_focus(screen: Screen, page: Page) -> None:
    """Its text is selected, and one that does not show does not count."""
    assert await screen.focus_one("step", "b_I") == "b_I"
    assert await page.evaluate("[document.activeElement.id, String(getSelection())]") == [
        "b_I",
        "two",
    ]


@pytest.mark.parametrize(("pattern", "count"), [("none$", 0), ("_I$", 2)])
async def test_of_several_inputs_none_gets_the_focus(
    screen: Screen, page: Page, pattern: str, count: int
) -> None:
    """It is said how many there were."""
    with pytest.raises(UiDriftError) as caught:
        await screen.focus_one("step", pattern)
    assert caught.value.message == f"step: {count} inputs where one was expected"
    assert await page.evaluate("document.activeElement.tagName") == "BODY"
