"""A customer in our own tables: a waiting row while it is entered, one row under the ERP's id afterwards.

The waiting row is named by its operation or by the request, never by the time, so that no attempt leaves
one of its own behind (erp-reference §5.3, D3). Every statement may run twice.
"""

from typing import Any
from uuid import UUID

from google.protobuf import json_format
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from archibald.v1 import bot_pb2 as pb
from server.identity import canonical_text
from server.operations import customer_request

_ASKED = (
    "name", "vat_number", "fiscal_code", "sdi", "pec", "phone", "mobile", "email", "url",
    "attention_to", "street", "postal_code", "city", "country", "delivery_terms", "payment_terms",
    "line_discount", "sector", "notes", "alternate_addresses",
)  # fmt: skip
_COLUMNS = ", ".join(_ASKED)
_VALUES = ", ".join(f"%({name})s" for name in _ASKED)
# A town or country that the request leaves to the ERP must not wipe what a sync has read.
_KEPT = ("city", "country")
_UPDATES = ", ".join(
    f"{name} = COALESCE(EXCLUDED.{name}, mine.{name})"
    if name in _KEPT
    else f"{name} = EXCLUDED.{name}"
    for name in _ASKED
)
_UPSERT = f"""
    INSERT INTO agents.customers AS mine
           (customer_profile, user_id, {_COLUMNS}, bot_status, hash, last_sync, updated_at)
    VALUES (%(profile)s, %(user_id)s, {_VALUES}, %(status)s, '', extract(epoch FROM now())::bigint, now())
        ON CONFLICT (customer_profile, user_id) DO UPDATE
       SET {_UPDATES}, bot_status = EXCLUDED.bot_status, hash = '', updated_at = now()
"""  # noqa: S608 - names of columns, constants of ours
# Ours to remove or mark: rows that no ERP id names, of this operation, of the request, or of the same
# VAT number, which only one customer has.
_WAITING = """
    user_id = %(user_id)s AND starts_with(customer_profile, 'TEMP-')
    AND (customer_profile = ANY(%(profiles)s) OR vat_number = %(vat_number)s)
"""


def waiting_profile(request: pb.CreateCustomerRequest, operation_id: UUID) -> str:
    """The key of the row that waits for the ERP's id."""
    return request.pending_customer_profile or f"TEMP-{operation_id}"


async def write_waiting(
    conn: AsyncConnection[Any], request: pb.CreateCustomerRequest, operation_id: UUID
) -> None:
    """Show in a waiting row that the customer is being entered."""
    profile = waiting_profile(request, operation_id)
    await conn.execute(
        _UPSERT.encode(), _values(request) | {"profile": profile, "status": "pending"}
    )


async def mark_failed(conn: AsyncConnection[Any], request: pb.CreateCustomerRequest) -> None:
    """Show in the waiting row that the customer was not entered."""
    await conn.execute(
        f"""
        UPDATE agents.customers SET bot_status = 'failed', updated_at = now()
         WHERE bot_status = 'pending' AND {_WAITING}
        """.encode(),  # noqa: S608
        _values(request) | {"profiles": [request.pending_customer_profile]},
    )


async def write_customer(
    conn: AsyncConnection[Any],
    request: pb.CreateCustomerRequest,
    operation_id: UUID,
    profile: str,
) -> list[str]:
    """Give the waiting row the ERP's id with all that was asked; returns warnings.

    A sync may have written the real row meanwhile: then that one is filled and the waiting one goes (D4).
    """
    waiting = waiting_profile(request, operation_id)
    found = await _promote(conn, request.user_id, waiting, profile)
    values = _values(request) | {"profile": profile, "status": "placed"}
    await conn.execute(_UPSERT.encode(), values)
    await conn.execute(
        f"DELETE FROM agents.customers WHERE {_WAITING}".encode(),  # noqa: S608
        values | {"profiles": [waiting, f"TEMP-{operation_id}"]},
    )
    return [] if found else [f"there was no row {waiting} in customers; {profile} was written anew"]


async def _promote(conn: AsyncConnection[Any], user_id: str, waiting: str, profile: str) -> bool:
    """Rename the waiting row; whether there was one, or the real one stands already."""
    cursor = await conn.execute(
        "SELECT agents.promote_customer(%(user_id)s, %(waiting)s, %(profile)s)",
        {"user_id": user_id, "waiting": waiting, "profile": profile},
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


def _values(request: pb.CreateCustomerRequest) -> dict[str, object]:
    """The row's values as asked; nothing asked is NULL, as a sync leaves it."""
    texts = {
        "name": request.name,
        "vat_number": request.vat_number,
        "fiscal_code": request.fiscal_code.upper(),
        "sdi": request.sdi.upper(),
        "pec": request.pec,
        "phone": request.phone,
        "mobile": customer_request.mobile(request),
        "email": request.email,
        "url": request.url,
        "attention_to": request.attention_to,
        "street": request.street,
        "postal_code": request.postal_code,
        "city": request.postal_code_city,
        "country": request.postal_code_country,
        "delivery_terms": customer_request.delivery_mode(request),
        "payment_terms": customer_request.payment_terms(request),
        "line_discount": customer_request.line_discount(request),
        "sector": request.sector,
        "notes": request.notes,
    }
    addresses = [
        json_format.MessageToDict(one, preserving_proto_field_name=True)
        for one in request.addresses
    ]
    return {name: canonical_text(value) or None for name, value in texts.items()} | {
        "user_id": request.user_id,
        "alternate_addresses": Jsonb(addresses) if addresses else None,
    }
