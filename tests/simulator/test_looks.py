"""The look of the site, measured in Chromium: what the pictures of the ERP show at 1280 pixels."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.erp_simulator.running import Simulator
from tests.erp_simulator.seed import LONG_ORDER
from tests.simulator.site import DETAIL, LINES, LIST, Site

ACCENT = "rgb(3, 169, 252)"
BOX = """(element) => {
  const box = element.getBoundingClientRect();
  return [box.x, box.y, box.width, box.height].map(Math.round);
}"""
# Whatever a pointer can aim at, by where a click at its centre would land instead.
COVERED = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const wanted = "input:not([type=hidden]), textarea, .dxeButton, a.dxm-content, .dxm-popOut, "
    + ".dxtc-link, a[data-args], a[data-page], [id*=DXSelBtn], .sidebar a";
  const covered = [];
  for (const element of document.querySelectorAll(wanted)) {
    if (element.offsetWidth === 0) continue;
    element.scrollIntoView({block: "center", inline: "center"});
    await frame();
    const box = element.getBoundingClientRect();
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!element.contains(hit)) covered.push(`${element.id}: ${hit && hit.outerHTML.slice(0, 80)}`);
  }
  return covered;
}"""
WINDOWS = pytest.mark.parametrize(("width", "height"), [(1060, 800), (1280, 800), (1720, 1000)])


@pytest.fixture
async def narrow(sim: Simulator, browser: Browser) -> AsyncIterator[Site]:
    """A window as wide as the one the pictures were taken in, not logged in."""
    async with Site.visiting(browser, sim.base_url, width=1280) as site:
        yield site


async def _box(site: Site, selector: str) -> list[int]:
    box: list[int] = await site.page.locator(selector).first.evaluate(BOX)
    return box


async def _style(site: Site, selector: str, name: str) -> str:
    script = "(element, name) => getComputedStyle(element)[name]"
    return str(await site.page.locator(selector).first.evaluate(script, name))


def _near(found: list[int], wanted: list[int], within: int = 3) -> bool:
    return all(abs(one - other) <= within for one, other in zip(found, wanted, strict=True))


async def test_the_lines_of_a_wide_window(sim: Simulator, browser: Browser) -> None:
    """At 1712 pixels the columns are as wide as their headers; the last one, *Nome*, has the rest."""
    async with Site.visiting(browser, sim.base_url, width=1712) as site:
        await site.log_in("ikiA0001")
        await site.open(f"{DETAIL}{LONG_ORDER}/?mode=View")
        await site.page.click("#toggleNavigation")
        headers = [await _box(site, f"td[id*={LINES}][id$=_col{n}]") for n in (14, 23, 24)]
        assert _near([box[2] for box in headers], [76, 142, 617], within=30)


async def test_the_login_card_is_as_pictured(narrow: Site) -> None:
    """A card of 472 by 444 in the middle; fields of 317 by 33; an accent button of 116 by 44."""
    await narrow.open("/Default.aspx")
    assert _near(await _box(narrow, ".loginCard"), [404, 270, 472, 444])
    assert _near(await _box(narrow, "[id*=UserName].dxeTextBox_XafTheme"), [480, 483, 317, 33])
    button = "#Logon_PopupActions_Menu_DXI0_"
    assert _near(await _box(narrow, button), [684, 615, 116, 44])
    assert await _style(narrow, button, "backgroundColor") == ACCENT


async def test_the_frame_is_as_pictured(narrow: Site) -> None:
    """Header, sidebar, title, toolbar and footer stand where the pictures have them."""
    await narrow.log_in("ikiA0001")
    await narrow.open(LIST)
    assert (await _box(narrow, ".header"))[3] == 71  # its border included
    assert await _style(narrow, "body", "backgroundColor") == "rgb(233, 233, 233)"
    sidebar = await _box(narrow, "#LPcell")
    assert (sidebar[0], sidebar[2]) == (40, 299)
    assert _near(await _box(narrow, ".dxtv-ndSel"), [49, 230, 281, 33])
    assert await _style(narrow, ".dxtv-ndSel", "backgroundColor") == ACCENT
    assert await _style(narrow, "#Vertical_VIC", "fontSize") == "24px"
    assert _near(await _box(narrow, "#Vertical_mainMenu_Menu_DXI0_"), [463, 88, 78, 38])
    assert _near(await _box(narrow, "#Vertical_mainMenu_Menu_DXI1_"), [565, 88, 38, 38])
    assert _near(await _box(narrow, ".searchBox"), [987, 90, 250, 34])
    assert (await _box(narrow, "#footer"))[3] == 63


async def test_the_list_is_as_pictured(narrow: Site) -> None:
    """Group panel, header, filter row and rows have their heights; a selected row is light blue."""
    await narrow.log_in("ikiA0001")
    await narrow.open(LIST)
    heights = [
        (await _box(narrow, selector))[3]
        for selector in (
            ".dxgvGroupPanel_XafTheme", "[id$=_DXHeadersRow0]", "[id$=_DXFilterRow]",
            "tr[id$=_DXDataRow0]", "tr[id$=_DXDataRow0] [id*=DXSelBtn]",
        )
    ]  # fmt: skip
    assert heights == [47, 37, 35, 45, 20]
    await narrow.page.click("tr[id$=_DXDataRow0] [id*=DXSelBtn]")
    await narrow.quiet()
    await narrow.page.mouse.move(5, 500)
    blue = await _style(narrow, "tr[id$=_DXDataRow0] > td", "backgroundColor")
    assert blue == "rgb(224, 245, 255)"


async def test_the_order_form_is_as_pictured(narrow: Site) -> None:
    """Tabs, cards and the groups' columns; 25 high what is locked, 28 what has a button."""
    await narrow.log_in("ikiA0001")
    await narrow.new_order()
    groups = await narrow.page.locator(".formCard .formGroup").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().x)"
    )
    assert _near([round(x) for x in groups[:6]], [381, 590, 774, 868, 962, 1056])
    assert _near(await _box(narrow, ".formCard"), [350, 183, 890, 428])
    assert _near(await _box(narrow, ".linesCard"), [350, 671, 890, 168])
    assert (await _box(narrow, "table[id$=dviID_Edit]"))[3] == 25
    assert (await _box(narrow, "table[id$=dviCUSTTABLE_Edit]"))[3] == 28
    assert (await _box(narrow, "table[id$=dviDLVADDRESS_Edit]"))[3] == 53
    assert _near(await _box(narrow, "#Vertical_mainMenu_Menu_DXI1_"), [757, 88, 103, 38])
    assert "Serif" in await _style(narrow, "[id$=dviID_Edit_I]", "fontFamily")


@WINDOWS
async def test_a_click_lands_where_it_aims(
    sim: Simulator, browser: Browser, width: int, height: int
) -> None:
    """In no window does anything cover a control's centre: list, form, line being entered."""
    async with Site.visiting(browser, sim.base_url) as site:
        await site.page.set_viewport_size({"width": width, "height": height})
        await site.log_in("ikiA0001")
        await site.open(LIST)
        assert await site.page.evaluate(COVERED) == []
        await site.new_order()
        await site.choose_customer("1002006")
        assert await site.page.evaluate(COVERED) == []
        await site.command("AddNew")
        assert await site.page.evaluate(COVERED) == []
