"""Which of a postal code's towns is meant: equal but for case and accents, else by all its longer words."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.erp.grid import Row
from server.errors import ErpRejectedError

FIELDS = ("ZIPCODE", "CITY", "COUNTRYREGIONID")
# Towns are written `S.SEBASTIANO AL COLLE`: saints are no word to tell them apart by.
_SAINTS = frozenset({"san", "santo", "santa", "sant"})
_SHORT = 2


@dataclass(frozen=True)
class Place:
    """A postal code as the request names it; town and country may be empty. ``path`` is its field's."""

    path: str
    postal_code: str
    city: str = ""
    country: str = ""


def choose_place(wanted: Place, rows: Sequence[Row]) -> Row:
    """The one row that is meant, of all that the ERP's list shows for the code.

    Raises:
        ErpRejectedError: none fits, or several do; those seen are told.
    """
    own = [row for row in rows if row.cells["ZIPCODE"] == wanted.postal_code]
    fitting = [row for row in own if _same_country(row.cells, wanted.country)]
    if wanted.city:
        fitting = _by_city(wanted.city, fitting)
    if len(fitting) == 1:
        return fitting[0]
    seen = "; ".join(sorted(f"{row.cells['CITY']} ({row.cells['COUNTRYREGIONID']})" for row in own))
    found = "no town fits" if not fitting else "several towns fit, name one"
    raise ErpRejectedError(
        f"{wanted.path}: {found}; the ERP has for {wanted.postal_code}: {seen or 'nothing'}"
    )


def plain_words(text: str) -> str:
    """A text without case, accents and marks: how names of towns are compared."""
    letters = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"\w+", bare))


def _by_city(city: str, rows: Sequence[Row]) -> list[Row]:
    exact = [row for row in rows if plain_words(row.cells["CITY"]) == plain_words(city)]
    return exact or [row for row in rows if town_fits(city, row.cells["CITY"])]


def town_fits(asked: str, shown: str) -> bool:
    """Whether a town may be the asked one: equal, or showing all its longer words."""
    words = _long_words(asked)
    return plain_words(asked) == plain_words(shown) or bool(words and words <= _long_words(shown))


def _long_words(text: str) -> set[str]:
    return {word for word in plain_words(text).split() if len(word) > _SHORT} - _SAINTS


def _same_country(cells: Mapping[str, str], country: str) -> bool:
    """``IT``, ``ITA`` and ``Italia`` are one country."""
    shown, asked = plain_words(cells["COUNTRYREGIONID"]), plain_words(country)
    return not asked or (bool(shown) and (shown.startswith(asked) or asked.startswith(shown)))
