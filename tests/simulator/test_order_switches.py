"""Switches of the orders list and of the lines that an order has: each on and off."""

import pytest

from tests.erp_simulator.running import Simulator
from tests.simulator.orders_list import GRID, MENU, ROWS, choose_view, search, select
from tests.simulator.site import DETAIL, LINES, LIST, Site, kinds

TOOLBAR = "[id$=dviSALESLINEs_ToolBar_Menu]"


async def test_selection_notifies(sim: Simulator, site: Site) -> None:
    """Switch `selection_notifies`: a tick is a callback of its own, and the server knows at once."""
    for notifies in (False, True):
        await sim.config(selection_notifies=notifies)
        await site.open(LIST)
        bodies = site.bodies()
        await site.page.locator("[id*=DXSelBtn]").nth(1 if notifies else 0).click()
        await site.quiet()
        parameters = [dict(body)["__CALLBACKPARAM"] for body in bodies]
        assert [p.endswith("GB|11;9|SELECTION;") for p in parameters] == [True] * notifies
    await site.open(LIST)
    assert await site.grid(GRID, "GetSelectedRowCount()") == 1  # of the second visit alone


async def test_api_selection_is_local(sim: Simulator, site: Site) -> None:
    """Switch `api_selection_is_local`: what a script selects is shown, but never sent."""
    for local in (True, False):
        await sim.config(api_selection_is_local=local)
        await site.open(LIST)
        await site.grid(GRID, "SelectRowOnPage(2)")
        assert await site.grid(GRID, "GetSelectedRowCount()") == 1
        assert await site.page.locator("tr.dxgvSelectedRow_XafTheme").count() == 1
        await site.page.click(f"{MENU}5_T")
        await site.quiet()
        assert await site.grid(GRID, "GetSelectedRowCount()") == (0 if local else 1)


async def test_list_stale_keys(sim: Simulator, site: Site) -> None:
    """Switch `list_stale_keys`: the posted keys name other rows; the server sends the right one."""
    await sim.config(list_stale_keys=True)
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    assert await search(site, "7172") > 1
    row = site.page.locator(ROWS, has_text="7.172")
    await row.locator("[id*=DXSelBtn]").click()
    assert await site.grid(GRID, "GetSelectedKeysOnPage()") == ["7172"]
    at = await site.grid(GRID, "state.selection.indexOf('T')")
    assert await site.grid(GRID, f"state.keys[{at}]") != "7172"
    await site.page.click(f"{MENU}4_T")
    await site.quiet()
    assert [effect["id"] for effect in await sim.effects("order_sent")] == ["7172"]
    await sim.config(list_stale_keys=False)
    await select(site, "71722")
    assert await site.grid(GRID, "state.keys") == ["71722"]


async def test_select_all_and_none(site: Site) -> None:
    """The box of the header selects every row of every page, and takes all back."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    for wanted in (305, 0):
        await site.page.click("[id$=_DXSelAllBtn0]")
        await site.quiet()
        assert await site.grid(GRID, "GetSelectedRowCount()") == wanted
    await site.grid(GRID, "SelectRowsByKey(['71723', '7172'])")
    await site.quiet()
    assert await site.grid(GRID, "GetSelectedKeysOnPage()") == ["71723"]
    assert await site.grid(GRID, "selectedWithoutPageRowCount") == 1


@pytest.mark.parametrize("by", ["toolbar", "row"])
async def test_line_delete(sim: Simulator, site: Site, by: str) -> None:
    """Switch `line_delete`: by the lines' toolbar with the selected row, or by the row's button."""
    await sim.config(line_delete=by)
    await site.open(f"{DETAIL}71717/?mode=Edit")
    bodies = site.bodies()
    before = len((await sim.order("71717"))["lines"])
    rows = site.page.locator(f"tr[id*={LINES}][id*=DXDataRow]")
    await rows.nth(1).locator("[id*=DXSelBtn]").click()
    if by == "row":
        assert await site.page.locator(f"{TOOLBAR} .dxm-disabled[title=Cancellare]").count() > 0
        await rows.nth(1).locator("a[data-args*=Delete]").click()
    else:
        assert await site.page.locator("a[data-args*=Delete]").count() == 0
        await site.page.click(f"{TOOLBAR} [id$=DXI0_T]")
    await site.quiet()
    assert len(site.dialogs) == 1
    assert [effect["line"] for effect in await sim.effects("line_removed")] == [2]
    assert len((await sim.order("71717"))["lines"]) == before - 1
    body = dict(bodies[-1])
    if by == "row":
        assert "9|DELETEROW" in body["__CALLBACKPARAM"]
    else:
        assert body["__CALLBACKID"] == "globalCallbackControl"
        assert body["__CALLBACKPARAM"].endswith("dviSALESLINEs$ToolBar:0:XafCallback")


async def test_confirm_unsaved(sim: Simulator, site: Site) -> None:
    """Switch `confirm_unsaved`: New and Refresh on a changed form ask first; a save ends that."""
    refresh = f"{MENU}5_T"
    for asks in (True, False):
        await sim.config(confirm_unsaved=asks)
        await site.open(f"{DETAIL}71723/?mode=Edit")
        await site.page.click(refresh)
        await site.quiet()
        site.dialogs.clear()
        site.accept_dialogs = False
        await site.editor("TEXTINTERNAL").fill("non salvato")
        await site.editor("TEXTINTERNAL").press("Tab")
        await site.page.click(refresh)
        await site.quiet()
        assert len(site.dialogs) == (1 if asks else 0)
        kept = await site.editor("TEXTINTERNAL").input_value()
        assert kept == ("non salvato" if asks else "")
    await sim.config(confirm_unsaved=True)
    await site.open(f"{DETAIL}71723/?mode=Edit")
    await site.editor("TEXTINTERNAL").fill("salvato")
    await site.save("1i0")
    await site.page.click(refresh)
    await site.quiet()
    assert site.dialogs == []
    assert await site.editor("TEXTINTERNAL").input_value() == "salvato"


async def test_notifies_window_close(sim: Simulator, site: Site) -> None:
    """Switch `notifies_window_close`: a page that is left says so, and nothing else happens."""
    for notifies in (False, True):
        await sim.config(notifies_window_close=notifies, second_page_breaks_first=False)
        await site.open(LIST)
        await site.open("/Announcements_ListView/")
        await site.open(LIST)  # the notice need not arrive before the page that follows it
        closed = await sim.requests("callback:close")
        assert any(entry["path"].endswith(LIST) for entry in closed) is notifies
    assert await kinds(sim) == []


async def test_export_is_a_download(sim: Simulator, site: Site) -> None:
    """*Esportare in* is a full postback answered by a file; the page stays and goes on."""
    await site.open(LIST)
    async with site.page.expect_download() as coming:
        await site.page.click(f"{MENU}7_T")
    assert (await coming.value).suggested_filename == "export.pdf"
    assert [entry["class"] for entry in await sim.requests("callback")] == ["callback:export"]
    await choose_view(site, "OrdersAll")
    assert await search(site, "71723") == 1
