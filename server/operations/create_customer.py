"""create-customer: enter one customer in the ERP, and keep it in our own tables under the ERP's id."""

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
    create_customer_probe,
    create_customer_progress,
    create_customer_steps,
    customer_request,
    customer_rows,
)

TYPE = "create-customer"
STEPS = create_customer_progress.STEPS
ONCE = True
Request = bot_pb2.CreateCustomerRequest
Response = bot_pb2.CreateCustomerResponse
Result = bot_pb2.CreateCustomerResult

# In the ERP: as the clerk would tell it, and as an auditor would, in modules of their own.
run = create_customer_steps.run
complete = create_customer_steps.complete
probe = create_customer_probe.probe


def validate(
    request: bot_pb2.CreateCustomerRequest, *, erp_request_validation: bool
) -> Sequence[Violation]:
    """Everything wrong with the request, all at once."""
    return customer_request.violations(request, erp_request_validation=erp_request_validation)


def key(request: bot_pb2.CreateCustomerRequest) -> str:
    """The caller's key, else the name; a homonym needs a key of its own."""
    return request.operation_key or request.name


def target(request: bot_pb2.CreateCustomerRequest) -> str:
    """The VAT number: only one customer has it."""
    return request.vat_number


def also_guards(_: bot_pb2.CreateCustomerRequest) -> None:
    """Nothing: the target says it all."""


def canonical(request: bot_pb2.CreateCustomerRequest) -> Mapping[str, object]:
    """The values by which two requests are the same."""
    return customer_request.canonical(request)


async def begin(conn: AsyncConnection[Any], intent: Intent) -> None:
    """A row shows that the customer is on its way."""
    await customer_rows.write_waiting(conn, intent.request, intent.claim.operation_id)


def without_erp(request: bot_pb2.CreateCustomerRequest) -> None:
    """Every customer is entered in the ERP."""


def erp_id(result: bot_pb2.CreateCustomerResult) -> str:
    """The customer's id, digits."""
    return result.customer_id


def restore(result_data: Mapping[str, Any]) -> bot_pb2.CreateCustomerResult | None:
    """The result in a saved row; the original system saved ``{"customerProfile": "57.405"}``.

    It also saved ``UNKNOWN`` where it had found no id: that proves nothing.
    """
    if "customerProfile" in result_data:
        try:
            digits = digits_of(str(result_data["customerProfile"]))
        except ValueError:
            return None
        return Result(customer_id=digits, customer_profile=dotted_id(digits))
    return json_format.ParseDict(dict(result_data), Result())


async def commit(
    conn: AsyncConnection[Any], intent: Intent, result: bot_pb2.CreateCustomerResult
) -> list[str]:
    """The waiting row gets the ERP's id, whatever a sync wrote meanwhile; twice changes nothing."""
    return await customer_rows.write_customer(
        conn, intent.request, intent.claim.operation_id, result.customer_profile
    )


async def abandon(
    conn: AsyncConnection[Any],
    request: bot_pb2.CreateCustomerRequest,
    message: str,  # noqa: ARG001 - the table has no place for it
) -> None:
    """The waiting row shows that it came to nothing."""
    await customer_rows.mark_failed(conn, request)
