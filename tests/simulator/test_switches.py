"""Every switch of the order form, the session and the language, in Chromium."""

import pytest
from playwright.async_api import Browser

from tests.erp_simulator.running import Simulator
from tests.simulator.site import ACCOUNT, ARTICLE, DETAIL, LINES, LIST, Site, kinds

pytestmark = pytest.mark.matrix  # a table: each of the simulator's ways, by itself


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
    number = await site.order()
    assert number == "71724"
    assert await kinds(sim) == after_customer
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    assert await kinds(sim) == after_article
    await site.command("UpdateEdit")
    assert await kinds(sim) == after_line
    await site.save()
    assert await kinds(sim) == ["order_created", "line_added", "order_saved"]
    assert len((await sim.order(number))["lines"]) == 1


@pytest.mark.parametrize("header", ["first_line", "save"])
@pytest.mark.parametrize("persist_on", ["customer", "article", "first_line", "save"])
async def test_header_persists_on(sim: Simulator, site: Site, persist_on: str, header: str) -> None:
    """Switch `header_persists_on`: texts are readable from the first line on, or from the save.

    While nothing of the order is readable before the save, neither are its texts.
    """
    await sim.config(persist_on=persist_on, header_persists_on=header)
    number = await site.order(note="#MARKER")
    await site.add_line(ARTICLE)
    stored = [order for order in await sim.orders() if order["id"] == number]
    wanted = [] if persist_on == "save" else ["#MARKER" if header == "first_line" else ""]
    assert [order["purchorderformnum"] for order in stored] == wanted
    await site.save()
    assert (await sim.order(number))["purchorderformnum"] == "#MARKER"


async def test_save_form(sim: Simulator, site: Site) -> None:
    """Switch `save_form`: saves may travel by their names through the fast handler."""
    await sim.config(save_form="name")
    bodies = site.bodies()
    await site.order()
    await site.save()
    parameter = dict(bodies[-1])["__CALLBACKPARAM"]
    assert parameter.startswith("c0:ACHFCB")
    assert parameter.endswith(":SaveAndClose:Vertical_mainMenu_Menu:XafCallback")
    assert "order_saved" in await kinds(sim)


@pytest.mark.parametrize(("switch", "name"), [("last", "SaveAndClose"), ("default", "Save")])
async def test_save_root(sim: Simulator, site: Site, switch: str, name: str) -> None:
    """Switch `save_root`: the visible button does what its group did last, or always `Save`."""
    await sim.config(save_root=switch)
    await site.order()
    await site.save()
    await site.new_order()
    assert await site.page.evaluate("Vertical_mainMenu_Menu.GetItem(1).name") == name
    assert await site.page.evaluate("Vertical_mainMenu_Menu.GetItem(1).GetItemCount()") == 3


async def test_save_and_close_lands(sim: Simulator, site: Site) -> None:
    """Switch `save_and_close_lands`: on the list by default, or on the order in view mode."""
    await sim.config(save_and_close_lands="view")
    number = await site.order()
    await site.save()
    await site.page.wait_for_url(f"**{DETAIL}{number}/?mode=View")


async def test_lookup_choice_sends_apply(sim: Simulator, site: Site) -> None:
    """Switch `lookup_choice_sends_apply`: `GLP_AC` precedes the immediate post."""
    await sim.config(lookup_choice_sends_apply=True)
    bodies = site.bodies()
    assert await site.order() == "71724"
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
    assert (await sim.order("71724"))["lines"][0]["quantity"] == "5"


async def test_editing_lag(sim: Simulator, site: Site) -> None:
    """Switch `editing_lag_ms`: `IsEditing()` stays true for a while after the callback's end."""
    await sim.config(scale=0.1, editing_lag_ms=20_000)
    await site.order()
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    await site.command("UpdateEdit")
    assert await site.grid(LINES, "InCallback()") is False
    assert await site.grid(LINES, "IsEditing()") is True
    await sim.config(editing_lag_ms=0)
    await site.open(f"{DETAIL}71724/?mode=Edit")
    await site.command("StartEdit")
    await site.command("UpdateEdit")
    assert await site.grid(LINES, "IsEditing()") is False


async def test_immediate(sim: Simulator, site: Site) -> None:
    """Switch `immediate`: which editors post on change; the others travel with the next body."""
    bodies = site.bodies()
    await site.order()
    count = len(bodies)
    await site.editor("CUSTOMERREF").fill("rif")
    await site.page.keyboard.press("Tab")
    await site.quiet()
    assert len(bodies) == count
    await sim.config(immediate="CUSTTABLE CUSTOMERREF line.INVENTTABLE")
    await site.order()
    count = len(bodies)
    await site.editor("CUSTOMERREF").fill("rif")
    await site.page.keyboard.press("Tab")
    await site.quiet()
    assert dict(bodies[-1])["__CALLBACKPARAM"] == "c0:::XafCallback"
    assert len(bodies) == count + 1


async def test_callback_suffix(sim: Simulator, site: Site) -> None:
    """Switch `callback_suffix`: older builds send no `:XafCallback`."""
    await sim.config(callback_suffix=False)
    bodies = site.bodies()
    await site.order()
    assert dict(bodies[-1])["__CALLBACKPARAM"] == "c0::"


async def test_text_length(sim: Simulator, site: Site) -> None:
    """Switch `text_length`: the description's input and the ERP keep no more than that."""
    await sim.config(text_length=20, persist_on="customer")
    number = await site.order()
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
    assert await kinds(sim) == []


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
    assert await site.order() == "71724"
    async with Site.visiting(browser, sim.base_url) as other:
        await other.log_in("ikiA0002")
        assert await other.order() == "71725"


async def test_the_english_form(sim: Simulator, browser: Browser) -> None:
    """In English numbers, dates and words are English, and the order comes out the same."""
    async with Site.visiting(browser, sim.base_url, "en-US") as site:
        await site.log_in("ikiA0010")
        number = (await _english_order(site)).replace(",", "")
        stored = await sim.order(number)
        assert stored["lines"][0]["quantity"] == "5"
        await site.open(f"{DETAIL}{number}/?mode=View")
        assert await site.shown("TRANSFERSTATUS") == "Edit"
        assert await site.shown("ID") == "71,724"


async def test_a_users_own_language(sim: Simulator, browser: Browser) -> None:
    """An English profile is shown Italian by an Italian browser, unless the switch lets it decide."""
    async with Site.visiting(browser, sim.base_url) as site:
        await site.log_in("ikiA0010")
        await site.open("/SALESTABLE_ListView_Agent/")
        assert await site.page.get_by_text("Nuovo", exact=True).count()
        await sim.config(users_own_language=True)
        await site.open("/SALESTABLE_ListView_Agent/")
        assert await site.page.get_by_text("New", exact=True).count()


async def _english_order(site: Site) -> str:
    await site.new_order()
    number = await site.choose_customer(ACCOUNT)
    await site.add_line(ARTICLE, "5")
    await site.save()
    return number
