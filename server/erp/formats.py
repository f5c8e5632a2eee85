"""How the ERP writes numbers, dates and ids in Italian and in English, and their one form inside."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Literal

Language = Literal["it", "en"]

_ID = re.compile(r"\d{1,3}(?:(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*)?|\d+", re.ASCII)
_NUMBER = re.compile(
    r"(?P<sign>-?)(?P<whole>\d{1,3}(?:(?P<mark>[.,])\d{3})+|\d+)(?P<rest>[.,]\d+)?", re.ASCII
)


def erp_id(text: str) -> str:
    """The canonical digits of an ERP id: ``71.723``, ``71,723`` and ``71723`` are ``71723``.

    Placeholders (``ORDER-…``, ``UNKNOWN``, ``0``) and ids that lost a zero on their way through a
    float (``45.23`` for ``45.230``, erp-reference §3.1.6) are refused: they name nothing.

    Raises:
        ValueError: the text is not an ERP id.
    """
    bare = text.strip()
    if not _ID.fullmatch(bare):
        raise ValueError("not an ERP id")
    digits = re.sub(r"[.,]", "", bare)
    if digits.startswith("0"):
        raise ValueError("not an ERP id")
    return digits


def dotted_id(digits: str) -> str:
    """An id as our tables and Italian screens show it: ``71723`` is ``71.723``."""
    return f"{int(digits):,}".replace(",", ".")


def number(text: str) -> Decimal:
    """Read a quantity, price, amount or percentage: ``5,00 ``, ``1.234,56 €``, ``63.00 %``.

    The decimal sign is the last separator. One separator before exactly three digits could be
    either (``1.234``); the site always shows decimals, so that form is refused, not guessed.

    Raises:
        ValueError: the text is not a number, or can be read in two ways.
    """
    bare = re.sub(r"[\s€%]", "", text)
    match = _NUMBER.fullmatch(bare)
    if match is None:
        raise ValueError("not a number as the ERP writes it")
    mark, rest = match["mark"], match["rest"]
    if mark and rest is None and bare.count(mark) == 1:
        raise ValueError("a number with one separator before three digits can be read in two ways")
    if mark and rest and rest[0] == mark:
        raise ValueError("not a number as the ERP writes it")
    whole = re.sub(r"[.,]", "", match["whole"])
    return Decimal(f"{match['sign']}{whole}.{rest[1:] if rest else '0'}")


def decimal_sign(shown: str) -> str:
    """The decimal sign of the page's language, taken from a number that it shows (``0,00 %``).

    Raises:
        ValueError: the text shows no decimals.
    """
    match = re.search(r"([.,])\d{1,2}\D*$", shown.strip())
    if match is None:
        raise ValueError("no decimals to learn the decimal sign from")
    return match[1]


def typed(value: Decimal, sign: str) -> str:
    """A number as one types it: no grouping, no needless zeros, the page's decimal sign."""
    return plain(value).replace(".", sign)


def plain(value: Decimal) -> str:
    """A number in the contract's form, without needless zeros: ``5``, ``12.5``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal) -> str:
    """An amount or price in the contract's form, with two decimals at least: ``60.00``, ``3.1416``."""
    whole, _, cents = plain(value).partition(".")
    return f"{whole}.{cents.ljust(2, '0')}"


def moment(text: str, language: Language) -> datetime:
    """Read a date, with or without time, in the language of the page.

    The language must be known: ``03/02/2026`` is February in Italian and March in English
    (incident 43, erp-reference §7.2).

    Raises:
        ValueError: the text is no date in that language.
    """
    day = "%d/%m/%Y" if language == "it" else "%m/%d/%Y"
    time = " %H:%M:%S" if language == "it" else " %I:%M:%S %p"
    bare = text.strip()
    return datetime.strptime(bare, day + time if " " in bare else day)  # noqa: DTZ007 - the ERP tells no zone
