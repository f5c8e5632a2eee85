"""The grammar of the wire: round trips, refusals, and nothing but WireError for nonsense."""

from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.erp.wire import (
    ComboCall,
    NoticeCall,
    TabCall,
    XafCall,
    literal,
    parse_callback,
    parse_form,
    parse_post,
)
from server.erp.wire_grid import (
    GRID_PREFIXES,
    GridCall,
    WireError,
    normalise_id,
    parse_grid_state,
    parse_lookup_word,
    parse_state,
    read_segments,
)
from tests.erp.wire_texts import (
    LINES,
    XAF,
    action,
    callback,
    focused,
    grid,
    items,
    postback,
    segments,
    state,
)

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
NASTY = TEXT | st.sampled_from(["UPDATEEDIT", "GB|13;10|UPDATEEDIT;", ";|;", "10|", "😀|;"])


@given(st.lists(NASTY, max_size=4), st.sampled_from(["[]", '["31"]', '["a;b|c"]']))
def test_a_grids_parameter_comes_back_as_it_was_written(arguments: list[str], keys: str) -> None:
    """Command, arguments and segments survive; lengths are UTF-16 units as the page counts them."""
    call = parse_callback(LINES, grid("SORT", *arguments, SR="TF", KV=keys, CT="{}"))
    assert call == GridCall(
        LINES,
        "SORT",
        tuple(arguments),
        {"SR": "TF", "KV": keys, "CT": "{}", "GB": items(["SORT", *arguments])},
    )


@given(NASTY)
def test_a_text_that_looks_like_a_command_is_data(text: str) -> None:
    """A filter's text never becomes the command, whatever stands in it."""
    call = parse_callback(LINES, grid("APPLYCOLUMNFILTER", "3", text))
    assert isinstance(call, GridCall)
    assert (call.command, call.arguments[1]) == ("APPLYCOLUMNFILTER", text)


@given(st.dictionaries(st.sampled_from(GRID_PREFIXES), NASTY), st.integers(0, 60), st.data())
def test_a_length_that_does_not_add_up_is_refused(
    values: dict[str, str], at: int, data: st.DataObject
) -> None:
    """A text with one character too many or too few after a segment is refused."""
    whole = segments(values)
    if data.draw(st.booleans()):
        broken = whole + data.draw(st.sampled_from(["x", ";", "|", "GB", "GB|"]))
    elif whole:
        broken = whole[:-1]
    else:
        broken = f"GB|{at + 1};"
    with pytest.raises(WireError):
        read_segments(broken)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_parameter_raises_anything_else(control: str, parameter: str) -> None:
    """Arbitrary controls and parameters give a call or a WireError."""
    for text in (parameter, f"c0:{parameter}", f"c0:GB|{len(parameter)};{parameter};"):
        for name in (control, XAF, LINES, f"{control}_pg"):
            with suppress(WireError):
                parse_callback(name, text)


@given(st.binary(max_size=200))
def test_no_body_raises_anything_else(body: bytes) -> None:
    """Arbitrary bytes give a form or a WireError."""
    for data in (body, b"__CALLBACKID=globalCallbackControl&__CALLBACKPARAM=" + body):
        with suppress(WireError):
            parse_post("/", data)


@given(
    st.lists(st.tuples(TEXT.map("f".__add__), TEXT | TEXT.map((20 * "+%& ").__add__)), min_size=1)
)
def test_a_form_is_decoded_as_the_library_decodes_it(pairs: list[tuple[str, str]]) -> None:
    """Name by name and value by value, however long, and again when all of it is known."""
    body = urlencode(dict(pairs)).encode()
    assert parse_form(body) == parse_form(body) == dict(pairs)
    assert [*parse_form(body).items()] == parse_qsl(body.decode(), keep_blank_values=True)


@given(st.text(max_size=80))
def test_no_state_raises_anything_else(text: str) -> None:
    """Arbitrary states and lookup words give a value or a WireError."""
    for parse in (parse_state, parse_grid_state, parse_lookup_word):
        for value in (text, '{"keys":' + text + "}", f"GLP_F|{text}", "[" * 5000):
            with suppress(WireError):
                parse(value)


@pytest.mark.parametrize(
    "parameter",
    [
        "GB|13;10|UPDATEEDIT;",  # no callback slot
        "c0:",
        "c0:GB|13;10|UPDATEEDIT",  # end missing
        "c0:GB|13;10|UPDATEEDIT;;",  # something left over
        "c0:GB|14;10|UPDATEEDIT;",  # the value longer than there is
        "c0:GB|12;10|UPDATEEDIT;",
        "c0:GB|13;11|UPDATEEDIT;",
        "c0:GB|013;10|UPDATEEDIT;",  # a length is written without zeros
        "c0:GB|١٣;10|UPDATEEDIT;",  # and in our digits
        "c0:GB|13;10|UPDATEEDIT;GB|9;9|ADDNEWROW;",  # twice
        "c0:GB|13;10|UPDATEEDIT;KV|2;[];",  # out of order
        "c0:XX|0;;GB|13;10|UPDATEEDIT;",  # unknown segment
        "c0:KV|2;[];",  # no command
        "c0:GB|0;;",
        "c0:KV|2;{};GB|13;10|UPDATEEDIT;",
        "c0:SR|2;TX;GB|13;10|UPDATEEDIT;",
        "c0:FR|1;x;GB|13;10|UPDATEEDIT;",
        "c0:GB|13;10|updateedit;",
    ],
)
def test_a_grids_parameter_is_read_to_the_last_character(parameter: str) -> None:
    """Whatever does not follow the grammar to its end is refused."""
    with pytest.raises(WireError):
        parse_callback(LINES, parameter)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (":", XafCall("", "")),
        ("Vertical$mainMenu:1i1", XafCall("Vertical$mainMenu", "1i1")),
        ("ACHFCB12:New:Vertical_mainMenu_Menu", XafCall("ACHFCB12", "New:Vertical_mainMenu_Menu")),
    ],
)
def test_an_actions_handler_ends_at_the_first_colon(text: str, call: XafCall) -> None:
    """Handler up to the first colon; the argument may hold more of them."""
    assert parse_callback(XAF, f"c0:{text}:XafCallback") == call
    assert call.is_immediate_post == (text == ":")


@pytest.mark.parametrize(
    "text", ["c0:a:b", "c0:a:XafCallback", "c0::b:XafCallback", "a:b:XafCallback"]
)
def test_an_action_without_its_whole_form_is_refused(text: str) -> None:
    """Slot, handler, argument and suffix are all needed."""
    with pytest.raises(WireError):
        parse_callback(XAF, text)


def test_other_controls_have_their_own_form() -> None:
    """Combo boxes, tabs and the closing window are told apart."""
    assert parse_callback("Vertical$c", "c0:LBCRI|4;0:99;") == ComboCall(
        "Vertical$c", "LBCRI", "0:99"
    )
    assert parse_callback("Vertical$xaf_l1_pg", "c0:2") == TabCall("Vertical$xaf_l1_pg", 2)
    assert isinstance(parse_callback("NotifyWindowCloseControl", "anything"), NoticeCall)
    for parameter in ("c0:x", "c0:-1", "c0:123", "c0:"):
        with pytest.raises(WireError):
            parse_callback("Vertical$xaf_l1_pg", parameter)


def test_a_lookups_word_carries_its_values() -> None:
    """GLP words are split with their lengths checked."""
    assert parse_lookup_word("GLP_F|4;zz99;") == ("GLP_F", ("zz99",))
    assert parse_lookup_word("GLP_CC") == ("GLP_CC", ())
    for text in ("GLP_F|5;zz99;", "GLP_F|4;zz99;x", "glp_f", "XGLP_F"):
        with pytest.raises(WireError):
            parse_lookup_word(text)


def test_a_name_that_comes_twice_has_one_value() -> None:
    """Equal duplicates are one field (the filter combo), different ones are refused."""
    assert parse_form(b"a=1&b=%C3%A8&a=1") == {"a": "1", "b": "è"}
    for body in (
        b"a=1&a=2",
        b"",
        b"&a=1",
        b"a=1&",
        b"=1",
        b"a",
        b"a=%zz",
        b"a=%ff",
        b"a=\xe8",
        b"a=%",
    ):
        with pytest.raises(WireError):
            parse_form(body)


def test_the_frameworks_own_names_come_once_and_in_capitals() -> None:
    """The server joins `__callbackid` and `__CALLBACKID` to one text; so neither doubles pass."""
    assert parse_form(b"__VIEWSTATE=&__VIEWSTATE1=x") == {"__VIEWSTATE": "", "__VIEWSTATE1": "x"}
    for body in (b"__VIEWSTATE=&__VIEWSTATE=", b"__callbackid=x", b"__X=1&__x=1"):
        with pytest.raises(WireError):
            parse_form(body)


def test_there_are_two_families_of_posts_and_no_third() -> None:
    """A callback, or a postback of the framework's control; mixtures are refused."""
    assert parse_post("/x", callback(XAF, action("h", "a"))).call == XafCall("h", "a")
    assert parse_post("/x", postback(XAF, "h:a:XafCallback")).call == XafCall(
        "h", "a", postback=True
    )
    for body in (
        b"a=1",
        b"__CALLBACKID=x",
        b"__CALLBACKPARAM=c0:a:b:XafCallback",
        postback("Vertical$v1_2$LE_v1", "10|UPDATEEDIT"),
        callback(XAF, action("h", "a"), {"__EVENTTARGET": "x"}),
        callback(XAF, action("h", "a"), {"__EVENTARGUMENT": "x"}),
    ):
        with pytest.raises(WireError):
            parse_post("/x", body)


def test_a_refusal_names_no_value() -> None:
    """An error's text and its chain hold nothing of what was posted."""
    with pytest.raises(WireError) as caught:
        parse_form(b"password=5ecret%&a=%zz")
    assert "5ecret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_grids_state_is_read_from_body_and_page() -> None:
    """The state is JSON, HTML-escaped when posted; keys may be numbers, the focused key absent."""
    posted = state(keys=["1", 2], selection="FT", focusedKey=88001, callbackState="x")
    read = parse_grid_state(posted)
    assert (read.keys, read.selection, read.focused_key) == (("1", "2"), "FT", "88001")
    assert parse_grid_state('{"keys":[],"selection":"U"}').focused_key == ""
    assert parse_grid_state(focused(None)).focused_key == ""
    for bad in ('{"keys":1}', '{"selection":"X"}', '{"focusedKey":{}}', '{"keys":[[]]}', "[]", ""):
        with pytest.raises(WireError):
            parse_grid_state(bad)


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        (
            "Vertical$v16_111$MainLayoutEdit$xaf_l489_pg$xaf_l495$xaf_dviSALESLINEs$v17_222$LE_v17",
            "Vertical$v#$MainLayoutEdit$xaf_l#_pg$xaf_l#$xaf_dviSALESLINEs$v#$LE_v#",
        ),
        ("Vertical_v3_11552498_LE_v3$editnew_25$xaf_Q", "Vertical_v#_LE_v#$edit#_25$xaf_Q"),
        ("edit0_12_xaf_INVENTTABLE_Edit", "edit#_12_xaf_INVENTTABLE_Edit"),
        ("ACHFCB74563", "ACHFCB#"),
        ("GVPRCHC1", "GVPRCHC#"),
        ("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "guid#"),
        ("Vertical$SearchAC$Menu$ITCNT0$xaf_a0$Ed", "Vertical$SearchAC$Menu$ITCNT0$xaf_a#$Ed"),
    ],
)
def test_ids_lose_what_changes(name: str, normal: str) -> None:
    """Views, random numbers, layout items and handlers become one name each."""
    assert normalise_id(name) == normal


def test_a_literal_is_compared_without_its_slot() -> None:
    """c0 and c1 are slots of one control, not part of what is asked."""
    assert literal("c0:a:b:XafCallback") == literal("c1:a:b:XafCallback") == "a:b:XafCallback"
