"""How the site writes numbers and dates, and how it reads them back."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """Round half up to the cent, as the ERP's amounts are."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def number(value: Decimal | int, language: str, decimals: int = 2) -> str:
    """`1.234,50` in Italian, `1,234.50` in English."""
    step = Decimal(1).scaleb(-decimals)
    text = f"{Decimal(value).quantize(step, rounding=ROUND_HALF_UP):,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "it" else text


def quantity(value: Decimal, language: str) -> str:
    """Like the site's quantity editor, with its trailing blank."""
    return number(value, language) + " "


def money(value: Decimal, language: str) -> str:
    """`32,46 €`."""
    return number(value, language) + " €"


def percent(value: Decimal, language: str) -> str:
    """`63,00 %`."""
    return number(value, language) + " %"


def parse_number(text: str, language: str) -> Decimal | None:
    """Read what a person typed, or None when it is no number."""
    bare = re.sub(r"[\s€%]", "", text)
    thousands, decimal = (".", ",") if language == "it" else (",", ".")
    bare = bare.replace(thousands, "").replace(decimal, ".")
    try:
        value = Decimal(bare or "0")
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def day(value: date | None, language: str) -> str:
    """`07/02/2026`, or `2/7/2026` in English."""
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if language == "it" else f"{value.month}/{value.day}/{value.year}"


def moment(value: datetime | None, language: str) -> str:
    """`07/02/2026 12:03:09`, or `2/7/2026 12:03:09 PM` in English."""
    if value is None:
        return ""
    if language == "it":
        return f"{value:%d/%m/%Y %H:%M:%S}"
    return f"{day(value, language)} {value.hour % 12 or 12}:{value:%M:%S %p}"


def plain(value: Decimal) -> str:
    """A decimal for JSON: a dot, no exponent, no needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
