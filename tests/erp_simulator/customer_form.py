"""The customer form: its fields, where they stand, and what their editors show."""

from collections.abc import Callable
from typing import Any

from tests.erp_simulator import formats
from tests.erp_simulator.customer_texts import PRICE_GROUPS, SECTORS
from tests.erp_simulator.customers import Customer
from tests.erp_simulator.editors import MODULE, Field, line_discount, milliseconds
from tests.erp_simulator.languages import DELIVERY_MODES, ENUMS, LINE_DISCOUNTS, enum_text
from tests.erp_simulator.places import PLACES, TERMS

MAIN = "xaf_l44_pg.xaf_l51.xaf_l63."
PRICES = "xaf_l44_pg.xaf_l1201.xaf_l1213."
GROUPS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("group.customer", (
        Field("ID", "spin", MAIN + "xaf_l71"),
        Field("ACCOUNTNUM", "text", MAIN + "xaf_l75", "account"),
        Field("NAME", "text", MAIN + "xaf_l79", "name", editable=True),
        Field("NAMEALIAS", "text", MAIN + "xaf_l83", "namealias", editable=True),
        Field("BLOCKED", "enum", MAIN + "xaf_l87", "blocked", enum="blocked"),
        Field("BRASCRMATTENTIONTO", "text", MAIN + "xaf_l91", "attention", editable=True),
    )),
    ("group.tax", (
        Field("VATNUM", "text", MAIN + "xaf_l105", "vat", editable=True),
        Field("VATVALIDE", "enum", MAIN + "xaf_l109", "vatvalide", enum="quote"),
        Field("VATLASTCHECKEDDATE", "date", MAIN + "xaf_l113", "vatchecked"),
        Field("VATADDRESS", "memo", MAIN + "xaf_l117", "vataddress"),
        Field("FISCALCODE", "text", MAIN + "xaf_l121", "fiscalcode", editable=True),
        Field("FISCALCODEVALIDE", "enum", MAIN + "xaf_l125", "vatvalide", enum="quote"),
        Field("FISCALCODELASTCHECKDATE", "date", MAIN + "xaf_l129", "vatchecked"),
        Field("LEGALEMAIL", "text", MAIN + "xaf_l133", "legalemail", editable=True),
        Field("LEGALAUTHORITY", "text", MAIN + "xaf_l137", "legalauthority", editable=True),
    )),
    ("group.terms", (
        Field("PAYMTERMID", "find", MAIN + "xaf_l151", "paymterm", editable=True),
        Field("DLVMODE", "reference", MAIN + "xaf_l155", "dlvmode", editable=True),
        Field("BUSINESSSECTORID", "reference", MAIN + "xaf_l159", "sector", editable=True),
        Field("CURRENCY", "text", MAIN + "xaf_l163"),
    )),
    ("group.address", (
        Field("ADDRESS", "memo", MAIN + "xaf_l177"),
        Field("STREET", "text", MAIN + "xaf_l181", "street", editable=True),
        Field("LOGISTICSADDRESSZIPCODE", "find", MAIN + "xaf_l185", "zip_id", editable=True),
        Field("CITY", "text", MAIN + "xaf_l189", "city"),
        Field("COUNTY", "text", MAIN + "xaf_l193", "county"),
        Field("STATE", "text", MAIN + "xaf_l197", "state"),
        Field("COUNTRYREGIONID", "text", MAIN + "xaf_l201", "country"),
    )),
    ("group.contact", (
        Field("PHONE", "text", MAIN + "xaf_l215", "phone", editable=True),
        Field("CELLULARPHONE", "text", MAIN + "xaf_l219", "cellularphone", editable=True),
        Field("EMAIL", "text", MAIN + "xaf_l223", "email", editable=True),
        Field("URL", "text", MAIN + "xaf_l227", "url", editable=True),
    )),
    ("group.info", (
        Field("CUSTINFO", "memo", MAIN + "xaf_l241", "custinfo", editable=True),
    )),
)  # fmt: skip
PRICE_FIELDS = (
    Field("LINEDISC", "reference", PRICES + "xaf_l1221", "linedisc", editable=True),
    Field("PRICEGROUP", "reference", PRICES + "xaf_l1225", "pricegroup", editable=True),
)
FIELDS = {f.prop: f for _, group in GROUPS for f in group} | {f.prop: f for f in PRICE_FIELDS}
LENGTHS = {"NAME": 60, "NAMEALIAS": 20, "VATNUM": 20, "FISCALCODE": 16, "LEGALAUTHORITY": 7,
           "LEGALEMAIL": 80, "STREET": 60, "PHONE": 20, "CELLULARPHONE": 20, "EMAIL": 80,
           "URL": 80, "BRASCRMATTENTIONTO": 60}  # fmt: skip
LINKS = frozenset({
    "PAYMTERMID", "DLVMODE", "BUSINESSSECTORID", "LOGISTICSADDRESSZIPCODE", "LINEDISC",
    "PRICEGROUP",
})  # fmt: skip

REFERENCES: dict[str, tuple[str, dict[int, str]]] = {  # type of object, and its names by key
    "DLVMODE": ("DLVMODE", dict(enumerate(DELIVERY_MODES))),
    "BUSINESSSECTORID": ("SMMBUSSECTORGROUP", dict(enumerate(SECTORS))),
    "LINEDISC": ("LINEDISC", LINE_DISCOUNTS),
    "PRICEGROUP": ("PRICEGROUP", PRICE_GROUPS),
}
FOUND: dict[str, tuple[str, dict[int, str]]] = {
    "PAYMTERMID": ("PAYMTERM", {key: term.code for key, term in TERMS.items()}),
    "LOGISTICSADDRESSZIPCODE": (
        "LOGISTICSADDRESSZIPCODE", {key: place.zip for key, place in PLACES.items()},
    ),
}  # fmt: skip


def object_value(prop: str, key: int) -> str:
    """The value behind a reference; a combo box without an object holds `N/A`."""
    if prop in FOUND:
        return f"{MODULE}.{FOUND[prop][0]}({key})"
    if prop == "LINEDISC":
        return line_discount(key)
    return f"{MODULE}.{REFERENCES[prop][0]}({key})" if key else "N/A"


def choices(prop: str) -> list[tuple[str, str]]:
    """A combo box's items: value and text."""
    return [(object_value(prop, key), words) for key, words in REFERENCES[prop][1].items()]


def shown(customer: Customer, spec: Field, language: str, *, editing: bool) -> tuple[str, Any]:
    """What a field shows, and the raw value behind it."""
    if spec.prop in COMPUTED:
        return COMPUTED[spec.prop](customer, language)
    value = getattr(customer, spec.attribute)
    match spec.kind:
        case "enum":
            return enum_text(spec.enum, value, language), ENUMS[spec.enum][value][1]
        case "date":
            return formats.day(value, language), milliseconds(value)
        case "reference":
            return REFERENCES[spec.prop][1][value], object_value(spec.prop, value)
        case "find":
            words = FOUND[spec.prop][1].get(value, "")
            return words or ("" if editing else "N/A"), object_value(spec.prop, value)
        case _:
            return str(value), str(value)


def _address(customer: Customer, _: str) -> tuple[str, Any]:
    lines = (customer.street, f"{customer.zip} {customer.city}".strip(), customer.country)
    words = "\n".join(line for line in lines if line)
    return words, words


COMPUTED: dict[str, Callable[[Customer, str], tuple[str, Any]]] = {
    "ID": lambda c, language: (formats.number(c.id, language, 0), c.id),
    "CURRENCY": lambda _c, _l: ("EUR", "EUR"),
    "ADDRESS": _address,
}
