"""Actions on selected orders: delete, send to Verona, and their dangerous neighbour, clone."""

import time
from datetime import UTC, datetime

from tests.erp_simulator.store import Actor, Order
from tests.erp_simulator.world import World

DRAFT, WAITING = 0, 1  # transfer statuses
BLOCKED = 2  # a customer who gets nothing at all


def delete(world: World, orders: list[Order], actor: Actor) -> str:
    """Remove drafts; returns the key of an error's words, empty when all went."""
    if not orders:
        return "nothing_selected"
    if any(order.transferstatus != DRAFT for order in orders):
        return "not_a_draft"
    for order in orders:
        del world.store.orders[order.id]
        world.store.deleted.add(order.id)
        world.store.record("order_deleted", order.id, actor)
    return ""


def send(world: World, orders: list[Order], actor: Actor) -> str:
    """Send drafts to Verona; returns the key of an error's words, empty when all went."""
    refused = "" if orders else "nothing_selected"
    for order in orders:
        refused = refused or _unsendable(world, order)
    if refused:
        return refused
    switches = world.switches
    for order in orders:
        if order.transferstatus == DRAFT:
            order.transferstatus = WAITING
            order.settles = time.monotonic() + switches.send_lag_ms / 1000 * switches.scale
        order.version += 1
        world.store.record("order_sent", order.id, actor)
    return ""


def _unsendable(world: World, order: Order) -> str:
    customer = world.store.customers[order.customer_id]
    if order.transferstatus != DRAFT and world.switches.second_send == "refused":
        return "not_a_draft"
    if customer.incomplete:
        return "customer_incomplete"
    if customer.blocked == BLOCKED:
        return "customer_blocked"
    return "" if order.lines else "no_lines"


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
    return "" if orders else "nothing_selected"
