"""Recording an intent: a key's first arrival, its return, and what may stand in its way.

Law 1: a durable row says what will be tried before the browser is touched.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row
from psycopg.sql import SQL

from server.database import Pool
from server.errors import KeyReusedError, TargetAlreadyDoneError, TargetBusyError
from server.journal import DATABASE_AWAY, database_down
from server.journal_row import COLUMNS, SELECT_ROW, Row

# How often a key that met only itself is tried; once more is enough.
TRIES = 3


@dataclass(frozen=True)
class Submission:
    """A validated request, ready to be recorded.

    ``start_by`` None means the default, ``start_within`` seconds after acceptance by the database's
    clock. ``once``: a target that is done stays done, whatever the key. ``also_guards``: what else an
    operation under review blocks. ``marker_of`` gives a revision's marker; ``differing`` names the
    fields in which a stored request differs from this one.
    """

    user_id: str
    operation_type: str
    operation_key: str
    target: str
    also_guards: str | None
    once: bool
    request: bytes
    fingerprint: str
    start_by: datetime | None
    start_within: float
    marker_of: Callable[[int], str]
    differing: Callable[[bytes], list[str]]


@dataclass(frozen=True)
class Replay:
    """What a caller is told of a key that has succeeded with this very request."""

    id: UUID
    operation_key: str
    response: bytes
    accepted_at: datetime
    finished_at: datetime


async def find_replay(pool: Pool, submission: Submission) -> Replay | None:
    """The key's stored response, if it has one for this request: the least that a repetition can cost.

    Raises:
        DatabaseDownError: the journal cannot be read.
    """
    try:
        async with pool.connection() as conn:
            cursor = await conn.execute(
                """
                SELECT id, operation_key, response, accepted_at, finished_at
                  FROM agents.operations
                 WHERE user_id = %(user_id)s
                   AND operation_type = %(operation_type)s
                   AND operation_key = %(operation_key)s
                   AND fingerprint = %(fingerprint)s
                   AND response IS NOT NULL
                """,
                vars(submission),
            )
            row = await cursor.fetchone()
    except DATABASE_AWAY as error:
        raise database_down(error) from error
    return None if row is None else Replay(*row)


async def accept(pool: Pool, submission: Submission, instance: str) -> Row:
    """Record the intent, or find what the key has already come to; ``instance`` will work on it.

    A FAILED or CANCELLED key has left nothing in the ERP: it queues anew, with a higher revision if the
    request was corrected.

    Raises:
        KeyReusedError: the key belongs to a different request that runs, or has succeeded.
        TargetBusyError, TargetAlreadyDoneError: another key has the same object.
        DatabaseDownError: nothing was recorded that the caller may rely on.
    """
    other = None
    for _ in range(TRIES):
        try:
            if (row := await _accept(pool, submission, instance)) is not None:
                return row
        except UniqueViolation:
            try:
                other = await _at_work_on_target(pool, submission)
            except DATABASE_AWAY as error:
                raise database_down(error) from error
            # None, or our own key: it has just ended, or two first callers of one key came at once, of
            # whom Postgres tells one about the target before it tells about the key.
            if other not in {None, submission.operation_key}:
                break
        except DATABASE_AWAY as error:
            raise database_down(error) from error
    key = other or "another one"
    raise TargetBusyError(
        f"{submission.target} is being worked on under the key {key!r}; wait for it, or ask with that key",
        operation_key=key,
    )


async def _accept(pool: Pool, submission: Submission, instance: str) -> Row | None:
    """The key's row, queued anew if it had failed; None if somebody was faster, and it is worth another try."""
    async with pool.connection() as conn:
        row = await _find_or_record(conn, submission, instance)
        if row is None:
            await _refuse_guarded(conn, submission)
            return None
        if row.state in {"FAILED", "CANCELLED"}:
            async with conn.transaction():
                row = await _requeue(conn, submission, await _locked(conn, row.id), instance)
                await _refuse_guarded(conn, submission)
        if row.fingerprint != submission.fingerprint:
            raise _key_reused(row, submission)
        return row


# What keeps a target that is done, and what lies near one under review, from a new key.
_GUARD = SQL("""
    SELECT operation_key, state
      FROM agents.operations
     WHERE user_id = %(user_id)s
       AND operation_type = %(operation_type)s
       AND target = %(target)s
       AND operation_key <> %(operation_key)s
       AND state = 'SUCCEEDED' AND %(once)s
     UNION ALL
    SELECT operation_key, state
      FROM agents.operations
     WHERE user_id = %(user_id)s
       AND also_guards = %(also_guards)s
       AND (operation_type, operation_key) <> (%(operation_type)s, %(operation_key)s)
       AND state = 'NEEDS_REVIEW'
     LIMIT 1
""")

# One statement, and for a key that is known nothing of it is locked or written. What it cannot see, since
# it happens while it runs, the unique indexes refuse: a key, an unfinished target, a target done once.
_FIND_OR_RECORD = SQL("""
    WITH known AS (
        SELECT {columns}
          FROM agents.operations AS mine
         WHERE user_id = %(user_id)s
           AND operation_type = %(operation_type)s
           AND operation_key = %(operation_key)s),
    recorded AS (
        INSERT INTO agents.operations AS mine
               (user_id, operation_type, operation_key, target, also_guards, once, request,
                fingerprint, marker, state, owner_instance, start_by)
        SELECT %(user_id)s, %(operation_type)s, %(operation_key)s, %(target)s, %(also_guards)s,
               %(once)s, %(request)s, %(fingerprint)s, %(marker)s, 'QUEUED', %(instance)s,
               COALESCE(%(start_by)s, now() + make_interval(secs => %(start_within)s))
         WHERE NOT EXISTS (SELECT FROM known) AND NOT EXISTS ({guard})
            ON CONFLICT (user_id, operation_type, operation_key) DO NOTHING
        RETURNING {columns})
    SELECT * FROM known UNION ALL SELECT * FROM recorded
""")
# Put together once: every arrival pays for it.
_FIND_OR_RECORD_TEXT = _FIND_OR_RECORD.format(columns=COLUMNS, guard=_GUARD).as_bytes()


async def _find_or_record(
    conn: AsyncConnection[Any], submission: Submission, instance: str
) -> Row | None:
    """What the key has come to, or its first row; None where it is guarded, or another caller was faster."""
    values = vars(submission) | {"marker": submission.marker_of(1), "instance": instance}
    async with conn.cursor(row_factory=class_row(Row)) as cursor:
        await cursor.execute(_FIND_OR_RECORD_TEXT, values)
        return await cursor.fetchone()


async def _locked(conn: AsyncConnection[Any], operation_id: UUID) -> Row:
    async with conn.cursor(row_factory=class_row(Row)) as cursor:
        await cursor.execute(
            SELECT_ROW + SQL(" WHERE id = %(id)s FOR UPDATE OF mine"), {"id": operation_id}
        )
        row = await cursor.fetchone()
    if row is None:
        raise RuntimeError("an operation's row vanished: rows of this table are never deleted")
    return row


async def _requeue(
    conn: AsyncConnection[Any], submission: Submission, row: Row, instance: str
) -> Row:
    """Queue a key anew that has failed or was cancelled; one that somebody else has queued stays."""
    if row.state not in {"FAILED", "CANCELLED"}:
        return row
    revision = row.revision + (row.fingerprint != submission.fingerprint)
    await conn.execute(
        """
        UPDATE agents.operations
           SET state = 'QUEUED', request = %(request)s, fingerprint = %(fingerprint)s,
               target = %(target)s, also_guards = %(also_guards)s, revision = %(revision)s,
               marker = %(marker)s, error = NULL, owner_instance = %(instance)s,
               turn = nextval('agents.operation_turns'), not_before = NULL, retries = 0, reruns = 0,
               finished_at = NULL, cancel_requested = FALSE, updated_at = now(),
               write_seq = 0, first_write_at = NULL, high_water_mark = NULL, draft_id = NULL,
               write_session = NULL, last_write_at = NULL, unclear_since = NULL,
               missing = NULL, completions = 0, suspects = '{}',
               start_by = COALESCE(%(start_by)s, now() + make_interval(secs => %(start_within)s))
         WHERE id = %(id)s
        """,
        asdict(submission)
        | {
            "id": row.id,
            "revision": revision,
            "marker": submission.marker_of(revision),
            "instance": instance,
        },
    )
    return await _locked(conn, row.id)


async def _refuse_guarded(conn: AsyncConnection[Any], submission: Submission) -> None:
    """Refuse an object that is done for ever, or near one of which nobody knows what became of it."""
    cursor = await conn.execute(_GUARD, asdict(submission))
    other = await cursor.fetchone()
    if other is None:
        return
    key, state = other
    if state == "SUCCEEDED":
        raise TargetAlreadyDoneError(
            f"{submission.target} was already done under the key {key!r}; ask with that key",
            operation_key=key,
        )
    raise TargetBusyError(
        f"{submission.also_guards}: the order under the key {key!r} is under review, and another of the "
        "same customer could not be told from it; an operator has to settle that one first",
        operation_key=key,
    )


async def _at_work_on_target(pool: Pool, submission: Submission) -> str | None:
    async with pool.connection() as conn:
        cursor = await conn.execute(
            """
            SELECT operation_key
              FROM agents.operations
             WHERE user_id = %(user_id)s
               AND operation_type = %(operation_type)s
               AND target = %(target)s
               AND state NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'ABANDONED')
            """,
            asdict(submission),
        )
        other = await cursor.fetchone()
    return other[0] if other else None


def _key_reused(row: Row, submission: Submission) -> KeyReusedError:
    names = submission.differing(row.request) if row.request else []
    fields = ", ".join(names) or "fields no longer kept"
    return KeyReusedError(
        f"the key {row.operation_key!r} belongs to another request; it differs in {fields}. "
        "Send the first request again, or use a key of its own for this one",
        fields=",".join(names),
    )
