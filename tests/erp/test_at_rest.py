"""A click is made at once only where nothing can move or cover its target; else Playwright waits for that."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page

from server.erp import at_rest, idle
from server.erp.screen import Screen
from server.errors import UiDriftError
from tests.erp_agents import TIMEOUTS

BUTTON = "x_v1_1_DXI0_T"
PAGE = f"""<!doctype html>
<style>
  #{BUTTON}, #other {{ position: absolute; left: 20px; top: 20px; width: 80px; height: 20px; }}
  #other {{ top: 60px; }}
  .far {{ top: 4000px !important; }}
  .gliding {{ transition: top 0.3s linear; top: 200px !important; }}
  #notice {{ position: absolute; inset: 0; background: white; }}
</style>
<button id="other">Clone</button><button id="{BUTTON}">Send</button><iframe id="inner"></iframe>
<script>
  window.heard = [];
  document.addEventListener('click', (event) => heard.push([event.target.id, event.isTrusted]));
  const button = document.getElementById('{BUTTON}');
  class ASPxClientControl {{ static GetControlCollection() {{ return {{ForEachControl: () => {{}}}}; }} }}
</script>
"""
# What moves the button, and for how long it is not known to stand still.
MOVING = {
    "timer": """
      let top = 20;
      const move = () => { button.style.top = `${top += 10}px`; if (top < 200) setTimeout(move, 20); };
      setTimeout(move, 20);
    """,
    "frames": """
      let top = 20;
      const move = () => { button.style.top = `${top += 10}px`; if (top < 200) requestAnimationFrame(move); };
      requestAnimationFrame(move);
    """,
    "transition": "button.getBoundingClientRect(); button.classList.add('gliding');",
}


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context(viewport={"width": 800, "height": 600})
    page = await context.new_page()
    await page.add_init_script(idle.TELL_PLANS)
    await page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.goto("http://127.0.0.1/")
    yield page
    await context.close()


@pytest.fixture
def screen(page: Page) -> Screen:
    return Screen(page, replace(TIMEOUTS, look=2, callback=2, element=5))


async def place(screen: Screen) -> object:
    return await screen.look("step", at_rest.PLACE, BUTTON)


async def test_a_page_at_rest_gets_its_click_at_once(screen: Screen, page: Page) -> None:
    """The target's middle is clicked, with a real mouse."""
    assert await place(screen) == [60, 30]
    await screen.click("step", BUTTON)
    assert await page.evaluate("heard") == [[BUTTON, True]]


@pytest.mark.parametrize("moving", MOVING.values(), ids=MOVING)
async def test_what_moves_is_waited_for(screen: Screen, page: Page, moving: str) -> None:
    """Whatever moves it: it is not clicked where it was a moment ago, where another button may lie."""
    await page.evaluate(f"() => {{ {moving} }}")
    assert await place(screen) is None
    await screen.click("step", BUTTON)
    assert await page.evaluate("heard") == [[BUTTON, True]]


@pytest.mark.parametrize(
    "planned",
    ["setTimeout(() => {}, 30)", "setInterval(() => {}, 30)", "fetchSlowly()"],
)
async def test_what_is_about_to_happen_is_not_at_rest(
    screen: Screen, page: Page, planned: str
) -> None:
    """A timer that is nearly due, or an answer that is on its way, may change all."""
    await page.route("**/slow", lambda _: None)
    await page.evaluate(f"""() => {{
      const fetchSlowly = () => {{
        const request = new XMLHttpRequest(); request.open('GET', '/slow'); request.send();
      }};
      {planned};
    }}""")
    assert await place(screen) is None


async def test_a_later_timer_does_not_matter(screen: Screen, page: Page) -> None:
    """The site keeps its session alive every five minutes."""
    await page.evaluate("() => { setInterval(() => {}, 300000); setTimeout(() => {}, 5000); }")
    assert await place(screen) == [60, 30]


async def test_what_lies_below_the_fold_is_scrolled_to(screen: Screen, page: Page) -> None:
    """A point outside of the window cannot be clicked; Playwright scrolls there."""
    await page.evaluate("() => { button.classList.add('far'); }")
    assert await place(screen) is None
    await screen.click("step", BUTTON)
    assert await page.evaluate("heard") == [[BUTTON, True]]


@pytest.mark.parametrize("state", ["disabled", "hidden"])
async def test_what_cannot_be_clicked_is_not(screen: Screen, page: Page, state: str) -> None:
    """It is drift, and nobody else hears the click."""
    await page.evaluate(f"() => {{ button.{state} = true; }}")
    assert await place(screen) is None
    with pytest.raises(UiDriftError):
        await screen.click("step", BUTTON)
    assert await page.evaluate("heard") == []


async def test_what_is_covered_does_not_give_its_click_away(screen: Screen, page: Page) -> None:
    """A notice over the button does not get the click."""
    await page.evaluate("""() => {
      const notice = document.createElement('div');
      notice.id = 'notice';
      document.body.append(notice);
      setTimeout(() => notice.remove(), 500);
    }""")
    assert await place(screen) is None
    await screen.click("step", BUTTON)
    assert await page.evaluate("heard") == [[BUTTON, True]]


async def test_in_a_page_without_plans_nothing_is_known(chromium: Browser) -> None:
    """Where the page's own plans are not written down Playwright makes sure of the click."""
    context = await chromium.new_context()
    page = await context.new_page()
    await page.set_content(PAGE)
    screen = Screen(page, TIMEOUTS)
    assert await place(screen) is None
    await screen.click("step", BUTTON)
    assert await page.evaluate("heard") == [[BUTTON, True]]
    await context.close()
