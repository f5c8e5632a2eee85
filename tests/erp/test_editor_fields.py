"""Canonical names of the editors in a form, their comparison, and what counts as equal content."""

from decimal import Decimal

import pytest

from server.erp.content import same
from server.erp.editor_fields import canonical_fields, changed, lookup_property, property_of
from server.erp.wire_grid import WireError
from tests.erp.wire_texts import ARTICLE_GRID, CUSTOMER_GRID, EDITOR, LINES, LIST, focused, state

ROW = f"{LINES}$editnew_25$xaf_QTYORDERED_Edit"
CLIENT = EDITOR.replace("$", "_")


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ({f"{EDITOR}$xaf_dviPURCHORDERFORMNUM_Edit": "#x"}, {"PURCHORDERFORMNUM": "#x"}),
        ({f"{EDITOR}$xaf_dviCUSTTABLE_Edit": "1002328"}, {"CUSTTABLE": "1002328"}),
        ({CUSTOMER_GRID: focused("55261")}, {"CUSTTABLE.key": "55261"}),
        ({CUSTOMER_GRID: focused(None)}, {"CUSTTABLE.key": ""}),
        ({CUSTOMER_GRID: ""}, {"CUSTTABLE.key": ""}),
        ({ARTICLE_GRID: focused("88001")}, {"line.INVENTTABLE.key": "88001"}),
        ({ROW: "5,00 "}, {"line.QTYORDERED": "5,00 "}),
        ({ROW.replace("editnew", "edit0"): "5,00 "}, {"line.QTYORDERED": "5,00 "}),
        ({f"{ROW}$State": state(rawValue="5")}, {"line.QTYORDERED.raw": "5"}),
        ({f"{ROW}$State": state(rawValue=None)}, {}),
        (
            {
                f"{EDITOR}$xaf_dviLINEDISC_Edit$dropdown$DD": "N/A",
                f"{CLIENT}_xaf_dviLINEDISC_Edit_dropdown_DD_VI": "x.LINEDISC(0)",
                f"{EDITOR}$xaf_dviLINEDISC_Edit$dropdown$DD$DDD$State": state(windowsState="0:0"),
            },
            {"LINEDISC": "x.LINEDISC(0)", "LINEDISC.text": "N/A"},
        ),
        ({f"{CLIENT}_xaf_dviSALESTYPE_Edit_VI": "Journal"}, {"SALESTYPE": "Journal"}),
        ({f"{CLIENT}_xaf_dviPAYMTERMID_Edit_find_HDN": "p(0)"}, {"PAYMTERMID": "p(0)"}),
        ({f"{EDITOR}$xaf_dviNAME_Edit$what": "x"}, {"NAME.other": "x"}),
        (
            {"Vertical_mainMenu_Menu_ITCNT8_xaf_a1_Cb_VI": "a_OrdersAll"},
            {"SetFilter": "a_OrdersAll"},
        ),
        ({"Vertical$SearchAC$Menu$ITCNT0$xaf_a0$Ed": "57094"}, {"Search": "57094"}),
        ({"Vertical$ErrorInfo$Ch": "C"}, {"ErrorInfo": "C"}),
        (
            {LINES.replace("SALESLINEs", "ADDRESSes") + "$edit1_3$xaf_CITY_Edit": "x"},
            {"address.CITY": "x"},
        ),
        ({"Vertical$v1_2$unheard": "x"}, {"?Vertical_v#_unheard": "x"}),
        (
            {
                "__VIEWSTATE": "x",
                "Sc$xPos": "0",
                "ClientServerParams": "x",
                "DXScript": "1",
                LIST: "x",
                LINES: "x",
                "Vertical$mainMenu$Menu": "x",
                "Vertical$NC$NB": "x",
                f"{LIST}$DXFREditorcol3": "x",
                "Vertical$v1_2$MainLayoutEdit$xaf_l37_pg": "x",
                f"{EDITOR}$xaf_dviNAME_Edit_EditorClientInfo": "x",
                f"{CUSTOMER_GRID}$DXSE": "x",
            },
            {},
        ),
    ],
)
def test_an_editor_has_one_name(raw: dict[str, str], canonical: dict[str, str]) -> None:
    """Volatile ids, `$` or `_`, and twins come down to property and part; housekeeping to nothing."""
    assert canonical_fields(raw) == canonical


def test_two_open_rows_with_different_values_are_refused() -> None:
    """Only one row can be edited; two that differ cannot be told apart."""
    with pytest.raises(WireError):
        canonical_fields({ROW: "5", ROW.replace("editnew", "edit0"): "6"})


@pytest.mark.parametrize(
    ("before", "after", "properties"),
    [
        ({"A": "x"}, {"A": "x  "}, set()),
        ({"A": "x\r\ny"}, {"A": "x\ny"}, set()),
        ({"A": "e\u0300"}, {"A": "\u00e8"}, set()),
        ({"A": "x"}, {"A": "y", "A.key": "1"}, {"A"}),
        ({"A.key": "1"}, {"A.key": "2"}, {"A"}),
        ({"line.Q": "5"}, {}, {"line.Q"}),
        ({}, {"line.Q.key": ""}, set()),
        ({"Q": "5,00 ", "Q.raw": "5"}, {"Q": "5,00 ", "Q.raw": "5.0"}, set()),
        ({"Q": "5,00 ", "Q.raw": "5"}, {"Q": "5,00 ", "Q.raw": "6"}, {"Q"}),
        ({"Q": "5,00 "}, {"Q": "5,00 ", "Q.raw": "5"}, set()),
    ],
)
def test_only_real_differences_are_changes(
    before: dict[str, str], after: dict[str, str], properties: set[str]
) -> None:
    """Line ends, blanks at the end and a raw value that says its text again are no change."""
    assert changed(before, after) == properties


def test_parts_belong_to_their_property() -> None:
    """A twin's change is its property's change."""
    names = (
        "CUSTTABLE.key",
        "line.INVENTTABLE.key",
        "line.INVENTTABLE",
        "CUSTTABLE",
        "LINEDISC.text",
    )
    expected = ["CUSTTABLE", "line.INVENTTABLE", "line.INVENTTABLE", "CUSTTABLE", "LINEDISC"]
    assert [property_of(name) for name in names] == expected
    assert lookup_property(ARTICLE_GRID) == "line.INVENTTABLE"
    assert lookup_property(LIST) is None


@pytest.mark.parametrize(
    ("expected", "found", "equal"),
    [
        (Decimal(5), "5,00 ", True),
        (Decimal(5), "5.00", True),
        (Decimal(63), "63,00 %", True),
        (Decimal("1234.5"), "1.234,50 €", True),
        (Decimal(5), "50,00", False),
        (Decimal(1234), "1.234", False),  # readable in two ways
        (Decimal(1), "1.000", False),
        (Decimal(0), "", False),
        ("5", "5,00", False),
        ("a\nb", "a\r\nb ", True),
        ("", " ", True),
        ("UPDATEEDIT", "UPDATEEDIT", True),
    ],
)
def test_content_is_equal_in_one_way_only(
    expected: str | Decimal, found: str, *, equal: bool
) -> None:
    """Numbers compare as numbers if they can be read in one way, texts as texts."""
    assert same(expected, {"A": found}, "A") is equal
    assert not same(expected, {}, "A")
