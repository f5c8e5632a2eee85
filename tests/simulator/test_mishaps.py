"""Faults that change what is stored, shown or selected around a request."""

import re

import pytest
from playwright.async_api import Browser

from tests.erp_simulator.running import Simulator
from tests.simulator.orders_list import GRID, MENU, ROWS, SEARCH, choose_view, search, select, send
from tests.simulator.site import ARTICLE, DETAIL, LINES, LIST, Site, kinds

pytestmark = pytest.mark.matrix  # a table: each of the simulator's ways, by itself

AGENT = "ikiA0001"
REFUSED = "#Vertical_UPEI .ErrorLabel"
CUSTOMER = "/CUSTTABLE_DetailView/"


async def _delete(site: Site, number: str) -> None:
    await select(site, number)
    await site.page.click(f"{MENU}1_T")
    await site.quiet()


async def test_f4_looks_like_success(sim: Simulator, site: Site) -> None:
    """F4: the row goes from the open page, the ledger and a fresh list know better."""
    await sim.fault("F4", on="delete", once=True)
    await _delete(site, "71723")
    assert await site.page.locator(ROWS).count() == 0
    assert await site.page.locator(REFUSED).count() == 0
    assert await sim.effects() == []
    await site.open(LIST)
    assert await search(site, "71723") == 1
    await sim.fault("F4", on="save", once=True)
    await site.open(f"{DETAIL}71723/?mode=Edit")
    await site.editor("TEXTINTERNAL").fill("perduto")
    await site.save()
    assert site.page.url.endswith(LIST)
    assert (await sim.order("71723"))["textinternal"] == ""


async def test_f8_serves_the_state_of_before(sim: Simulator, site: Site) -> None:
    """F8: list and view page show a deleted order for a while; then it is gone."""
    await sim.fault("F8", on="delete", once=True, seconds=3)
    await _delete(site, "71723")
    assert await site.page.locator(ROWS).count() == 1
    assert await kinds(sim) == ["order_deleted"]
    await site.open(f"{DETAIL}71723/?mode=View")
    assert "Modifica" in await site.shown("TRANSFERSTATUS")
    while "/Error.aspx" not in site.page.url or "mode" in site.page.url:
        await site.open(f"{DETAIL}71723/?mode=View")


@pytest.mark.parametrize("how", ["last", "first"])
async def test_f9_finds_others_too(sim: Simulator, site: Site, how: str) -> None:
    """F9: the search shows orders that were not asked for, below or above; the next one does not."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    await sim.fault("F9", on="list", once=True, how=how, rows=2)
    assert await search(site, "71723") == 3
    keys = await site.grid(GRID, "keys")
    assert isinstance(keys, list)
    assert keys.index("71723") == (2 if how == "first" else 0)
    assert await search(site, "71722") == 1


async def test_f10_after_an_update(sim: Simulator, site: Site) -> None:
    """F10: English states, other numbers in the ids; the page works under them all the same."""
    await sim.fault("F10", on="page")
    await site.open(LIST)
    html = await site.page.content()
    assert "Vertical_mainMenu_Menu_ITCNT8_xaf_a2_Cb" in html
    assert "xaf_a1" not in html
    await site.page.evaluate(
        "() => { const box = window.Vertical_mainMenu_Menu_ITCNT8_xaf_a2_Cb;"
        " box.SetValue('xaf_xaf_a2ListViewSalesTableOrdersEntered'); box.RaiseValueChanged(); }"
    )
    await site.quiet()
    statuses = await site.page.locator(f"{ROWS} td:nth-child(17)").all_text_contents()
    assert set(statuses) == {"Edit"}
    number = await site.order()
    assert await site.page.locator("[id*=_xaf_l537_pg]").count() > 0
    await site.add_line(ARTICLE)
    await site.save()
    assert len((await sim.order(number))["lines"]) == 1


async def test_f11_homonyms(sim: Simulator, site: Site) -> None:
    """F11: while one searches, a namesake without account and a twin article come into being."""
    before = {customer["id"]: customer["name"] for customer in await sim.customers()}
    await sim.fault("F11", on="lookup", once=True, customer="1002006")
    await site.new_order()
    name = next(c["name"] for c in await sim.customers() if c["account"] == "1002006")
    rows = await site.search_customer(name)
    assert await rows.count() == 2
    added = [c for c in await sim.customers() if c["id"] not in before]
    assert [(c["name"], c["account"]) for c in added] == [(name, "")]
    await sim.fault("F11", on="lookup", once=True, article=ARTICLE)
    await rows.last.click()
    await site.quiet()
    await site.command("AddNew")
    assert await (await site.type_article(ARTICLE)).count() == 4  # a twin and a variant more


async def test_f13_reset_and_slow(sim: Simulator, site: Site) -> None:
    """F13: besides a status, a connection that breaks unprocessed, or a link five times as slow."""
    await select(site, "71723")
    await sim.fault("F13", on="send", how="reset")  # every time: the browser sends again by itself
    async with site.page.expect_event("requestfailed"):
        await site.page.click(f"{MENU}4_T")
    assert await sim.effects() == []
    await sim.clear_faults()
    await sim.config(scale=0.1)
    await sim.fault("F13", on="send", once=True, how="slow", factor=4)
    await select(site, "71723")
    await send(site)
    sent = (await sim.requests("write:send"))[-1]
    assert sent["duration_ms"] >= 1000
    assert await kinds(sim) == ["order_sent"]


async def test_f14_the_error_page(sim: Simulator, site: Site) -> None:
    """F14: one customer's edit page is an error; a post ends there before or after it was done."""
    await sim.fault("F14", on="customer_edit:55202")
    for number, broken in (("55202", True), ("55203", False)):
        await site.open(f"{CUSTOMER}{number}/?mode=Edit")
        assert ("/Error.aspx" in site.page.url) is broken
    for processed in (False, True):
        await select(site, "71723")
        await sim.fault("F14", on="send", once=True, processed=processed)
        await site.page.click(f"{MENU}4_T")
        await site.page.wait_for_url("**/Error.aspx?e=*")
        assert len(await sim.effects("order_sent")) == (1 if processed else 0)


@pytest.mark.parametrize(("when", "sent"), [("before", 0), ("after", 1)])
async def test_f15_restarts(sim: Simulator, site: Site, when: str, sent: int) -> None:
    """F15: the ERP restarts before or after the send; either way the session is lost."""
    await select(site, "71723")
    await sim.fault("F15", on="send", once=True, when=when)
    await site.page.click(f"{MENU}4_T")
    await site.quiet()
    await site.open(LIST)
    assert "/Login.aspx" in site.page.url
    assert len(await sim.effects("order_sent")) == sent


async def test_f16_somebody_else_meanwhile(sim: Simulator, site: Site) -> None:
    """F16: between the look and the click another client edits, deletes, changes the view."""
    await site.open(f"{DETAIL}71723/?mode=Edit")
    await site.editor("TEXTINTERNAL").fill("nuovo")
    await sim.fault("F16", on="save", once=True, do="edit", order="71723", quantity="20")
    await site.save()
    assert "changed by another user" in (await site.page.text_content(REFUSED) or "")
    assert (await sim.order("71723"))["textinternal"] == ""
    await sim.fault("F16", on="save", once=True, do="delete", order="71723")
    await site.save()
    await site.page.wait_for_url("**/Error.aspx?e=*")
    assert (await kinds(sim))[-1] == "order_deleted"
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    await sim.fault("F16", on="list", nth=2, do="filter", view_filter="OrdersTransferred")
    assert await search(site, "7172") > 1
    assert await search(site, "7172") == 0
    combo = site.page.locator("[id$=xaf_a1_Cb_I]")
    assert await combo.input_value() == "Ordini trasferiti"
    await sim.fault("F16", on="list", once=True, do="send", order="99")
    await search(site, "")
    assert "has no order 99" in (await sim.requests("callback:list"))[-1]["error"]


async def test_concurrency(sim: Simulator, site: Site) -> None:
    """Switch `concurrency`: whoever saves last may also win."""
    await sim.config(concurrency="last_wins")
    await site.open(f"{DETAIL}71723/?mode=Edit")
    await site.editor("TEXTINTERNAL").fill("ultimo")
    await sim.human(AGENT, "edit", order="71723", quantity="20")
    await site.save()
    assert (await sim.order("71723"))["textinternal"] == "ultimo"


async def test_f17_approved_while_reading(sim: Simulator, site: Site) -> None:
    """F17: the order has its number from Verona when the list is read."""
    await sim.human(AGENT, "send", order="71723")
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    await sim.fault("F17", on="list", once=True, order="71723")
    assert await search(site, "71723") == 1
    cells = await site.page.locator(f"{ROWS} td").all_text_contents()
    assert "ORD/26071723" in cells
    assert "Trasferito" in cells
    # Its page is read-only, and has nothing to delete it with.
    await sim.verona("71723", "invoice")
    await site.open(f"{DETAIL}71723/?mode=Edit")
    slips = site.page.locator("tr[id*=CUSTPACKINGSLIPJOURs][id*=DXDataRow]")
    assert "PS/26071723" in (await slips.text_content() or "")
    assert await site.page.locator(f"a[data-args][id*={LINES}]").count() == 0
    assert await site.page.evaluate("Vertical_mainMenu_Menu.GetItemByName('Delete')") is None
    assert await site.editor("PURCHORDERFORMNUM").get_attribute("readonly") is not None


@pytest.mark.parametrize(("how", "left"), [("cleared", ""), ("truncated", "#MARK")])
async def test_f18_the_marker_suffers(sim: Simulator, site: Site, how: str, left: str) -> None:
    """F18: the save goes through, and the text that it carried is gone or cut."""
    number = await site.order(note="#MARKER-123")
    await site.add_line(ARTICLE)
    await sim.fault("F18", on="save", once=True, how=how, length=5)
    await site.save()
    assert (await sim.order(number))["purchorderformnum"] == left
    assert (await kinds(sim))[-2:] == ["order_saved", "text_cut"]


async def test_a_second_browser_sees_the_same_view(
    sim: Simulator, browser: Browser, site: Site
) -> None:
    """Sorting, page size and columns are the user's, in every browser."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    await site.grid(GRID, "SortBy('ID', 'ASC', true, 0)")
    await site.quiet()
    async with Site.visiting(browser, sim.base_url) as other:
        await other.log_in(AGENT)
        await other.open(LIST)
        assert await other.grid(GRID, "GetRowKey(0)") == "7172"
        assert await other.page.input_value(SEARCH) == ""
    assert re.fullmatch(r"Vertical_v6_\d+_LE_v6", str(await site.grid(GRID, "name")))
