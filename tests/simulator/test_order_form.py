"""The order form, in Chromium: from *Nuovo* to the saved order, under each switch."""

import json
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.async_api import Browser, Request

from tests.erp_simulator.running import Simulator
from tests.erp_simulator.seed import LONG_ORDER
from tests.simulator.site import DETAIL, LINES, LIST, Site

ACCOUNT = "1002006"  # a customer with 63 % on its lines
ARTICLE = "H129FSQ.104.023"


async def _kinds(sim: Simulator) -> list[str]:
    return [effect["kind"] for effect in await sim.effects()]


async def _order(site: Site, *, note: str = "") -> str:
    """A new order with its customer; returns its number, digits."""
    await site.new_order()
    if note:
        await site.editor("PURCHORDERFORMNUM").fill(note)
    shown = await site.choose_customer(ACCOUNT)
    return shown.replace(".", "")


async def test_an_order_from_new_to_saved(sim: Simulator, site: Site) -> None:
    """The whole way by mouse and keys; what is stored afterwards is what was entered."""
    number = await _order(site, note="#ABCDEFGHJK <script>alert(1)</script>")
    assert number == "71723"
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
    number = await _order(site, note="<b>x</b>")
    await site.add_line(ARTICLE)
    await site.save()
    await site.open(f"{DETAIL}{number}/?mode=View")
    assert await site.shown("ID") == "71.723"
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
    assert await site.editor("ID").input_value() == "71.723"
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
    await _order(site)
    assert not await site.editor("MANUALDISCOUNT").is_visible()
    asked: list[str] = []
    site.page.on("request", lambda request: asked.append(request.url))
    await site.page.click("[id$=xaf_l37_pg_T2T]")
    assert await site.editor("MANUALDISCOUNT").is_visible()
    linedisc = site.page.locator("[id$=_xaf_dviLINEDISC_Edit_dropdown_DD_I]")
    assert await linedisc.input_value() == "Discount to get street price"
    assert asked == []


async def test_line_discount_na_clears_the_automatic_one(sim: Simulator, site: Site) -> None:
    """LINEDISC = N/A sets the automatic discount to 0; the eraser sets N/A."""
    number = await _order(site)
    await site.add_line(ARTICLE, "5")
    await site.page.click("[id$=xaf_l37_pg_T2T]")
    await site.page.click("[id$=_xaf_dviLINEDISC_Edit_dropdown_DD_B1]")
    await site.quiet()
    await site.save()
    stored = await sim.order(number)
    assert (stored["linedisc"], stored["lines"][0]["lineperc"], stored["total"]) == (
        0,
        "0",
        "162.3",
    )


async def test_an_order_discount_lowers_the_total(sim: Simulator, site: Site) -> None:
    """MANUALDISCOUNT of the order is taken off the lines' sum, rounded half up."""
    number = await _order(site)
    await site.add_line(ARTICLE, "5")
    await site.page.click("[id$=xaf_l37_pg_T2T]")
    await site.editor("MANUALDISCOUNT").fill("10")
    await site.page.keyboard.press("Tab")
    await site.quiet()
    assert await site.editor("MANUALDISCOUNT").input_value() == "10,00 %"
    await site.save()
    assert (await sim.order(number))["total"] == "54.05"  # 54.045


async def test_a_line_discount(sim: Simulator, site: Site) -> None:
    """APPLICA SCONTO % of a line replaces the automatic discount."""
    number = await _order(site)
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
    number = await _order(site)
    await site.add_line(ARTICLE, "5")
    await site.command("StartEdit")
    assert await site.line_editor("QTYORDERED").input_value() == "5,00 "
    await site.command("CancelEdit")
    await site.command("StartEdit")
    await site.set_line("QTYORDERED", "7")
    await site.command("UpdateEdit")
    assert (await sim.order(number))["lines"][0]["quantity"] == "7"
    assert await _kinds(sim) == ["order_created", "line_added", "line_changed"]


async def test_check_multiples(sim: Simulator, site: Site) -> None:
    """Switch `check_multiples`: a quantity against the package is refused in the row, or taken."""
    number = await _order(site)
    await site.command("AddNew")
    await site.choose_article(ARTICLE, row=1)  # K2, in fives
    assert await site.line_editor("QTYORDERED").input_value() == "5,00 "
    await site.set_line("QTYORDERED", "7")
    await site.command("UpdateEdit")
    assert await site.page.locator("[id$=_DXEditingErrorRow]").is_visible()
    assert "line_added" not in await _kinds(sim)
    await sim.config(check_multiples=False)
    await site.command("UpdateEdit")
    assert (await sim.order(number))["lines"][0]["quantity"] == "7"


async def test_a_save_without_customer_is_refused(sim: Simulator, site: Site) -> None:
    """The error stands in the panel of errors; nothing is stored."""
    await site.new_order()
    await site.save("1i0")
    assert await site.page.is_visible("#Vertical_UPEI #Vertical_ErrorInfo .ErrorLabel")
    assert await _kinds(sim) == []


async def test_a_save_in_place(sim: Simulator, site: Site) -> None:
    """*Salvare* stays on the page, under its key, back on the first tab."""
    number = await _order(site)
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
    assert await site.page.locator(f"a[data-args][id*={LINES}]").count() == 0
    assert not await site.editor("PURCHORDERFORMNUM").is_editable()


# What travels ---------------------------------------------------------------------------------


async def _bodies(site: Site) -> list[list[tuple[str, str]]]:
    bodies: list[list[tuple[str, str]]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            bodies.append(parse_qsl(request.post_data or "", keep_blank_values=True))

    site.page.on("request", note)
    return bodies


async def test_bodies_are_web_forms(site: Site) -> None:
    """All fields in DOM order, then callback id, parameter and event validation; states escaped."""
    bodies = await _bodies(site)
    await _order(site)
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    await site.command("UpdateEdit")
    commit = bodies[-1]
    assert [name for name, _ in commit[-3:]] == [
        "__CALLBACKID",
        "__CALLBACKPARAM",
        "__EVENTVALIDATION",
    ]
    fields: dict[str, str] = dict(commit)
    assert (fields["__EVENTTARGET"], fields["__EVENTARGUMENT"]) == ("", "")
    for name in ("__VIEWSTATE", "__VIEWSTATEGENERATOR", "ClientServerParams", "Sc$xPos", "Sc$yPos",
                 "DXScript", "DXCss"):  # fmt: skip
        assert name in fields
    grid = fields["__CALLBACKID"]
    assert grid.endswith("$LE_v17")
    assert fields["__CALLBACKPARAM"].endswith("CT|2;{};GB|13;10|UPDATEEDIT;")
    assert fields[f"{grid}$editnew_25$xaf_QTYORDERED_Edit"] == "1,00 "
    assert fields[f"{grid}$editnew_12$xaf_INVENTTABLE_Edit"] == ARTICLE
    state = fields[f"{grid}$editnew_12$xaf_INVENTTABLE_Edit$DDD$gv"]
    assert state.startswith("{&quot;")
    assert json.loads(unescape(state))["focusedKey"] == "88001"
    form = grid.split("$xaf_l489_pg$")[0]
    assert fields[f"{form}$xaf_l37_pg$xaf_l44$xaf_l62$xaf_l64$xaf_dviID_Edit"] == "71.723"
    combo = next(name for name in fields if name.endswith("_xaf_dviDLVMODE_Edit_dropdown_DD_VI"))
    assert "$" not in combo
    assert fields[combo] == "xafkidemovb.Module.CRMKI.DLVMODE(9)"


async def test_immediate_posts_are_all_alike(site: Site) -> None:
    """Customer, article and quantity send one and the same parameter, flagged as immediate."""
    bodies = await _bodies(site)
    await _order(site)
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    await site.set_line("QTYORDERED", "5")
    posts = [dict(body) for body in bodies]
    alike = [post for post in posts if post["__CALLBACKPARAM"] == "c0:::XafCallback"]
    assert len(alike) == 3
    assert all(post["__CALLBACKID"] == "globalCallbackControl" for post in alike)
    assert all("PostDataImmediately|4|5|1true" in post["ClientServerParams"] for post in alike)


async def test_the_path_follows_the_push_state(site: Site) -> None:
    """Posts go to the form's relative action: a new path, the old query."""
    asked: list[str] = []
    site.page.on("request", lambda r: asked.append(r.url) if r.method == "POST" else None)
    number = await _order(site)
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    assert asked[-1].endswith(f"{DETAIL}?NewObject=true")
    await site.command("UpdateEdit")
    assert asked[-1].endswith(f"{DETAIL}{number}/?NewObject=true")


async def test_the_toolbar_says_what_it_sends(site: Site) -> None:
    """`cpClickHandlers` holds the exact call of every item; the click then sends just that."""
    bodies = await _bodies(site)
    await _order(site)
    handlers: dict[str, Any] = await site.page.evaluate("Vertical_mainMenu_Menu.cpClickHandlers")
    assert (
        handlers["1i1"]
        == "RaiseXafCallback(globalCallbackControl, 'Vertical$mainMenu', '1i1', '', false)"
    )
    assert handlers["0"].startswith(
        "LockCreateControlsOnCallback(); RaiseXafCallback(globalCallbackControl, 'ACHFCB"
    )
    await site.save()
    assert dict(bodies[-1])["__CALLBACKPARAM"] == "c0:Vertical$mainMenu:1i1:XafCallback"


# Switches -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persist_on", "after_customer", "after_article", "after_line"),
    [
        ("customer", ["order_created"], ["order_created"], ["order_created", "line_added"]),
        ("article", [], ["order_created"], ["order_created", "line_added"]),
        ("first_line", [], [], ["order_created", "line_added"]),
        ("save", [], [], []),
    ],
)
async def test_persist_on(
    sim: Simulator, site: Site, persist_on: str, after_customer: list[str],
    after_article: list[str], after_line: list[str],
) -> None:  # fmt: skip
    """Switch `persist_on`: the number comes with the customer always, the row when it says."""
    await sim.config(persist_on=persist_on)
    number = await _order(site)
    assert number == "71723"
    assert await _kinds(sim) == after_customer
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    assert await _kinds(sim) == after_article
    await site.command("UpdateEdit")
    assert await _kinds(sim) == after_line
    await site.save()
    assert await _kinds(sim) == ["order_created", "line_added", "order_saved"]
    assert len((await sim.order(number))["lines"]) == 1


@pytest.mark.parametrize(("switch", "early"), [("first_line", True), ("save", False)])
async def test_header_persists_on(sim: Simulator, site: Site, switch: str, early: bool) -> None:  # noqa: FBT001
    """Switch `header_persists_on`: texts are readable from the first line on, or from the save."""
    await sim.config(header_persists_on=switch)
    number = await _order(site, note="#MARKER")
    await site.add_line(ARTICLE)
    assert ((await sim.order(number))["purchorderformnum"] == "#MARKER") is early
    await site.save()
    assert (await sim.order(number))["purchorderformnum"] == "#MARKER"


async def test_save_form(sim: Simulator, site: Site) -> None:
    """Switch `save_form`: saves may travel by their names through the fast handler."""
    await sim.config(save_form="name")
    bodies = await _bodies(site)
    await _order(site)
    await site.save()
    parameter = dict(bodies[-1])["__CALLBACKPARAM"]
    assert parameter.startswith("c0:ACHFCB")
    assert parameter.endswith(":SaveAndClose:Vertical_mainMenu_Menu:XafCallback")
    assert "order_saved" in await _kinds(sim)


@pytest.mark.parametrize(("switch", "name"), [("last", "SaveAndClose"), ("default", "Save")])
async def test_save_root(sim: Simulator, site: Site, switch: str, name: str) -> None:
    """Switch `save_root`: the visible button does what its group did last, or always `Save`."""
    await sim.config(save_root=switch)
    await _order(site)
    await site.save()
    await site.new_order()
    assert await site.page.evaluate("Vertical_mainMenu_Menu.GetItem(1).name") == name
    assert await site.page.evaluate("Vertical_mainMenu_Menu.GetItem(1).GetItemCount()") == 3


async def test_save_and_close_lands(sim: Simulator, site: Site) -> None:
    """Switch `save_and_close_lands`: on the list by default, or on the order in view mode."""
    await sim.config(save_and_close_lands="view")
    number = await _order(site)
    await site.save()
    await site.page.wait_for_url(f"**{DETAIL}{number}/?mode=View")


async def test_lookup_choice_sends_apply(sim: Simulator, site: Site) -> None:
    """Switch `lookup_choice_sends_apply`: `GLP_AC` precedes the immediate post."""
    await sim.config(lookup_choice_sends_apply=True)
    bodies = await _bodies(site)
    assert await _order(site) == "71723"
    sent = [dict(body)["__CALLBACKPARAM"] for body in bodies][-2:]
    assert "GLP_AC|5;55207;" in sent[0]
    assert sent[1] == "c0:::XafCallback"


@pytest.mark.parametrize("renew", [False, True])
async def test_renew_ids_after_post(sim: Simulator, site: Site, renew: bool) -> None:  # noqa: FBT001
    """Switch `renew_ids_after_post`: ids change with every rendering, and all works as before."""
    await sim.config(renew_ids_after_post=renew)
    await site.new_order()
    before = await site.editor("ID").get_attribute("id")
    await site.choose_customer(ACCOUNT)
    assert (await site.editor("ID").get_attribute("id") != before) is renew
    await site.add_line(ARTICLE, "5")
    await site.save()
    assert (await sim.order("71723"))["lines"][0]["quantity"] == "5"


async def test_editing_lag(sim: Simulator, site: Site) -> None:
    """Switch `editing_lag_ms`: `IsEditing()` stays true for a while after the callback's end."""
    await sim.config(scale=0.1, editing_lag_ms=20_000)
    await _order(site)
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    await site.command("UpdateEdit")
    assert await site.grid(LINES, "InCallback()") is False
    assert await site.grid(LINES, "IsEditing()") is True
    await sim.config(editing_lag_ms=0)
    await site.open(f"{DETAIL}71723/?mode=Edit")
    await site.command("StartEdit")
    await site.command("UpdateEdit")
    assert await site.grid(LINES, "IsEditing()") is False


async def test_immediate(sim: Simulator, site: Site) -> None:
    """Switch `immediate`: which editors post on change; the others travel with the next body."""
    bodies = await _bodies(site)
    await _order(site)
    count = len(bodies)
    await site.editor("CUSTOMERREF").fill("rif")
    await site.page.keyboard.press("Tab")
    await site.quiet()
    assert len(bodies) == count
    await sim.config(immediate="CUSTTABLE CUSTOMERREF line.INVENTTABLE")
    await _order(site)
    count = len(bodies)
    await site.editor("CUSTOMERREF").fill("rif")
    await site.page.keyboard.press("Tab")
    await site.quiet()
    assert dict(bodies[-1])["__CALLBACKPARAM"] == "c0:::XafCallback"
    assert len(bodies) == count + 1


async def test_callback_suffix(sim: Simulator, site: Site) -> None:
    """Switch `callback_suffix`: older builds send no `:XafCallback`."""
    await sim.config(callback_suffix=False)
    bodies = await _bodies(site)
    await _order(site)
    assert dict(bodies[-1])["__CALLBACKPARAM"] == "c0::"


async def test_text_length(sim: Simulator, site: Site) -> None:
    """Switch `text_length`: the description's input and the ERP keep no more than that."""
    await sim.config(text_length=20, persist_on="customer")
    number = await _order(site)
    assert await site.editor("PURCHORDERFORMNUM").get_attribute("maxlength") == "20"
    await site.editor("PURCHORDERFORMNUM").evaluate("(input) => { input.value = 'x'.repeat(30); }")
    await site.save()
    assert (await sim.order(number))["purchorderformnum"] == "x" * 20


async def test_request_validation(sim: Simulator, site: Site) -> None:
    """Switch `request_validation`: ASP.NET refuses what looks like markup."""
    await sim.config(request_validation=True)
    await site.new_order()
    await site.editor("TEXTINTERNAL").fill("a <b")
    await site.page.evaluate("RaiseXafCallback(globalCallbackControl, '', '', '', false)")
    await site.page.wait_for_url("**/Error.aspx?e=*")
    assert await _kinds(sim) == []


@pytest.mark.parametrize("breaks", [True, False])
async def test_second_page_breaks_first(sim: Simulator, site: Site, breaks: bool) -> None:  # noqa: FBT001
    """Switch `second_page_breaks_first`: another page of the session ends the first one's state."""
    await sim.config(second_page_breaks_first=breaks)
    await site.new_order()
    second = await site.page.context.new_page()
    await second.goto(site.base_url + LIST)
    await site.page.evaluate("RaiseXafCallback(globalCallbackControl, '', '', '', false)")
    await site.quiet()
    assert ("/Error.aspx" in site.page.url) is breaks


async def test_session_minutes(sim: Simulator, site: Site) -> None:
    """Switch `session_minutes`: an expired session's callback leads to the login page."""
    await site.new_order()
    await sim.config(session_minutes=0.0)
    await site.page.evaluate("RaiseXafCallback(globalCallbackControl, '', '', '', false)")
    await site.page.wait_for_url("**/Login.aspx?ReturnUrl=*")
    await site.open(LIST)
    assert "Login.aspx" in site.page.url


async def test_numbers_are_shared(sim: Simulator, browser: Browser, site: Site) -> None:
    """Order numbers rise over all agents and are never given twice."""
    assert await _order(site) == "71723"
    async with Site.visiting(browser, sim.base_url) as other:
        await other.log_in("ikiA0002")
        assert await _order(other) == "71724"


async def test_the_english_form(sim: Simulator, browser: Browser) -> None:
    """In English numbers, dates and words are English, and the order comes out the same."""
    async with Site.visiting(browser, sim.base_url, "en-US") as site:
        await site.log_in("ikiA0010")
        number = (await _english_order(site)).replace(",", "")
        stored = await sim.order(number)
        assert stored["lines"][0]["quantity"] == "5"
        await site.open(f"{DETAIL}{number}/?mode=View")
        assert await site.shown("TRANSFERSTATUS") == "Edit"
        assert await site.shown("ID") == "71,723"


async def _english_order(site: Site) -> str:
    await site.new_order()
    number = await site.choose_customer(ACCOUNT)
    await site.add_line(ARTICLE, "5")
    await site.save()
    return number
