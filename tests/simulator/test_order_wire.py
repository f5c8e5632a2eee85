"""What the order form sends, as WebForms does."""

import json
from html import unescape
from typing import Any

from tests.simulator.site import ARTICLE, DETAIL, Site


async def test_bodies_are_web_forms(site: Site) -> None:
    """All fields in DOM order, then callback id, parameter and event validation; states escaped."""
    bodies = site.bodies()
    await site.order()
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
    assert fields[f"{form}$xaf_l37_pg$xaf_l44$xaf_l62$xaf_l64$xaf_dviID_Edit"] == "71.724"
    combo = next(name for name in fields if name.endswith("_xaf_dviDLVMODE_Edit_dropdown_DD_VI"))
    assert "$" not in combo
    assert fields[combo] == "xafkidemovb.Module.CRMKI.DLVMODE(9)"


async def test_immediate_posts_are_all_alike(site: Site) -> None:
    """Customer, article and quantity send one and the same parameter, flagged as immediate."""
    bodies = site.bodies()
    await site.order()
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
    number = await site.order()
    await site.command("AddNew")
    await site.choose_article(ARTICLE)
    assert asked[-1].endswith(f"{DETAIL}?NewObject=true")
    await site.command("UpdateEdit")
    assert asked[-1].endswith(f"{DETAIL}{number}/?NewObject=true")


async def test_the_toolbar_says_what_it_sends(site: Site) -> None:
    """`cpClickHandlers` holds the exact call of every item; the click then sends just that."""
    bodies = site.bodies()
    await site.order()
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
