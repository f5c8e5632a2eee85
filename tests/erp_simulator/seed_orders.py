"""Orders of the first agent that every fresh ERP has for a reason of their own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.erp_simulator.seed import next_working_day
from tests.erp_simulator.store import Line, Order, Store

AGENT = "ikiA0001"
PREFIXED, LONGER = 7_172, 71_723
"""Two drafts of which one's number begins with the other's: a search for the first finds both."""
INCOMPLETE, BLOCKED, EMPTY = 7_211, 7_212, 7_213
"""Drafts that cannot be sent: of a customer without fiscal data, of a blocked one, without lines."""


def add_special_orders(store: Store) -> None:
    """Store the drafts, and make the customers that two of them need what they must be."""
    customers = list(store.customers.values())
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    for place, number in enumerate((LONGER, PREFIXED, INCOMPLETE, BLOCKED, EMPTY)):
        customer = customers[14 + place]
        if number == INCOMPLETE:
            customer = replace(customer, incomplete=True)
        if number == BLOCKED:
            customer = replace(customer, blocked=2)
        store.customers[customer.id] = customer
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
