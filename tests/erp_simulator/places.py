"""What find windows choose from: ZIP codes with their cities, and payment terms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A ZIP code of one city; the same code may stand for several."""

    id: int
    zip: str
    city: str
    county: str
    state: str
    country: str = "IT"


@dataclass(frozen=True)
class Term:
    """Terms of payment."""

    id: int
    code: str
    description: str


_PLACES = (
    ("00010", "Borgo Finto", "RF", "Regione Finta"),
    ("00020", "Castel Inventato", "RF", "Regione Finta"),
    ("00030", "Villa Esempio", "RF", "Regione Finta"),
    ("00040", "Monte Prova", "VE", "Valle Esempio"),
    ("00050", "Rocca Fittizia", "VE", "Valle Esempio"),
    ("00060", "Porto Finto", "VE", "Valle Esempio"),
    ("00070", "Colle Finto", "CP", "Costa Prova"),
    # One code, several cities; one of them is abbreviated, and one begins like its neighbour.
    ("00080", "S.SEBASTIANO AL COLLE", "CP", "Costa Prova"),
    ("00080", "Pieve Finta", "CP", "Costa Prova"),
    ("00080", "Pieve Finta Superiore", "CP", "Costa Prova"),
    ("00081", "Ponte Immaginario", "CP", "Costa Prova"),
    ("00082", "Isola Prova", "CP", "Costa Prova"),
    ("10080", "Lago Finto", "LF", "Lago Fittizio"),
)
PLACES = {
    number: Place(number, *words) for number, words in enumerate(_PLACES, 4001)
}  # fmt: skip
PLACES[4900] = Place(4900, "00080", "Fintdorf", "FD", "Fintland", "AT")

_TERMS = (
    (1, "001", "RIMESSA DIRETTA A VISTA"),
    (8, "008", "CARTA DI CREDITO"),
    (9, "009", "ASSEGNO BANCARIO"),
    (10, "010", "CONTRASSEGNO"),
    (21, "101", "RI.BA 30 GG F.M."),
    (22, "102", "RI.BA 60 GG F.M."),
    (23, "103", "RI.BA 30/60 GG F.M."),
    (41, "201", "BONIF. BANC. VISTA FATTURA"),
    (44, "204", "BONIF. BANC. 60 GG F.M."),
    (46, "206", "BONIF. BANC. 30 GG F.M."),
    (47, "207", "BONIF. BANC. 30/60 GG F.M."),
    (50, "210", "BONIF. BANC. 90 GG F.M."),
)
TERMS = {number: Term(number, code, words) for number, code, words in _TERMS}


def place_of(zip_code: str, city: str) -> Place:
    """The place with that code and city."""
    return next(one for one in PLACES.values() if (one.zip, one.city) == (zip_code, city))
