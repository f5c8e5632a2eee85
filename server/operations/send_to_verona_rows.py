"""A sent order in our own tables, as erp-reference §5.2 writes it, without its defects (§5.3)."""

from typing import Any

from psycopg import AsyncConnection

from archibald.v1 import bot_pb2
from server.operations.order_named import spellings

SENT = "inviato_verona"
# States before the send; a later one, which a sync has read from the ERP since, is not put back.
_BEFORE = ["creato", "piazzato", "modifica", "transfer_error", SENT]


async def write_sent(
    conn: AsyncConnection[Any], user_id: str, result: bot_pb2.SendToVeronaResult
) -> list[str]:
    """Mark the order's row as sent, once, with one row of its history; returns warnings.

    The history row goes with the change of state: a second run changes none and writes none.
    """
    values = {
        "ids": spellings(result.order_id),
        "user_id": user_id,
        "sent": SENT,
        "before": _BEFORE,
        "transfer": result.transfer_status,
        "seen": result.seen_at.ToDatetime().isoformat(timespec="milliseconds") + "Z",
    }
    cursor = await conn.execute(
        """
        WITH found AS (
            SELECT id, user_id, current_state
              FROM agents.order_records
             WHERE id = ANY(%(ids)s) AND user_id = %(user_id)s
               FOR UPDATE
        ), changed AS (
            UPDATE agents.order_records AS record
               SET current_state = CASE WHEN COALESCE(found.current_state, '') = ''
                                          OR found.current_state = ANY(%(before)s)
                                        THEN %(sent)s ELSE found.current_state END,
                   sent_to_verona_at = COALESCE(NULLIF(record.sent_to_verona_at, ''), %(seen)s),
                   transfer_status = %(transfer)s,
                   last_sync = extract(epoch FROM now())::bigint
              FROM found
             WHERE record.id = found.id AND record.user_id = found.user_id
            RETURNING record.id, record.user_id, found.current_state AS old_state,
                      record.current_state AS new_state
        ), history AS (
            INSERT INTO agents.order_state_history
                   (order_id, user_id, old_state, new_state, actor, source, timestamp, created_at)
            SELECT id, user_id, old_state, new_state, 'system', 'send-to-verona', now(), now()
              FROM changed
             WHERE new_state = %(sent)s AND old_state IS DISTINCT FROM new_state
        )
        SELECT count(*) FROM changed
        """,
        values,
    )
    await conn.execute(
        """
        UPDATE agents.fresis_history
           SET current_state = %(sent)s, state_updated_at = now(), updated_at = now()
         WHERE user_id = %(user_id)s
           AND archibald_order_id = ANY(%(ids)s)
           AND (COALESCE(current_state, '') = '' OR current_state = ANY(%(before)s))
           AND current_state IS DISTINCT FROM %(sent)s
        """,
        values,
    )
    row = await cursor.fetchone()
    if row is None or row[0] == 0:
        return [f"there was no row {result.order_record_id} in order_records to mark as sent"]
    return []
