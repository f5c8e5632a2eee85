"""Puts an operation under review, as an attempt leaves it whose outcome nobody could read."""

import psycopg
from psycopg.types.json import Jsonb

from archibald.v1 import bot_pb2
from server.identity import fingerprint, marker
from server.operations import submit_order
from tests.end_to_end.parts import ERP_USER
from tests.erp_simulator.running import Simulator


async def under_review(
    database: str,
    sim: Simulator,
    request: bot_pb2.SubmitOrderRequest,
    erp_user: str = ERP_USER,
) -> None:
    """An order that was written an hour ago, and of which two were found; the ERP holds nothing of it."""
    user, key = request.user_id, submit_order.key(request)
    newest = max(int(each["id"]) for each in await sim.orders(erp_user))
    lost = {"reason": "HELD", "message": "two orders have our marker", "metadata": {}}
    async with await psycopg.AsyncConnection.connect(database) as conn:
        await conn.execute(
            """
            INSERT INTO agents.operations
                   (user_id, operation_type, operation_key, target, request, fingerprint, marker, state,
                    generation, write_seq, first_write_at, last_write_at, error, start_by, high_water_mark)
            VALUES (%s, 'submit-order', %s, %s, %s, %s, %s, 'NEEDS_REVIEW', 1, 1,
                    now() - interval '1 hour', now() - interval '1 hour', %s, now(), %s)
            """,
            [
                user,
                key,
                key,
                request.SerializeToString(deterministic=True),
                fingerprint(submit_order.canonical(request)),
                marker(user, "submit-order", key, 1),
                Jsonb(lost),
                str(newest),
            ],
        )
