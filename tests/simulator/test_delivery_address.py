"""The delivery address of an order, in Chromium."""

import pytest
from playwright.async_api import Locator

from tests.erp_simulator.running import Simulator
from tests.simulator.site import ARTICLE, Site

DEFAULT = "Via Esempio 7\n00020 Castel Inventato"
OTHER = "Viale Prova 7\n00060 Porto Finto"


async def _search(site: Site, text: str) -> Locator:
    await site.page.click("[id$=dviDELIVERYPOSTALADDRESS_Edit_B-1]")
    box = "[id$=dviDELIVERYPOSTALADDRESS_Edit_DDD_gv_DXSE_I]"
    await site.page.fill(box, text)
    await site.page.press(box, "Enter")
    await site.quiet()
    return site.page.locator("tr[id*=dviDELIVERYPOSTALADDRESS_Edit_DDD_gv_DXDataRow]")


async def _choose(site: Site, text: str, row: int = 0) -> None:
    await (await _search(site, text)).nth(row).click()
    await site.quiet()


async def test_the_mouse_chooses_an_address(sim: Simulator, site: Site) -> None:
    """Name and address follow the choice; the type is what the editor shows; it is saved."""
    number = await site.order()
    assert await site.editor("DLVADDRESS").input_value() == DEFAULT
    rows = await _search(site, "prova 7")
    assert [await row.locator("td").all_text_contents() for row in await rows.all()] == [
        ["Laboratorio Beta", "Viale Prova 7", "00060", "Porto Finto", "Delivery"],
        ["Laboratorio Beta", "Viale Prova 7", "00070", "Colle Finto", "AlternateDelivery"],
    ]
    await rows.first.click()
    await site.quiet()
    assert await site.editor("DELIVERYPOSTALADDRESS").input_value() == "Delivery"
    assert await site.editor("DELIVERYNAME").input_value() == "Laboratorio Beta"
    assert await site.editor("DLVADDRESS").input_value() == OTHER
    state = await site.grid("dviDELIVERYPOSTALADDRESS_Edit_DDD_gv$", "state.focusedKey")
    assert state == "552071"
    await site.save()
    assert (await sim.order(number))["address_id"] == 552071


async def test_a_click_by_script_only_highlights_an_address(site: Site) -> None:
    """A synthetic click chooses nothing: neither text nor address change, nothing is posted."""
    await site.order()
    bodies = site.bodies()
    rows = await _search(site, "Porto")
    await rows.first.evaluate("(row) => row.click()")
    await site.page.keyboard.press("Tab")
    await site.quiet()
    assert await site.editor("DELIVERYPOSTALADDRESS").input_value() == "Business"
    assert await site.editor("DLVADDRESS").input_value() == DEFAULT
    assert not any(dict(body)["__CALLBACKPARAM"] == "c0:::XafCallback" for body in bodies)


@pytest.mark.parametrize("resets", [True, False])
async def test_line_resets_address(sim: Simulator, site: Site, resets: bool) -> None:  # noqa: FBT001
    """Switch `line_resets_address`: a line entered after the choice takes it back, or does not."""
    await sim.config(line_resets_address=resets)
    number = await site.order()
    await _choose(site, "Porto")
    await site.add_line(ARTICLE)
    assert await site.editor("DLVADDRESS").input_value() == (DEFAULT if resets else OTHER)
    await site.save("1i0")
    assert (await sim.order(number))["address_id"] == (552070 if resets else 552071)
    await _choose(site, "Colle")
    await site.save()
    assert (await sim.order(number))["address_id"] == 552072
