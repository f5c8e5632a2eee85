"""The arrows of design §4.2 from a claimed operation: each is one statement, guarded, or `FencedError`.

The guard is state, generation and owner: whoever was overtaken moves nothing. All times are the
database's. A state outside the agent's turn is written only after the attempt's browser context is
closed; an owner of NULL says just that, and is what a later attempt takes as proof.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from psycopg import AsyncConnection, AsyncCursor
from psycopg.sql import SQL, Composable
from psycopg.types.json import Jsonb

from server import tracing
from server.attempts import FACTS, Learned
from server.bot_results import SAVE
from server.errors import FencedError
from server.operation import Claim

Error = Mapping[str, Any]  # as BotError.stored() gives it


@dataclass(frozen=True)
class Arrow:
    """From which states an event leads where; None: the state stays."""

    sources: frozenset[str]
    target: str | None


def _arrow(sources: str, target: str | None) -> Arrow:
    return Arrow(frozenset(sources.split()), target)


# docs/states.md shows these, and a test compares it with them.
ARROWS: Mapping[str, Arrow] = {
    "retry": _arrow("RUNNING", "QUEUED"),
    "park": _arrow("RUNNING", "QUEUED"),
    "cancel": _arrow("RUNNING", "CANCELLED"),
    "fail": _arrow("RUNNING WRITING VERIFYING UNDOING", "FAILED"),
    "lose": _arrow("WRITING", "VERIFYING"),
    "undo": _arrow("WRITING", "UNDOING"),
    "absent": _arrow("VERIFYING", "QUEUED"),
    "resume": _arrow("RUNNING VERIFYING", "WRITING"),
    "wait": _arrow("VERIFYING UNDOING CONFIRMED", None),
    "review": _arrow("RUNNING WRITING VERIFYING UNDOING CONFIRMED", "NEEDS_REVIEW"),
    "confirm": _arrow("RUNNING WRITING VERIFYING", "CONFIRMED"),
    "succeed": _arrow("CONFIRMED", "SUCCEEDED"),
}

_NOTHING = SQL("")
_TOLD = SQL("SELECT duplicate_suspected, completions FROM moved")
_FREE = SQL(", owner_instance = NULL")


async def _move(
    conn: AsyncConnection[Any], claim: Claim, event: str, *sql: Composable, **values: Any
) -> tuple[bool, int]:
    """Take the arrow, see `send`; returns the row's ``duplicate_suspected`` and ``completions``."""
    moved = await (await send(conn, claim, event, *sql, **values)).fetchone()
    if moved is None:
        raise overtaken()
    return bool(moved[0]), int(moved[1])


def overtaken() -> FencedError:
    """Whoever sent the statement of an arrow has not moved anything."""
    return FencedError("another worker has taken this operation, or it was moved on")


@tracing.traced("journal", 2)  # by the event
async def send(
    conn: AsyncConnection[Any],
    claim: Claim,
    event: str,
    also: Composable = _NOTHING,
    where: Composable = _NOTHING,
    *,
    then: Composable = _NOTHING,
    told: Composable = _TOLD,
    outcome: str | None = None,
    **values: object,
) -> AsyncCursor[Any]:
    """Send the arrow's statement; it brings no row if somebody else has the operation.

    ``outcome`` ends the attempt as well (a reason of the contract, or SUCCEEDED), ``then`` writes more with it,
    ``told`` is what the statement brings.
    """
    arrow = ARROWS[event]
    return await conn.execute(
        SQL(
            """
            WITH moved AS (
                UPDATE agents.operations
                   SET state = COALESCE(%(to)s, state), updated_at = now() {also}
                 WHERE id = %(operation_id)s
                   AND generation = %(generation)s
                   AND owner_instance = %(instance)s
                   AND state = ANY(%(from)s) {where}
                RETURNING id, generation, duplicate_suspected, completions),
            ended AS (
                UPDATE agents.operation_attempts AS attempt
                   SET ended_at = now(), outcome = %(outcome)s
                  FROM moved
                 WHERE %(outcome)s::text IS NOT NULL
                   AND attempt.operation_id = moved.id AND attempt.generation = moved.generation)
            {then}
            {told}
            """
        ).format(also=also, where=where, then=then, told=told),
        asdict(claim)
        | {"from": sorted(arrow.sources), "to": arrow.target, "outcome": outcome}
        | values,
    )


async def retry(conn: AsyncConnection[Any], claim: Claim, error: Error, pause: float) -> None:
    """Nothing was sent, and it failed: it waits ``pause`` seconds at its place in the queue."""
    await _move(
        conn,
        claim,
        "retry",
        SQL(
            ", retries = retries + 1, error = %(error)s, "
            "not_before = now() + make_interval(secs => %(pause)s)"
        ),
        error=Jsonb(dict(error)),
        pause=pause,
        outcome=str(error["reason"]),
    )


async def park(conn: AsyncConnection[Any], claim: Claim) -> None:
    """Nothing was sent, and this server goes: another one takes it up at once."""
    await _move(conn, claim, "park", _FREE, outcome="PARKED")


async def cancel(conn: AsyncConnection[Any], claim: Claim, error: Error) -> None:
    """Nothing was sent, and somebody asked for that."""
    await _move(
        conn,
        claim,
        "cancel",
        SQL(", owner_instance = NULL, error = %(error)s, finished_at = now()"),
        SQL("AND cancel_requested"),
        error=Jsonb(dict(error)),
        outcome="CANCELLED",
    )


async def fail(conn: AsyncConnection[Any], claim: Claim, error: Error) -> None:
    """Nothing of it is in the ERP: never sent, refused and seen to have left nothing, or deleted."""
    await _move(
        conn,
        claim,
        "fail",
        SQL(", owner_instance = NULL, error = %(error)s, finished_at = now(), draft_id = NULL"),
        error=Jsonb(dict(error)),
        outcome=str(error["reason"]),
    )


async def lose(conn: AsyncConnection[Any], claim: Claim, error: Error) -> None:
    """Something was sent, and what came of it is not known: it is read back."""
    await _move(
        conn,
        claim,
        "lose",
        SQL(", owner_instance = NULL, error = %(error)s, unclear_since = NULL, not_before = NULL"),
        error=Jsonb(dict(error)),
        outcome=str(error["reason"]),
    )


async def undo(conn: AsyncConnection[Any], claim: Claim, error: Error) -> None:
    """The ERP refused it while our draft stands: the draft is deleted, then it has failed."""
    await _move(
        conn,
        claim,
        "undo",
        SQL(", owner_instance = NULL, error = %(error)s, unclear_since = NULL, not_before = NULL"),
        error=Jsonb(dict(error)),
        outcome=str(error["reason"]),
    )


async def absent(conn: AsyncConnection[Any], claim: Claim, pause: float = 0.0) -> None:
    """It was proved that the ERP holds nothing of it: it queues, and runs whatever ``start_by`` says.

    It counts as a round that brought nothing, and failures before anything was sent count anew.
    ``pause``: seconds until the next.
    """
    await _move(
        conn,
        claim,
        "absent",
        SQL(
            ", owner_instance = NULL, error = NULL, unclear_since = NULL, retries = 0, "
            "reruns = reruns + 1, not_before = now() + make_interval(secs => %(pause)s), "
            "draft_id = NULL, missing = NULL, completions = 0"
        ),
        pause=pause,
        outcome="ABSENT",
    )


async def resume(conn: AsyncConnection[Any], claim: Claim, missing: int) -> int:
    """Our own draft stands unfinished: it is written on. Returns tries since it last grew, from 1."""
    _, completions = await _move(
        conn,
        claim,
        "resume",
        SQL(
            ", completions = CASE WHEN missing IS NULL OR %(missing)s < missing "
            "THEN 1 ELSE completions + 1 END, missing = %(missing)s, unclear_since = NULL, "
            "cancel_requested = FALSE"  # something of it stands: too late
        ),
        missing=missing,
    )
    return completions


async def wait(
    conn: AsyncConnection[Any], claim: Claim, error: Error, pause: float, *, unclear: bool = False
) -> None:
    """It stays as it is for ``pause`` seconds; ``unclear``: the ERP was read, and that settled nothing.

    An ERP that is away does not count towards the time after which a person has to look.
    """
    since = SQL("COALESCE(unclear_since, now())") if unclear else SQL("NULL")
    await _move(
        conn,
        claim,
        "wait",
        SQL(
            ", owner_instance = NULL, not_before = now() + make_interval(secs => %(pause)s), "
            "error = CASE WHEN state = 'VERIFYING' AND error->>'reason' IS DISTINCT FROM 'ERP_REJECTED' "
            "THEN %(error)s ELSE error END, unclear_since = {since}"
        ).format(since=since),
        error=Jsonb(dict(error)),
        pause=pause,
        outcome=str(error["reason"]),
    )


async def review(conn: AsyncConnection[Any], claim: Claim, error: Error) -> None:
    """Evidence does not settle it: a person has to look, and the agent's turn passes on."""
    await _move(
        conn,
        claim,
        "review",
        SQL(", owner_instance = NULL, error = %(error)s, not_before = NULL"),
        error=Jsonb(dict(error)),
        outcome="NEEDS_REVIEW",
    )


async def confirm(
    conn: AsyncConnection[Any],
    claim: Claim,
    erp_id: str,
    result_data: Mapping[str, Any],
    learned: Learned,
) -> bool:
    """The ERP has done it: save its answer with the state, and with the attempt what it is known by.

    False: another ERP id was confirmed for the key before. It stands, with its answer, and the duplicate
    is flagged.
    """
    duplicate, _ = await _move(
        conn,
        claim,
        "confirm",
        SQL(
            ", confirmed_at = now(), not_before = NULL, erp_id = COALESCE(erp_id, %(erp_id)s), "
            "duplicate_suspected = duplicate_suspected OR COALESCE(erp_id <> %(erp_id)s, FALSE)"
        ),
        then=SQL(
            """,
            saved AS ({save}),
            noted AS (
                UPDATE agents.operation_attempts AS attempt SET evidence = evidence || {facts}
                  FROM moved
                 WHERE attempt.operation_id = moved.id AND attempt.generation = moved.generation
                   AND %(facts)s::jsonb <> '[]')
            """
        ).format(save=SAVE.format(of=SQL("FROM moved WHERE NOT duplicate_suspected")), facts=FACTS),
        erp_id=erp_id,
        result_data=Jsonb(dict(result_data)),
        **learned.values(),
    )
    return not duplicate
