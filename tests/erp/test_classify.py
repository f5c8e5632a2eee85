"""What each request is to the ERP: a table by the wire's gesture table, and laws about everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.erp.classify import Armed, classify, path_template
from tests.erp.judging import (
    EDIT_PATH,
    FORM,
    IMMEDIATE,
    LIST_PATH,
    LOGIN_PATH,
    NEW_PATH,
    RULES,
    armed,
    judged,
)
from tests.erp.wire_texts import (
    ARTICLE_GRID,
    CUSTOMER_GRID,
    EDITOR,
    LINES,
    LIST,
    POPUP,
    XAF,
    action,
    callback,
    focused,
    grid,
    postback,
)


@pytest.mark.parametrize(
    ("control", "parameter", "path", "word", "kind"),
    [
        (XAF, action("Logon$PopupActions", "0"), LOGIN_PATH, "AUTH", ""),
        (XAF, action("Logon$PopupActions", "0"), LIST_PATH, "UNKNOWN", ""),
        (XAF, action("Logon$PopupActions", "1"), LOGIN_PATH, "UNKNOWN", ""),
        (XAF, action("Vertical$SearchAC", "0"), LIST_PATH, "PASS", ""),
        (LIST, grid("PAGERONCLICK", "PN3"), LIST_PATH, "PASS", ""),
        (LIST, grid("SORT", "320", "", "DSC", "true"), LIST_PATH, "PASS", ""),
        (LIST, grid("APPLYCOLUMNFILTER", "325", "UPDATEEDIT"), LIST_PATH, "PASS", ""),
        (LIST, grid("SELECTROWS", "all"), LIST_PATH, "UNKNOWN", ""),
        (LIST, grid("UPDATEEDIT"), LIST_PATH, "UNKNOWN", ""),
        (LIST, grid("CUSTOMCALLBACK", "GLP_F|1;a;"), LIST_PATH, "UNKNOWN", ""),
        (LIST, grid("CUSTOMBUTTON", "Edit1", "0"), LIST_PATH, "UNKNOWN", ""),
        (LINES, grid("ADDNEWROW"), EDIT_PATH, "PASS", ""),
        (LINES, grid("STARTEDIT", "4711"), EDIT_PATH, "PASS", ""),
        (LINES, grid("CANCELEDIT"), EDIT_PATH, "PASS", ""),
        (LINES, grid("UPDATEEDIT", KV='["31"]', CT="{}"), EDIT_PATH, "WRITE", "line"),
        (LINES, grid("DELETEROW", "4711"), EDIT_PATH, "WRITE", "line-delete"),
        (
            LINES.replace("SALESLINEs", "ADDRESSes"),
            grid("UPDATEEDIT"),
            EDIT_PATH,
            "WRITE",
            "address",
        ),
        (LINES.replace("SALESLINEs", "OTHERs"), grid("UPDATEEDIT"), EDIT_PATH, "UNKNOWN", ""),
        (CUSTOMER_GRID, grid("APPLYSEARCHPANELFILTER", "zz99"), NEW_PATH, "PASS", ""),
        (CUSTOMER_GRID, grid("CUSTOMCALLBACK", "GLP_F|2;zz;"), NEW_PATH, "PASS", ""),
        (CUSTOMER_GRID, grid("CUSTOMCALLBACK", "GLP_AC|5;55261;"), NEW_PATH, "WRITE", "customer"),
        (CUSTOMER_GRID, grid("CUSTOMCALLBACK", "GLP_AIC"), NEW_PATH, "WRITE", "customer"),
        (CUSTOMER_GRID, grid("CUSTOMCALLBACK", "GLP_XY"), NEW_PATH, "UNKNOWN", ""),
        (CUSTOMER_GRID, grid("CUSTOMCALLBACK", "hello"), NEW_PATH, "UNKNOWN", ""),
        (ARTICLE_GRID, grid("CUSTOMCALLBACK", "GLP_F|4;zz99;"), EDIT_PATH, "PASS", ""),
        (ARTICLE_GRID, grid("CUSTOMCALLBACK", "GLP_AC|5;88001;"), EDIT_PATH, "UNKNOWN", ""),
        (f"{EDITOR}$xaf_dviDLVMODE_Edit$dropdown$DD", "c0:LBCRI|4;0:99;", EDIT_PATH, "PASS", ""),
        (f"{EDITOR}$xaf_dviDLVMODE_Edit$dropdown$DD", "c0:LECC|1;x;", EDIT_PATH, "UNKNOWN", ""),
        ("Vertical$v1_2$MainLayoutEdit$xaf_l37_pg", "c0:2", EDIT_PATH, "PASS", ""),
        ("NotifyWindowCloseControl", "c0:5", EDIT_PATH, "PASS", ""),
        (POPUP, "c0:0", EDIT_PATH, "UNKNOWN", ""),
        (XAF, action("Vertical$mainMenu", "4"), LIST_PATH, "WRITE", "menu"),
        (XAF, action("Vertical$mainMenu", "1i1"), EDIT_PATH, "WRITE", "menu"),
        (XAF, action("ACHFCB99", "New:Vertical_mainMenu_Menu"), LIST_PATH, "WRITE", "menu"),
        (XAF, action("ACHFCB99", "Save:Vertical_mainMenu_Menu"), EDIT_PATH, "WRITE", "menu"),
        (XAF, action(f"{EDITOR}$xaf_dviSALESLINEs$ToolBar", "0"), EDIT_PATH, "WRITE", "menu"),
        (XAF, action("GVPRCHC12", "ListViewShowObject"), LIST_PATH, "UNKNOWN", ""),
        (XAF, action("FindDialog$PopupActions", "0"), "/Archibald/Default.aspx", "PASS", ""),
        (XAF, action("FindDialog$PopupActions", "2"), "/Archibald/Default.aspx", "UNKNOWN", ""),
        (XAF, action("FindDialog$SAC", "0"), EDIT_PATH, "UNKNOWN", ""),
        (POPUP, "c0:FindPopup:Vertical$v1_2$xaf_dviPAYMTERMID_Edit$find", EDIT_PATH, "PASS", ""),
        (POPUP, "c0:FindPopup:Vertical$v1_2$xaf_dviCUSTTABLE_Edit$find", EDIT_PATH, "UNKNOWN", ""),
        (POPUP, "c0:NewObject:Vertical$v1_2$xaf_dviPAYMTERMID_Edit$find", EDIT_PATH, "UNKNOWN", ""),
        (
            XAF,
            action("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "editObject"),
            EDIT_PATH,
            "UNKNOWN",
            "",
        ),
        (XAF, action("XafNavigationHandlerId", "x"), LIST_PATH, "UNKNOWN", ""),
        (XAF, IMMEDIATE, EDIT_PATH, "UNKNOWN", ""),
    ],
)
def test_the_gesture_table(control: str, parameter: str, path: str, word: str, kind: str) -> None:
    """Each row of erp-wire §3, with nothing announced."""
    verdict = judged(control, parameter, path)
    assert (verdict.word, verdict.kind, verdict.consumes) == (word, kind, False)


@pytest.mark.parametrize("path", ["/Archibald/", "/DXX.axd?handlerName=SessionKeepAliveReconnect"])
def test_reading_passes_and_other_methods_do_not(path: str) -> None:
    """GET and HEAD pass; PUT, DELETE and an empty POST are UNKNOWN."""
    assert [classify(m, path, None, RULES).word for m in ("GET", "HEAD")] == ["PASS", "PASS"]
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert classify(method, path, None, RULES).word == "UNKNOWN"


def test_a_get_that_carries_a_callback_is_no_reading() -> None:
    """WebForms takes posted fields from a query too (old browsers' callbacks): UNKNOWN."""
    query = callback(LINES, grid("UPDATEEDIT")).decode()
    for path in (
        f"{EDIT_PATH}&{query}",
        f"{LIST_PATH}?__VIEWSTATE=",
        f"{LIST_PATH}?a&%5F_EVENTTARGET",
    ):
        assert classify("GET", path, None, RULES).word == "UNKNOWN"


@pytest.mark.parametrize(
    "argument", ["Vertical$mainMenu:7:XafCallback", "a:b:XafCallback", "x", "::XafCallback"]
)
def test_a_full_postback_is_never_harmless(argument: str) -> None:
    """The postback twin of an action (Export, erp-wire §2.5) never passes by itself."""
    verdict = classify("POST", LIST_PATH, postback(XAF, argument), RULES)
    assert verdict.word in ("WRITE", "UNKNOWN")


@pytest.mark.parametrize(
    ("action_name", "sent", "path", "word", "kind"),
    [
        ("New", action("ACHFCB1", "New:Vertical_mainMenu_Menu"), LIST_PATH, "PASS", ""),
        ("SetFilter", action("Vertical$mainMenu", "8"), LIST_PATH, "PASS", ""),
        ("Refresh", action("Vertical$mainMenu", "5"), LIST_PATH, "PASS", ""),
        ("Refresh", action("Vertical$mainMenu", "5"), EDIT_PATH, "WRITE", "menu"),
        ("CloneOrder", action("Vertical$mainMenu", "3"), LIST_PATH, "WRITE", "menu"),
        ("New", action("ACHFCB1", "CloneOrder:Vertical_mainMenu_Menu"), LIST_PATH, "WRITE", "menu"),
        ("Save", action("Vertical$mainMenu", "1i0"), EDIT_PATH, "WRITE", "save"),
        ("SaveAndClose", action("Vertical$mainMenu", "1"), EDIT_PATH, "WRITE", "save"),
        ("SaveAndNew", action("Vertical$mainMenu", "1i2"), EDIT_PATH, "WRITE", "menu"),
        ("Cancel", action("Vertical$mainMenu", "4"), EDIT_PATH, "WRITE", "menu"),
        ("SendOrder", action("Vertical$mainMenu", "4"), LIST_PATH, "WRITE", "send"),
        ("SendOrder", action("Vertical$mainMenu", "4"), EDIT_PATH, "WRITE", "menu"),
    ],
)
def test_an_announced_menu_item(
    action_name: str, sent: str, path: str, word: str, kind: str
) -> None:
    """The literal makes a menu item what its name is; names off the list stay writes without a ticket."""
    for parameter in (sent, sent.replace("c0:", "c1:")):
        announced = Armed(action=action_name, parameter=parameter)
        verdict = judged(XAF, sent, path, announced)
        assert (verdict.word, verdict.kind, verdict.consumes) == (word, kind, word == "PASS")


def test_an_announced_item_is_that_item_only() -> None:
    """Send on the list is Previous on a detail: another index, handler or argument is not announced."""
    announced = Armed(action="New", parameter=action("Vertical$mainMenu", "0"))
    for sent in (
        action("Vertical$mainMenu", "4"),
        action("ACHFCB1", "0"),
        action("Vertical$mainMenu", "0i1"),
    ):
        assert judged(XAF, sent, LIST_PATH, announced).kind == "menu"


def test_immediate_posts_are_told_apart_by_what_changed() -> None:
    """One parameter for all: exactly the armed property may differ, and nothing at all is no change."""
    quantity = {**FORM, f"{LINES}$editnew_25$xaf_QTYORDERED_Edit": "7,00 "}
    note = {**quantity, f"{EDITOR}$xaf_dviTEXTINTERNAL_Edit": "x"}
    quantity_only, both = armed("line.QTYORDERED"), armed("line.QTYORDERED", "TEXTINTERNAL")
    assert judged(XAF, IMMEDIATE, armed=quantity_only, fields=quantity).consumes
    assert judged(XAF, IMMEDIATE, armed=quantity_only, fields=FORM).word == "UNKNOWN"
    assert judged(XAF, IMMEDIATE, armed=quantity_only, fields=note).word == "UNKNOWN"
    assert judged(XAF, IMMEDIATE, armed=both, fields=note).word == "UNKNOWN"  # no edit of the list
    assert judged(XAF, IMMEDIATE, armed=armed("LINEDISC"), fields=quantity).word == "UNKNOWN"
    late = judged(XAF, IMMEDIATE, armed=armed("line.QTYORDERED", kind="line"), fields=quantity)
    assert (late.word, late.consumes) == (
        "PASS",
        False,
    )  # the post of the field left, beside a ticket


def test_the_customer_is_a_write_whatever_was_armed() -> None:
    """A change of CUSTTABLE, in text or key, is WRITE(customer) with the key as its target."""
    chosen = {**FORM, CUSTOMER_GRID: focused("55262")}
    for announced in (
        armed("CUSTTABLE"),
        armed("line.QTYORDERED"),
        armed("CUSTTABLE", kind="customer"),
    ):
        verdict = judged(XAF, IMMEDIATE, armed=announced, fields=chosen)
        assert (verdict.word, verdict.kind, verdict.target) == ("WRITE", "customer", "55262")
        assert verdict.seen["changed"] == "CUSTTABLE"


def test_an_editor_that_appears_or_vanishes_is_a_change() -> None:
    """A field that only one of both forms has counts, unless it is empty."""
    more = {**FORM, f"{EDITOR}$xaf_dviLINEDISC_Edit$dropdown$DD": "N/A"}
    less = {name: value for name, value in FORM.items() if "TEXTINTERNAL" not in name}
    strange = {**FORM, "Vertical$whatever": "x"}
    for fields, name in (
        (more, "LINEDISC"),
        (less, "TEXTINTERNAL"),
        (strange, "?Vertical_whatever"),
    ):
        verdict = judged(XAF, IMMEDIATE, armed=armed("line.QTYORDERED"), fields=fields)
        assert (verdict.word, verdict.seen["changed"]) == ("UNKNOWN", name)
    empty = {**FORM, f"{EDITOR}$xaf_dviCUSTOMERREF_Edit": ""}
    assert "changed" not in judged(XAF, IMMEDIATE, armed=armed("LINEDISC"), fields=empty).seen


def test_a_lookups_choice_by_callback_is_an_armed_change() -> None:
    """GLP_AC of an article passes with its property armed, without using the pass up."""
    verdict = judged(
        ARTICLE_GRID, grid("CUSTOMCALLBACK", "GLP_AC|5;88001;"), armed=armed("line.INVENTTABLE")
    )
    assert (verdict.word, verdict.consumes) == ("PASS", False)


@given(st.text(max_size=40), st.binary(max_size=120))
def test_nothing_makes_it_raise_and_nothing_unknown_passes(path: str, body: bytes) -> None:
    """Arbitrary paths and bodies get a verdict, and none of them is a pass."""
    for start in (b"", b"__CALLBACKID=globalCallbackControl&__CALLBACKPARAM=c0:"):
        assert classify("POST", path, start + body, RULES).word in ("UNKNOWN", "WRITE")


@given(st.text(min_size=1, max_size=30).filter(lambda text: len(text.strip()) > 3))
def test_what_is_seen_holds_no_value(secret: str) -> None:
    """A verdict's description names fields and commands, never a value from the form or the query."""
    secret = f"%{secret}%"
    fields = {**FORM, f"{EDITOR}$xaf_dviNAME_Edit": secret}
    verdict = classify(
        "POST",
        f"{EDIT_PATH}&x={secret}",
        callback(LINES, grid("APPLYFILTER", secret), fields),
        RULES,
        armed(),
    )
    assert secret not in str(verdict.seen)


def test_a_path_is_told_without_numbers_and_values() -> None:
    """A path's numbers and its query's values are nobody's business."""
    assert path_template("/A/X_DetailView/71723/?mode=Edit&b=1") == "/A/X_DetailView/#/?b,mode"
