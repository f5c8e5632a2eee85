"""A click is made at once only where nothing can move or cover its target; else Playwright waits for that."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page

from server.erp import at_rest, idle
from server.erp.screen import Screen
from server.errors import UiDriftError
from tests.erp_agents import TIMEOUTS
from tests.pairwise import sampled

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


async def test_what_is_scrolled_to_is_clicked_after_the_page_has_heard_of_it(
    screen: Screen, page: Page
) -> None:
    """Then its head moves; Playwright would press before that, and release after."""
    await page.evaluate("""() => {
      button.classList.add('far');
      addEventListener('scroll', () => heard.push('scrolled'));
    }""")
    first = f"(id) => [({at_rest.IN_VIEW})(id), scrollY > 3000, heard.length]"
    assert await screen.look("step", first, BUTTON) == [False, True, 0]
    await screen.wait("step", at_rest.IN_VIEW, BUTTON, within=2)
    assert await page.evaluate("heard") == ["scrolled"]
    await page.evaluate("() => { scrollTo(0, 0); }")
    await screen.click("step", BUTTON)
    assert (await page.evaluate("heard"))[-1] == [BUTTON, True]


@pytest.mark.parametrize(
    "state", sampled(["disabled", "hidden"], lambda state: state == "disabled")
)
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


async def test_a_page_that_has_not_heard_of_its_scrolling_is_not_at_rest(screen: Screen) -> None:
    """It hears with the next frame, and then its head may move."""
    seen = await screen.look(
        "step",
        f"""(id) => {{
      document.body.style.height = '3000px';
      const place = {at_rest.PLACE};
      scrollTo(0, 5);
      return [place(id), scrollY];
    }}""",
        BUTTON,
    )
    assert seen == [None, 5]
    assert await screen.wait("step", at_rest.PLACE, BUTTON, within=2) == [60, 25]


@pytest.mark.parametrize("moved", ["top = '200px'", "display = 'none'"], ids=["away", "hidden"])
async def test_a_press_that_would_land_elsewhere_is_not_felt(
    screen: Screen, page: Page, moved: str
) -> None:
    """The page was at rest at the look and moved at the click.

    What lies there now must not hear of it; Playwright finds the button again.
    """
    await page.evaluate(f"""() => {{
      const other = document.getElementById('other');
      other.style.top = '20px';
      for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup'])
        other.addEventListener(kind, () => heard.push(kind));
      other.before(button);
      button.style.zIndex = 1;
      document.addEventListener('mousemove', () => {{
        button.style.{moved};
        setTimeout(() => {{ button.style.display = ''; }}, 100);
      }}, {{once: true}});
    }}""")
    assert await place(screen) == [60, 30]
    await screen.click("step", BUTTON)
    assert await page.evaluate("heard") == [[BUTTON, True]]
    # And what is clicked later is nobody's concern any more.
    await page.mouse.click(60, 30)
    assert len(await page.evaluate("heard")) > 1


async def test_what_moves_away_while_it_is_pressed_is_clicked_again(
    screen: Screen, page: Page
) -> None:
    """Nothing was clicked: press and release were not on the same."""
    await page.evaluate(
        "() => document.addEventListener('mousedown', () => { button.style.top = '200px'; }, {once: true})"
    )
    await screen.click("step", BUTTON)
    assert await page.evaluate("heard.filter(([id]) => id)") == [[BUTTON, True]]


async def test_what_goes_away_because_it_was_pressed_is_not_sought_again(
    screen: Screen, page: Page
) -> None:
    """An item of a list that is chosen, and closed, by the press alone."""
    await page.evaluate(
        "() => button.addEventListener('mousedown', () => { heard.push('chosen'); button.remove(); })"
    )
    await screen.click("step", BUTTON)
    assert (await page.evaluate("heard"))[0] == "chosen"


async def test_a_click_that_leaves_the_page_has_landed(screen: Screen, page: Page) -> None:
    """The page that was clicked is gone, and with it what could be asked."""
    await page.evaluate("() => { button.onclick = () => { location.href = '/next'; }; }")
    await screen.click("step", BUTTON)
    await page.wait_for_url("**/next")
    assert await page.evaluate("heard") == []


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
