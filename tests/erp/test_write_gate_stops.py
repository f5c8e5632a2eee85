"""What never leaves a browser behind the gate, counted on the server; real Chromium, real sockets."""

import pytest
from playwright.async_api import Browser

from server.errors import UiDriftError
from tests.erp.gate_rig import (
    COMMIT,
    CUSTOMER,
    LINE,
    MARKER,
    QUANTITY,
    SAVE,
    XAF,
    Rig,
    answers,
    change,
    choose_customer,
    commit_line,
    fire,
    gated,
    put,
    read_fields,
)
from tests.erp.gate_site import (
    EDITOR,
    LINES,
    LIST_PATH,
    LOGIN_PATH,
    GateSite,
    Reply,
    gate_site,
)


async def test_another_customers_key_is_stopped(rig: Rig, site: GateSite) -> None:
    """The customer's choice with another key than the ticket's never reaches the server."""
    with pytest.raises(UiDriftError) as caught:
        await choose_customer(rig, "55261", "1002328", sends="55262")
    assert caught.value.metadata["mismatch"] == "target, CUSTTABLE.key"
    assert "55262" not in str(caught.value.metadata)
    assert site.posts == []
    assert rig.journal.writes == []
    assert rig.gate.broken


async def save(rig: Rig, sent: str) -> None:
    """Send something with a ticket for *Salva e chiudi*."""
    baseline = await read_fields(rig.page)
    async with rig.gate.write(
        "save", "71723", action="SaveAndClose", parameter=SAVE, content={}, baseline=baseline
    ):
        await fire(rig.page, XAF, sent)


@pytest.mark.parametrize(
    ("control", "parameter"),
    [
        (XAF, SAVE),
        (XAF, "c0:Vertical$mainMenu:4:XafCallback"),
        (XAF, "c0:ACHFCB123456:CloneOrder:Vertical_mainMenu_Menu:XafCallback"),
        (LINES, COMMIT),
        (LINES, "c0:GB|17;9|DELETEROW4|4711;"),
        (XAF, "c0:::XafCallback"),
        (XAF, "c0:Vertical$unknown:0:XafCallback"),
        (LINES, "c0:GB|9;6|WHATIS;"),
        (LINES, "c0:GB|14;10|UPDATEEDIT;"),
        ("Vertical$PopupWindowCallback", "c0:0"),
    ],
)
async def test_what_has_no_ticket_is_stopped(
    rig: Rig, site: GateSite, control: str, parameter: str
) -> None:
    """A write without a ticket and whatever nobody knows stop before the server and are remembered."""
    await fire(rig.page, control, parameter)
    await answers(rig.page)
    assert site.posts == []
    with pytest.raises(UiDriftError, match="unexpected"):
        rig.gate.check()
    assert rig.gate.broken


async def test_a_changed_quantity_is_stopped(rig: Rig, site: GateSite) -> None:
    """A line whose quantity is not the asked one never reaches the server."""
    await put(rig.page, QUANTITY, "50,00 ")
    with pytest.raises(UiDriftError) as caught:
        await commit_line(rig)
    assert caught.value.metadata["mismatch"] == "line.QTYORDERED"
    assert site.posts == []


async def test_an_editor_that_nobody_touched_must_not_change(rig: Rig, site: GateSite) -> None:
    """A body in which another editor differs from the baseline is stopped, naming it."""
    baseline = await read_fields(rig.page)
    await put(rig.page, f"{EDITOR}$xaf_dviTEXTINTERNAL_Edit", "someone else's")
    with pytest.raises(UiDriftError) as caught:
        async with rig.gate.write("line", "71723", baseline=baseline, **LINE):
            await fire(rig.page, LINES, COMMIT)
    assert caught.value.metadata["changed"] == "TEXTINTERNAL"
    assert "someone" not in str(caught.value.metadata)
    assert site.posts == []


async def test_a_save_with_an_open_line_is_stopped(rig: Rig, site: GateSite) -> None:
    """A save while a line's editors are open never reaches the server."""
    with pytest.raises(UiDriftError) as caught:
        await save(rig, SAVE)
    assert caught.value.metadata["mismatch"] == "line (open)"
    assert site.posts == []


async def test_a_save_that_ignores_warnings_is_stopped(rig: Rig, site: GateSite) -> None:
    """A save with *Ignora avvisi* ticked never reaches the server unasked."""
    await rig.page.evaluate(
        """() => {
          document.querySelectorAll('[name*=editnew]').forEach(element => element.remove());
          document.forms[0].insertAdjacentHTML('beforeend', '<input name="Vertical$ErrorInfo$Ch" value="C">');
        }"""
    )
    with pytest.raises(UiDriftError) as caught:
        await save(rig, SAVE)
    assert caught.value.metadata["mismatch"] == "ErrorInfo (ticked)"
    assert site.posts == []


async def test_another_menu_item_than_announced_is_stopped(rig: Rig, site: GateSite) -> None:
    """A ticket for one literal parameter does not send another one."""
    with pytest.raises(UiDriftError, match="unexpected"):
        await save(rig, "c0:Vertical$mainMenu:4:XafCallback")
    assert site.posts == []


async def test_a_second_write_needs_a_second_ticket(rig: Rig, site: GateSite) -> None:
    """Two commits from one gesture: one leaves, the other is stopped and remembered."""
    baseline = await read_fields(rig.page)
    async with rig.gate.write("line", "71723", baseline=baseline, **LINE) as pending:
        await fire(rig.page, LINES, COMMIT)
        await fire(rig.page, LINES, COMMIT)
        await answers(rig.page, 2)
    assert pending.answer is not None
    assert len(site.posts) == 1
    with pytest.raises(UiDriftError):
        rig.gate.check()


async def test_a_dangerous_name_gets_no_pass(rig: Rig, site: GateSite) -> None:
    """A pass for an action that requests.toml does not call harmless lets nothing through."""
    clone = "c0:Vertical$mainMenu:3:XafCallback"
    with pytest.raises(UiDriftError):
        async with rig.gate.allow(action="CloneOrder", parameter=clone):
            await fire(rig.page, XAF, clone)
    assert site.posts == []


async def test_an_unarmed_change_is_stopped(rig: Rig, site: GateSite) -> None:
    """An immediate post in which another property changed too is stopped, naming both."""
    with pytest.raises(UiDriftError) as caught:
        await change(rig, "line.QTYORDERED", {QUANTITY: "7,00 ", MARKER: "gone"})
    assert caught.value.metadata["changed"] == "PURCHORDERFORMNUM, line.QTYORDERED"
    assert site.posts == []


async def test_a_pass_never_covers_the_customer(rig: Rig, site: GateSite) -> None:
    """An immediate post that changes the customer is a write even where a pass names it."""
    with pytest.raises(UiDriftError, match="unexpected"):
        await change(rig, "CUSTTABLE", {CUSTOMER: "1002328"})
    assert site.posts == []


async def test_another_origin_is_denied(rig: Rig) -> None:
    """Nothing leaves for another origin; an embedded picture is no drift, a posted form is."""
    async with gate_site() as elsewhere:
        load = "url => fetch(url, {mode: 'no-cors'}).then(() => 'loaded', () => 'denied')"
        assert await rig.page.evaluate(load, elsewhere.url("/picture")) == "denied"
        rig.gate.check()
        send = "url => fetch(url, {mode: 'no-cors', method: 'POST', body: 'a=b'}).catch(() => 0)"
        await rig.page.evaluate(send, elsewhere.url("/form"))
        assert elsewhere.seen == []
    with pytest.raises(UiDriftError):
        rig.gate.check()


async def test_the_login_passes_only_while_signing_in(browser: Browser, site: GateSite) -> None:
    """POST Login.aspx leaves inside signing_in() and is stopped outside of it."""
    login = "c0:Logon$PopupActions:0:XafCallback"
    site.reply = lambda _: Reply(headers={"Set-Cookie": "Login=x; Path=/; HttpOnly"})
    async with gated(browser, site.base_url) as rig:
        await rig.page.goto(site.url(LOGIN_PATH))
        with rig.gate.signing_in():
            await fire(rig.page, XAF, login)
            await answers(rig.page)
        assert [cookie.get("name") for cookie in await rig.context.cookies()] == ["Login"]
        await fire(rig.page, XAF, login)
        await answers(rig.page, 2)
        assert len(site.posts) == 1
        with pytest.raises(UiDriftError):
            rig.gate.check()


async def test_iframes_and_pop_ups_are_gated_too(rig: Rig, site: GateSite) -> None:
    """A write from an iframe, a pop-up window or a beacon is stopped like one from the page."""
    await rig.page.evaluate(
        """path => new Promise(done => {
          const frame = document.createElement('iframe');
          frame.onload = () => { frame.contentWindow.callback('globalCallbackControl', 'c0:Vertical$mainMenu:1:XafCallback'); done(); };
          frame.src = path; document.body.append(frame); })""",
        LIST_PATH,
    )
    async with rig.context.expect_page() as opened:
        await rig.page.evaluate("path => { window.open(path); }", LIST_PATH)
    popup = await opened.value
    await popup.wait_for_function("typeof callback === 'function' && document.forms.length")
    await fire(popup, XAF, "c0:Vertical$mainMenu:1:XafCallback")
    await answers(popup)
    await rig.page.evaluate("navigator.sendBeacon(location.href, new URLSearchParams({a: 'b'}))")
    await rig.page.evaluate("fetch('/DXR.axd?r=after')")
    assert site.posts == []
