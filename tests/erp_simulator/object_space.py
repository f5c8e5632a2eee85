"""A session's working copy of an order, and when what is in it becomes durable."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.erp_simulator.customers import Customer
from tests.erp_simulator.languages import STREET_PRICE
from tests.erp_simulator.seed import next_working_day
from tests.erp_simulator.store import Actor, Article, Line, Order
from tests.erp_simulator.world import World


class OrderSpace:
    """An order being viewed or edited by one page."""

    def __init__(
        self, world: World, user: str, order_id: int | None, *, reading: bool = False
    ) -> None:
        self._world = world
        self._store = world.store
        if order_id is None:
            now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
            self.order = Order(
                id=0, user=user, customer_id=0, created=now,
                deliverydate=next_working_day(now.date()),
            )  # fmt: skip
        else:
            source = world.shown.orders if reading else self._store.orders
            self.order = deepcopy(source[order_id])
        self._na_saved = self.order.saved and not self.order.linedisc
        self._na_on_all = self._na_saved
        self.lines_unsaved = False

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
    def changed_meanwhile(self) -> bool:
        """Whether somebody else changed the order since this copy was taken."""
        stored = self._store.orders.get(self.order.id)
        refuses = self._world.switches.concurrency == "refused"
        return refuses and stored is not None and stored.version != self.order.version

    def automatic(self, position: int) -> Decimal:
        """The discount that the line at that position gets by itself.

        The ERP's bug: N/A holds for the first line only, until it is set once more after a save.
        """
        if self.customer is None:
            return Decimal(0)
        forgotten = self._world.switches.linedisc_bug and not self._na_on_all and position > 0
        return self.customer.line_percent if self.order.linedisc or forgotten else Decimal(0)

    def position(self, line: Line) -> int:
        """Where the line stands in the order; a new one comes last."""
        keys = [known.key for known in self.order.lines]
        return keys.index(line.key) if line.key in keys else len(keys)

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
        if self._world.switches.customer_callback_clears_description:
            order.purchorderformnum = ""
        self.choose_line_discount(STREET_PRICE if customer.street_price else 0)
        if not order.id:
            order.id = self._store.next_order_id()
        if self._world.switches.persist_on == "customer":
            self._create(actor)

    def choose_address(self, address_id: int) -> None:
        """Take one of the customer's addresses."""
        customer = self.customer
        if customer and address_id in {address.id for address in customer.addresses}:
            self.order.address_id = address_id

    def reset_address(self) -> None:
        """Go back to the customer's default address, as the ERP's line callbacks do."""
        if self.customer and self._world.switches.line_resets_address:
            self.order.address_id = self.customer.addresses[0].id

    def choose_line_discount(self, group: int) -> None:
        """Take a line discount group; the automatic discount of the lines follows."""
        self._na_on_all = not group and self._na_saved
        self._na_saved = self._na_saved and not group
        self.order.linedisc = group
        for position, line in enumerate(self.order.lines):
            line.automatic = self.automatic(position)

    def choose_discount(self, percent: Decimal, actor: Actor) -> None:
        """Take the order's discount; the ERP may lose what no save has kept."""
        if percent == self.order.manualdiscount:
            return
        self.order.manualdiscount = percent
        if self._world.switches.order_discount_loses_lines and self.lines_unsaved:
            self.lose_lines(actor)

    def lose_lines(self, actor: Actor) -> None:
        """Forget all lines, as a postback over an unsaved object space did."""
        self.order.lines = []
        if self.durable and self._world.switches.persist_on != "save":
            self._flush_lines(actor)

    def new_line(self) -> Line:
        """The row that *New* opens: no article yet."""
        numbers = [line.linenum for line in self.order.lines]
        return Line(
            key=0, linenum=max(numbers, default=0) + 1, article_id=0, quantity=Decimal(0),
            price=Decimal(0), automatic=Decimal(0),
        )  # fmt: skip

    def choose_article(self, line: Line, article_id: int, actor: Actor) -> None:
        """Take an article into the row: its multiple is the default quantity."""
        article = self._store.articles[article_id]
        line.article_id, line.price = article.id, article.price
        line.quantity, line.automatic = article.multiple, self.automatic(self.position(line))
        if self._world.switches.persist_on == "article" and self.order.id:
            self._create(actor)

    def commit_line(self, line: Line, actor: Actor) -> None:
        """Take the row into the order, as a new line or over the one it came from."""
        self.lines_unsaved = True
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
        if self.durable and self._world.switches.persist_on != "save":
            self._flush_lines(actor)

    def cut_description(self, length: int, actor: Actor) -> None:
        """Leave only the beginning of the stored description."""
        stored = self._store.orders.get(self.order.id)
        if stored is not None:
            stored.purchorderformnum = stored.purchorderformnum[:length]
            self._store.record("text_cut", stored.id, actor, fields={
                "purchorderformnum": stored.purchorderformnum,
            })  # fmt: skip

    def save(self, actor: Actor) -> None:
        """Make everything durable."""
        self._create(actor)
        self._flush_lines(actor)
        self._flush_header(actor)
        self._na_saved, self.lines_unsaved = not self.order.linedisc, False
        self._store.orders[self.order.id].saved = self.order.saved = True
        self._store.record("order_saved", self.order.id, actor, fields={
            "lines": len(self.order.lines), "total": self.order.total,
        })  # fmt: skip

    # What becomes durable ---------------------------------------------------------------------

    def _create(self, actor: Actor) -> None:
        if self.durable:
            return
        order = self.order
        if order.id in self._store.deleted:
            raise ValueError(f"order {order.id} was deleted meanwhile")
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
