"""delete-order: delete one draft order in the ERP, and its rows in our own tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import json_format
from psycopg import AsyncConnection

from archibald.v1 import bot_pb2
from server.errors import Violation
from server.operation import Intent
from server.operations import (
    delete_order_probe,
    delete_order_rows,
    delete_order_steps,
    order_named,
)
from server.progress import Step, step

TYPE = "delete-order"
# Ids never come again: deleting under another key finds the order gone, and says so.
ONCE = False
Request = bot_pb2.DeleteOrderRequest
Response = bot_pb2.DeleteOrderResponse
Result = bot_pb2.DeleteOrderResult

# Percentages and Italian labels as the agents know them (erp-reference §6.1).
STEPS: Mapping[str, Step] = {
    "delete.start": step(5, "Avvio eliminazione ordine", "Beginning to delete the order"),
    "delete.navigation": step(15, "Apertura sezione ordini", "Opening the orders list"),
    "delete.filter": step(25, "Impostazione filtro ordini", "Setting the orders' filter"),
    "delete.search": step(35, "Ricerca ordine su Archibald", "Looking for the order in Archibald"),
    "delete.select": step(45, "Selezione ordine trovato", "Selecting the order"),
    "delete.confirm": step(
        55, "Conferma eliminazione su Archibald", "Confirming the deletion in Archibald"
    ),
    "delete.verify": step(65, "Verifica eliminazione", "Verifying the deletion"),
    "delete.complete": step(75, "Ordine rimosso da Archibald", "The order is gone from Archibald"),
    "commit": step(90, "Rimozione ordine dal database", "Deleting the order from our own tables"),
    "complete": step(100, "Ordine eliminato con successo", "The order is deleted"),
}

# In the ERP: as the clerk would tell it, in a module of its own; and read back after an interruption.
run = delete_order_steps.run
probe = delete_order_probe.probe

key = order_named.key
target = order_named.target
canonical = order_named.canonical


def validate(
    request: bot_pb2.DeleteOrderRequest,
    *,
    erp_request_validation: bool,  # noqa: ARG001 - nothing is typed
) -> Sequence[Violation]:
    """Everything wrong with the request, all at once."""
    return order_named.violations(request)


async def begin(conn: AsyncConnection[Any], intent: Intent) -> None:
    """Our rows stand until the ERP's order is gone."""


def without_erp(
    request: bot_pb2.DeleteOrderRequest,  # noqa: ARG001 - the protocol\'s
) -> bot_pb2.DeleteOrderResult | None:
    """There is always something to do, or to see, in the ERP."""
    return None


def erp_id(result: bot_pb2.DeleteOrderResult) -> str:
    """The order's id, digits."""
    return result.order_id


def restore(result_data: Mapping[str, Any]) -> bot_pb2.DeleteOrderResult | None:
    """The result in a saved row; None for the original's, see `order_named.is_ours`."""
    if not order_named.is_ours(result_data):
        return None
    return json_format.ParseDict(dict(result_data), bot_pb2.DeleteOrderResult())


async def commit(
    conn: AsyncConnection[Any], intent: Intent, result: bot_pb2.DeleteOrderResult
) -> list[str]:
    """The order's rows go; running twice changes nothing."""
    return await delete_order_rows.delete_rows(conn, intent.claim.user_id, result.order_id)


async def abandon(
    conn: AsyncConnection[Any], request: bot_pb2.DeleteOrderRequest, message: str
) -> None:
    """Nothing was marked, nothing is to be taken back."""
