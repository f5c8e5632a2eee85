"""What happened to one operation, for a person who looks back: its attempts with their evidence, and decisions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL

from server.database import Pool

T = TypeVar("T")

# Of one operation; more than a person reads, and no more than a page can carry.
MOST = 200


@dataclass(frozen=True)
class Attempt:
    """One claim: who had it, when, how it ended, and every fact it left."""

    generation: int
    instance: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    evidence: list[dict[str, Any]]


@dataclass(frozen=True)
class Decision:
    """What a person decided, and why."""

    decided_at: datetime
    decided_by: str
    decision: str
    erp_id: str | None
    note: str


@dataclass(frozen=True)
class History:
    """Our sign in what it made in the ERP, and the newest attempts and decisions, oldest first."""

    marker: str
    attempts: list[Attempt]
    decisions: list[Decision]


async def history(pool: Pool, operation_id: UUID) -> History:
    """What is kept of it; whether its reader may see the operation is asked before."""
    values = {"id": operation_id, "most": MOST}
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "SELECT marker FROM agents.operations WHERE id = %(id)s", values
        )
        row = await cursor.fetchone()
        return History(
            marker=row[0] if row else "",
            attempts=await _newest(
                conn,
                Attempt,
                SQL("""
                    SELECT generation, instance, started_at, ended_at, outcome, evidence
                      FROM agents.operation_attempts
                     WHERE operation_id = %(id)s
                     ORDER BY generation DESC LIMIT %(most)s
                """),
                values,
            ),
            decisions=await _newest(
                conn,
                Decision,
                SQL("""
                    SELECT decided_at, decided_by, decision, erp_id, note
                      FROM agents.operation_resolutions
                     WHERE operation_id = %(id)s
                     ORDER BY id DESC LIMIT %(most)s
                """),
                values,
            ),
        )


async def _newest(
    conn: AsyncConnection[Any], kind: type[T], query: SQL, values: dict[str, object]
) -> list[T]:
    async with conn.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(query, values)
        return (await cursor.fetchall())[::-1]
