"""The callback grammar, without a browser."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.erp_simulator.callbacks import (
    MalformedCallbackError,
    answer,
    js_literal,
    parse_grid,
    parse_items,
    parse_lookup,
    parse_xaf,
)

COMMIT = 'c0:KV|6;["31"];CT|2;{};GB|13;10|UPDATEEDIT;'


def test_a_commit_is_read_segment_by_segment() -> None:
    """The documented example of a line's commit is understood whole."""
    parsed = parse_grid(COMMIT)
    assert parsed.segments == {"KV": '["31"]', "CT": "{}", "GB": "10|UPDATEEDIT"}
    assert (parsed.command, parsed.arguments) == ("UPDATEEDIT", ())


def test_a_command_has_arguments() -> None:
    """Items of GB follow each other by their lengths alone."""
    parsed = parse_grid("c1:GB|31;17|APPLYCOLUMNFILTER2|325|9|001;")
    assert parsed.slot == 1
    assert (parsed.command, parsed.arguments) == ("APPLYCOLUMNFILTER", ("32", "9|001"))


@pytest.mark.parametrize(
    "text",
    [
        'c0:KV|5;["31"];GB|13;10|UPDATEEDIT;',
        "c0:GB|13;10|UPDATEEDIT",
        "c0:GB|13;11|UPDATEEDIT;",
        "c0:GB|13;10|UPDATEEDIT;KV|2;[];",
        "c0:XX|2;{};",
        "GB|13;10|UPDATEEDIT;",
        "x0:GB|13;10|UPDATEEDIT;",
    ],
)
def test_lengths_must_add_up(text: str) -> None:
    """A wrong length, order, prefix or slot is refused, never guessed at."""
    with pytest.raises(MalformedCallbackError):
        parse_grid(text)


@given(st.lists(st.text(max_size=12), max_size=5))
def test_items_carry_any_text(items: list[str]) -> None:
    """User text with bars, digits and semicolons cannot be mistaken for grammar."""
    assert parse_items("".join(f"{len(item)}|{item}" for item in items)) == items


def test_an_action_is_handler_and_argument() -> None:
    """Only the first colon separates; the suffix is literal."""
    parsed = parse_xaf("c0:ACHFCB123:New:Vertical_mainMenu_Menu:XafCallback")
    assert (parsed.handler, parsed.argument) == ("ACHFCB123", "New:Vertical_mainMenu_Menu")
    empty = parse_xaf("c0:::XafCallback")
    assert (empty.handler, empty.argument) == ("", "")
    with pytest.raises(MalformedCallbackError):
        parse_xaf("c0:Vertical$mainMenu:1i1")
    assert parse_xaf("c0:Vertical$mainMenu:1i1", suffix=False).argument == "1i1"


def test_a_lookup_says_its_text_with_its_length() -> None:
    """`GLP_F` holds what was typed, semicolons included."""
    assert parse_lookup("GLP_F|5;a;b|c;") == ("GLP_F", "a;b|c")
    assert parse_lookup("GLP_CC") == ("GLP_CC", "")
    with pytest.raises(MalformedCallbackError):
        parse_lookup("GLP_F|4;a;b|c;")


@given(st.text())
def test_a_literal_holds_any_text(text: str) -> None:
    """Undoing the change of quotes gives the text back; nothing in it can end a script."""
    literal = js_literal(text)
    assert literal[0] == literal[-1] == "'"
    assert "</" not in literal
    body = literal[1:-1].replace("\\'", "'").replace("<\\/", "</").replace("<\\!--", "<!--")
    assert json.loads('"' + _quoted(body) + '"') == text


def _quoted(body: str) -> str:
    return body.replace('"', '\\"')


def test_an_answer_is_a_literal_after_the_prefix() -> None:
    """`0|/*DX*/({…})` with strings in single quotes."""
    payload = {"id": 0, "result": "", "cp": {"cpPageTitle": "L'ordine"}}
    assert answer(payload) == ("0|/*DX*/({'id':0,'result':'','cp':{'cpPageTitle':'L\\'ordine'}})")
