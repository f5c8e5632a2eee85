"""The order form, in Chromium: from *Nuovo* to the saved order."""

from tests.erp_simulator.running import Simulator
from tests.erp_simulator.seed import LONG_ORDER
from tests.simulator.site import ACCOUNT, ARTICLE, DETAIL, LINES, LIST, Site, kinds


async def test_an_order_from_new_to_saved(sim: Simulator, site: Site) -> None:
    """The whole way by mouse and keys; what is stored afterwards is what was entered."""
    number = await site.order(note="#ABCDEFGHJK <script>alert(1)</script>")
    assert number == "71724"
    assert "NewObject=true" in site.page.url
    await site.add_line(ARTICLE, "5")
    assert f"{DETAIL}{number}/?ScrollPosition=" in site.page.url
    await site.add_line("TD1272.314.", "2")
    await site.editor("TEXTINTERNAL").fill("prima riga\nseconda riga")
    await site.save()
    await site.page.wait_for_url(f"**{LIST}")
    stored = await sim.order(number)
    assert stored["customer_id"] == "55207"
    assert stored["purchorderformnum"] == "#ABCDEFGHJK <script>alert(1)</script>"
    assert stored["textinternal"] == "prima riga\nseconda riga"
    assert [(line["article_code"], line["quantity"], line["amount"]) for line in stored["lines"]] == [
        (ARTICLE, "5", "60.05"), ("TD1272.314.", "2", "132.93"),
    ]  # fmt: skip
    assert stored["total"] == "192.98"
    assert site.dialogs == []


async def test_view_mode_shows_what_was_saved(site: Site) -> None:
    """The saved order's page: numbers dotted, texts escaped, links and enumerations readable."""
    number = await site.order(note="<b>x</b>")
    await site.add_line(ARTICLE)
    await site.save()
    await site.open(f"{DETAIL}{number}/?mode=View")
    assert await site.shown("ID") == "71.724"
    assert await site.shown("CUSTTABLE") == ACCOUNT
    assert await site.shown("PURCHORDERFORMNUM") == "<b>x</b>"
    assert await site.shown("TRANSFERSTATUS") == "Modifica"
    assert await site.shown("SALESTYPE") == "Giornale"
    assert await site.shown("DELIVERYPOSTALADDRESS") == "Ufficio"
    assert await site.page.locator(f"tr[id*={LINES}][id*=DXDataRow]").count() == 1
    assert await site.page.evaluate("Vertical_mainMenu_Menu.items.map((i) => i.name)") == [
        "New", "SwitchToEditMode", "Refresh", "ResetViewSettings", "PreviousObject", "NextObject",
    ]  # fmt: skip
    await site.page.click("#Vertical_mainMenu_Menu_DXI1_T")
    await site.page.wait_for_url(f"**{DETAIL}{number}/?mode=Edit")
    assert await site.editor("DELIVERYPOSTALADDRESS").input_value() == "Business"


async def test_the_customer_brings_what_belongs_to_it(site: Site) -> None:
    """Number, name, address, e-mail, VAT number and delivery mode come with the customer."""
    await site.new_order()
    assert await site.editor("ID").input_value() == "0"
    assert await site.editor("CUSTTABLE").input_value() == "N/A"
    assert await site.page.locator(f"a[data-args*=AddNew][id*={LINES}]").count() == 0
    await site.choose_customer(ACCOUNT)
    assert await site.editor("CUSTTABLE").input_value() == ACCOUNT
    assert await site.editor("ID").input_value() == "71.724"
    assert await site.editor("SALESNAME").input_value() == "Laboratorio Beta"
    assert await site.editor("DLVADDRESS").input_value() == "Via Esempio 7\n00020 Castel Inventato"
    assert await site.editor("VATNUM").input_value() == "90000000006"
    assert await site.page.locator(f"a[data-args*=AddNew][id*={LINES}]").count() == 1


async def test_a_customer_without_account_shows_its_name(site: Site) -> None:
    """Before Verona has numbered a customer, its name stands in its place."""
    await site.new_order()
    await site.choose_customer("Dott. Alfa")
    assert await site.editor("CUSTTABLE").input_value() == "Dott. Alfa"


async def test_the_tabs_change_in_the_browser(site: Site) -> None:
    """*Prezzi e sconti* shows its editors without a request."""
    await site.order()
    assert not await site.editor("MANUALDISCOUNT").is_visible()
    asked: list[str] = []
    site.page.on("request", lambda request: asked.append(request.url))
    await site.page.click("[id$=xaf_l37_pg_T2T]")
    assert await site.editor("MANUALDISCOUNT").is_visible()
    linedisc = site.page.locator("[id$=_xaf_dviLINEDISC_Edit_dropdown_DD_I]")
    assert await linedisc.input_value() == "Discount to get street price"
    assert asked == []


async def test_a_line_discount(sim: Simulator, site: Site) -> None:
    """APPLICA SCONTO % of a line replaces the automatic discount."""
    number = await site.order()
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    await site.set_line("MANUALDISCOUNT", "12,5")
    assert await site.line_editor("MANUALDISCOUNT").input_value() == "12,50 %"
    assert await site.line_editor("LINEPERCENT").input_value() == "12,50 %"
    await site.command("UpdateEdit")
    line = (await sim.order(number))["lines"][0]
    assert (line["manualdiscount"], line["lineperc"], line["amount"]) == ("12.5", "12.5", "28.4")


async def test_a_line_is_edited_and_cancelled(sim: Simulator, site: Site) -> None:
    """A committed line comes back into the editor; cancelling leaves it, committing changes it."""
    number = await site.order()
    await site.add_line(ARTICLE, "5")
    await site.command("StartEdit")
    assert await site.line_editor("QTYORDERED").input_value() == "5,00 "
    await site.command("CancelEdit")
    await site.command("StartEdit")
    await site.set_line("QTYORDERED", "7")
    await site.command("UpdateEdit")
    assert (await sim.order(number))["lines"][0]["quantity"] == "7"
    assert await kinds(sim) == ["order_created", "line_added", "line_changed"]


async def test_check_multiples(sim: Simulator, site: Site) -> None:
    """Switch `check_multiples`: a quantity against the package is refused in the row, or taken."""
    number = await site.order()
    await site.command("AddNew")
    await site.choose_article(ARTICLE, row=1)  # K2, in fives
    assert await site.line_editor("QTYORDERED").input_value() == "5,00 "
    await site.set_line("QTYORDERED", "7")
    await site.command("UpdateEdit")
    assert await site.page.locator("[id$=_DXEditingErrorRow]").is_visible()
    assert "line_added" not in await kinds(sim)
    await sim.config(check_multiples=False)
    await site.command("UpdateEdit")
    assert (await sim.order(number))["lines"][0]["quantity"] == "7"


async def test_a_save_without_customer_is_refused(sim: Simulator, site: Site) -> None:
    """The error stands in the panel of errors; nothing is stored."""
    await site.new_order()
    await site.save("1i0")
    assert await site.page.is_visible("#Vertical_UPEI #Vertical_ErrorInfo .ErrorLabel")
    assert await kinds(sim) == []


async def test_a_save_in_place(sim: Simulator, site: Site) -> None:
    """*Salvare* stays on the page, under its key, back on the first tab."""
    number = await site.order()
    await site.add_line(ARTICLE)
    await site.page.click("[id$=xaf_l37_pg_T2T]")
    await site.save("1i0")
    assert f"{DETAIL}{number}/?ScrollPosition=" in site.page.url
    assert site.page.url.endswith("&mode=Edit")
    assert await site.editor("PURCHORDERFORMNUM").is_visible()
    assert (await sim.order(number))["saved"]


async def test_twenty_lines_a_page(site: Site) -> None:
    """Lines page by twenty, and a new row stands on the last page."""
    number = str(LONG_ORDER)
    await site.open(f"{DETAIL}{number}/?mode=View")
    assert await site.grid(LINES, "GetPageCount()") == 2
    assert await site.page.locator(f"tr[id*={LINES}][id*=DXDataRow]").count() == 20
    await site.open(f"{DETAIL}{number}/?mode=Edit")
    await site.add_line(ARTICLE)
    assert await site.grid(LINES, "GetPageIndex()") == 1
    assert await site.grid(LINES, "GetVisibleRowsOnPage()") == 6


async def test_a_sent_order_is_read_only(sim: Simulator, site: Site) -> None:
    """The edit page of a transferred order opens without Delete, row commands or open fields."""
    sent = next(o for o in await sim.orders("ikiA0001") if o["transferstatus"] == "Transferred")
    await site.open(f"{DETAIL}{sent['id']}/?mode=Edit")
    names = await site.page.evaluate("Vertical_mainMenu_Menu.items.map((i) => i.name)")
    assert "Delete" not in names
    assert await site.page.evaluate(
        "Vertical_mainMenu_Menu.items.filter((i) => !i.GetEnabled()).map((i) => i.name)"
    ) == ["ResetViewSettings"]
    assert await site.page.locator(f"a[data-args][id*={LINES}]").count() == 0
    assert not await site.editor("PURCHORDERFORMNUM").is_editable()
