"""Numbers, dates, ids and texts have one form inside, however the ERP spells them."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.erp import formats
from server.erp.order_texts import canonical, description, order_text


@pytest.mark.parametrize("text", ["71.723", "71,723", "71723", " 71723 "])
def test_an_id_has_one_canonical_form(text: str) -> None:
    """Dotted, English and bare ids are the same digits (incidents 9 to 15)."""
    assert formats.erp_id(text) == "71723"


@pytest.mark.parametrize(
    "text",
    ["ORDER-1700000000000", "UNKNOWN", "", "0", "45.23", "71.72a", "1.2345", "71.723,00", "1.234,567",
     "ORD/26005662", "warehouse-1", "\u0667\u0661", "-71723"],
)  # fmt: skip
def test_what_names_nothing_is_no_id(text: str) -> None:
    """Placeholders and ids that lost a digit are failures to identify, never ids."""
    with pytest.raises(ValueError, match="not an ERP id"):
        formats.erp_id(text)


@given(st.integers(min_value=1, max_value=10**9))
def test_a_dotted_id_leads_back_to_its_digits(number: int) -> None:
    """Our tables' spelling and the canonical one are the same id, trailing zeros included."""
    assert formats.erp_id(formats.dotted_id(str(number))) == str(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [("5,00 ", "5"), ("5.00 ", "5"), ("63,00 %", "63"), ("1.234,56 €", "1234.56"), ("5", "5"),
     ("1,234.56 €", "1234.56"), ("1.234.567,8", "1234567.8"), ("-5,25", "-5.25"), ("12,5\xa0%", "12.5"),
     ("1.234.567", "1234567"), ("3,1416", "3.1416"), ("1000,00", "1000")],
)  # fmt: skip
def test_numbers_are_read_in_both_languages(text: str, value: str) -> None:
    """The last separator is the decimal sign, whichever language the page is in."""
    assert formats.number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "N/A", "1.234", "1,234", "1.234.56", "NaN", "1e3", "5,,0", "\u0665,00"]
)
def test_what_can_be_read_in_two_ways_is_not_guessed(text: str) -> None:
    """Neither NaN nor an ambiguous number passes for a quantity (incident 24)."""
    with pytest.raises(ValueError, match="number"):
        formats.number(text)


@given(st.decimals(min_value=0, max_value=999_999, places=2), st.sampled_from(",."))
def test_a_shown_number_is_read_back(value: Decimal, sign: str) -> None:
    """Whatever the site shows with two decimals is the number that it means."""
    text = f"{value:,.2f}"
    shown = text if sign == "." else text.translate(str.maketrans(",.", ".,"))
    assert formats.number(shown) == value
    assert formats.decimal_sign(shown) == sign


def test_numbers_are_typed_with_the_pages_own_sign() -> None:
    """12.5 is typed 12,5 on an Italian page."""
    assert formats.typed(Decimal("12.50"), ",") == "12,5"
    assert formats.typed(Decimal(100), ".") == "100"


def test_the_contract_hears_plain_decimals() -> None:
    """Quantities without needless zeros, amounts with their cents."""
    assert formats.plain(Decimal("5.00")) == "5"
    assert formats.plain(Decimal("1E+2")) == "100"
    assert formats.money(Decimal("60.0000")) == "60.00"
    assert formats.money(Decimal("3.1416")) == "3.1416"


def test_days_are_read_in_the_language_that_is_known() -> None:
    """The same text is February in Italian and March in English (incident 43)."""
    assert formats.moment("03/02/2026", "it") == datetime(2026, 2, 3)  # noqa: DTZ001
    assert formats.moment("3/2/2026 12:03:09 PM", "en") == datetime(2026, 3, 2, 12, 3, 9)  # noqa: DTZ001


def test_the_description_begins_with_the_marker_and_is_cut_on_a_character() -> None:
    """However long the notes, the marker stands whole and first, and no character is cut in half."""
    assert description("#ABCDEFGHJK", "prima\nseconda", 60) == "#ABCDEFGHJK prima seconda"
    assert description("#ABCDEFGHJK", "", 60) == "#ABCDEFGHJK"
    assert description("#ABCDEFGHJK", "😀😀", 15) == "#ABCDEFGHJK 😀"
    assert description("#ABCDEFGHJK", "abc", 12) == "#ABCDEFGHJK"


def test_the_shipping_remark_stands_on_its_own_line() -> None:
    """Verona finds its words first, the agent's notes whole below."""
    assert order_text("ciao\r\nmondo ", no_shipping=True) == "NO SPESE DI SPEDIZIONE\nciao\nmondo"
    assert order_text("", no_shipping=True) == "NO SPESE DI SPEDIZIONE"
    assert order_text("  ", no_shipping=False) == ""
    assert canonical("cafe\u0301 \r\n") == "caf\u00e9"
