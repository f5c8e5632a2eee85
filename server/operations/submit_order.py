"""submit-order: enter one order in the ERP, and record it in our own tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import json_format
from psycopg import AsyncConnection

from archibald.v1 import bot_pb2
from server.erp.formats import dotted_id
from server.erp.formats import erp_id as digits_of
from server.errors import Violation
from server.operation import Intent
from server.operations import (
    order_request,
    order_rows,
    submit_order_completion,
    submit_order_probe,
    submit_order_progress,
    submit_order_steps,
    submit_order_undo,
)

TYPE = "submit-order"
STEPS = submit_order_progress.STEPS
ONCE = True
Request = bot_pb2.SubmitOrderRequest
Response = bot_pb2.SubmitOrderResponse
Result = bot_pb2.SubmitOrderResult

# In the ERP: as the clerk would tell it, reading back, and what follows from that; each in a module.
run = submit_order_steps.run
probe = submit_order_probe.probe
complete = submit_order_completion.complete
undo = submit_order_undo.undo


def validate(
    request: bot_pb2.SubmitOrderRequest, *, erp_request_validation: bool
) -> Sequence[Violation]:
    """Everything wrong with the request, all at once."""
    return order_request.violations(request, erp_request_validation=erp_request_validation)


def key(request: bot_pb2.SubmitOrderRequest) -> str:
    """The caller's key, else the pending order's id."""
    return request.operation_key or request.pending_order_id


def target(request: bot_pb2.SubmitOrderRequest) -> str:
    """The pending order: it may become one order in the ERP, under whatever key."""
    return request.pending_order_id


def also_guards(request: bot_pb2.SubmitOrderRequest) -> str:
    """The customer: an order of theirs that lost its marker could be the one under review."""
    number = request.customer_id.replace(".", "")
    return f"customer {number or request.customer_account.strip() or request.customer_name.strip()}"


def canonical(request: bot_pb2.SubmitOrderRequest) -> Mapping[str, object]:
    """The values by which two requests are the same."""
    return order_request.canonical(request)


async def begin(conn: AsyncConnection[Any], intent: Intent) -> None:
    """The pending order shows that it is on its way."""
    await order_rows.mark_pending(conn, intent.request, "syncing", None)


def without_erp(request: bot_pb2.SubmitOrderRequest) -> bot_pb2.SubmitOrderResult | None:
    """An order that the agent's own stock serves whole is recorded with us alone."""
    if any(order_request.ordered_pieces(item) for item in request.items):
        return None
    name = f"warehouse-{request.pending_order_id}"
    return bot_pb2.SubmitOrderResult(order_id=name, order_record_id=name)


def erp_id(result: bot_pb2.SubmitOrderResult) -> str:
    """The order's id: digits, or ``warehouse-…`` for one that the ERP does not know."""
    return result.order_id


def restore(result_data: Mapping[str, Any]) -> bot_pb2.SubmitOrderResult:
    """The result in a saved row; the original system saved ``{"orderId": "71.723"}``."""
    if "orderId" in result_data:
        digits = digits_of(str(result_data["orderId"]))
        return bot_pb2.SubmitOrderResult(order_id=digits, order_record_id=dotted_id(digits))
    return json_format.ParseDict(dict(result_data), bot_pb2.SubmitOrderResult())


async def commit(
    conn: AsyncConnection[Any], intent: Intent, result: bot_pb2.SubmitOrderResult
) -> list[str]:
    """Head, lines and history are written, the pending row goes; running twice changes nothing."""
    return await order_rows.write_order(conn, intent.request, result.order_record_id)


async def abandon(
    conn: AsyncConnection[Any], request: bot_pb2.SubmitOrderRequest, message: str
) -> None:
    """The pending order shows what went wrong."""
    await order_rows.mark_pending(conn, request, "error", message)
