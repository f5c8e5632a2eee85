"""The one statement behind the gate (design §4.3): a durable row says that a request may have left the browser.

State, generation, owner and its lease, cancellation and, before the first write, ``start_by`` are checked
where they are true, in the database.
"""

from dataclasses import asdict
from typing import Any

from psycopg import AsyncConnection
from psycopg.sql import SQL

from server.attempts import FACTS, Learned
from server.operation import Ticket


async def record_write(
    conn: AsyncConnection[Any], ticket: Ticket, session: str, learned: Learned
) -> bool:
    """Store that it may have left, in this ERP session, and what was learned before; False: it must not."""
    cursor = await conn.execute(
        SQL(
            """
            WITH written AS (
                UPDATE agents.operations
                   SET state = CASE state WHEN 'UNDOING' THEN state ELSE 'WRITING' END,
                       write_seq = write_seq + 1, write_session = %(session)s,
                       first_write_at = COALESCE(first_write_at, now()), last_write_at = now(),
                       high_water_mark = COALESCE(%(high_water_mark)s, high_water_mark),
                       updated_at = now()
                 WHERE id = %(operation_id)s
                   AND generation = %(generation)s
                   AND owner_instance = %(instance)s
                   AND state IN ('RUNNING', 'WRITING', 'UNDOING')
                   AND NOT cancel_requested
                   AND (write_seq > 0 OR now() < start_by)
                   AND EXISTS (
                           SELECT 1 FROM agents.server_instances
                            WHERE id = %(instance)s AND lease_until > now())
                RETURNING id, generation, write_seq)
            UPDATE agents.operation_attempts AS attempt
               SET evidence = evidence || {facts} || jsonb_build_object(
                       'at', now(), 'write', written.write_seq,
                       'kind', %(kind)s::text, 'target', %(target)s::text)
              FROM written
             WHERE attempt.operation_id = written.id
               AND attempt.generation = written.generation
            """
        ).format(facts=FACTS),
        asdict(ticket.claim)
        | {"kind": ticket.kind, "target": ticket.target, "session": session}
        | learned.values(),
    )
    return cursor.rowcount == 1
