"""Customers and their addresses."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.erp_simulator.languages import STREET_PRICE
from tests.erp_simulator.places import Place


@dataclass(frozen=True)
class Address:
    """A postal address of a customer; the first one is its default."""

    id: int
    kind: str
    name: str
    street: str
    zip: str
    city: str
    county: str = ""
    state: str = ""
    country: str = ""
    zip_id: int = 0


@dataclass(frozen=True)
class Customer:
    """A customer; `account` is empty until Verona has numbered it.

    Its first address is made of its own street and ZIP; the others are the alternate ones.
    """

    id: int
    account: str
    name: str
    vat: str
    email: str
    attention: str
    line_percent: Decimal
    street_price: bool
    dlvmode: int
    addresses: tuple[Address, ...]
    corrupt: bool = False
    namealias: str = ""
    vatvalide: int = 0
    vatchecked: date | None = None
    vataddress: str = ""
    fiscalcode: str = ""
    legalemail: str = ""
    legalauthority: str = ""
    street: str = ""
    zip_id: int = 0
    zip: str = ""
    city: str = ""
    county: str = ""
    state: str = ""
    country: str = ""
    phone: str = ""
    cellularphone: str = ""
    url: str = ""
    custinfo: str = ""
    sector: int = 0
    paymterm: int = 0
    pricegroup: int = 0
    blocked: int = 0
    """0 no, 1 for invoices, 2 completely."""
    incomplete: bool = False
    """Whether fiscal data are missing, so that its orders cannot be sent."""
    owner: str = ""
    """The only agent who sees it; empty: everybody does."""

    @property
    def linedisc(self) -> int:
        """The key of its line discount group; 0 is none."""
        return STREET_PRICE if self.street_price else 0


def located(place: Place | None) -> dict[str, Any]:
    """What a ZIP code fills in; nothing at all without one."""
    if place is None:
        return {"zip_id": 0, "zip": "", "city": "", "county": "", "state": "", "country": ""}
    return {
        "zip_id": place.id, "zip": place.zip, "city": place.city, "county": place.county,
        "state": place.state, "country": place.country,
    }  # fmt: skip


def address_at(place: Place, number: int, kind: str, name: str, street: str) -> Address:
    """An address in that place."""
    return Address(number, kind, name, street, **located(place))


def registry_block(name: str, street: str, place: Place) -> str:
    """What the VAT registry tells of a firm."""
    return f"{name}\n{street}\n{place.zip} {place.city}\nStato:ATTIVA\nId:{place.id:08x}"
