"""What the ERP's ledger holds of each operation: the truth that everything else is compared with."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from server.identity import marker
from tests.soak.callers import Operation
from tests.soak.house import LOGINS

NOTE = re.compile(r"soak (\d{4})")
AGENT_OF = {login: user for user, login in LOGINS.items()}

Effect = Mapping[str, Any]


@dataclass
class Done:
    """What the ERP did for one operation: ids, each as often as it happened."""

    created: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    @property
    def net(self) -> int:
        """How many objects stand that its creations made."""
        return len(self.created) - len(self.deleted)


@dataclass
class Ledger:
    """The ledger, told apart by operations, with what the ERP holds in the end."""

    of: dict[int, Done]
    strays: list[Effect]
    orders: dict[str, Mapping[str, Any]]
    customers: dict[str, Mapping[str, Any]]


def read_ledger(
    effects: Iterable[Effect],
    orders: Iterable[Mapping[str, Any]],
    customers: Iterable[Mapping[str, Any]],
    operations: Mapping[int, Operation],
    claimed: Mapping[str, int],
) -> Ledger:
    """Give every creation, send and deletion to the operation that caused it.

    ``claimed`` names operations by the ERP's order numbers, as answers and journal have them: where the
    ledger itself does not tell (no text of ours was stored yet), it is believed.
    """
    effects = list(effects)
    ledger = Ledger(
        defaultdict(Done),
        [],
        {order["id"]: order for order in orders},
        {customer["id"]: customer for customer in customers},
    )
    texts = _texts(effects)
    markers = {_marker(one): number for number, one in operations.items()}
    makers: dict[str, int] = {}
    for effect in effects:
        kind, number = effect["kind"], effect["id"]
        if kind == "order_created":
            maker = _told(texts[number], markers) or claimed.get(number)
            maker = maker or _by_customer(effect, operations)
            _note(ledger, effect, maker, "created")
            if maker:
                makers[number] = maker
        elif kind == "customer_created":
            _note(ledger, effect, _by_vat(effect, operations), "created")
        elif kind == "order_sent":
            _note(ledger, effect, _of_order("send-to-verona", number, operations), "sent")
        elif kind == "order_deleted":
            asked = _of_order("delete-order", number, operations)
            _note(ledger, effect, asked or makers.get(number), "deleted")
    return ledger


def _note(ledger: Ledger, effect: Effect, maker: int | None, what: str) -> None:
    if maker is None:
        ledger.strays.append(effect)
    else:
        getattr(ledger.of[maker], what).append(effect["id"])


def _texts(effects: Iterable[Effect]) -> dict[str, str]:
    """Every text that was ever stored in an order's fields, by its number."""
    texts: dict[str, str] = defaultdict(str)
    for effect in effects:
        for name in ("purchorderformnum", "textinternal", "textexternal"):
            texts[effect["id"]] += f" {effect['fields'].get(name, '')}"
    return texts


def _marker(operation: Operation) -> str:
    planned = operation.planned
    key = getattr(planned.request, "pending_order_id", "")
    return marker(planned.user, planned.kind, key, 0)


def _told(text: str, markers: Mapping[str, int]) -> int | None:
    if found := NOTE.search(text):
        return int(found[1])
    return next((number for one, number in markers.items() if one in text), None)


def _by_customer(effect: Effect, operations: Mapping[int, Operation]) -> int | None:
    """The agent's order for this customer; of several the newest that was begun by then."""
    at = datetime.fromisoformat(effect["at"]).timestamp()
    fitting = [
        one
        for one in operations.values()
        if one.planned.kind == "submit-order"
        and one.started
        and one.started <= at
        and one.planned.user == AGENT_OF.get(effect["user"])
        and one.request.customer_id.replace(".", "") == effect["fields"]["customer_id"]
    ]
    return max((one.planned.number for one in fitting), default=None)


def _by_vat(effect: Effect, operations: Mapping[int, Operation]) -> int | None:
    fields = effect["fields"]
    for number, one in operations.items():
        asked = one.request
        if one.planned.kind == "create-customer" and asked is not None:
            if fields.get("vat") == asked.vat_number and not one.planned.wrong:
                return number
            if fields.get("name") == asked.name:
                return number
    return None


def _of_order(kind: str, number: str, operations: Mapping[int, Operation]) -> int | None:
    for one in operations.values():
        asked = one.request
        asks = one.planned.kind == kind and asked is not None
        if asks and asked.order_id.replace(".", "") == number:
            return one.planned.number
    return None


def order_differs(order: Mapping[str, Any], request: Any) -> str:
    """Where a stored order's lines are not the asked ones, discounts by hand included; else nothing."""
    asked = Counter(
        (item.article_code, Decimal(item.quantity), Decimal(item.discount or 0))
        for item in request.items
    )
    stored = Counter(
        (line["article_code"], Decimal(line["quantity"]), Decimal(line["manualdiscount"]))
        for line in order["lines"]
    )
    return "" if asked == stored else f"asked {sorted(asked)}, stored {sorted(stored)}"
