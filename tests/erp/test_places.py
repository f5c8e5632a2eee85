"""Which of a postal code's towns is meant; no browser."""

import pytest

from server.erp.grid import Row
from server.erp.places import Place, choose_place
from server.errors import ErpRejectedError

TOWNS = [
    ("00080", "S.SEBASTIANO AL COLLE", "IT"),
    ("00080", "Pieve Finta", "IT"),
    ("00080", "Pieve Finta Superiore", "IT"),
    ("00080", "Forlì di Prova", "IT"),
    ("00080", "Fintdorf", "AT"),
    ("10080", "Lago Finto", "IT"),
]
ROWS = [
    Row(str(n), str(n), {"ZIPCODE": code, "CITY": city, "COUNTRYREGIONID": country})
    for n, (code, city, country) in enumerate(TOWNS)
]


@pytest.mark.parametrize(
    ("city", "country", "chosen"),
    [
        ("San Sebastiano al Colle", "", "S.SEBASTIANO AL COLLE"),
        ("s. sebastiano  al colle", "Italia", "S.SEBASTIANO AL COLLE"),
        ("PIEVE FINTA", "", "Pieve Finta"),
        ("Superiore", "", "Pieve Finta Superiore"),
        ("Forli di Prova", "IT", "Forlì di Prova"),
        ("Forli\u0300 di Prova", "ITA", "Forlì di Prova"),
        ("", "AT", "Fintdorf"),
        ("Fintdorf", "", "Fintdorf"),
    ],
)
def test_one_town_is_meant(city: str, country: str, chosen: str) -> None:
    """By its name, else by its longer words; saints, case and accents tell nothing apart."""
    found = choose_place(Place("postal_code", "00080", city, country), ROWS)
    assert found.cells["CITY"] == chosen


@pytest.mark.parametrize(
    ("code", "city", "country", "told"),
    [
        ("00080", "", "", "several towns fit.*Fintdorf"),
        ("00080", "", "IT", "several towns fit"),
        ("00080", "Pieve", "", "several towns fit"),
        ("00080", "Pieve Finta Inferiore", "", "no town fits"),
        ("00080", "Sebastiano", "AT", "no town fits"),
        ("00080", "San", "", "no town fits"),
        ("00080", "Lago Finto", "", "no town fits"),
        ("00099", "", "", "has for 00099: nothing"),
    ],
)
def test_none_or_several_are_told(code: str, city: str, country: str, told: str) -> None:
    """Never a guess; those that the ERP has are named."""
    with pytest.raises(ErpRejectedError, match=f"^postal_code: .*{told}"):
        choose_place(Place("postal_code", code, city, country), ROWS)
