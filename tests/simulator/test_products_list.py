"""The list of products, in Chromium."""

from playwright.async_api import Browser

from tests.erp_simulator.running import Simulator
from tests.simulator.site import ARTICLE, LIST, PRODUCTS, Site

GRID = r"^Vertical_v9_\d+_LE_v9$"
ROWS = "tr[id*=LE_v9_DXDataRow]"
SEARCH = "[id*=SearchAC][id$=Ed_I]"


async def _search(site: Site, text: str) -> list[list[str]]:
    await site.page.fill(SEARCH, text)
    await site.page.press(SEARCH, "Enter")
    await site.quiet()
    return [
        await row.locator("td").all_text_contents() for row in await site.page.locator(ROWS).all()
    ]


async def test_a_row_is_a_variant(site: Site) -> None:
    """Each package of an article has its row: dotted id, code, package, content, multiple."""
    await site.open(PRODUCTS)
    assert await site.grid(GRID, "columns.map((c) => c.fieldName)") == [
        "ID", "NAME", "DESCRIPTION", "PACKAGE", "PACKAGECONTENT",
        "LOWESTQTY", "MULTIPLEQTY", "HIGHESTQTY", "SEARCHNAME",
    ]  # fmt: skip
    assert await site.page.evaluate("Vertical_mainMenu_Menu.items.map((i) => i.name)") == [
        "Refresh", "ResetViewSettings", "Export", "adaptive",
    ]  # fmt: skip
    assert await _search(site, ARTICLE) == [
        ["88.001", ARTICLE, f"{ARTICLE} FRESA CT", "K3", "1", "1,00", "1,00", "1.000,00", ARTICLE],
        ["88.002", ARTICLE, f"{ARTICLE} FRESA CT", "K2", "5", "5,00", "5,00", "5.000,00", ARTICLE],
    ]


async def test_the_search_is_contains(site: Site) -> None:
    """`379.104.013` also lists `H379…`; case does not matter, and an id is found by its digits."""
    await site.open(PRODUCTS)
    names = {row[1] for row in await _search(site, "379.104.013")}
    assert names == {"379.104.013", "H379.104.013"}
    assert {row[1] for row in await _search(site, "h379.104.013")} == {"H379.104.013"}
    assert [row[0] for row in await _search(site, "88002")] == ["88.002"]
    assert await _search(site, "K3 x") == []


async def test_page_size_and_search_are_kept(sim: Simulator, browser: Browser, site: Site) -> None:
    """What a user left narrowing the list narrows it in the next session too; reset ends that."""
    await site.open(PRODUCTS)
    await site.page.fill("[id$=DXPagerBottom_PSI]", "50")
    await site.page.press("[id$=DXPagerBottom_PSI]", "Enter")
    await site.quiet()
    await _search(site, "379")
    async with Site.visiting(browser, sim.base_url) as again:
        await again.log_in("ikiA0001")
        await again.open(PRODUCTS)
        assert await again.page.input_value(SEARCH) == "379"
        assert await again.grid(GRID, "GetSettingsPageSize()") == 50
        await again.page.click("#Vertical_mainMenu_Menu_DXI1_T")
        await again.quiet()
        assert "Prodotti" in again.dialogs[0]
        assert await again.grid(GRID, "GetSettingsPageSize()") == 20
        assert await again.grid(GRID, "GetRowCount()") == len(await sim.articles())


async def test_columns_as_users_left_them(sim: Simulator, site: Site) -> None:
    """Switches `products_columns`, `orders_columns`: users hide columns and move them."""
    await site.open(PRODUCTS)
    assert await site.page.locator("td[id*=LE_v9_col]").count() == 9
    await sim.config(products_columns="NAME ID", orders_columns="SALESNAME ID")
    await site.open(PRODUCTS)
    assert (await _search(site, ARTICLE))[1] == [ARTICLE, "88.002"]
    await site.open(LIST)
    cells = site.page.locator("tr[id*=LE_v6_DXDataRow]").first.locator("td")
    assert await cells.count() == 4
    assert (await cells.nth(3).text_content() or "").startswith("71.")
