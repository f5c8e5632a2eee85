"""The order form: its fields, where they stand, and what their editors show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from tests.erp_simulator import formats
from tests.erp_simulator.customers import Address
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.languages import (
    ADDRESS_KINDS,
    DELIVERY_MODES,
    ENUMS,
    LINE_DISCOUNTS,
    enum_text,
)  # fmt: skip
from tests.erp_simulator.object_space import OrderSpace

MODULE = "xafkidemovb.Module.CRMKI"


@dataclass(frozen=True)
class Field:
    """A property on the form: `kind` of editor, `layout` path of its cell."""

    prop: str
    kind: str
    layout: str
    attribute: str = ""
    editable: bool = False
    enum: str = ""


class Shape(NamedTuple):
    """All that an editor's markup shows, by the editor's names; the ids are those of any place."""

    prop: str
    kind: str
    client_id: str
    unique_id: str
    label: str
    text: str
    raw: str
    enabled: bool
    immediate: bool
    items: tuple[tuple[str, str], ...]
    max_length: int
    null_text: str
    row: int
    late: str
    late_wins: bool


@dataclass
class Editor:
    """One editor as a template renders it."""

    prop: str
    kind: str
    segments: tuple[str, ...]
    label: str = ""
    text: str = ""
    raw: Any = ""
    enabled: bool = True
    immediate: bool = False
    items: Sequence[tuple[str, str]] = ()
    grid: Grid | None = None
    max_length: int = 0
    css: str = ""
    null_text: str = ""
    row: int = 0
    """Which opening of a row's editor it belongs to."""
    late: str = ""
    """What arrives some time after the answer, and whether it overwrites what was typed since."""
    late_wins: bool = False

    @property
    def client_id(self) -> str:
        """The id in the page, without the part."""
        return "_".join(self.segments)

    @property
    def unique_id(self) -> str:
        """The name in a body."""
        return "$".join(self.segments)

    def shape(self, place: str) -> Shape:
        """What decides its markup, as if it stood in that place; without a lookup's grid."""
        own = self.segments[-1]
        return Shape(
            self.prop, self.kind, f"{place}_{own}", f"{place}${own}", self.label, self.text,
            str(self.raw), self.enabled, self.immediate, (*self.items,), self.max_length,
            self.null_text, self.row, self.late, self.late_wins,
        )  # fmt: skip


OVERVIEW = "xaf_l37_pg.xaf_l44.xaf_l62."
PRICES = "xaf_l37_pg.xaf_l410.xaf_l418."
GROUPS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("group.01", (
        Field("ID", "spin", OVERVIEW + "xaf_l64"),
        Field("SALESID", "text", OVERVIEW + "xaf_l68", "salesid"),
        Field("CUSTTABLE", "lookup", OVERVIEW + "xaf_l78", editable=True),
        Field("SALESNAME", "text", OVERVIEW + "xaf_l84"),
        Field("ORDERDATE", "moment", OVERVIEW + "xaf_l90", "created"),
        Field("DELIVERYDATE", "date", OVERVIEW + "xaf_l94", "deliverydate", editable=True),
        Field("SAMPLEORDER", "check", OVERVIEW + "xaf_l98", "sampleorder", editable=True),
    )),
    ("group.delivery", (
        Field("DELIVERYPOSTALADDRESS", "lookup", OVERVIEW + "xaf_l112", editable=True),
        Field("DELIVERYNAME", "text", OVERVIEW + "xaf_l118"),
        Field("DLVADDRESS", "memo", OVERVIEW + "xaf_l122"),
    )),
    ("group.02", (
        Field("PURCHORDERFORMNUM", "text", OVERVIEW + "xaf_l136", "purchorderformnum", editable=True),
        Field("CUSTOMERREF", "text", OVERVIEW + "xaf_l140", "customerref", editable=True),
        Field("BRASCRMATTENTIONTO", "text", OVERVIEW + "xaf_l144", "attention", editable=True),
        Field("DLVEMAIL", "text", OVERVIEW + "xaf_l148", "dlvemail", editable=True),
        Field("SALESORIGINID", "reference", OVERVIEW + "xaf_l152"),
    )),
    ("group.03", (
        Field("DLVMODE", "reference", OVERVIEW + "xaf_l166", "dlvmode", editable=True),
        Field("VATNUM", "text", OVERVIEW + "xaf_l170"),
        Field("QUOTE", "enum", OVERVIEW + "xaf_l174", "quote", editable=True, enum="quote"),
        Field("LANGUAGEID", "enum", OVERVIEW + "xaf_l178", enum="language"),
        Field("COMPLETEDDATE", "date", OVERVIEW + "xaf_l182", "completed"),
    )),
    ("group.04", (
        Field("TEXTEXTERNAL", "memo", OVERVIEW + "xaf_l196", "textexternal", editable=True),
        Field("TEXTINTERNAL", "memo", OVERVIEW + "xaf_l200", "textinternal", editable=True),
    )),
    ("group.state", (
        Field("SALESTYPE", "enum", OVERVIEW + "xaf_l214", "salestype", enum="salestype"),
        Field("SALESSTATUS", "enum", OVERVIEW + "xaf_l218", "salesstatus", enum="salesstatus"),
        Field("DOCUMENTSTATUS", "enum", OVERVIEW + "xaf_l222", "documentstatus", enum="documentstatus"),
        Field("TRANSFERSTATUS", "enum", OVERVIEW + "xaf_l226", "shown_status", enum="transferstatus"),
        Field("TRANSFERREDDATE", "date", OVERVIEW + "xaf_l230", "transferred"),
    )),
)  # fmt: skip
PRICE_FIELDS = (
    Field("LINEDISC", "reference", PRICES + "xaf_l424", "linedisc", editable=True),
    Field("MANUALDISCOUNT", "percent", PRICES + "xaf_l430", "manualdiscount", editable=True),
    Field("PRICEGROUPID", "text", PRICES + "xaf_l436"),
    Field("DISCPERCENT", "percent", PRICES + "xaf_l440"),
    Field("ENDDISC", "text", PRICES + "xaf_l444"),
    Field("MULTILINEDISC", "text", PRICES + "xaf_l448"),
    Field("GROSSAMOUNT", "money", PRICES + "xaf_l452", "total"),
    Field("AmountTotal", "money", PRICES + "xaf_l456", "total"),
)
FIELDS = {f.prop: f for _, group in GROUPS for f in group} | {f.prop: f for f in PRICE_FIELDS}
LINKS = frozenset({"CUSTTABLE", "DELIVERYPOSTALADDRESS", "SALESORIGINID", "DLVMODE"})


def shown(space: OrderSpace, spec: Field, language: str, *, editing: bool) -> tuple[str, Any]:
    """What a field shows, and the raw value behind it."""
    order = space.order
    if spec.kind == "enum":
        value = (
            getattr(order, spec.attribute) if spec.attribute else int(space.customer is not None)
        )
        return enum_text(spec.enum, value, language), value
    if spec.prop in PLAIN_SOURCES:
        return PLAIN_SOURCES[spec.prop](space, language, editing)
    return _stored(spec, getattr(order, spec.attribute), language)


def _stored(spec: Field, value: Any, language: str) -> tuple[str, Any]:
    match spec.kind:
        case "percent" | "money":
            write = formats.percent if spec.kind == "percent" else formats.money
            return write(value, language), formats.plain(value)
        case "moment":
            return formats.moment(value, language), milliseconds(value)
        case "date":
            return formats.day(value, language), milliseconds(value)
        case "check":
            return ("C" if value else "U"), value
        case "reference":
            return (DELIVERY_MODES if spec.prop == "DLVMODE" else LINE_DISCOUNTS)[value], value
        case _:
            return str(value), str(value)


def milliseconds(value: date | None) -> str:
    """A date editor's raw value."""
    if value is None:
        return "N"
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a wall clock's date
    return str(int((moment - datetime(1970, 1, 1)).total_seconds() * 1000))  # noqa: DTZ001


def _address(space: OrderSpace, language: str, editing: bool) -> tuple[str, Any]:  # noqa: FBT001
    address = delivery_address(space)
    if address is None:
        return "", ""
    words = ADDRESS_KINDS[address.kind][0 if language == "it" else 1]
    return (address.kind if editing else words), address.id


def delivery_address(space: OrderSpace) -> Address | None:
    """The chosen delivery address."""
    addresses = space.customer.addresses if space.customer else ()
    return next((a for a in addresses if a.id == space.order.address_id), None)


def _delivery_name(space: OrderSpace) -> str:
    address = delivery_address(space)
    return address.name if address else ""


def _dlvaddress(space: OrderSpace) -> str:
    address = delivery_address(space)
    return f"{address.street}\n{address.zip} {address.city}" if address else ""


def _number(space: OrderSpace, language: str, editing: bool) -> tuple[str, Any]:  # noqa: FBT001, ARG001
    return formats.number(space.order.id, language, 0), space.order.id


def customer_text(space: OrderSpace) -> str:
    """What the customer's editor shows: the account, or the name before there is one."""
    customer = space.customer
    return (customer.account or customer.name) if customer else ""


def _plain(text: str) -> tuple[str, Any]:
    return text, text


Source = Callable[[OrderSpace, str, bool], tuple[str, Any]]
PLAIN_SOURCES: dict[str, Source] = {
    "ID": _number,
    "CUSTTABLE": lambda s, _l, _e: (customer_text(s), s.order.customer_id or ""),
    "SALESNAME": lambda s, _l, _e: _plain(s.customer.name if s.customer else ""),
    "DELIVERYPOSTALADDRESS": _address,
    "DELIVERYNAME": lambda s, _l, _e: _plain(_delivery_name(s)),
    "DLVADDRESS": lambda s, _l, _e: _plain(_dlvaddress(s)),
    "SALESORIGINID": lambda s, _l, _e: ("Agent" if s.customer else "N/A", 1 if s.customer else 0),
    "VATNUM": lambda s, _l, _e: _plain(s.customer.vat if s.customer else ""),
    "PRICEGROUPID": lambda s, _l, _e: _plain("DETTAGLIO (consigliato)" if s.customer else ""),
    "ENDDISC": lambda _s, _l, _e: _plain("N/A"),
    "MULTILINEDISC": lambda _s, _l, _e: _plain("N/A"),
    "DISCPERCENT": lambda _s, lang, _e: (formats.percent(Decimal(0), lang), "0"),
}


@lru_cache(maxsize=64)
def choices(spec: Field, language: str) -> tuple[tuple[str, str], ...]:
    """A combo box's items: value and text."""
    if spec.prop == "DLVMODE":
        return tuple((f"{MODULE}.DLVMODE({n})", name) for n, name in enumerate(DELIVERY_MODES))
    if spec.prop == "LINEDISC":
        return tuple((line_discount(n), name) for n, name in LINE_DISCOUNTS.items())
    if spec.prop == "SALESORIGINID":
        return tuple(
            (f"{MODULE}.SALESORIGIN({n})", name) for n, name in enumerate(("N/A", "Agent"))
        )
    side = 0 if language == "it" else 1
    return tuple((words[1], words[side]) for words in ENUMS[spec.enum])


def chosen(spec: Field, raw: int) -> str:
    """A combo box's value for what is stored."""
    if spec.kind == "enum":
        return ENUMS[spec.enum][raw][1]
    if spec.prop == "LINEDISC":
        return line_discount(raw)
    kind = {"SALESORIGINID": "SALESORIGIN"}.get(spec.prop, spec.prop)
    return f"{MODULE}.{kind}({raw})"


def line_discount(key: int) -> str:
    """The value of a line discount group; no group has no object."""
    return f"{MODULE}.LINEDISC({key})" if key else "N/A"
