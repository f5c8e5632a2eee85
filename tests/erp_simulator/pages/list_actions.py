"""Actions on selected orders: delete, send to Verona, and their dangerous neighbour, clone."""

from datetime import UTC, datetime

from tests.erp_simulator.store import Actor, Order
from tests.erp_simulator.world import World

DRAFT, WAITING = 0, 1  # transfer statuses


def delete(world: World, orders: list[Order], actor: Actor) -> str:
    """Remove drafts; returns the key of an error's words, empty when all went."""
    if any(order.transferstatus != DRAFT for order in orders) or not orders:
        return "not_a_draft"
    for order in orders:
        del world.store.orders[order.id]
        world.store.record("order_deleted", order.id, actor)
    return ""


def send(world: World, orders: list[Order], actor: Actor) -> str:
    """Send drafts to Verona; returns the key of an error's words, empty when all went."""
    if any(order.transferstatus != DRAFT for order in orders) or not orders:
        return "not_a_draft"
    for order in orders:
        order.transferstatus = WAITING
        world.store.record("order_sent", order.id, actor)
    return ""


def clone(world: World, orders: list[Order], actor: Actor) -> str:
    """Make a new draft of each order, lines and all; an error without a selection."""
    store = world.store
    for order in orders:
        copy = store.copy_of(order.id)
        copy.id = store.next_order_id()
        copy.created = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        copy.salesid, copy.transferred, copy.completed = "", None, None
        copy.salestype, copy.salesstatus, copy.documentstatus, copy.transferstatus = 0, 1, 0, DRAFT
        for line in copy.lines:
            line.key = store.next_line_key()
        store.orders[copy.id] = copy
        customer = {"customer_id": str(copy.customer_id), "cloned_from": str(order.id)}
        store.record("order_created", copy.id, actor, fields=customer)
        for line in copy.lines:
            store.record("line_added", copy.id, actor, line.linenum, store.line_json(line))
        store.record("order_saved", copy.id, actor)
    return "" if orders else "not_a_draft"
