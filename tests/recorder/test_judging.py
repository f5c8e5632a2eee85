"""What of a hand-driven page may reach the site: readings, and changes that nobody will save."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from server.erp.editor_fields import canonical_fields
from server.erp.rules import Rules
from server.erp.wire import parse_post
from server.recorder.handler import actions_of
from server.recorder.judging import Held, Judged, Seen, judge
from server.recorder.redaction import Redactor
from tests.erp.judging import EDIT_PATH, FORM, IMMEDIATE, LIST_PATH
from tests.erp.wire_texts import (
    ARTICLE_GRID,
    CUSTOMER_GRID,
    EDITOR,
    LINES,
    LIST,
    XAF,
    action,
    callback,
    focused,
    grid,
    postback,
)

RULES = Rules.load()
BEFORE = canonical_fields(FORM)
SEEN = Seen(before=BEFORE, answered=BEFORE, abandoned=True)
DISCOUNT = {f"{EDITOR}$xaf_dviMANUALDISCOUNT_Edit": "5,00 %"}
OTHER_CUSTOMER = {CUSTOMER_GRID: focused("55207")}


def judged(body: bytes, seen: Seen = SEEN, path: str = EDIT_PATH) -> Judged:
    post = parse_post(path.partition("?")[0], body)
    return judge(Held(post, path, body, canonical_fields(post.fields)), RULES, seen, Redactor())


def sent(control: str, parameter: str, more: Mapping[str, str] | None = None) -> bytes:
    return callback(control, parameter, FORM | dict(more or {}))


@pytest.mark.parametrize(
    ("body", "verdict", "passes"),
    [
        (sent(LINES, grid("ADDNEWROW")), "EDIT", True),
        (sent(LINES, grid("UPDATEEDIT")), "COMMIT", False),
        (sent(LINES, grid("DELETEROW", "4711")), "COMMIT", False),
        (sent(LINES, grid("COLUMNMOVE", "1")), "UNKNOWN", False),
        (sent(XAF, IMMEDIATE, DISCOUNT), "EDIT", True),
        (sent(XAF, IMMEDIATE, OTHER_CUSTOMER), "COMMIT", False),
        (sent(XAF, IMMEDIATE, DISCOUNT | OTHER_CUSTOMER), "COMMIT", False),
        (sent(XAF, IMMEDIATE, {ARTICLE_GRID: focused("88002")}), "EDIT", False),
        (sent(ARTICLE_GRID, grid("CUSTOMCALLBACK", "GLP_F|2;zz;")), "READ", True),
        (sent(CUSTOMER_GRID, grid("CUSTOMCALLBACK", "GLP_AC|5;55207;")), "COMMIT", False),
        (sent(XAF, action("Vertical$mainMenu", "1i1")), "COMMIT", False),
        (postback(XAF, "Vertical$mainMenu:1i1:XafCallback", FORM), "COMMIT", False),
    ],
)
def test_only_readings_and_harmless_changes_pass(body: bytes, verdict: str, passes: bool) -> None:  # noqa: FBT001
    """Customer and article are held back, whatever else the same body changes."""
    seen = judged(body)
    assert (seen.verdict, seen.passes) == (verdict, passes)


def test_a_change_passes_on_a_form_that_will_be_abandoned_only() -> None:
    """Anybody's order stays untouched; so does a form whose beginning nobody has read."""
    for seen in (replace(SEEN, abandoned=False), replace(SEEN, answered=None)):
        held = judged(sent(LINES, grid("ADDNEWROW")), seen)
        assert (held.verdict, held.passes) == ("EDIT", False)
    assert not judged(sent(XAF, IMMEDIATE, DISCOUNT), replace(SEEN, before=None)).passes


def test_a_reading_does_not_carry_a_choice_that_was_held_back() -> None:
    """Every request carries the whole form: a search after a blocked choice would tell it."""
    search = grid("CUSTOMCALLBACK", "GLP_F|2;zz;")
    held = judged(sent(ARTICLE_GRID, search, OTHER_CUSTOMER))
    assert (held.verdict, held.passes) == ("READ", False)
    assert "CUSTTABLE" in held.why


def test_a_menu_passes_by_its_own_name_only() -> None:
    """What an index means is the page's to say; an unknown or doubtful name is held back."""
    body = callback(XAF, action("Vertical$mainMenu", "5"), {LIST: focused(None)})
    for names, verdict in (({}, "COMMIT"), ({5: "Refresh"}, "READ"), ({5: "SendOrder"}, "COMMIT")):
        actions = {("Vertical$mainMenu", str(path)): name for path, name in names.items()}
        assert judged(body, Seen(actions=actions), LIST_PATH).verdict == verdict


def test_two_names_for_one_call_are_none() -> None:
    """An item cannot pass by the name of another that sends the same; combo boxes go by their place."""
    call = "RaiseXafCallback(globalCallbackControl, 'Vertical$mainMenu', '5', '', false)"
    items = [
        {"path": "5", "name": "Refresh", "call": call, "leaf": True},
        {"path": "6", "name": "Delete", "call": call, "leaf": True},
        {"path": "8", "name": "SetFilter", "call": "", "leaf": True},
    ]
    assert actions_of({"menus": [{"name": "Vertical_mainMenu_Menu", "items": items}]}) == {
        ("Vertical$mainMenu", "5"): "",
        ("Vertical$mainMenu", "8"): "SetFilter",
    }
