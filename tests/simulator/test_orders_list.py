"""The orders list, in Chromium."""

import pytest
from playwright.async_api import Browser

from tests.erp_simulator.running import Simulator
from tests.erp_simulator.switches import Switches
from tests.simulator.orders_list import COMBO, GRID, ROWS, choose_view, search, select
from tests.simulator.site import DETAIL, LIST, Site


async def test_columns_map_to_cells(site: Site) -> None:
    """A visible column's `visibleIndex` is the number of its cell; hidden ones are in the model."""
    await site.open(LIST)
    columns = await site.grid(GRID, "columns.map((c) => [c.fieldName, c.visible, c.visibleIndex])")
    assert isinstance(columns, list)
    at = {name: index for name, visible, index in columns if visible}
    assert len(at) - 1 == 23  # the two command columns share the empty name
    assert at["ID"] == 2
    assert at["PURCHORDERFORMNUM"] == 10
    assert ["TEXTINTERNAL", False, -1] in columns
    cells = site.page.locator(ROWS).first.locator("td")
    assert (await cells.nth(at["ID"]).text_content() or "").startswith("71.")
    assert await cells.nth(at["TRANSFERSTATUS"]).text_content() == "Modifica"
    key = await site.grid(GRID, "GetRowKey(0)")
    assert key == (await cells.nth(2).text_content() or "").replace(".", "")


async def test_the_first_filter_is_this_week_and_is_kept(
    sim: Simulator, browser: Browser, site: Site
) -> None:
    """The view filter begins at this week, and is the user's across sessions once changed."""
    await sim.config(initial_filter=Switches().initial_filter)
    await site.open(LIST)
    assert await site.page.evaluate(f"{COMBO}.GetText()") == "Ordini di questa settimana"
    week = await site.grid(GRID, "GetRowCount()")
    await choose_view(site, "OrdersAll")
    everything = await site.grid(GRID, "GetRowCount()")
    assert everything == 305
    assert isinstance(week, int)
    assert week < 305
    async with Site.visiting(browser, sim.base_url) as again:
        await again.log_in("ikiA0001")
        await again.open(LIST)
        assert await again.grid(GRID, "GetRowCount()") == 305
        assert await again.page.evaluate(f"{COMBO}.GetText()") == "Tutti gli ordini"


async def test_initial_filter(sim: Simulator, site: Site) -> None:
    """Switch `initial_filter`: what a user sees who never chose."""
    await sim.config(initial_filter="Quote")
    await site.open(LIST)  # the profile is made at the first look
    assert await site.page.evaluate(f"{COMBO}.GetValue()") == "xaf_xaf_a1ListViewSalesTableQuote"


async def test_the_filter_by_mouse(sim: Simulator, site: Site) -> None:
    """The combo opens and a real click on an item applies it; a click by script does nothing."""
    await sim.config(initial_filter="OrdersThisWeek")
    await site.open(LIST)
    await site.page.click("#Vertical_mainMenu_Menu_ITCNT8_xaf_a1_Cb_B-1")
    item = "#Vertical_mainMenu_Menu_ITCNT8_xaf_a1_Cb_DDD_L_LBI0T0"
    await site.page.eval_on_selector(item, "(cell) => cell.click()")
    assert await site.page.evaluate(f"{COMBO}.GetText()") == "Ordini di questa settimana"
    await site.page.click(item)
    await site.quiet()
    assert await site.page.evaluate(f"{COMBO}.GetText()") == "Tutti gli ordini"
    assert await site.grid(GRID, "GetRowCount()") == 305


async def test_numbers_are_searched_without_separators(site: Site) -> None:
    """The toolbar's search is a contains-search; `71.722` finds nothing."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    assert await search(site, "71.722") == 0
    assert await site.page.is_visible("tr[id$=_DXEmptyRow]")
    assert await search(site, "71722") == 1
    assert await search(site, "") == 20


async def test_paging_sorting_and_page_size(site: Site) -> None:
    """The pager, `GotoPage`, `SortBy` and the page-size box turn the server's pages."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    await site.click_below("[id$=_DXPagerBottom_PBN]")
    await site.quiet()
    assert await site.grid(GRID, "GetPageIndex()") == 1
    assert await site.grid(GRID, "GetTopVisibleIndex()") == 20
    await site.grid(GRID, "GotoPage(14)")
    await site.quiet()
    assert await site.grid(GRID, "GetPageIndex()") == 14
    await site.page.fill("[id$=_DXPagerBottom_PSI]", "200")
    await site.page.press("[id$=_DXPagerBottom_PSI]", "Enter")
    await site.quiet()
    assert await site.grid(GRID, "GetPageCount()") == 2
    await site.grid(GRID, "SortBy('ID', 'ASC', true, 0)")
    await site.quiet()
    keys = await site.grid(GRID, "keys")
    assert isinstance(keys, list)
    assert keys == sorted(keys, key=int)
    await site.open(LIST)
    assert await site.grid(GRID, "GetSettingsPageSize()") == 200


async def test_the_filter_row_applies_itself(site: Site) -> None:
    """A text in the filter row filters some time after the last key."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    column = await site.grid(GRID, "GetColumnByField('PURCHORDERFORMNUM').index")
    await site.page.fill(f"[id$=_DXFREditorcol{column}_I]", "urgente")
    await site.page.wait_for_function(
        f"() => document.querySelectorAll('{ROWS}').length > 0"
        f" && [...document.querySelectorAll('{ROWS}')].every((r) => r.innerText.includes('urgente'))"
    )


async def test_selection_is_in_the_state_field(site: Site) -> None:
    """A real click on the box marks the row in the posted state, and enables Delete and Edit."""
    await site.open(LIST)
    assert not await site.page.evaluate(
        "Vertical_mainMenu_Menu.GetItemByName('Delete').GetEnabled()"
    )
    assert await site.page.evaluate(
        "Vertical_mainMenu_Menu.GetItemByName('SendOrder').GetEnabled()"
    )
    await site.page.locator("[id*=DXSelBtn]").nth(1).click()
    assert await site.grid(GRID, "GetSelectedRowCount()") == 1
    assert await site.grid(GRID, "state.selection") == "FT"
    assert await site.page.evaluate("Vertical_mainMenu_Menu.GetItemByName('Delete').GetEnabled()")
    await site.page.locator("[id*=DXSelBtn]").nth(1).click()
    assert await site.grid(GRID, "state.selection") == "U"


async def test_a_click_by_script_selects_only_a_single_row(site: Site) -> None:
    """Among several rows only a real mouse selects; in a list of one any click does."""
    await site.open(LIST)
    await site.page.eval_on_selector("[id*=DXSelBtn]", "(box) => box.click()")
    assert await site.grid(GRID, "GetSelectedRowCount()") == 0
    await choose_view(site, "OrdersAll")
    await search(site, "71722")
    await site.page.eval_on_selector("[id*=DXSelBtn]", "(box) => box.click()")
    assert await site.grid(GRID, "GetSelectedRowCount()") == 1


async def test_rows_of_other_pages_stay_selected(site: Site) -> None:
    """The client knows the number of rows selected on other pages."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    await site.page.locator("[id*=DXSelBtn]").first.click()
    await site.grid(GRID, "GotoPage(1)")
    await site.quiet()
    assert await site.grid(GRID, "selectedWithoutPageRowCount") == 1
    assert await site.grid(GRID, "GetSelectedRowCount()") == 1


async def test_a_row_leads_to_its_order(site: Site) -> None:
    """A click on a row opens it for viewing, the pencil for editing."""
    await site.open(LIST)
    key = await site.grid(GRID, "GetRowKey(0)")
    await site.page.locator(ROWS).first.locator("td").nth(4).click()
    await site.page.wait_for_url(f"**{DETAIL}{key}/?mode=View")
    await site.open(LIST)
    await site.page.locator(f"{ROWS} a[data-args*=Edit]").first.click()
    await site.page.wait_for_url(f"**{DETAIL}{key}/?mode=Edit")


async def test_agents_see_their_own_orders_only(sim: Simulator, browser: Browser) -> None:
    """Another agent's order is not in the list, and its address leads to Error.aspx."""
    mine = {order["id"] for order in await sim.orders("ikiA0002")}
    async with Site.visiting(browser, sim.base_url) as site:
        await site.log_in("ikiA0002")
        await site.open(LIST)
        await choose_view(site, "OrdersAll")
        assert set(await site.grid(GRID, "keys")) == mine  # type: ignore[call-overload]
        other = (await sim.orders("ikiA0001"))[0]["id"]
        for number in (other, "99999999"):
            await site.open(f"{DETAIL}{number}/?mode=View")
            assert "/Error.aspx?e=" in site.page.url


@pytest.mark.parametrize(("width", "hidden"), [(1060, "SendOrder"), (1280, "SetFilter")])
async def test_what_does_not_fit_is_behind_the_dots(
    sim: Simulator, browser: Browser, width: int, hidden: str
) -> None:
    """A narrow window moves items into the list behind `…`; a wide one shows all."""
    async with Site.visiting(browser, sim.base_url, width=width) as site:
        await site.log_in("ikiA0001")
        await site.open(LIST)
        item = f"document.getElementById(`Vertical_mainMenu_Menu_DXI${{Vertical_mainMenu_Menu.GetItemByName('{hidden}').index}}_`)"
        assert await site.page.evaluate(f"{item}.offsetWidth") == 0
        await site.page.click("#Vertical_mainMenu_Menu_DXI9_T")
        assert await site.page.evaluate(f"{item}.offsetWidth") > 0
        await site.page.keyboard.press("Escape")
        assert await site.page.evaluate(f"{item}.offsetWidth") == 0


@pytest.mark.parametrize(
    ("path", "kind"), [("1", "order_deleted"), ("3", "order_created"), ("4", "order_sent")]
)
async def test_what_acts_on_the_selection(sim: Simulator, site: Site, path: str, kind: str) -> None:
    """Delete, clone and send ask first, then act on the selected order and no other."""
    await select(site, "71722")
    await site.page.click(f"#Vertical_mainMenu_Menu_DXI{path}_T")
    await site.quiet()
    assert len(site.dialogs) == 1
    effects = await sim.effects(kind)
    assert [effect["id"] for effect in effects] == ["71724" if kind == "order_created" else "71722"]
    assert [write["class"] for write in await sim.requests("write")] == [
        {"1": "write:delete", "3": "write:clone", "4": "write:send"}[path]
    ]


async def test_sending_without_a_selection_does_nothing(sim: Simulator, site: Site) -> None:
    """The button is enabled without a selection, and then only shows an error."""
    await site.open(LIST)
    await site.page.click("#Vertical_mainMenu_Menu_DXI4_T")
    await site.quiet()
    assert await site.page.is_visible("#Vertical_UPEI .ErrorLabel")
    assert await sim.effects() == []


async def test_a_sent_order_is_not_sent_or_deleted_again(sim: Simulator, site: Site) -> None:
    """What is no draft any more refuses both."""
    await select(site, "71722")
    await site.page.click("#Vertical_mainMenu_Menu_DXI4_T")
    await site.quiet()
    for path in ("4", "1"):
        await select(site, "71722")
        await site.page.click(f"#Vertical_mainMenu_Menu_DXI{path}_T")
        await site.quiet()
        assert await site.page.is_visible("#Vertical_UPEI .ErrorLabel")
    assert [effect["kind"] for effect in await sim.effects()] == ["order_sent"]


async def test_a_draft_is_deleted_on_its_page(sim: Simulator, site: Site) -> None:
    """*Cancellare* of the edit page asks, removes the order and leads to the list."""
    await site.open(f"{DETAIL}71722/?mode=Edit")
    await site.page.click("#Vertical_mainMenu_Menu_DXI2_T")
    await site.page.wait_for_url(f"**{LIST}")
    assert [effect["kind"] for effect in await sim.effects()] == ["order_deleted"]


async def test_a_full_postback_brings_the_whole_page(site: Site) -> None:
    """The same action as a postback: a document, not a payload, and the page works on."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    async with site.page.expect_navigation():
        await site.page.evaluate(
            "RaiseXafCallback(globalCallbackControl, 'Vertical$mainMenu', '5', '', true)"
        )
    assert await site.grid(GRID, "GetRowCount()") == 305
    assert await search(site, "71722") == 1
