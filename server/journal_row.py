"""One row of the journal, agents.operations, as the code reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.sql import SQL

from server.errors import (
    CancelledError,
    OutcomeAbandonedError,
    OutcomeUnknownError,
    restored_error,
)

COLUMNS = SQL("""
    id, user_id, operation_type, operation_key, target, request, fingerprint, revision, marker,
    state, generation, owner_instance, write_seq, draft_id, high_water_mark, start_by, erp_id,
    response, error, local_commit_stuck, local_commit_failures, accepted_at, finished_at, retries, reruns,
    suspects, write_session, cancel_requested, start_by <= now() AS start_by_passed,
    GREATEST(0, EXTRACT(EPOCH FROM not_before - now()))::FLOAT8 AS due_in,
    EXTRACT(EPOCH FROM now() - last_write_at)::FLOAT8 AS quiet_for,
    (state = 'QUEUED' AND EXISTS (
        SELECT 1 FROM agents.operations AS other
         WHERE other.user_id = mine.user_id
           AND other.id <> mine.id
           AND (other.state IN ('RUNNING', 'WRITING', 'VERIFYING', 'UNDOING')
                OR (other.state = 'CONFIRMED' AND NOT other.local_commit_stuck)
                OR (other.state = 'QUEUED' AND other.turn < mine.turn)))) AS blocked
""")
SELECT_ROW = SQL("SELECT {} FROM agents.operations AS mine").format(COLUMNS)


@dataclass(frozen=True)
class Row:
    """One operation as the journal holds it; ``due_in`` and ``quiet_for`` are seconds, None for never."""

    id: UUID
    user_id: str
    operation_type: str
    operation_key: str
    target: str
    request: bytes | None
    fingerprint: str
    revision: int
    marker: str
    state: str
    generation: int
    owner_instance: str | None
    write_seq: int
    draft_id: str | None
    high_water_mark: str | None
    start_by: datetime
    erp_id: str | None
    response: bytes | None
    error: dict[str, Any] | None
    local_commit_stuck: bool
    local_commit_failures: int
    accepted_at: datetime
    finished_at: datetime | None
    retries: int
    reruns: int
    suspects: list[str]
    write_session: str | None
    cancel_requested: bool
    start_by_passed: bool
    due_in: float | None
    quiet_for: float | None
    blocked: bool
    """Whether it is queued and its agent's turn is another operation's."""

    @property
    def expired(self) -> bool:
        """Whether its ``start_by`` has passed before anything of it was sent."""
        return self.state in {"QUEUED", "RUNNING"} and self.write_seq == 0 and self.start_by_passed


def answer_of(row: Row) -> bytes | None:
    """The stored response of an operation that has succeeded; None for one that is still to be done.

    Raises:
        BotError: what it has come to instead.
    """
    if row.state in {
        "SUCCEEDED",
        "QUEUED",
        "RUNNING",
        "WRITING",
        "VERIFYING",
        "UNDOING",
        "CONFIRMED",
    }:
        return row.response
    told = restored_error(row.error) if row.error else OutcomeUnknownError("no reason was stored")
    if row.state == "CANCELLED":
        raise CancelledError("it was cancelled; nothing was written. The same key may run again")
    if row.state == "ABANDONED":
        raise OutcomeAbandonedError(
            "a person looked at it and gave it up; the key is at its end", **told.metadata
        )
    if row.state == "NEEDS_REVIEW":
        ids = {**told.metadata, **({"erp_id": row.erp_id} if row.erp_id else {})}
        raise OutcomeUnknownError(
            f"what the ERP holds of it is not settled by evidence ({told.message}); an operator has to look "
            "at it. Do not use a new key",
            **ids,
        )
    raise told
