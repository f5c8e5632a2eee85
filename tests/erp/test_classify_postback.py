"""Where the site posts the whole page, each request is to the gate what its callback is."""

import pytest

from server.erp.classify import Armed, Verdict, classify
from tests.erp.judging import (
    EDIT_PATH,
    FORM,
    LIST_PATH,
    LOGIN_PATH,
    NEW_PATH,
    RULES,
    armed,
    judged,
)
from tests.erp.wire_texts import CUSTOMER_GRID, EDITOR, LINES, XAF, action, focused, postback


def posted(
    handler: str,
    argument: str,
    path: str = EDIT_PATH,
    announced: Armed | None = None,
    fields: dict[str, str] | None = None,
) -> Verdict:
    body = postback(XAF, f"{handler}:{argument}:XafCallback", FORM if fields is None else fields)
    return classify("POST", path, body, RULES, announced)


@pytest.mark.parametrize(
    ("name", "handler", "argument", "path"),
    [
        ("New", "ACHFCB1", "New:Vertical_mainMenu_Menu", LIST_PATH),
        ("SetFilter", "Vertical$mainMenu", "8", LIST_PATH),
        ("Save", "Vertical$mainMenu", "1i0", EDIT_PATH),
        ("SaveAndClose", "Vertical$mainMenu", "1i1", EDIT_PATH),
        ("SendOrder", "Vertical$mainMenu", "4", LIST_PATH),
        ("SaveAndNew", "Vertical$mainMenu", "1i2", EDIT_PATH),
        ("Export", "Vertical$mainMenu", "7", LIST_PATH),
    ],
)
def test_a_menu_item_is_the_same_in_both_forms(
    name: str, handler: str, argument: str, path: str
) -> None:
    """Announced or not: word, kind, target and what it consumes do not depend on the form."""
    announced = Armed(action=name, parameter=action(handler, argument))
    for arming in (announced, None, Armed(action="New", parameter=action("x", "y"))):
        as_page = posted(handler, argument, path, arming)
        as_callback = judged(XAF, action(handler, argument), path, arming)
        assert (as_page.word, as_page.kind, as_page.target, as_page.consumes) == (
            as_callback.word,
            as_callback.kind,
            as_callback.target,
            as_callback.consumes,
        )


def test_an_immediate_post_is_told_by_what_changed() -> None:
    """The armed property alone may differ; the customer is a write; nothing armed is unknown."""
    quantity = {**FORM, f"{LINES}$editnew_25$xaf_QTYORDERED_Edit": "7,00 "}
    note = {**quantity, f"{EDITOR}$xaf_dviTEXTINTERNAL_Edit": "x"}
    chosen = {**FORM, CUSTOMER_GRID: focused("55262")}
    assert posted("", "", announced=armed("line.QTYORDERED"), fields=quantity).consumes
    assert posted("", "", announced=armed("line.QTYORDERED"), fields=note).word == "UNKNOWN"
    assert posted("", "", fields=quantity).word == "UNKNOWN"
    customer = posted("", "", NEW_PATH, armed("CUSTTABLE"), chosen)
    assert (customer.word, customer.kind, customer.target) == ("WRITE", "customer", "55262")


def test_only_the_search_passes_by_itself() -> None:
    """The login is signed in by callback only; another argument is another action."""
    assert posted("Vertical$SearchAC", "0", LIST_PATH).word == "PASS"
    assert posted("Vertical$SearchAC", "1", LIST_PATH).word == "UNKNOWN"
    assert posted("Logon$PopupActions", "0", LOGIN_PATH, fields={}).word == "UNKNOWN"


def test_an_eraser_may_post_what_stood_before() -> None:
    """LINEDISC alone may be told again unchanged, when announced; beside it nothing may change."""
    quantity = {**FORM, f"{LINES}$editnew_25$xaf_QTYORDERED_Edit": "7,00 "}
    for judge in (posted, lambda *_, **more: judged(XAF, action("", ""), armed=more["announced"])):
        assert judge("", "", announced=armed("LINEDISC")).consumes
        assert judge("", "", announced=armed("LINEDISC", "line.QTYORDERED")).word == "UNKNOWN"
        assert judge("", "", announced=armed("CUSTTABLE")).word == "UNKNOWN"
    assert posted("", "", announced=armed("LINEDISC"), fields=quantity).word == "UNKNOWN"
