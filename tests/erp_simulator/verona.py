"""What the head office does with an order that was sent to it."""

from datetime import UTC, datetime
from typing import Any

from tests.erp_simulator.store import Actor, Order
from tests.erp_simulator.world import World

DRAFT, WAITING, TRANSFERRED, FAILED = range(4)  # transfer statuses
INVOICED = 3  # a sales status
ACTOR = Actor(user="verona", session="verona", request=0)


def act(world: World, order: str | int, do: str) -> None:
    """Approve an order, answer it with an error, or invoice it; ValueError when that cannot be."""
    stored = world.store.orders.get(int(order))
    if stored is None:
        raise ValueError(f"no order {order}")
    if stored.transferstatus == DRAFT:
        raise ValueError(f"order {order} was not sent")
    match do:
        case "approve":
            changed = _approve(stored)
        case "error":
            changed = {"transferstatus": FAILED}
        case "invoice":
            changed = (_approve(stored) if not stored.salesid else {}) | {
                "salesstatus": INVOICED, "documentstatus": 1,
            }  # fmt: skip
        case _:
            raise ValueError(f"Verona cannot {do!r}; it can approve, error, invoice")
    for name, value in changed.items():
        setattr(stored, name, value)
    stored.settles = 0.0
    stored.version += 1
    kind = {"approve": "order_approved", "error": "order_failed", "invoice": "order_invoiced"}[do]
    world.store.record(kind, stored.id, ACTOR, fields=changed)


def _approve(order: Order) -> dict[str, Any]:
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return {
        "salesid": f"ORD/26{order.id % 1_000_000:06d}",
        "salestype": 1,
        "transferstatus": TRANSFERRED,
        "transferred": now.date(),
        "completed": now.date(),
        "created": now,  # the number brings a new stamp
    }
