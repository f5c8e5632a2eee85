"""send-to-verona: send one draft order to Verona, and record it in our own tables."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from psycopg import AsyncConnection

from archibald.v1 import bot_pb2
from server.operation import Intent
from server.operations import (
    order_named,
    send_to_verona_probe,
    send_to_verona_rows,
    send_to_verona_steps,
)
from server.progress import Step, step

TYPE = "send-to-verona"
# A sent order is sent for ever, but one that Verona refused (Transfer error) is sent again.
ONCE = False
Request = bot_pb2.SendToVeronaRequest
Response = bot_pb2.SendToVeronaResponse
Result = bot_pb2.SendToVeronaResult

# Percentages and Italian labels as the agents know them (erp-reference §6.1).
STEPS: Mapping[str, Step] = {
    "sendToVerona.start": step(5, "Avvio invio a Verona", "Beginning to send to Verona"),
    "sendToVerona.navigation": step(10, "Navigazione alla lista ordini", "Opening the orders list"),
    "sendToVerona.filter": step(20, "Impostazione filtro ordini", "Setting the orders' filter"),
    "sendToVerona.search": step(30, "Ricerca ordine", "Looking for the order"),
    "sendToVerona.select": step(40, "Selezione ordine", "Selecting the order"),
    "sendToVerona.confirm": step(50, "Conferma invio a Verona", "Confirming the send to Verona"),
    "sendToVerona.verify": step(65, "Verifica invio completato", "Verifying that it was sent"),
    "sendToVerona.complete": step(80, "Finalizzazione", "Finishing"),
    "commit": step(85, "Aggiornamento stato ordine", "Writing our own tables"),
    "complete": step(100, "Invio completato", "The order is sent"),
}

# In the ERP: as the clerk would tell it, in a module of its own; and read back after an interruption.
run = send_to_verona_steps.run
probe = send_to_verona_probe.probe

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


def restore(result_data: Mapping[str, Any]) -> bot_pb2.SendToVeronaResult | None:
    """The result in a saved row; None for the original's, see `order_named.is_ours`."""
    if not order_named.is_ours(result_data):
        return None
    return json_format.ParseDict(dict(result_data), bot_pb2.SendToVeronaResult())


async def commit(
    conn: AsyncConnection[Any], intent: Intent, result: bot_pb2.SendToVeronaResult
) -> list[str]:
    """The order's row says that it was sent; running twice changes nothing."""
    return await send_to_verona_rows.write_sent(conn, intent.claim.user_id, result)
