"""A person's gestures on the customers' pages."""

from playwright.async_api import FrameLocator, Locator

from tests.simulator.site import Site

LIST = "/CUSTTABLE_ListView_Agent/"
DETAIL = "/CUSTTABLE_DetailView/"
VAT = "12345678901"
REGISTRY = "REGISTRO IMPRESE 8901 S.R.L."
SEARCH = "[id*=SearchAC][id$=Ed_I]"
ROWS = "tr[id*=LE_v12_DXDataRow]"
ERRORS = "#Vertical_ErrorInfo .ErrorLabel"
REQUIRED = {
    "NAME": "Studio Inventato", "STREET": "Via Prova 1", "FISCALCODE": VAT,
    "LEGALEMAIL": "pec@studio.example", "LEGALAUTHORITY": "ABC1234",
}  # fmt: skip
FINDER = "#FindDialog_SAC_Menu_ITCNT0_xaf_a0_Ed"
SETTLED = "() => ![...document.scripts].some((one) => one.textContent.includes('postLate('))"
SCRIPTED = """([prop, text]) => {
  document.querySelector(`[id$=_xaf_dvi${prop}_Edit_I]`).value = text;
}"""


async def new_customer(site: Site) -> None:
    """Open the form by the list's button."""
    await site.open(LIST)
    await site.page.click("#Vertical_mainMenu_Menu_DXI0_T")
    await site.page.wait_for_url("**/CUSTTABLE_DetailView/?NewObject=true")


async def enter(site: Site, prop: str, text: str) -> None:
    """Type into an editor and leave it by keyboard."""
    await site.editor(prop).fill(text)
    await site.page.keyboard.press("Tab")
    await site.quiet()


async def enter_vat(site: Site, vat: str = VAT) -> None:
    """Type the VAT number and wait until no answer of the check is still to come."""
    await enter(site, "VATNUM", vat)
    await site.page.wait_for_function(SETTLED)
    await site.quiet()


async def put(site: Site, prop: str, text: str) -> None:
    """Put a value into an editor without any event."""
    await site.page.evaluate(SCRIPTED, [prop, text])


async def open_finder(site: Site, editor: str) -> FrameLocator:
    """Open the find window of the editor whose id ends so."""
    await site.click_below(f"[id$={editor}_Edit_find_Edit_B0]")
    window = site.page.frame_locator("iframe[src*='FindPopup=true']")
    await window.locator(f"{FINDER}_I").wait_for()
    return window


async def search_in(site: Site, window: FrameLocator, text: str, *, typed: bool = True) -> Locator:
    """Search in a find window; returns the rows."""
    await window.locator(f"{FINDER}_I").click()
    await (site.page.keyboard.type(text) if typed else site.page.keyboard.insert_text(text))
    async with site.page.expect_response(lambda answer: answer.request.method == "POST"):
        await window.locator(f"{FINDER}_B1").click()
    await window.locator("#Vertical_LPV").wait_for(state="hidden")
    return window.locator("tr[id*=_DXDataRow]")


async def find(site: Site, editor: str, text: str, row: int = 0) -> None:
    """Choose an object for a reference."""
    window = await open_finder(site, editor)
    rows = await search_in(site, window, text)
    await rows.nth(row).click()
    await window.locator("#FindDialog_PopupActions_Menu_DXI0_T").click()
    await site.page.wait_for_selector("iframe", state="detached")
    await site.quiet()


async def choose(site: Site, prop: str, text: str) -> None:
    """Choose an item of a reference's combo box with the mouse."""
    await site.page.click(f"[id$=_xaf_dvi{prop}_Edit_dropdown_DD_B-1]")
    items = site.page.locator(f"[id*=_xaf_dvi{prop}_Edit_dropdown_DD_DDD_L_LBI]")
    await items.get_by_text(text, exact=True).click()
    await site.quiet()


async def fill_required(site: Site, vat: str = VAT, zip_code: str = "00010") -> None:
    """Everything without which a new customer cannot be saved."""
    await enter_vat(site, vat)
    await find(site, "dviLOGISTICSADDRESSZIPCODE", zip_code)
    for prop, text in REQUIRED.items():
        await put(site, prop, text)


async def errors(site: Site) -> list[str]:
    """The words in the error panel."""
    return [text.strip() for text in await site.page.locator(ERRORS).all_text_contents()]


async def search(site: Site, text: str) -> list[list[str]]:
    """Search in the customers list; returns the rows' cells from the ID on."""
    await site.page.fill(SEARCH, text)
    await site.page.press(SEARCH, "Enter")
    await site.quiet()
    rows = await site.page.locator(ROWS).all()
    return [(await row.locator("td").all_text_contents())[2:] for row in rows]
