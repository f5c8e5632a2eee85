"""delete-order: delete one draft order in the ERP, and its rows in our own tables."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from psycopg import AsyncConnection

from archibald.v1 import bot_pb2
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

# What it shares with everything that is done to an order named by its id.
validate = order_named.validate
key = order_named.key
target = order_named.target
also_guards = order_named.also_guards
canonical = order_named.canonical
begin = order_named.begin
without_erp = order_named.without_erp
erp_id = order_named.erp_id
abandon = order_named.abandon


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
