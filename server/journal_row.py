"""One operation as the journal holds it, and the query that reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.sql import SQL

SELECT_ROW = SQL("""
    SELECT id, user_id, operation_type, operation_key, target, request, fingerprint, revision, marker,
    state, generation, owner_instance, write_seq, draft_id, high_water_mark, start_by, erp_id,
    response, error, local_commit_stuck, accepted_at, finished_at, start_by <= now() AS start_by_passed
      FROM agents.operations
""")


@dataclass(frozen=True)
class Row:
    """One operation as the journal holds it."""

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
    accepted_at: datetime
    finished_at: datetime | None
    start_by_passed: bool
