"""send-to-verona: send one draft order to Verona, and record it in our own tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import json_format
from psycopg import AsyncConnection

from archibald.v1 import bot_pb2
from server.errors import Violation
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

key = order_named.key
target = order_named.target
canonical = order_named.canonical


def validate(
    request: bot_pb2.SendToVeronaRequest,
    *,
    erp_request_validation: bool,  # noqa: ARG001 - nothing is typed
) -> Sequence[Violation]:
    """Everything wrong with the request, all at once."""
    return order_named.violations(request)


async def begin(conn: AsyncConnection[Any], intent: Intent) -> None:
    """Nothing of ours shows that an order is on its way: its state says only what the ERP holds."""


def without_erp(
    request: bot_pb2.SendToVeronaRequest,  # noqa: ARG001 - the protocol\'s
) -> bot_pb2.SendToVeronaResult | None:
    """There is always something to do, or to see, in the ERP."""
    return None


def erp_id(result: bot_pb2.SendToVeronaResult) -> str:
    """The order's id, digits."""
    return result.order_id


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


async def abandon(
    conn: AsyncConnection[Any], request: bot_pb2.SendToVeronaRequest, message: str
) -> None:
    """Nothing was marked, nothing is to be taken back."""
