"""Switch `postback = full`: actions and immediate posts as postbacks of the whole page."""

import pytest
from playwright.async_api import Request

from tests.erp_simulator.running import Simulator
from tests.simulator.orders_list import MENU, select
from tests.simulator.site import ACCOUNT, ARTICLE, DETAIL, LIST, PRODUCTS, Site, kinds

XAF = "globalCallbackControl"


def _posts(site: Site) -> list[Request]:
    posted: list[Request] = []
    site.page.on("request", lambda r: posted.append(r) if r.method == "POST" else None)
    return posted


async def test_an_order_by_full_postbacks(sim: Simulator, site: Site) -> None:
    """The order comes out the same; only the grids still use callbacks."""
    await sim.config(postback="full")
    bodies = site.bodies()
    number = await site.order(note="#MARKER")
    assert number == "71724"
    await site.add_line(ARTICLE, "5")
    await site.clear_line_discount()
    await site.save("1i0")
    assert await site.editor("PURCHORDERFORMNUM").is_visible()
    await site.save()
    await site.page.wait_for_url(f"**{LIST}")
    stored = await sim.order(number)
    assert (stored["saved"], stored["purchorderformnum"], stored["total"]) == (
        True,
        "#MARKER",
        "162.3",
    )
    targets = [(body.get("__CALLBACKID"), body["__EVENTTARGET"]) for body in map(dict, bodies)]
    assert all(one == XAF or (other and other != XAF) for other, one in targets)
    arguments = [body["__EVENTARGUMENT"] for body in map(dict, bodies) if body["__EVENTTARGET"]]
    assert arguments[1:] == [
        *["::XafCallback"] * 4, "Vertical$mainMenu:1i0:XafCallback", "Vertical$mainMenu:1i1:XafCallback",
    ]  # fmt: skip
    assert arguments[0].endswith(":New:Vertical_mainMenu_Menu:XafCallback")


async def test_the_answer_is_a_page_or_a_redirect(sim: Simulator, site: Site) -> None:
    """In place: 200 with the whole page at the form's action; elsewhere: 302."""
    await sim.config(postback="full")
    posts = _posts(site)
    await site.new_order()
    new = await posts[-1].response()
    assert new is not None
    assert new.status == 302
    await site.choose_customer(ACCOUNT)
    assert posts[-1].is_navigation_request()
    assert site.page.url.endswith(f"{DETAIL}?NewObject=true")
    assert await site.editor("SALESNAME").input_value() == "Laboratorio Beta"
    await site.save()
    await site.page.wait_for_url(f"**{LIST}")


async def test_a_refusal_is_in_the_page(sim: Simulator, site: Site) -> None:
    """What a callback shows in its panel, the whole page shows: here, that there is no customer."""
    await sim.config(postback="full")
    await site.new_order()
    await site.save("1i0")
    assert await site.page.is_visible("#Vertical_UPEI #Vertical_ErrorInfo .ErrorLabel")
    await sim.fault("F3", on="save", once=True)
    await site.choose_customer(ACCOUNT)
    await site.save("1i0")
    label = site.page.locator("#Vertical_UPEI .ErrorLabel")
    assert "archivio dati" in (await label.text_content() or "")
    assert await kinds(sim) == []


async def test_lists_by_full_postbacks(sim: Simulator, site: Site) -> None:
    """Search and view filter work as before."""
    await sim.config(postback="full")
    await site.open(PRODUCTS)
    await site.page.fill("[id*=SearchAC][id$=Ed_I]", ARTICLE)
    await site.page.press("[id*=SearchAC][id$=Ed_I]", "Enter")
    await site.quiet()
    assert await site.page.locator("tr[id*=LE_v9_DXDataRow]").count() == 2


async def test_callbacks_are_the_default(site: Site) -> None:
    """With the switch at `callback`, no action navigates by posting the form."""
    posts = _posts(site)
    await site.order()
    assert not any(post.is_navigation_request() for post in posts)


@pytest.mark.parametrize("confirm", ["native", "popup"])
async def test_sending_by_a_full_postback(sim: Simulator, site: Site, confirm: str) -> None:
    """What is selected is sent, in whichever way the site asks; a refusal is in the page."""
    await sim.config(postback="full", send_confirm=confirm)
    for refused in (False, True):
        await select(site, "71723")
        async with site.page.expect_navigation():
            await site.page.click(f"{MENU}4_T")
            if confirm == "popup":
                await site.page.click("#Vertical_ConfirmPopup_btnOk")
        assert await site.page.is_visible("#Vertical_UPEI .ErrorLabel") is refused
    assert [effect["id"] for effect in await sim.effects("order_sent")] == ["71723"]


async def test_unsaved_changes_outlive_a_postback(sim: Simulator, site: Site) -> None:
    """The page that answers an immediate post is as changed as before; a refresh ends that."""
    await sim.config(postback="full")
    await site.open(f"{DETAIL}71717/?mode=Edit")
    async with site.page.expect_navigation():
        await site.clear_line_discount()
    for asked in (1, 1):  # the second refresh has nothing to ask
        async with site.page.expect_navigation():
            await site.page.click(f"{MENU}5_T")
        assert len(site.dialogs) == asked
