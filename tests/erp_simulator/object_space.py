"""A session's working copy of an order, and when what is in it becomes durable."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.erp_simulator.languages import STREET_PRICE
from tests.erp_simulator.seed import next_working_day
from tests.erp_simulator.store import Actor, Article, Customer, Line, Order
from tests.erp_simulator.world import World


class OrderSpace:
    """An order being viewed or edited by one page."""

    def __init__(self, world: World, user: str, order_id: int | None) -> None:
        self._world = world
        self._store = world.store
        if order_id is None:
            now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
            self.order = Order(
                id=0, user=user, customer_id=0, created=now,
                deliverydate=next_working_day(now.date()),
            )  # fmt: skip
        else:
            self.order = self._store.copy_of(order_id)

    @property
    def customer(self) -> Customer | None:
        """The customer chosen so far."""
        return self._store.customers.get(self.order.customer_id)

    @property
    def durable(self) -> bool:
        """Whether another session could read the order's row."""
        return self.order.id in self._store.orders

    @property
    def locked(self) -> bool:
        """Orders sent to Verona are read-only."""
        return self.order.transferstatus in {1, 2}

    @property
    def automatic(self) -> Decimal:
        """The discount that lines get by themselves."""
        customer = self.customer
        return customer.line_percent if customer and self.order.linedisc else Decimal(0)

    def article(self, article_id: int) -> Article | None:
        """An article by its variant id."""
        return self._store.articles.get(article_id)

    # Gestures ---------------------------------------------------------------------------------

    def choose_customer(self, customer_id: int, actor: Actor) -> None:
        """Take a customer: the order gets its number, and what comes with the customer."""
        customer = self._store.customers[customer_id]
        order = self.order
        order.customer_id = customer_id
        order.address_id = customer.addresses[0].id
        order.dlvemail, order.attention = customer.email, customer.attention
        order.dlvmode = customer.dlvmode
        self.choose_line_discount(STREET_PRICE if customer.street_price else 0)
        if not order.id:
            order.id = self._store.next_order_id()
        if self._world.switches.persist_on == "customer":
            self._create(actor)

    def choose_line_discount(self, group: int) -> None:
        """Take a line discount group; the automatic discount of all lines follows."""
        self.order.linedisc = group
        for line in self.order.lines:
            line.automatic = self.automatic

    def new_line(self) -> Line:
        """The row that *New* opens: no article yet."""
        numbers = [line.linenum for line in self.order.lines]
        return Line(
            key=0, linenum=max(numbers, default=0) + 1, article_id=0, quantity=Decimal(0),
            price=Decimal(0), automatic=self.automatic,
        )  # fmt: skip

    def choose_article(self, line: Line, article_id: int, actor: Actor) -> None:
        """Take an article into the row: its multiple is the default quantity."""
        article = self._store.articles[article_id]
        line.article_id, line.price = article.id, article.price
        line.quantity, line.automatic = article.multiple, self.automatic
        if self._world.switches.persist_on == "article" and self.order.id:
            self._create(actor)

    def commit_line(self, line: Line, actor: Actor) -> None:
        """Take the row into the order, as a new line or over the one it came from."""
        if line.key:
            self.order.lines = [line if old.key == line.key else old for old in self.order.lines]
        else:
            line = replace(line, key=self._store.next_line_key())
            self.order.lines.append(line)
        if self._world.switches.persist_on == "save":
            return
        self._create(actor)
        self._flush_lines(actor)
        if self._world.switches.header_persists_on == "first_line":
            self._flush_header(actor)

    def remove_line(self, key: int, actor: Actor) -> None:
        """Take a line out of the order."""
        self.order.lines = [line for line in self.order.lines if line.key != key]
        if self._world.switches.persist_on != "save":
            self._flush_lines(actor)

    def save(self, actor: Actor) -> None:
        """Make everything durable."""
        self._create(actor)
        self._flush_lines(actor)
        self._flush_header(actor)
        self._store.orders[self.order.id].saved = self.order.saved = True
        self._store.record("order_saved", self.order.id, actor, fields={
            "lines": len(self.order.lines), "total": self.order.total,
        })  # fmt: skip

    # What becomes durable ---------------------------------------------------------------------

    def _create(self, actor: Actor) -> None:
        if self.durable:
            return
        order = self.order
        bare = Order(
            id=order.id, user=order.user, customer_id=order.customer_id, created=order.created,
            deliverydate=order.deliverydate, address_id=order.address_id,
            dlvemail=order.dlvemail, dlvmode=order.dlvmode, linedisc=order.linedisc,
        )  # fmt: skip
        self._store.orders[order.id] = bare
        self._store.record("order_created", order.id, actor, fields={
            "customer_id": str(order.customer_id),
        })  # fmt: skip

    def _flush_lines(self, actor: Actor) -> None:
        stored = self._store.orders[self.order.id]
        before = {line.key: line for line in stored.lines}
        after = {line.key: line for line in self.order.lines}
        stored.lines = deepcopy(self.order.lines)
        for key, line in after.items():
            if key not in before:
                self._record_line("line_added", line, actor)
            elif before[key] != line:
                self._record_line("line_changed", line, actor)
        for key, line in before.items():
            if key not in after:
                self._record_line("line_removed", line, actor)

    def _record_line(self, kind: str, line: Line, actor: Actor) -> None:
        self._store.record(kind, self.order.id, actor, line.linenum, self._store.line_json(line))

    def _flush_header(self, actor: Actor) -> None:
        stored, wanted = self._store.orders[self.order.id], self._wanted()
        changed = {name: value for name, value in wanted.items() if getattr(stored, name) != value}
        for name, value in changed.items():
            setattr(stored, name, value)
        if changed:
            self._store.record("header_saved", self.order.id, actor, fields=changed)

    def _wanted(self) -> dict[str, Any]:
        return {"customer_id": self.order.customer_id, **self.order.header()}
