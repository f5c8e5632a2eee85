"""What people decide about an operation from outside: to stop it, and what became of it in the ERP.

Each decision is one statement guarded by the state, so that it never meets a worker half-way: what the
row says when it is changed counts, not what somebody has seen before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from server.database import Pool, transaction
from server.errors import (
    CancelledError,
    NotUnderReviewError,
    OutcomeAbandonedError,
    TooLateError,
    UserBusyError,
)
from server.operation import Operation

Decision = Literal["look_again", "landed", "not_done", "give_up"]


@dataclass(frozen=True)
class Resolution:
    """A person's decision about an operation under review; ``erp_id``, digits, only of ``landed``."""

    decision: Decision
    note: str
    by: str
    erp_id: str | None = None


async def cancel(pool: Pool, operations: Mapping[str, Operation], operation_id: UUID) -> None:
    """Stop an operation that has written nothing yet; one that is stopped already stays as it is.

    What waits ends here. What has a browser is only marked: its server closes the browser, and the gate
    lets no write out any more.

    Raises:
        TooLateError: it has written, or it has ended otherwise; nothing was changed.
    """
    cancelled = CancelledError("it was cancelled; nothing was written in the ERP")
    async with transaction(pool) as conn:
        cursor = await conn.execute(
            """
            UPDATE agents.operations
               SET cancel_requested = TRUE, updated_at = now(),
                   owner_instance = CASE state WHEN 'RUNNING' THEN owner_instance END,
                   error = CASE state WHEN 'RUNNING' THEN error ELSE %(error)s END,
                   finished_at = CASE state WHEN 'RUNNING' THEN NULL ELSE now() END,
                   state = CASE state WHEN 'RUNNING' THEN state ELSE 'CANCELLED' END
             WHERE id = %(id)s
               AND state IN ('QUEUED', 'RUNNING')
            RETURNING state
            """,
            {"id": operation_id, "error": Jsonb(cancelled.stored())},
        )
        changed = await cursor.fetchone()
        if changed is None:
            await _refuse_unless_cancelled(conn, operation_id)
        elif changed[0] == "CANCELLED":
            await _abandon(conn, operations, operation_id, cancelled.message)


async def resolve(
    pool: Pool,
    operations: Mapping[str, Operation],
    operation_id: UUID,
    resolution: Resolution,
    *,
    start_within: float,
) -> None:
    """Settle an operation under review, and keep for ever what was decided, by whom and why.

    ``start_within``: seconds that an operation which is to run again has for its first write.

    Raises:
        NotUnderReviewError: it is not under review (any more); nothing was changed.
        UserBusyError: another operation of the agent has the turn that reading back needs.
    """
    given_up = OutcomeAbandonedError("a person looked at it and gave it up; the key is at its end")
    values = {
        "id": operation_id,
        "decision": resolution.decision,
        "note": resolution.note,
        "by": resolution.by,
        "erp_id": resolution.erp_id,
        "error": Jsonb(given_up.stored()),
        "start_within": start_within,
    }
    try:
        async with transaction(pool) as conn:
            # An id that the decision takes away is kept with it: an ERP id is never thrown away.
            audited = await conn.execute(
                """
                INSERT INTO agents.operation_resolutions
                       (operation_id, decided_by, decision, erp_id, note)
                SELECT id, %(by)s, %(decision)s::text,
                       CASE %(decision)s::text WHEN 'not_done' THEN COALESCE(erp_id, draft_id)
                                               ELSE %(erp_id)s END,
                       %(note)s
                  FROM agents.operations
                 WHERE id = %(id)s
                   AND state = 'NEEDS_REVIEW'
                   FOR UPDATE
                """,
                values,
            )
            if audited.rowcount == 0:
                raise NotUnderReviewError(
                    "it is not under review, so there is nothing to decide; look at it with GetOperation"
                )
            await conn.execute(_ARROWS[resolution.decision], values)
            if resolution.decision == "give_up":
                await _abandon(conn, operations, operation_id, given_up.message)
    except UniqueViolation:
        raise UserBusyError(
            "another operation of the agent has the turn, and reading back needs it; "
            "decide again when that one has ended"
        ) from None


_FRESH: LiteralString = """
    UPDATE agents.operations
       SET owner_instance = NULL, unclear_since = NULL, not_before = NULL, completions = 0,
           missing = NULL, retries = 0, reruns = 0, cancel_requested = FALSE,
           updated_at = now(),
"""
_WHERE: LiteralString = " WHERE id = %(id)s AND state = 'NEEDS_REVIEW'"

# Every decision but the last leads back to a read-back of the ERP, which believes nobody's word.
_ARROWS: Mapping[Decision, LiteralString] = {
    "look_again": _FRESH + "state = 'VERIFYING'" + _WHERE,
    "landed": _FRESH + "state = 'VERIFYING', draft_id = %(erp_id)s" + _WHERE,
    "not_done": _FRESH
    + """state = 'QUEUED', turn = nextval('agents.operation_turns'), draft_id = NULL, erp_id = NULL,
         error = NULL,
         start_by = GREATEST(start_by, now() + make_interval(secs => %(start_within)s))"""
    + _WHERE,
    "give_up": _FRESH
    + """state = 'ABANDONED', finished_at = now(),
         error = %(error)s::jsonb
                 || jsonb_build_object('metadata', COALESCE(error->'metadata', '{}'))"""
    + _WHERE,
}


async def _refuse_unless_cancelled(conn: AsyncConnection[Any], operation_id: UUID) -> None:
    cursor = await conn.execute(
        "SELECT state FROM agents.operations WHERE id = %(id)s", {"id": operation_id}
    )
    row = await cursor.fetchone()
    state = row[0] if row else ""
    if state == "CANCELLED":
        return
    if state in {"SUCCEEDED", "FAILED", "ABANDONED"}:
        raise TooLateError(f"it has ended as {state}: there is nothing to stop any more")
    raise TooLateError(
        f"something may have been written in the ERP already (state {state}): it is pursued to its end"
    )


async def _abandon(
    conn: AsyncConnection[Any],
    operations: Mapping[str, Operation],
    operation_id: UUID,
    message: str,
) -> None:
    """Let our own rows show that nothing will come of it, in the same transaction."""
    cursor = await conn.execute(
        "SELECT operation_type, request FROM agents.operations WHERE id = %(id)s",
        {"id": operation_id},
    )
    row = await cursor.fetchone()
    if row and row[1] is not None and (operation := operations.get(row[0])):
        await operation.abandon(conn, operation.Request.FromString(row[1]), message)
