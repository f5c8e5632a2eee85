"""Operations in any state, on a real Postgres, for tests that need no ERP."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.intake import Submission, accept
from server.journal import Journal
from server.journal_row import Row
from server.operation import Claim, Ticket

Pool = AsyncConnectionPool[AsyncConnection[Any]]

STATES = (
    "QUEUED",
    "RUNNING",
    "WRITING",
    "VERIFYING",
    "UNDOING",
    "CONFIRMED",
    "SUCCEEDED",
    "FAILED",
    "CANCELLED",
    "NEEDS_REVIEW",
    "ABANDONED",
)
ERROR = {"reason": "ERP_DOWN", "message": "m", "metadata": {}}
REFUSED = {"reason": "ERP_REJECTED", "message": "m", "metadata": {}}


def submission(key: str = "p-1", user: str = "A001", **changes: Any) -> Submission:
    """A request for the object that is called like its key."""
    plain = Submission(
        user_id=user,
        operation_type="submit-order",
        operation_key=key,
        target=key,
        also_guards=None,
        once=True,
        request=b"first",
        fingerprint="f1",
        start_by=None,
        start_within=7200,
        marker_of=lambda revision: f"#{revision}",
        differing=lambda stored: ["notes"] if stored == b"first" else [],
    )
    return replace(plain, **changes)


async def registered(pool: Pool, instance: str, lease: float = 1000.0) -> Journal:
    """The journal of a server that has a lease."""
    async with pool.connection() as conn:
        await conn.execute(
            """
            INSERT INTO agents.server_instances (id, host, pid, started, lease_until)
            VALUES (%(id)s, 'here', 1, 1, now() + make_interval(secs => %(lease)s))
            """,
            {"id": instance, "lease": lease},
        )
    return Journal(pool, instance)


async def claimed(pool: Pool, journal: Journal, key: str = "p-1", user: str = "A001") -> Claim:
    """A RUNNING operation of this server."""
    row = await accept(pool, submission(key, user), journal.instance)
    claim = await journal.claim(row, [])
    assert claim is not None
    return claim


async def change(pool: Pool, operation_id: UUID, **columns: Any) -> None:
    """Set columns by force: what would take a crash or an hour to reach."""
    assignments = ", ".join(f"{name} = %({name})s" for name in columns)
    async with pool.connection() as conn:
        await conn.execute(
            f"UPDATE agents.operations SET {assignments} WHERE id = %(id)s".encode(),
            columns | {"id": operation_id},
        )


async def in_state(
    pool: Pool, journal: Journal, state: str, user: str, **columns: Any
) -> tuple[Row, Claim]:
    """An agent's operation, claimed by this server, and set to the state."""
    claim = await claimed(pool, journal, user=user)
    await change(pool, claim.operation_id, state=state, **columns)
    return await journal.read(claim.operation_id), claim


async def passed(pool: Pool, seconds: float) -> None:
    """Let time pass for the database: every time that it holds moves into the past."""
    async with pool.connection() as conn:
        for table, columns in {
            "operations": "start_by not_before last_write_at unclear_since",
            "server_instances": "lease_until",
        }.items():
            moved = ", ".join(
                f"{one} = {one} - make_interval(secs => %(seconds)s)" for one in columns.split()
            )
            await conn.execute(f"UPDATE agents.{table} SET {moved}".encode(), {"seconds": seconds})


async def text_of(pool: Pool, operation_id: UUID) -> str:
    """The whole row, as the database writes it."""
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "SELECT operations::TEXT FROM agents.operations WHERE id = %(id)s", {"id": operation_id}
        )
        row = await cursor.fetchone()
    assert row is not None
    return str(row[0])


async def evidence(pool: Pool, operation_id: UUID) -> list[dict[str, Any]]:
    """What all attempts at the operation have left, oldest first."""
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "SELECT evidence FROM agents.operation_attempts WHERE operation_id = %(id)s ORDER BY generation",
            {"id": operation_id},
        )
        return [fact for (facts,) in await cursor.fetchall() for fact in facts]


def ticket(claim: Claim, kind: str = "customer", target: str = "55261") -> Ticket:
    """The right to send one request."""
    return Ticket(claim=claim, kind=kind, target=target)
