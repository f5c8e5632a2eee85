"""What the ERP has durably stored, with the ledger of every change to it."""

import time
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.erp_simulator.customers import Customer
from tests.erp_simulator.formats import plain, rounded

NEXT_CUSTOMER = 57_400
FIRST_NEW_ADDRESS = 600_000
HEADER_FIELDS = (
    "purchorderformnum", "customerref", "attention", "dlvemail", "textexternal", "textinternal",
    "dlvmode", "quote", "sampleorder", "deliverydate", "address_id", "linedisc", "manualdiscount",
)  # fmt: skip


@dataclass(frozen=True)
class Article:
    """One package variant of an article; variants share `code`."""

    id: int
    code: str
    figure: str
    shank: str
    size: str
    package: str
    content: int
    multiple: Decimal
    price: Decimal
    name: str
    shy: bool = False
    """Whether a search for the exact code misses it, where the switch says so."""


@dataclass(frozen=True)
class Agent:
    """An ERP login."""

    user: str
    password: str
    language: str
    code: str


@dataclass
class Line:
    """One line of an order."""

    key: int
    linenum: int
    article_id: int
    quantity: Decimal
    price: Decimal
    automatic: Decimal
    manualdiscount: Decimal = Decimal(0)

    @property
    def lineperc(self) -> Decimal:
        """SCONTO %: what the agent applies, else the automatic discount."""
        return self.manualdiscount or self.automatic

    @property
    def amount(self) -> Decimal:
        """Quantity times price less SCONTO %, rounded half up."""
        return rounded(self.quantity * self.price * (1 - self.lineperc / 100))


@dataclass
class Order:
    """An order, durable in the store or a session's working copy."""

    id: int
    user: str
    customer_id: int
    created: datetime
    deliverydate: date
    lines: list[Line] = field(default_factory=list)
    purchorderformnum: str = ""
    customerref: str = ""
    attention: str = ""
    dlvemail: str = ""
    textexternal: str = ""
    textinternal: str = ""
    dlvmode: int = 0
    quote: int = 0
    sampleorder: bool = False
    address_id: int = 0
    linedisc: int = 0
    manualdiscount: Decimal = Decimal(0)
    salesid: str = ""
    salestype: int = 0
    salesstatus: int = 1
    documentstatus: int = 0
    transferstatus: int = 0
    transferred: date | None = None
    completed: date | None = None
    saved: bool = False
    settles: float = 0.0
    """When the transfer status becomes what it already is: until then it is shown as before."""
    version: int = 0
    """Counts what others than an open page did to it."""

    @property
    def shown_status(self) -> int:
        """The transfer status as lists and forms show it."""
        return 0 if time.monotonic() < self.settles else self.transferstatus

    @property
    def total(self) -> Decimal:
        """The lines' sum less the order's discount, rounded half up."""
        gross = sum((line.amount for line in self.lines), Decimal(0))
        return rounded(gross * (1 - self.manualdiscount / 100))

    def header(self) -> dict[str, Any]:
        """The header fields an agent can change."""
        return {name: getattr(self, name) for name in HEADER_FIELDS}


@dataclass(frozen=True)
class Actor:
    """Who caused an effect: user, session and request of the access log."""

    user: str
    session: str
    request: int


class Store:
    """Durable state; every change to it goes through `record` or `seed_order`."""

    def __init__(self, agents: Iterable[Agent], customers: Iterable[Customer],
                 articles: Iterable[Article]) -> None:  # fmt: skip
        self.agents = {agent.user: agent for agent in agents}
        self.customers = {customer.id: customer for customer in customers}
        self.articles = {article.id: article for article in articles}
        self.orders: dict[int, Order] = {}
        self.deleted: set[int] = set()
        self.effects: list[dict[str, Any]] = []
        self._last_order = 0
        self._last_line = 0
        self._last_customer = NEXT_CUSTOMER - 1
        self._last_address = 0

    def next_order_id(self) -> int:
        """Draw the next number; numbers are shared by all agents and never used twice."""
        self._last_order += 1
        return self._last_order

    def next_line_key(self) -> int:
        """Draw the next line key."""
        self._last_line += 1
        return self._last_line

    def next_customer_id(self) -> int:
        """Draw the next customer's number."""
        self._last_customer += 1
        return self._last_customer

    def next_address_id(self) -> int:
        """Draw the number of a new address."""
        self._last_address += 1
        return FIRST_NEW_ADDRESS + self._last_address

    def seed_order(self, order: Order) -> None:
        """Put an order there from the start, without an effect."""
        self.orders[order.id] = order
        self._last_order = max(self._last_order, order.id)

    def record(self, kind: str, order_id: int, actor: Actor, line: int | None = None,
               fields: dict[str, Any] | None = None) -> None:  # fmt: skip
        """Append one durable change to the ledger."""
        self.effects.append({
            "seq": len(self.effects) + 1,
            "at": datetime.now(UTC).isoformat(),
            "kind": kind,
            "id": str(order_id),
            "line": line,
            "user": actor.user,
            "session": actor.session,
            "request": actor.request,
            "fields": {name: as_json(value) for name, value in (fields or {}).items()},
        })  # fmt: skip

    def orders_of(self, user: str) -> list[Order]:
        """The orders an agent may see."""
        return [order for order in self.orders.values() if order.user == user]

    def customers_of(self, user: str) -> list[Customer]:
        """The customers an agent may see: everybody's and its own."""
        return [one for one in self.customers.values() if one.owner in {"", user}]

    def customer_json(self, customer: Customer) -> dict[str, Any]:
        """A customer for the test API."""
        shown = {name: as_json(value) for name, value in vars(customer).items()}
        return shown | {
            "id": str(customer.id),
            "linedisc": customer.linedisc,
            "addresses": [vars(address) for address in customer.addresses],
        }

    def copy_of(self, order_id: int) -> Order:
        """A working copy of a stored order."""
        return deepcopy(self.orders[order_id])

    def order_json(self, order: Order) -> dict[str, Any]:
        """An order for the test API."""
        customer = self.customers[order.customer_id]
        return {
            "id": str(order.id),
            "customer_id": str(customer.id),
            "customer_account": customer.account,
            "customer_name": customer.name,
            **{name: as_json(value) for name, value in order.header().items()},
            "salestype": SALES_TYPES[order.salestype],
            "transferstatus": TRANSFER_STATUSES[order.transferstatus],
            "salesid": order.salesid,
            "createdby": order.user,
            "created": order.created.isoformat(),
            "saved": order.saved,
            "lines": [self.line_json(line) for line in order.lines],
            "total": plain(order.total),
        }

    def line_json(self, line: Line) -> dict[str, Any]:
        """A line for the test API and the ledger."""
        return {
            "linenum": line.linenum,
            "article_id": str(line.article_id),
            "article_code": self.articles[line.article_id].code,
            "quantity": plain(line.quantity),
            "price": plain(line.price),
            "lineperc": plain(line.lineperc),
            "manualdiscount": plain(line.manualdiscount),
            "amount": plain(line.amount),
        }


SALES_TYPES = ("Journal", "Sales order")
TRANSFER_STATUSES = ("Edit", "Approvel_regionalmanager", "Transferred", "Transfer error")


def as_json(value: Any) -> Any:
    """A field's value as JSON: decimals as plain strings, dates in ISO form."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
