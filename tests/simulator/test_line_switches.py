"""The switches of the line's editors and of the lookups, each on and off, in Chromium."""

import pytest

from tests.erp_simulator.running import Simulator
from tests.simulator.site import ACCOUNT, ARTICLE, DETAIL, LINES, LIST, Site

pytestmark = pytest.mark.matrix  # a table: each of the simulator's ways, by itself

ARTICLE_GRID = "INVENTTABLE_Edit_DDD_gv$"
WINDOW = "[id$=INVENTTABLE_Edit_DDD_PW-1]"
SLOWLY = "document.body.dataset.timeScale = 1"  # timers of the page, not the server
FAST = "document.body.dataset.timeScale = 0"
VALUE_IS = """([id, wanted]) => document.querySelector(`[id$=${id}]`).value === wanted"""


async def _open_line(site: Site) -> str:
    number = await site.order()
    await site.command("AddNew")
    return number


async def _becomes(site: Site, prop: str, wanted: str) -> None:
    await site.page.wait_for_function(VALUE_IS, arg=[f"_xaf_{prop}_Edit_I", wanted])


async def _focused(site: Site) -> str:
    return str(await site.page.evaluate("document.activeElement.id"))


@pytest.mark.parametrize("on", [True, False])
async def test_lookup_needs_real_mouse(sim: Simulator, site: Site, on: bool) -> None:  # noqa: FBT001
    """Switch `lookup_needs_real_mouse`: a row of the article lookup, clicked by script."""
    await sim.config(lookup_needs_real_mouse=on)
    await _open_line(site)
    rows = await site.type_article(ARTICLE)
    await rows.nth(1).evaluate("(row) => row.click()")
    assert await site.grid(ARTICLE_GRID, "state.focusedKey") == (None if on else "88002")


@pytest.mark.parametrize("on", [True, False])
async def test_combo_needs_real_mouse(sim: Simulator, site: Site, on: bool) -> None:  # noqa: FBT001
    """Switch `combo_needs_real_mouse`: an item of LINEDISC, clicked by script."""
    await sim.config(combo_needs_real_mouse=on)
    await site.order()
    combo = "[id$=_xaf_dviLINEDISC_Edit_dropdown_DD"
    await site.page.eval_on_selector(f"{combo}_DDD_L_LBI0T0]", "(item) => item.click()")
    await site.quiet()
    chosen = await site.page.locator(f"{combo}_I]").input_value()
    assert chosen == ("Discount to get street price" if on else "N/A")


@pytest.mark.parametrize("on", [True, False])
async def test_rows_need_real_mouse(sim: Simulator, site: Site, on: bool) -> None:  # noqa: FBT001
    """Switch `rows_need_real_mouse`: a row of the orders list, ticked by script."""
    await sim.config(rows_need_real_mouse=on)
    await site.open(LIST)
    await site.page.locator("[id*=LE_v6_DXSelBtn]").first.evaluate("(box) => box.click()")
    assert await site.grid("LE_v6$", "GetSelectedRowCount()") == (0 if on else 1)


@pytest.mark.parametrize("on", [True, False])
async def test_filter_needs_real_keys(sim: Simulator, site: Site, on: bool) -> None:  # noqa: FBT001
    """Switch `filter_needs_real_keys`: an article's code, pasted."""
    await sim.config(filter_needs_real_keys=on)
    await _open_line(site)
    await site.page.keyboard.insert_text(ARTICLE)
    if on:
        await site.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    else:
        await site.page.wait_for_selector(WINDOW)
    assert await site.page.is_visible(WINDOW) is not on


@pytest.mark.parametrize("on", [True, False])
async def test_stale_keys(sim: Simulator, site: Site, on: bool) -> None:  # noqa: FBT001
    """Switch `stale_keys`: the state's keys after a search; the focused key is right in any case."""
    await sim.config(stale_keys=on)
    await _open_line(site)
    rows = await site.type_article("TD1272.314.")
    first = ["88001", "88002", "88003", "88004", "88005"]
    assert await site.grid(ARTICLE_GRID, "state.keys") == (first if on else ["88003"])
    assert await site.grid(ARTICLE_GRID, "GetRowKey(0)") == "88003"
    await rows.first.click()
    assert await site.grid(ARTICLE_GRID, "state.focusedKey") == "88003"
    await site.page.keyboard.press("Tab")
    await site.quiet()
    assert await site.line_editor("INVENTTABLE").input_value() == "TD1272.314."


async def _packages(site: Site, code: str) -> list[str]:
    await site.open(f"{DETAIL}?NewObject=true")
    await site.choose_customer(ACCOUNT)
    await site.command("AddNew")
    rows = await site.type_article(code)
    cells = [await row.locator("td").all_text_contents() for row in await rows.all()]
    return [row[5] for row in cells if code in row[6]]


async def test_exact_search_hides_variants(sim: Simulator, site: Site) -> None:
    """Switch `exact_search_hides_variants`: only a broader search shows K2, or the article at all."""
    assert await _packages(site, "8959KR.314.018") == ["K3", "K2"]
    assert await _packages(site, "A100S.000") == ["K1"]
    await sim.config(exact_search_hides_variants=True)
    assert await _packages(site, "8959KR.314.018") == ["K3"]
    assert await _packages(site, "A100S.000") == []
    assert await _packages(site, "A100S") == ["K1"]
    assert await _packages(site, "959KR.314.018") == ["K3", "K2"]


async def test_a_namesake_may_stand_above(site: Site) -> None:
    """`379.104.014` lists `H379.104.014` first; two homonyms stand side by side, one unnumbered."""
    await _open_line(site)
    rows = await site.type_article("379.104.014")
    names = [(await row.locator("td").all_text_contents())[6] for row in await rows.all()]
    assert names == ["H379.104.014", "379.104.014", "379.104.014"]
    await site.new_order()
    found = await site.search_customer("Centro Csi")
    accounts = [(await row.locator("td").all_text_contents())[:2] for row in await found.all()]
    assert accounts == [["", "Centro Csi"], ["1002062", "Centro Csi"]]


@pytest.mark.parametrize("on", [False, True])
async def test_customer_callback_clears_description(sim: Simulator, site: Site, on: bool) -> None:  # noqa: FBT001
    """Switch `customer_callback_clears_description`: a text typed before the customer's choice."""
    await sim.config(customer_callback_clears_description=on)
    await site.order(note="#MARKER")
    assert await site.editor("PURCHORDERFORMNUM").input_value() == ("" if on else "#MARKER")


async def test_discount_transient_zero(sim: Simulator, site: Site) -> None:
    """Switch `discount_transient_zero`: 0 shows first, the value later; committed early, 0 counts."""
    await sim.config(discount_transient_zero=1)
    number = await _open_line(site)
    await site.choose_article(ARTICLE)
    await site.page.evaluate(SLOWLY)
    await site.set_line("MANUALDISCOUNT", "12,5")
    assert await site.line_editor("MANUALDISCOUNT").input_value() == "0,00 %"
    await _becomes(site, "MANUALDISCOUNT", "12,50 %")
    await site.page.evaluate(FAST)
    await site.command("UpdateEdit")
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    await site.page.evaluate(SLOWLY)
    await site.set_line("MANUALDISCOUNT", "12,5")
    await site.command("UpdateEdit")
    lines = (await sim.order(number))["lines"]
    assert [line["manualdiscount"] for line in lines] == ["12.5", "0"]
    await sim.config(discount_transient_zero=0.0)
    await site.open(f"{DETAIL}{number}/?mode=Edit")
    await site.command("StartEdit")
    await site.set_line("MANUALDISCOUNT", "15")
    assert await site.line_editor("MANUALDISCOUNT").input_value() == "15,00 %"


@pytest.mark.parametrize("on", [True, False])
async def test_quantity_reset(sim: Simulator, site: Site, on: bool) -> None:  # noqa: FBT001
    """Switch `quantity_reset`: the default arrives late once more, over the quantity entered."""
    await sim.config(quantity_reset=float(on))
    number = await _open_line(site)
    await site.page.evaluate(SLOWLY)
    await site.choose_article(ARTICLE)
    await site.set_line("QTYORDERED", "5")
    assert await site.line_editor("QTYORDERED").input_value() == "5,00 "
    if on:
        await _becomes(site, "QTYORDERED", "1,00 ")
    await site.command("UpdateEdit")
    assert (await sim.order(number))["lines"][0]["quantity"] == ("1" if on else "5")


@pytest.mark.parametrize("lost", [False, True])
async def test_focus_lost(sim: Simulator, site: Site, lost: bool) -> None:  # noqa: FBT001
    """Switch `focus_lost`: *New* leads into the article's editor, its post to the quantity's."""
    await sim.config(focus_lost=float(lost))
    await _open_line(site)
    assert (await _focused(site)).endswith("_xaf_INVENTTABLE_Edit_I") is not lost
    await site.choose_article(ARTICLE)
    assert (await _focused(site)).endswith("_xaf_QTYORDERED_Edit_I") is not lost


async def test_a_list_drops_down_where_there_is_room(site: Site) -> None:
    """At the window's bottom it stands above its editor, and moves there again once filtered."""
    await _open_line(site)
    await site.page.set_viewport_size({"width": 1720, "height": 900})
    editor = site.line_editor("INVENTTABLE")
    await editor.evaluate("(i) => scrollTo(0, i.getBoundingClientRect().bottom - innerHeight + 60)")
    await site.type_article(ARTICLE)
    window = await site.page.locator(WINDOW).bounding_box()
    table = await site.page.locator(f"table[id*={LINES}][id$=INVENTTABLE_Edit]").bounding_box()
    assert window is not None
    assert table is not None
    assert abs(window["y"] + window["height"] - table["y"]) <= 1
    assert window["width"] == 328
    headers = site.page.locator(f"{WINDOW} td[class*=dxgvHeader_]")
    widths = await headers.evaluate_all("(cells) => cells.map((cell) => cell.offsetWidth)")
    assert max(widths) - min(widths) <= 1  # all columns are equal, their headers clipped
