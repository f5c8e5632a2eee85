"""A person's gestures in the orders list."""

from tests.simulator.site import LIST, Site

GRID = r"^Vertical_v6_\d+_LE_v6$"
ROWS = "tr[id*=LE_v6_DXDataRow]"
COMBO = "window.Vertical_mainMenu_Menu_ITCNT8_xaf_a1_Cb"
SEARCH = "[id*=SearchAC][id$=Ed_I]"
MENU = "#Vertical_mainMenu_Menu_DXI"


async def choose_view(site: Site, name: str) -> None:
    """Choose a view filter."""
    await site.page.evaluate(
        f"(value) => {{ {COMBO}.SetValue(value); {COMBO}.RaiseValueChanged(); }}",
        f"xaf_xaf_a1ListViewSalesTable{name}",
    )
    await site.quiet()


async def search(site: Site, text: str) -> int:
    """Search; how many rows the page then has."""
    await site.page.fill(SEARCH, text)
    await site.page.press(SEARCH, "Enter")
    await site.quiet()
    return await site.page.locator(ROWS).count()


async def select(site: Site, number: str) -> None:
    """Select one order, found among all, unless it is selected already."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    assert await search(site, number) == 1
    if not await site.grid(GRID, "GetSelectedRowCount()"):  # a refused action leaves it selected
        await site.page.locator("[id*=DXSelBtn]").click()


async def send(site: Site) -> None:
    """Send what is selected."""
    await site.page.click(f"{MENU}4_T")
    await site.quiet()
