"""The customer form, in Chromium."""

import pytest
from playwright.async_api import Browser, Request

from tests.erp_simulator.running import Simulator
from tests.simulator.customers import (
    DETAIL,
    ERRORS,
    LIST,
    REGISTRY,
    REQUIRED,
    choose,
    enter,
    enter_vat,
    errors,
    fill_required,
    find,
    new_customer,
    put,
    search,
)
from tests.simulator.site import Site, kinds

TICK = "[id$=_ErrorInfo_Ch_S_D]"
PRICES = "[id$=xaf_l44_pg_T4T]"
MERGE = "#Vertical_MergePopup"
EDITED = r"/CUSTTABLE_DetailView/57400/?ScrollPosition=0_0&mode=Edit"


@pytest.mark.parametrize("renewed", [False, True])
async def test_a_customer_is_created(sim: Simulator, site: Site, *, renewed: bool) -> None:
    """VAT first, references by windows and mouse, texts last; *Salvare* stays in the form.

    So also with whole pages as answers, ids renewed by each of them, and saves by name.
    """
    if renewed:
        await sim.config(postback="full", renew_ids_after_post=True, save_form="name")
    await new_customer(site)
    assert await site.editor("ID").input_value() == "0"
    await enter_vat(site)
    assert await site.editor("NAME").input_value() == REGISTRY
    assert await site.editor("NAMEALIAS").input_value() == REGISTRY[:20]
    assert await site.editor("VATVALIDE").input_value() == "Sì"
    assert "Stato:ATTIVA" in await site.editor("VATADDRESS").input_value()
    await find(site, "dviLOGISTICSADDRESSZIPCODE", "00080", row=1)
    for prop, text in {"CITY": "Pieve Finta", "COUNTY": "CP", "STATE": "Costa Prova",
                       "COUNTRYREGIONID": "IT"}.items():  # fmt: skip
        assert await site.editor(prop).input_value() == text
    await find(site, "dviPAYMTERMID", "206")
    value = "[id$=dviPAYMTERMID_Edit_find_HDN]"
    assert await site.page.input_value(value) == "xafkidemovb.Module.CRMKI.PAYMTERM(46)"
    await choose(site, "DLVMODE", "FedEx")
    await choose(site, "BUSINESSSECTORID", "Spett. Studio Dentistico")
    await site.page.click(PRICES)
    await choose(site, "LINEDISC", "Discount to get street price")
    await choose(site, "PRICEGROUP", "DETTAGLIO (consigliato)")
    for prop, text in {**REQUIRED, "CUSTINFO": "#marke# note\nzweite Zeile"}.items():
        await put(site, prop, text)
    assert await kinds(sim) == []
    await site.save("1i0")
    assert await errors(site) == []
    assert site.page.url.endswith(EDITED) or renewed
    assert await site.editor("ID").input_value() == "57.400"
    made = await sim.customer(57400)
    assert {name: made[name] for name in ("name", "zip_id", "paymterm", "dlvmode", "sector")} == {
        "name": REQUIRED["NAME"], "zip_id": 4009, "paymterm": 46, "dlvmode": 9, "sector": 2,
    }  # fmt: skip
    assert (made["linedisc"], made["pricegroup"], made["owner"]) == (223, 2, "ikiA0001")
    assert made["custinfo"] == "#marke# note\nzweite Zeile"
    assert await kinds(sim) == ["customer_created"]
    await site.open(LIST)
    assert [row[2] for row in await search(site, "57400")] == [REQUIRED["NAME"]]
    await site.new_order()
    rows = await site.search_customer(REQUIRED["NAME"])
    await rows.first.click()
    await site.quiet()
    assert await site.editor("CUSTTABLE").input_value() == REQUIRED["NAME"]


async def test_a_used_vat_number(sim: Simulator, browser: Browser, site: Site) -> None:
    """Told in both languages with the other's id; the editor is emptied, the save is refused."""
    await new_customer(site)
    await enter(site, "VATNUM", "90000000006")
    assert await errors(site) == [
        "Il numero IVA è già utilizzato dal cliente con ID: 55.207",
    ]  # fmt: skip
    assert await site.editor("VATNUM").input_value() == ""
    await site.save("1i0")
    assert "Partita IVA: non deve essere vuoto." in await errors(site)
    await put(site, "VATNUM", "90000000006")
    await site.save("1i0")
    assert any(text.endswith("ID: 55.207") for text in await errors(site))
    async with Site.visiting(browser, sim.base_url, locale="en-US") as english:
        await english.log_in("ikiA0010")
        await new_customer(english)
        await enter(english, "VATNUM", "90000000006")
        assert await errors(english) == [
            "The VAT number is already used by the customer with ID: 55,207",
        ]  # fmt: skip
        assert await english.page.locator("[id$=xaf_l44_pg_AT0]").text_content() == "Main"
    assert await kinds(sim) == []


async def test_errors_and_warnings_of_the_save(sim: Simulator, site: Site) -> None:
    """Errors cannot be ticked away; a warning can, and only the second save stores."""
    await new_customer(site)
    await site.save("1i0")
    found = await errors(site)
    assert found[:2] == ["Nome: non deve essere vuoto.", "Partita IVA: non deve essere vuoto."]
    assert "Indirizzo logistico CAP non deve essere vuoto" in found
    assert await site.page.locator(TICK).count() == 0
    await fill_required(site, vat="91234567890")
    assert await site.editor("VATVALIDE").input_value() == "No"
    await site.save("1i0")
    assert await errors(site) == ["IVA validata: non deve essere uguale a 0"]
    assert "Ignora avvisi" in (await site.page.locator(".ignoreWarnings").text_content() or "")
    bodies = site.bodies()
    await site.save("1i0")  # not ticked
    assert await kinds(sim) == []
    await site.page.click(TICK)
    await site.save("1i0")
    assert [dict(body)["Vertical$ErrorInfo$Ch"] for body in bodies] == ["U", "C"]
    assert await site.page.locator(ERRORS).count() == 0
    assert await kinds(sim) == ["customer_created"]


async def test_a_save_that_closes(sim: Simulator, site: Site) -> None:
    """Switch `customer_close_lands`; switch `customer_rules`: what was a warning is an error."""
    await sim.config(customer_rules="VATVALIDE=error")
    await new_customer(site)
    await fill_required(site, vat="91234567890")
    await site.save("1i1")
    assert await errors(site) == ["IVA validata: non deve essere uguale a 0"]
    assert await site.page.locator(TICK).count() == 0
    await sim.config(customer_rules="VATVALIDE=off")
    await site.save("1i1")
    await site.page.wait_for_url("**/CUSTTABLE_DetailView/57400/?mode=View")
    assert await site.shown("CITY") == "Borgo Finto"
    await sim.config(customer_close_lands="list")
    await site.open(f"{DETAIL}57400/?mode=Edit")
    await enter(site, "PHONE", "+39061")
    await site.save("1i1")
    await site.page.wait_for_url(f"**{LIST}")
    changed = (await sim.effects("customer_changed"))[0]
    assert (changed["id"], changed["fields"]) == ("57400", {"phone": "+39061"})


async def test_typed_values_that_a_post_brings_back(sim: Simulator, site: Site) -> None:
    """Switch `wipes_on_blur`: leaving the editor brings the old value; a scripted one stays."""
    await new_customer(site)
    await enter(site, "FISCALCODE", "12345678901")
    assert await site.editor("FISCALCODE").input_value() == ""
    await enter(site, "NAME", "Ein sehr langer Name fuer einen Kunden")  # no post: NAME waits
    await put(site, "LEGALAUTHORITY", "ABC1234")
    await site.save("1i0")
    assert await site.editor("LEGALAUTHORITY").input_value() == "ABC1234"
    assert await site.editor("NAMEALIAS").input_value() == "Ein sehr langer Name"
    await sim.config(wipes_on_blur="")
    await enter(site, "FISCALCODE", "12345678901")
    assert await site.editor("FISCALCODE").input_value() == "12345678901"


async def test_what_a_tab_and_a_key_lose(sim: Simulator, site: Site) -> None:
    """Switches `tabs_lose_combos`, `escape_leaves_form`: references fall back; the form is left."""
    chosen = "[id$=_xaf_dviDLVMODE_Edit_dropdown_DD_I]"
    for loses in (False, True):
        await sim.config(tabs_lose_combos=loses, escape_leaves_form=loses)
        await new_customer(site)
        await choose(site, "DLVMODE", "FedEx")
        await site.page.click(PRICES)
        assert await site.page.input_value(chosen) == ("N/A" if loses else "FedEx")
        await site.page.keyboard.press("Escape")
        if not loses:
            assert "NewObject=true" in site.page.url
    await site.page.wait_for_url(f"**{LIST}")


async def test_leaving_without_a_save(sim: Simulator, site: Site) -> None:
    """*Annulla*, the neighbours and *Aggiorna* store nothing; *Salva e nuovo* opens an empty form."""
    menu = "#Vertical_mainMenu_Menu_DXI"
    await new_customer(site)
    await put(site, "NAME", "Nie gespeichert")
    await site.page.click(f"{menu}2_T")
    await site.page.wait_for_url(f"**{LIST}")
    await site.open(f"{DETAIL}55202/?mode=Edit")
    await put(site, "NAME", "Nie gespeichert")
    await site.page.click(f"{menu}3_T")
    await site.quiet()
    assert await site.editor("NAME").input_value() == "Laboratorio Alfa"
    await site.page.click(f"{menu}6_T")
    await site.page.wait_for_url("**/55203/?mode=Edit")
    await site.page.click(f"{menu}5_T")
    await site.page.wait_for_url("**/55202/?mode=Edit")
    assert await kinds(sim) == []
    await site.editor("NAMEALIAS").fill("Alias")
    await site.save("1i2")
    await site.page.wait_for_url("**NewObject=true")
    assert [effect["fields"] for effect in await sim.effects()] == [{"namealias": "Alias"}]


async def test_which_editors_post_at_once(sim: Simulator, site: Site) -> None:
    """Switch `customer_immediate`: FISCALCODE posts, NAME does not; then the other way round."""
    await new_customer(site)
    bodies = site.bodies()
    await enter(site, "NAME", "Alfa")
    assert len(bodies) == 0
    await enter(site, "FISCALCODE", "1")
    assert [dict(body)["__CALLBACKPARAM"] for body in bodies] == ["c0:::XafCallback"]
    await sim.config(customer_immediate="NAME")
    await new_customer(site)
    bodies.clear()
    await enter(site, "FISCALCODE", "1")
    assert len(bodies) == 0
    await enter(site, "NAME", "Alfa")
    assert len(bodies) == 1


async def test_posts_that_the_page_sends_by_itself(sim: Simulator, site: Site) -> None:
    """Switches `vat_callbacks`, `vat_callback_ms`: so many more, so long after each answer."""
    posted: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            posted.append(request.post_data or "")

    await sim.config(scale=0.02, vat_callback_ms=10_000)
    await new_customer(site)
    site.page.on("request", note)
    await enter(site, "VATNUM", "12345678901")
    await site.editor("NAME").fill("Typed meanwhile")  # the page is idle, but not done
    assert len(posted) == 1
    await enter_vat(site, "12345678901")
    assert len(posted) == 3
    assert ["CheckVAT" in body for body in posted] == [False, True, True]
    assert await site.editor("NAME").input_value() == REGISTRY
    await sim.config(vat_callbacks=0)
    await enter_vat(site, "22345678901")
    assert len(posted) == 4


async def test_a_customer_changed_by_another(sim: Simulator, site: Site) -> None:
    """A window asks to merge, by fault F7 or because it is so; the save before it did nothing."""
    await site.open(f"{DETAIL}55202/?mode=Edit")
    await site.editor("PHONE").fill("+39062")
    await sim.fault("F7", on="save", kind="merge", once=True)
    await site.save("1i0")
    window = site.page.locator(f"{MERGE}_PW-1")
    assert "changed by another user" in (await window.text_content() or "")
    assert await kinds(sim) == []
    assert await site.page.locator(f"{MERGE}_btnOk").text_content() == "Fondersi"
    await site.page.click(f"{MERGE}_btnOk")
    await site.quiet()
    await sim.human("ikiA0002", "customer", customer=55202, custinfo="von anderer Hand")
    await site.save("1i0")
    await window.wait_for()
    assert [e["user"] for e in await sim.effects("customer_changed")] == ["ikiA0002"]
    await site.page.click(f"{MERGE}_btnOk")
    await site.quiet()
    await site.save("1i0")
    assert (await sim.customer(55202))["phone"] == "+39062"
