"""What the site takes for input and what it does not (real keys, real mouse), and who sends twice."""

import pytest

from tests.erp_simulator.running import Simulator
from tests.simulator.site import ACCOUNT, ARTICLE, LINES, LIST, Site

ARTICLE_ROWS = "tr[id*=INVENTTABLE_Edit_DDD_gv_DXDataRow]"
WINDOW = "[id$=INVENTTABLE_Edit_DDD_PW-1]"


async def _open_line(site: Site) -> None:
    await site.new_order()
    await site.choose_customer(ACCOUNT)
    await site.command("AddNew")


async def test_pasting_a_code_filters_nothing(site: Site) -> None:
    """Without a key event the list stays shut; one real key opens it, filtered."""
    await _open_line(site)
    await site.line_editor("INVENTTABLE").click()
    asked: list[str] = []
    site.page.on(
        "request", lambda r: asked.append(r.post_data or "") if r.method == "POST" else None
    )
    await site.page.keyboard.insert_text(ARTICLE[:-1])
    await site.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    assert asked == []
    assert not await site.page.is_visible(WINDOW)
    async with site.page.expect_event("requestfinished", lambda r: "GLP_F" in (r.post_data or "")):
        await site.page.keyboard.type(ARTICLE[-1])
    await site.quiet()
    assert await site.page.is_visible(WINDOW)
    assert await site.page.locator(ARTICLE_ROWS).count() == 2


async def test_key_events_made_by_script_are_not_real(site: Site) -> None:
    """A dispatched key event is no key event."""
    await _open_line(site)
    editor = site.line_editor("INVENTTABLE")
    await editor.click()
    await site.page.keyboard.insert_text(ARTICLE)
    await editor.evaluate(
        "(i) => i.dispatchEvent(new KeyboardEvent('keydown', {key: '3', bubbles: true}))"
    )
    await site.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    assert not await site.page.is_visible(WINDOW)


async def test_the_mouse_chooses_the_row(site: Site) -> None:
    """A real click takes that variant; the post waits for Tab; its multiple arrives by callback."""
    await _open_line(site)
    rows = await site.type_article(ARTICLE)
    await rows.nth(1).click()
    assert await site.line_editor("INVENTTABLE").input_value() == ARTICLE
    assert not await site.page.is_visible(WINDOW)
    assert await site.line_editor("QTYORDERED").input_value() == "0,00 "
    await site.page.keyboard.press("Tab")
    await site.quiet()
    assert await site.line_editor("QTYORDERED").input_value() == "5,00 "
    assert await site.line_editor("LINENUM").input_value() == "1,00"
    assert await site.line_editor("SALESPRICE").input_value() == "32,46 €"
    assert (await site.page.evaluate("document.activeElement.id")).endswith(
        "_xaf_QTYORDERED_Edit_I"
    )
    state = await site.grid("INVENTTABLE_Edit_DDD_gv$", "state.focusedKey")
    assert state == "88002"


async def test_a_click_by_script_only_highlights(site: Site) -> None:
    """A synthetic click marks the second row, and Tab then confirms the first one."""
    await _open_line(site)
    rows = await site.type_article(ARTICLE)
    await rows.nth(1).evaluate("(row) => row.click()")
    assert "dxgvFocusedRow" in (await rows.nth(1).get_attribute("class") or "")
    assert await site.grid("INVENTTABLE_Edit_DDD_gv$", "state.focusedKey") is None
    async with site.page.expect_event(
        "requestfinished", lambda r: "GLP_AIC" in (r.post_data or "")
    ):
        await site.page.keyboard.press("Tab")
    await site.page.wait_for_function(
        "() => document.querySelector('[id$=_xaf_QTYORDERED_Edit_I]').value === '1,00 '"
    )
    await site.quiet()
    assert await site.grid("INVENTTABLE_Edit_DDD_gv$", "state.focusedKey") == "88001"


async def test_customer_rows_take_both_clicks(site: Site) -> None:
    """In the customer lookup a synthetic click chooses as well."""
    await site.new_order()
    rows = await site.search_customer(ACCOUNT)
    await rows.first.evaluate("(row) => row.click()")
    await site.quiet()
    assert await site.editor("CUSTTABLE").input_value() == ACCOUNT
    assert await site.editor("ID").input_value() == "71.724"


async def test_the_search_box_of_a_lookup(site: Site) -> None:
    """Its null text is its value; a search shows contained text, marked, and the count of pages."""
    await site.new_order()
    box = site.page.locator("[id$=dviCUSTTABLE_Edit_DDD_gv_DXSE_I]")
    assert await box.input_value() == "Enter text to search..."
    rows = await site.search_customer("beta")
    assert await rows.count() == 5
    assert await rows.first.locator("em.dxgvHL").text_content() == "Beta"
    assert await site.grid("CUSTTABLE_Edit_DDD_gv$", "GetPageCount()") == 1


async def test_a_post_waits_for_the_mouse_button(site: Site) -> None:
    """Leaving a field by pressing the mouse elsewhere posts only when the button is up."""
    await _open_line(site)
    await site.choose_article(ARTICLE)
    posts: list[str] = []
    site.page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    await site.line_editor("QTYORDERED").click()
    await site.page.keyboard.press("Control+A")
    await site.page.keyboard.type("4")
    await site.page.mouse.move(5, 5)
    await site.page.mouse.down()
    await site.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    assert posts == []
    await site.page.mouse.up()
    await site.quiet()
    assert len(posts) == 1


async def test_an_invalid_number_keeps_the_row_here(sim: Simulator, site: Site) -> None:
    """`UpdateEdit` validates in the browser first: an invalid editor sends nothing."""
    await _open_line(site)
    await site.choose_article(ARTICLE)
    await site.line_editor("QTYORDERED").fill("abc")
    await site.page.keyboard.press("Tab")
    await sim.clear_requests()
    await site.command("UpdateEdit")
    assert await sim.requests("write") == []


async def test_the_loading_panel_and_the_busy_flag(sim: Simulator, site: Site) -> None:
    """While a callback runs, its panel is visible and `InCallback()` true; afterwards neither."""
    await site.open(LIST)
    await sim.config(scale=1)
    busy = await site.page.evaluate(
        """() => {
          const grid = ASPxClientControl.GetControlCollection().GetControlsByPredicate((c) => c.GotoPage)[0];
          const panel = document.getElementById(grid.name + "_LPV");
          const before = [grid.InCallback(), panel.offsetWidth > 0];
          grid.Refresh();
          return [...before, grid.InCallback(), panel.offsetWidth > 0];
        }"""
    )
    assert busy == [False, False, True, True]
    await site.quiet()


async def test_a_confirmation_is_asked_natively(site: Site) -> None:
    """An action with a confirmation text asks by `window.confirm`; dismissed, nothing is sent."""
    await site.open(LIST)
    posts: list[str] = []
    site.page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    site.accept_dialogs = False
    await site.page.click("#Vertical_mainMenu_Menu_DXI4_T")
    await site.page.click("#Vertical_mainMenu_Menu_DXI3_T")
    assert site.dialogs == [
        "Are you sure to send the order (s) ?", "Are you sure to clone the sales order ?",
    ]  # fmt: skip
    assert posts == []


async def test_every_control_is_a_global(site: Site) -> None:
    """`window[<client id>]`, both registries, and the page's own list agree."""
    await site.new_order()
    assert await site.page.evaluate(
        """() => {
          const all = ASPxClientControl.GetControlCollection();
          let count = 0;
          all.ForEachControl((c) => { count += window[c.name] === c && all.GetByName(c.GetName()) === c; });
          return count === all.GetControls().length && count > 30
            && ASPx.GetControlCollection() === all && typeof globalCallbackControl === "object";
        }"""
    )


@pytest.mark.parametrize("fault", ["F1", "F19"])
async def test_chromium_sends_again_by_itself(sim: Simulator, site: Site, fault: str) -> None:
    """A re-used connection that ends without a byte: Chromium repeats the POST, two lines stand."""
    await _open_line(site)
    await site.choose_article(ARTICLE)
    await sim.fault(fault, on="line", once=True)
    await site.page.locator(f"a[data-args*=UpdateEdit][id*={LINES}]").click()
    await site.quiet()
    assert len(await sim.effects("line_added")) == 2
    writes = await sim.requests("write:line")
    assert [write["status"] for write in writes] == [0, 200]
    assert writes[0]["closed_without_answer"]
    assert writes[0]["on_connection"] > 1


async def test_f3_shows_an_error_and_stores_nothing(sim: Simulator, site: Site) -> None:
    """F3 on a line: the row stays in the editor with an error row; on a save: the panel of errors."""
    await _open_line(site)
    await site.choose_article(ARTICLE)
    await sim.fault("F3", on="line", once=True)
    await site.command("UpdateEdit")
    assert await site.page.is_visible("[id$=_DXEditingErrorRow]")
    assert await sim.effects("line_added") == []
    await site.command("UpdateEdit")
    assert len(await sim.effects("line_added")) == 1
    await sim.fault("F3", on="save", once=True)
    await site.save()
    assert await site.page.is_visible("#Vertical_UPEI .ErrorLabel")
    assert await sim.effects("order_saved") == []
