"""What is kept of the ERP's answer: ids, shape, redacted texts, and never a value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.erp.evidence import ids_of, redacted, shape_of
from server.erp.payload import PayloadError, parse_payload


def literal(value: object) -> str:
    """A JavaScript literal in single quotes, as the site writes it."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{literal(k)}:{literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(literal, value)) + "]"
    if isinstance(value, str):
        return "'" + json.dumps(value)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return json.dumps(value)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(max_codepoint=0xFFF), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(max_codepoint=0xFFF), max_size=8), inner, max_size=3
        )
    ),
    max_leaves=10,
)


@given(
    st.dictionaries(st.text(st.characters(max_codepoint=0xFFF), max_size=8), VALUES, max_size=4),
    st.text(max_size=9),
)
def test_a_payload_comes_back_as_it_was_written(
    payload: dict[str, object], validation: str
) -> None:
    """Every literal survives, behind a replaced event validation of the announced length."""
    body = f"{len(validation)}|{validation}/*DX*/({literal(payload)})"
    assert parse_payload(body) == payload


@given(st.text(max_size=80))
def test_no_answer_raises_anything_else(text: str) -> None:
    """Arbitrary answers have a shape."""
    for body in (text, f"0|/*DX*/({text})", f"0|/*DX*/({{'a':{text}}})", "0|/*DX*/(" + "[" * 500):
        assert shape_of(body)["size"] == len(body)
        ids_of(body)


@pytest.mark.parametrize(
    "body",
    [
        "0|/*DX*/({'a':1}) more",
        "0|/*DX*/({'a':f()})",
        "0|/*DX*/({'a':1",
        "5|ab/*DX*/({})",
        "0|({})",
        "/*DX*/({})",
        "0|/*DX*/('text')",
        "0|/*DX*/({'a':'\\u12'})",
    ],
)
def test_only_a_whole_literal_is_a_payload(body: str) -> None:
    """Calls, cut texts and anything behind the object are refused."""
    with pytest.raises(PayloadError):
        parse_payload(body)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "empty"),
        ("<!DOCTYPE html><html>", "html"),
        ("  <html>", "html"),
        ("eThe message", "callback error"),
        ("something", "other"),
        ("0|/*DX*/({'id':0", "other"),
        ("0|/*DX*/({'id':0})", "payload"),
    ],
)
def test_an_answer_has_a_kind(body: str, kind: str) -> None:
    """A login page, an error and a cut payload are told apart from an answer."""
    assert shape_of(body)["kind"] == kind


def test_a_saves_answer_shows_panels_and_errors_without_values() -> None:
    """Names and sizes of panels; the error's words without numbers, addresses and quoted values."""
    markup = (
        "<div class=ErrorLabel>P.IVA 01234567890 di &quot;Rossi&quot; (a@b.it) non valida</div>"
    )
    body = (
        "0|/*DX*/("
        + literal(
            {
                "id": 0,
                "cp": {
                    "cpControlsToUpdate": "Vertical_UPVSC;Vertical_UPEI",
                    "cpVertical_UPVSC": "<b>x</b>",
                    "cpVertical_UPEI": markup,
                    "cpCurrentUrl": "/Archibald/SALESTABLE_DetailViewAgent/71723/?mode=Edit",
                },
            }
        )
        + ")"
    )
    shape = shape_of(body)
    assert shape["panels"] == {"Vertical_UPVSC": 8, "Vertical_UPEI": len(markup)}
    assert shape["errors"] == "P.IVA # di … (#) non valida"
    assert shape["keys"] == ["cp", "id"]
    assert json.loads(json.dumps(shape)) == shape


def test_redirects_and_errors_are_named() -> None:
    """A payload's redirect is told without its query's values, its errors without numbers."""
    assert shape_of("0|/*DX*/({'redirect':'/A/Error.aspx?e=12-ab'})")["redirect"] == "/A/Error.aspx"
    assert shape_of("0|/*DX*/({'generalError':'row 12'})")["general_error"] == "row #"
    assert shape_of("0|/*DX*/({'error':{'message':'row 12','data':''}})")["error"] == "row #"


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ("x", ()),
        ("'redirect':'/Archibald/SALESTABLE_DetailViewAgent/71723/?mode=View'", ("71723",)),
        ("SALESTABLE_DetailViewAgent/?NewObject=true", ()),
        ("xafkidemovb.Module.CRMKI.SALESTABLE(71723)", ("71723",)),
        ("CRMKI.CUSTTABLE(55261) CRMKI.CUSTTABLE(55262)", ("55261",)),
        ('<input id="V_xaf_dviID_Edit_I" value="71.723">', ("71723",)),
        (r"<input id=\"V_xaf_dviID_Edit_I\" class=\"x\" value=\"71,723\">", ("71723",)),
        ('X_DetailView/71723/ <input id="V_dviID_Edit_I" value="71.723">', ("71723",)),
    ],
)
def test_ids_come_from_urls_objects_and_the_id_editor(body: str, ids: tuple[str, ...]) -> None:
    """The first of each kind, canonical digits, each once (erp-wire §5)."""
    assert ids_of(body) == ids


def test_a_redacted_text_can_be_stored() -> None:
    """Half a character pair and very long texts do not break the journal."""
    assert redacted("\ud83d <script>x = 12</script>a" + "b" * 999).encode().startswith(b"? ab")
    assert len(redacted("b" * 999)) == 300
