"""Requests that are about one existing order, named by its id in the ERP: send-to-verona, delete-order."""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import AsyncConnection

from server.erp.formats import dotted_id
from server.erp.formats import erp_id as digits_of
from server.errors import Violation
from server.operation import Intent
from server.operations import request_fields
from server.operations.request_fields import REQUIRED, Rule

_FORM = Rule(
    "must be an order's id in the ERP, digits: 71723 or 71.723",
    "deve essere l'ID di un ordine in Archibald, solo cifre: 71723 o 71.723",
)
_WAREHOUSE = Rule(
    "names an order that the agent's own stock served: the ERP never had it",
    "indica un ordine evaso dal magazzino dell'agente: Archibald non l'ha mai avuto",
)
_NEVER_AN_ID = Rule(
    f"is no id: the order was never identified; {_FORM.en}",
    f"non è un ID: l'ordine non è mai stato identificato; {_FORM.it}",
)


def validate(
    request: Any,
    *,
    erp_request_validation: bool,  # noqa: ARG001 - nothing is typed
) -> list[Violation]:
    """Everything wrong with the request, all at once."""
    return [*request_fields.common(request), *_order_id(request.order_id)]


def _order_id(value: str) -> Iterable[Violation]:
    if not value.strip():
        yield Violation("order_id", *REQUIRED)
    elif value.startswith("warehouse-"):
        yield Violation("order_id", *_WAREHOUSE)
    elif value.startswith("ORDER-") or value == "UNKNOWN":
        # What an earlier system wrote where it had failed to read the id (design §2, law 11).
        yield Violation("order_id", *_NEVER_AN_ID)
    elif [*request_fields.erp_id("order_id", value)]:
        yield Violation("order_id", *_FORM)


def key(request: Any) -> str:
    """The caller's key, else the order's digits: ``71.723`` and ``71723`` are one key."""
    return str(request.operation_key) or digits_of(request.order_id)


def target(request: Any) -> str:
    """The order, digits."""
    return digits_of(request.order_id)


def also_guards(_: Any) -> None:
    """Nothing: the target says it all."""


def canonical(request: Any) -> Mapping[str, object]:
    """The values by which two requests are the same."""
    return {"order_id": digits_of(request.order_id)}


def spellings(digits: str) -> list[str]:
    """An id as our tables may hold it: dotted, as it should be, or bare digits (incidents 9, 10)."""
    return [dotted_id(digits), digits]


async def begin(conn: AsyncConnection[Any], intent: Intent) -> None:
    """Nothing of ours shows that something is on its way: rows say only what the ERP holds."""


def without_erp(request: Any) -> None:  # noqa: ARG001 - the protocol's
    """There is always something to do, or to see, in the ERP."""
    return


async def abandon(conn: AsyncConnection[Any], request: Any, message: str) -> None:
    """Nothing was marked, nothing is to be taken back."""


def erp_id(result: Any) -> str:
    """The order's id, digits."""
    return str(result.order_id)


def is_ours(result_data: Mapping[str, Any]) -> bool:
    """Whether a saved row is this service's own.

    The original saved ``{"success": true, "message": …}``, which names no order and was written without
    evidence; one that its `clear` left behind would let a later, legitimate run skip the ERP (defect D5,
    erp-reference §5.3). Such a row is not believed: the ERP is asked, whose state decides, and says
    "already sent" or "already gone" if it was so.
    """
    return bool(result_data.get("order_id"))
