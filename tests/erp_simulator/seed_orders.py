"""Orders of the first agent that every fresh ERP has for a reason of their own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.erp_simulator import seed
from tests.erp_simulator.seed import next_working_day
from tests.erp_simulator.store import Line, Order, Store

AGENT = "ikiA0001"
PREFIXED, LONGER = 7_172, 71_723
"""Two drafts of which one's number begins with the other's: a search for the first finds both."""
INCOMPLETE, BLOCKED, EMPTY = 7_211, 7_212, 7_213
"""Drafts that cannot be sent: of a customer without fiscal data, of a blocked one, without lines."""


def add_special_orders(store: Store) -> None:
    """Store the drafts."""
    others = list(store.customers.values())[14:]
    unsendable = {INCOMPLETE: seed.INCOMPLETE, BLOCKED: seed.BLOCKED}
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    for place, number in enumerate((LONGER, PREFIXED, INCOMPLETE, BLOCKED, EMPTY)):
        known = unsendable.get(number)
        customer = store.customers[seed.FIRST_CUSTOMER + known] if known else others[place]
        # All but the longer number are old: only the view of all orders shows them.
        created = now - timedelta(minutes=3) if number == LONGER else now - timedelta(days=400)
        order = Order(
            id=number, user=AGENT, customer_id=customer.id, created=created,
            deliverydate=next_working_day(created.date()), saved=True,
            address_id=customer.addresses[0].id, dlvemail=customer.email,
            dlvmode=customer.dlvmode,
        )  # fmt: skip
        if number != EMPTY:
            order.lines = [_line(store, place)]
        store.seed_order(order)


def _line(store: Store, place: int) -> Line:
    article = list(store.articles.values())[place]
    return Line(
        key=store.next_line_key(), linenum=1, article_id=article.id, quantity=article.multiple,
        price=article.price, automatic=Decimal(0),
    )  # fmt: skip
