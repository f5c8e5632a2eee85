"""What goes wrong on the customers' pages: faults aimed at their requests."""

from tests.erp_simulator.running import Simulator
from tests.simulator.customers import (
    DETAIL,
    LIST,
    enter,
    errors,
    fill_required,
    find,
    new_customer,
    open_finder,
    search,
)
from tests.simulator.site import Site, kinds


async def test_faults_of_a_save(sim: Simulator, site: Site) -> None:
    """F3 stores nothing; F4 looks as if; F8 hides the customer for a while; F18 cuts its notes."""
    await new_customer(site)
    await fill_required(site)
    await site.editor("CUSTINFO").fill("#marke# note")
    await sim.fault("F3", on="save", once=True)
    await site.save("1i0")
    assert len(await errors(site)) == 1
    await fill_required(site)  # what was typed is gone
    await sim.fault("F4", on="save", once=True)
    await site.save("1i0")
    assert await site.editor("ID").input_value() == "57.400"
    assert await kinds(sim) == []
    await new_customer(site)
    await fill_required(site)
    await site.editor("CUSTINFO").fill("#marke# note")
    await sim.fault("F8", on="save", seconds=600, once=True)
    await sim.fault("F18", on="save", once=True, how="truncated", length=6)
    await site.save("1i0")
    assert await site.editor("ID").input_value() == "57.401"
    await site.save("1i0")
    assert await kinds(sim) == ["customer_created", "text_cut"]
    assert (await sim.customer(57401))["custinfo"] == "#marke"
    await site.open(LIST)
    assert await search(site, "57401") == []
    await site.open(f"{DETAIL}57401/?mode=View")
    assert "/Error.aspx" in site.page.url
    await site.open(f"{DETAIL}57401/?mode=Edit")
    assert await site.editor("CUSTINFO").input_value() == "#marke"


async def test_faults_beside_the_save(sim: Simulator, site: Site) -> None:
    """The VAT check, find windows, rows of addresses and the opening for edit can be aimed at."""
    await sim.fault("F14", on="customer_edit:55202", once=True)
    await site.open(f"{DETAIL}55202/?mode=Edit")
    assert "/Error.aspx" in site.page.url
    await site.open(f"{DETAIL}55202/?mode=Edit")
    await sim.fault("F3", on="vat", once=True)
    await enter(site, "VATNUM", "12345678901")
    assert len(await errors(site)) == 1
    assert await site.editor("NAME").input_value() == "Laboratorio Alfa"
    await sim.fault("F13", on="popup", nth=2, status=503)
    await site.page.click("[id$=dviPAYMTERMID_Edit_find_Edit_B0]")
    await (
        site.page.frame_locator("iframe[src*=FindPopup]").locator("body").wait_for(state="attached")
    )
    assert await site.page.frames[-1].locator("#FindDialog_UPVSC").count() == 0
    await site.page.click("#Vertical_PopupWindow_Find_HCB-1")
    await open_finder(site, "dviPAYMTERMID")
    await site.page.click("#Vertical_PopupWindow_Find_HCB-1")
    await find(site, "dviPAYMTERMID", "009")
    await site.page.click("[id$=xaf_l1504_pg_T3T]")
    await site.page.locator("a[data-args*=AddNew][id*=ADDRESSes]").first.click()
    await site.quiet()
    await site.line_editor("STREET").fill("Via Altra 2")
    await sim.fault("F1", on="address", once=True)
    await site.page.locator("a[data-args*=UpdateEdit][id*=ADDRESSes]").first.click()
    await site.quiet()
    # The browser sends what was reset again by itself: the row is there twice.
    assert await kinds(sim) == ["address_added"] * 2
    assert [entry["class"] for entry in await sim.requests("write:")] == ["write:address"] * 2
