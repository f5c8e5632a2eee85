"""The list of customers, in Chromium."""

from playwright.async_api import Browser

from tests.erp_simulator.running import Simulator
from tests.simulator.customers import DETAIL, LIST, ROWS, search
from tests.simulator.site import Site

GRID = r"^Vertical_v12_\d+_LE_v12$"
COMBO = "window.Vertical_mainMenu_Menu_ITCNT7_xaf_a1_Cb"
COUNT = "GetRowCount()"
OWNED, CORRUPT = "55251", "55214"


async def _filter(site: Site, name: str) -> object:
    call = f"(value) => {{ {COMBO}.SetValue(value); {COMBO}.RaiseValueChanged(); }}"
    await site.page.evaluate(call, f"xaf_xaf_a1{name}")
    await site.quiet()
    return await site.grid(GRID, COUNT)


async def test_the_list_is_as_dumped(site: Site) -> None:
    """Twenty-six columns, the toolbar's items in order; search by digits, by VAT number, by name."""
    await site.open(LIST)
    fields = await site.grid(GRID, "columns.filter((c) => c.visible).map((c) => c.fieldName)")
    assert isinstance(fields, list)
    assert (len(fields) - 2, fields[2:6]) == (26, ["ID", "ACCOUNTNUM", "NAME", "VATNUM"])
    assert "LOGISTICSADDRESSZIPCODE.ZIPCODE" in fields
    assert await site.page.evaluate("Vertical_mainMenu_Menu.items.map((i) => i.name)") == [
        "New", "Edit", "Refresh", "ResetViewSettings", "ChangeVariant", "SendMessage", "Export",
        "SetFilter", "adaptive",
    ]  # fmt: skip
    assert [row[0] for row in await search(site, "55201")] == ["55.201"]
    assert await search(site, "55.201") == []
    assert [row[3] for row in await search(site, "90000000006")] == ["90000000006"]
    assert len(await search(site, "Csi")) == 5


async def test_who_sees_which_customers(sim: Simulator, browser: Browser, site: Site) -> None:
    """Everybody's and the agent's own; the filter stays with the user, its first is a switch."""
    await site.open(LIST)
    assert await site.grid(GRID, COUNT) == 64
    assert await search(site, OWNED) == []
    await site.open(f"{DETAIL}{OWNED}/?mode=View")
    assert "/Error.aspx" in site.page.url
    await sim.config(initial_customer_filter="Free_customers")
    async with Site.visiting(browser, sim.base_url) as owner:
        await owner.log_in("ikiA0002")
        await owner.open(LIST)
        assert await owner.grid(GRID, COUNT) == 64
        assert await _filter(owner, "All_Customers") == 65
        assert await _filter(owner, "Exclusiv_customers") == 1
        await owner.open(LIST)
        assert await owner.page.evaluate(f"{COMBO}.GetText()") == "Clienti esclusivi"
        await owner.new_order()
        assert await (await owner.search_customer("1002050")).count() == 1
    await site.new_order()
    assert await (await site.search_customer("1002050")).count() == 0


async def test_rows_lead_to_the_customer(sim: Simulator, site: Site) -> None:
    """A click shows it, the pencil and *Modifica* edit it, but a corrupt one only ever fails."""
    await sim.config(customers_columns="NAME ID VATNUM")
    await site.open(LIST)
    assert await site.page.locator("td[id*=LE_v12_col]").count() == 5  # with the commands' two
    await sim.config(customers_columns="")
    await site.open(LIST)
    await search(site, "55201")
    await site.page.locator(f"{ROWS} td").nth(3).click()
    await site.page.wait_for_url("**/CUSTTABLE_DetailView/55201/?mode=View")
    assert await site.shown("NAME") == "Studio Dentistico Alfa"
    assert await site.shown("PAYMTERMID") == "206"
    assert await site.shown("VATVALIDE") == "Sì"
    await site.page.click("#Vertical_mainMenu_Menu_DXI1_T")
    await site.page.wait_for_url("**/55201/?mode=Edit")
    await site.open(LIST)
    await search(site, CORRUPT)
    await site.page.locator("[id*=DXSelBtn]").first.click()
    await site.page.click("#Vertical_mainMenu_Menu_DXI1_T")
    await site.page.wait_for_url("**/Error.aspx**")
    await site.open(f"{DETAIL}{CORRUPT}/?mode=View")
    assert await site.shown("ID") == "55.214"
