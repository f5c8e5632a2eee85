"""Faults of the form and the browser: callbacks without end, windows in the way, lost lines."""

import pytest

from tests.erp_simulator.running import Simulator
from tests.simulator.site import ARTICLE, DETAIL, LINES, LIST, Site, kinds

POPUP = "#Vertical_PopupWindow_PW-1"


async def _open_line(site: Site) -> str:
    number = await site.order()
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    return number


async def test_f6_an_answer_that_never_comes(sim: Simulator, site: Site) -> None:
    """F6: the line is stored, the grid stays in its callback; the page opens again elsewhere."""
    number = await _open_line(site)
    await sim.fault("F6", on="line", once=True)
    async with site.page.expect_request(lambda r: "UPDATEEDIT" in (r.post_data or "")):
        await site.page.locator(f"a[data-args*=UpdateEdit][id*={LINES}]").click()
    await site.page.goto(f"{site.base_url}{DETAIL}{number}/?mode=Edit")
    assert len(await sim.effects("line_added")) == 1
    assert [write["status"] for write in await sim.requests("write:line")] == [0]
    assert await site.page.locator(f"tr[id*={LINES}][id*=DXDataRow]").count() == 1


async def test_f6_editing_without_end(sim: Simulator, site: Site) -> None:
    """F6 `how=editing`: answered, but `IsEditing()` stays true until the page is loaded again."""
    number = await _open_line(site)
    await sim.fault("F6", on="line", once=True, how="editing")
    await site.command("UpdateEdit")
    assert await site.grid(LINES, "InCallback()") is False
    assert await site.grid(LINES, "IsEditing()") is True
    await site.open(f"{DETAIL}{number}/?mode=Edit")
    assert await site.grid(LINES, "IsEditing()") is False


async def test_f6_a_script_that_blocks(sim: Simulator, site: Site) -> None:
    """F6 `how=script`: the page's thread stands still for so many seconds."""
    await _open_line(site)
    await sim.fault("F6", on="line", once=True, how="script", seconds=0.5)
    started = await site.page.evaluate("performance.now()")
    await site.command("UpdateEdit")
    assert await site.page.evaluate("performance.now()") - started >= 500
    assert len(await sim.effects("line_added")) == 1


async def test_f7_a_window_over_the_target(sim: Simulator, site: Site) -> None:
    """F7: a window covers what is clicked next, until `Hide()` or its cross closes it."""
    await sim.fault("F7", on="article", once=True, text="<b>attenzione</b>")
    await _open_line(site)
    assert await site.page.locator(f"{POPUP} .dxpc-content").text_content() == "<b>attenzione</b>"
    under = await site.line_editor("QTYORDERED").evaluate(
        "(i) => { const b = i.getBoundingClientRect(); "
        "return document.elementFromPoint(b.x + 5, b.y + 5).closest('.infoPopup') !== null; }"
    )
    assert under is True
    await site.page.evaluate(
        "ASPxClientControl.GetControlCollection().GetControlsByType(ASPxClientPopupControl)"
        ".find((c) => c.name.includes('PopupWindow') && c.IsVisible()).Hide()"
    )
    await site.command("UpdateEdit")
    assert len(await sim.effects("line_added")) == 1


async def test_f7_with_the_page(sim: Simulator, site: Site) -> None:
    """F7 on a page: the window is there when the page is, in the user's language."""
    await sim.fault("F7", on="list", once=True)
    await site.open(LIST)
    assert "annunci" in (await site.page.locator(POPUP).text_content() or "")
    await site.page.click("#Vertical_PopupWindow_HCB-1")
    assert not await site.page.is_visible(POPUP)
    await site.open(LIST)
    assert await site.page.locator(POPUP).count() == 0


@pytest.mark.parametrize("persist_on", ["article", "save"])
async def test_f12_lines_lost_on_a_postback(sim: Simulator, site: Site, persist_on: str) -> None:
    """F12 on a save: it goes through, with no line left; what was readable before is removed."""
    await sim.config(persist_on=persist_on)
    number = await site.order()
    await site.add_line(ARTICLE)
    await sim.fault("F12", on="save", once=True)
    await site.save()
    assert (await sim.order(number))["lines"] == []
    readable = ["line_added", "line_removed"] if persist_on == "article" else []
    found = [kind for kind in await kinds(sim) if kind.startswith(("line", "order"))]
    assert found == ["order_created", *readable, "order_saved"]
