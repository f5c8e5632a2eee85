"""An order in our own tables, as erp-reference §5.2 writes them, without its defects.

Every statement may run twice: head and lines are replaced, what is already as wanted stays.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from google.protobuf import json_format
from psycopg import AsyncConnection

from archibald.v1.bot_pb2 import OrderItem, SubmitOrderRequest
from server.erp.formats import dotted_id, erp_id

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One row of order_articles: the request's own prices."""

    number: int
    item: OrderItem
    discount: Decimal
    amount: Decimal


def lines_of(request: SubmitOrderRequest) -> list[Line]:
    """The request's lines: amount = round half up (quantity · price · (1 - discount/100), 2)."""
    return [
        Line(
            number,
            item,
            discount,
            _discounted(Decimal(item.quantity) * Decimal(item.price), discount),
        )
        for number, item in enumerate(request.items, start=1)
        for discount in [Decimal(item.discount or 0)]
    ]


def total_of(request: SubmitOrderRequest, lines: Sequence[Line]) -> Decimal:
    """The order's net total at the request's prices."""
    total = sum((line.amount for line in lines), Decimal(0))
    return _discounted(total, Decimal(request.discount_percent or 0))


def _discounted(amount: Decimal, percent: Decimal) -> Decimal:
    return (amount * (1 - percent / 100)).quantize(_CENT, ROUND_HALF_UP)


async def mark_pending(
    conn: AsyncConnection[Any], request: SubmitOrderRequest, status: str, error: str | None
) -> None:
    """Show the attempt in the pending order's row, if there is one."""
    await conn.execute(
        """
        UPDATE agents.pending_orders
           SET status = %(status)s, error_message = %(error)s,
               updated_at = (extract(epoch FROM now()) * 1000)::bigint
         WHERE id = %(id)s AND user_id = %(user_id)s
        """,
        {
            "id": request.pending_order_id,
            "user_id": request.user_id,
            "status": status,
            "error": error,
        },
    )


async def write_order(
    conn: AsyncConnection[Any], request: SubmitOrderRequest, record_id: str
) -> list[str]:
    """Write head, lines and sub-customers' history, delete the pending row; returns warnings.

    ``record_id`` is the ERP's id as our tables spell it, dotted; ``warehouse-…`` for an order that the
    agent's own stock serves whole.
    """
    lines = lines_of(request)
    await _write_head(conn, request, record_id, total_of(request, lines))
    await _write_lines(conn, request, record_id, lines)
    await _write_history(conn, request, record_id)
    cursor = await conn.execute(
        "DELETE FROM agents.pending_orders WHERE id = %(id)s AND user_id = %(user_id)s RETURNING id",
        {"id": request.pending_order_id, "user_id": request.user_id},
    )
    if await cursor.fetchone() is None:
        return [f"there was no row {request.pending_order_id} in pending_orders to delete"]
    return []


async def _write_head(
    conn: AsyncConnection[Any], request: SubmitOrderRequest, record_id: str, total: Decimal
) -> None:
    in_erp = record_id[0].isdigit()
    await conn.execute(
        """
        INSERT INTO agents.order_records
               (id, user_id, order_number, customer_profile_id, customer_name, creation_date,
                sales_status, order_type, sales_origin, transfer_status, discount_percent,
                gross_amount, total_amount, hash, last_sync, created_at)
        VALUES (%(id)s, %(user_id)s, %(number)s, %(customer_id)s, %(customer_name)s,
                to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                %(status)s, %(type)s, %(origin)s, %(transfer)s, %(discount)s,
                %(total)s, %(total)s, '', extract(epoch FROM now())::bigint, now())
            ON CONFLICT (id, user_id) DO UPDATE
           SET order_number = EXCLUDED.order_number, gross_amount = EXCLUDED.gross_amount,
               total_amount = EXCLUDED.total_amount, last_sync = EXCLUDED.last_sync
        """,
        {
            "id": record_id,
            "user_id": request.user_id,
            "customer_id": dotted_id(erp_id(request.customer_id)) if request.customer_id else None,
            "customer_name": request.customer_name,
            "number": f"PENDING-{record_id}" if in_erp else record_id,
            "status": None if in_erp else "WAREHOUSE_FULFILLED",
            "type": "Giornale" if in_erp else "Warehouse",
            "origin": "Agent" if in_erp else "PWA",
            "transfer": "Modifica" if in_erp else None,
            "discount": request.discount_percent or None,
            "total": str(total),
        },
    )


async def _write_lines(
    conn: AsyncConnection[Any], request: SubmitOrderRequest, record_id: str, lines: Sequence[Line]
) -> None:
    await conn.execute(
        "DELETE FROM agents.order_articles WHERE order_id = %(id)s AND user_id = %(user_id)s",
        {"id": record_id, "user_id": request.user_id},
    )
    async with conn.cursor() as cursor:
        await cursor.executemany(
            """
            INSERT INTO agents.order_articles
                   (order_id, user_id, line_number, article_code, article_description, quantity,
                    unit_price, discount_percent, line_amount, warehouse_quantity,
                    warehouse_sources_json, created_at)
            VALUES (%(order_id)s, %(user_id)s, %(number)s, %(code)s, %(description)s, %(quantity)s,
                    %(price)s, %(discount)s, %(amount)s, %(warehouse)s, %(sources)s, now())
            """,
            [
                {
                    "order_id": record_id,
                    "user_id": request.user_id,
                    "number": line.number,
                    "code": line.item.article_code,
                    "description": line.item.description or None,
                    "quantity": Decimal(line.item.quantity),
                    "price": Decimal(line.item.price),
                    "discount": line.discount,
                    "amount": line.amount,
                    "warehouse": Decimal(line.item.warehouse_quantity or 0),
                    "sources": _sources(line.item),
                }
                for line in lines
            ],
        )


def _sources(item: OrderItem) -> str | None:
    if not item.warehouse_sources:
        return None
    return json.dumps([json_format.MessageToDict(source) for source in item.warehouse_sources])


async def _write_history(
    conn: AsyncConnection[Any], request: SubmitOrderRequest, record_id: str
) -> None:
    """Sub-customers' orders that were merged into this one follow it."""
    await conn.execute(
        """
        UPDATE agents.fresis_history
           SET archibald_order_id = %(id)s, current_state = 'piazzato', state_updated_at = now(),
               updated_at = now()
         WHERE user_id = %(user_id)s
           AND merged_into_order_id = %(pending)s
           AND archibald_order_id IS NULL
        """,
        {"id": record_id, "user_id": request.user_id, "pending": request.pending_order_id},
    )
