"""A customer's find windows and alternate addresses, in Chromium."""

import pytest

from tests.erp_simulator.running import Simulator
from tests.simulator.customers import (
    DETAIL,
    LIST,
    fill_required,
    find,
    new_customer,
    open_finder,
    put,
    search_in,
)
from tests.simulator.site import Site, kinds
from tests.simulator.test_looks import COVERED

ZIP = "dviLOGISTICSADDRESSZIPCODE"
ADDRESSES = "xaf_l1504_pg_T3T"
ROW_ZIP = "editnew_7_xaf_LOGISTICSADDRESSZIPCODE"
ERROR_ROW = "[id*=dviADDRESSes][id$=DXEditingErrorRow]"


async def _command(site: Site, word: str) -> None:
    await site.page.locator(f"a[data-args*={word}][id*=ADDRESSes]").first.click()
    await site.quiet()


async def _show_addresses(site: Site) -> None:
    tab = site.page.locator(f"[id$={ADDRESSES}]")
    if await tab.is_visible():  # a tab that is in front is no longer there to be clicked
        await tab.click()


async def _add_row(site: Site) -> None:
    await _show_addresses(site)
    await _command(site, "AddNew")


async def test_a_find_window(sim: Simulator, site: Site) -> None:
    """A page of its own: keys only, five columns, a row is needed, and *Annulla* changes nothing."""
    await new_customer(site)
    await put(site, "NAME", "Getippt")
    bodies = site.bodies()
    window = await open_finder(site, ZIP)
    asked = dict(bodies[0])
    assert asked["__CALLBACKID"] == "Vertical$PopupWindowCallback"
    assert asked["__CALLBACKPARAM"].startswith("c0:FindPopup:Vertical$v21_")
    assert asked["__CALLBACKPARAM"].endswith("_Edit$find")
    rows = await search_in(site, window, "00080")
    cities = [(await row.locator("td").all_text_contents())[1] for row in await rows.all()]
    assert cities == ["S.SEBASTIANO AL COLLE", "Pieve Finta", "Pieve Finta Superiore", "Fintdorf"]
    assert dict(bodies[-1])["__CALLBACKPARAM"] == "c0:FindDialog$SAC:0:XafCallback"
    ok, cancel = (window.locator(f"#FindDialog_PopupActions_Menu_DXI{n}_T") for n in (0, 1))
    async with site.page.expect_response("**/Default.aspx?FindPopup=true**"):
        await ok.click()  # no row is chosen yet
    assert await rows.count() == 4
    await rows.nth(3).click()
    async with site.page.expect_response("**/Default.aspx?FindPopup=true**"):
        await cancel.click()
    await site.page.wait_for_selector("iframe", state="detached")
    assert await site.editor("CITY").input_value() == ""
    await find(site, ZIP, "00080", row=3)
    assert await site.editor("COUNTRYREGIONID").input_value() == "AT"
    assert await site.editor("NAME").input_value() == "Getippt"
    words = [entry["class"] for entry in await sim.requests("callback:popup")]
    assert len(words) == 7  # two windows, two searches, twice OK, once cancel


async def test_pasted_text_is_not_searched_for(sim: Simulator, site: Site) -> None:
    """Switch `find_needs_real_keys`: a paste finds nothing, or the same as typing."""
    await new_customer(site)
    window = await open_finder(site, ZIP)
    rows = await search_in(site, window, "00080", typed=False)
    assert await rows.count() == 0
    assert await window.locator("[id$=_DXEmptyRow]").count() == 1
    await sim.config(find_needs_real_keys=False)
    await new_customer(site)
    window = await open_finder(site, ZIP)
    rows = await search_in(site, window, "00080", typed=False)
    assert await rows.count() == 4


@pytest.mark.parametrize("persists_on", ["row", "save"])
async def test_an_alternate_address(sim: Simulator, site: Site, persists_on: str) -> None:
    """Refused before the first save; then by row, its ZIP by a window, its kind without a post."""
    await sim.config(address_persists_on=persists_on)
    await new_customer(site)
    await _add_row(site)
    assert await site.page.locator(ERROR_ROW).text_content() == "Salvare prima il cliente."
    await fill_required(site)
    await site.save("1i0")
    await _add_row(site)
    await _command(site, "UpdateEdit")
    assert "Via" in (await site.page.locator(ERROR_ROW).text_content() or "")
    await site.line_editor("NAME").nth(0).fill("Magazzino")
    await site.line_editor("STREET").fill("Via Altra 2")
    await find(site, ROW_ZIP, "00080", row=1)
    assert await site.line_editor("CITY").input_value() == "Pieve Finta"
    assert await site.line_editor("STREET").input_value() == "Via Altra 2"
    name = await site.page.locator("table[id$=editnew_4_xaf_TYPE_Edit]").get_attribute("id")
    await site.page.evaluate("(name) => window[name].SetValue('Delivery')", name)
    await _command(site, "UpdateEdit")
    row = site.page.locator("tr[id*=dviADDRESSes][id*=_DXDataRow0]")
    cells = (await row.locator("td").all_text_contents())[3:]
    assert cells == ["Consegna", "Magazzino", "Via Altra 2", "00080", "Pieve Finta", "CP",
                     "Costa Prova", "IT"]  # fmt: skip
    early = ["customer_created", "address_added"]
    assert await kinds(sim) == (early if persists_on == "row" else early[:1])
    await site.save("1i1")
    assert await kinds(sim) == early
    await site.open(f"{DETAIL}57400/?mode=View")
    await _show_addresses(site)
    assert "Magazzino" in await row.locator("td").all_text_contents()
    address = (await sim.customer(57400))["addresses"][1]
    assert (address["kind"], address["zip_id"]) == ("Delivery", 4009)


async def test_a_click_lands_where_it_aims(site: Site) -> None:
    """In a small window nothing covers a control's centre: list, form, row, find window."""
    await site.page.set_viewport_size({"width": 1060, "height": 800})
    await site.open(LIST)
    assert await site.page.evaluate(COVERED) == []
    await site.open(f"{DETAIL}55201/?mode=Edit")
    assert await site.page.evaluate(COVERED) == []
    await _add_row(site)
    assert await site.page.evaluate(COVERED) == []
    window = await open_finder(site, ROW_ZIP)
    assert await window.locator("body").evaluate(COVERED) == []
