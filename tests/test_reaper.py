"""What is forgotten in time, and what is never."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from server.artifacts import Artifacts
from server.reaper import LOCK, Reaper
from tests.journal_rows import Pool, accepted, rows

STATES = [
    "QUEUED",
    "RUNNING",
    "WRITING",
    "VERIFYING",
    "UNDOING",
    "CONFIRMED",
    "FAILED",
    "CANCELLED",
    "NEEDS_REVIEW",
]
NOTHING = {"requests": 0, "attempts": 0, "events": 0, "audit": 0, "servers": 0, "files": 0}


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=3, open=False) as pool:
        yield pool


@pytest.fixture
def reaping(pool: Pool, tmp_path: Path) -> Reaper:
    artifacts = Artifacts(tmp_path, most_attempts=9, most_bytes=1_000_000)
    return Reaper(pool, artifacts, keep_requests_days=7, keep_attempts_days=30, keep_audit_days=365)


async def execute(pool: Pool, statement: str, **values: Any) -> None:
    async with pool.connection() as conn:
        await conn.execute(statement.encode(), values)


async def ended(
    pool: Pool, root: Path, key: str, days: float, *, fact: str = "seen", **columns: Any
) -> UUID:
    """An operation that ended so many days ago, with all that an attempt can leave."""
    columns = {"state": "SUCCEEDED", "response": b"r", "erp_id": "71723"} | columns
    operation = await accepted(pool, key, user_id=key, **columns)
    await execute(
        pool,
        "UPDATE agents.operations SET finished_at = now() - make_interval(secs => %(days)s * 86400) "
        "WHERE id = %(id)s",
        id=operation,
        days=days,
    )
    await execute(
        pool,
        "INSERT INTO agents.operation_attempts (operation_id, generation, instance, evidence, artifacts) "
        "VALUES (%(id)s, 1, 'a', %(evidence)s, '[\"page.png\"]')",
        id=operation,
        evidence=Jsonb([{fact: "x"}]),
    )
    await execute(
        pool,
        "INSERT INTO agents.operation_events (operation_id, sequence, step, percent, label_it, label_en) "
        "SELECT %(id)s, n, 'login', 4, 'a', 'b' FROM generate_series(1, 3) AS n",
        id=operation,
    )
    (root / str(operation) / "1").mkdir(parents=True)
    (root / str(operation) / "1" / "page.png").write_bytes(b"picture")
    return operation


async def test_bodies_go_first_and_attempts_later(
    pool: Pool, reaping: Reaper, tmp_path: Path
) -> None:
    """What makes a repeated call harmless stays for ever."""
    await ended(pool, tmp_path, "young", 6)
    await ended(pool, tmp_path, "week", 8)
    await ended(pool, tmp_path, "month", 31)
    await ended(pool, tmp_path, "given-up", 31, state="ABANDONED")
    before = {row["operation_key"]: row for row in await rows(pool, "operations")}
    assert await reaping.reap() == {
        "requests": 3,
        "attempts": 2,
        "events": 6,
        "audit": 0,
        "servers": 0,
        "files": 2,
    }
    after = {row["operation_key"]: row for row in await rows(pool, "operations")}
    assert {key for key, row in after.items() if row["request"] is None} == {
        "week",
        "month",
        "given-up",
    }
    for key, row in after.items():
        assert row | {"request": before[key]["request"]} == before[key]
    assert {row["operation_id"] for row in await rows(pool, "operation_events")} == {
        after["young"]["id"],
        after["week"]["id"],
    }
    artifacts = Artifacts(tmp_path, most_attempts=9, most_bytes=1_000_000)
    assert set(await artifacts.operations()) == {after[key]["id"] for key in ("young", "week")}
    assert await reaping.reap() == NOTHING


async def test_only_keys_at_their_end_are_reaped(
    pool: Pool, reaping: Reaper, tmp_path: Path
) -> None:
    """However old: what may still run, or be looked at, keeps everything."""
    for state in STATES:
        await ended(pool, tmp_path, state, 999, state=state)
    assert await reaping.reap() == NOTHING


async def test_a_second_erp_id_is_never_forgotten(
    pool: Pool, reaping: Reaper, tmp_path: Path
) -> None:
    """An answer that came too late, and all of a key for which two ids were seen, stay as evidence."""
    await ended(pool, tmp_path, "late", 99, fact="late")
    await ended(pool, tmp_path, "two", 99, duplicate_suspected=True)
    assert (await reaping.reap())["attempts"] == 0


async def test_batches_are_bounded_and_one_server_reaps_at_a_time(
    pool: Pool, tmp_path: Path
) -> None:
    """While another server reaps, there is nothing to do; then batch after batch until all is done."""
    artifacts = Artifacts(tmp_path, most_attempts=9, most_bytes=1_000_000)
    reaping = Reaper(
        pool, artifacts, keep_requests_days=7, keep_attempts_days=30, keep_audit_days=365, batch=2
    )
    for number in range(5):
        await ended(pool, tmp_path, f"p-{number}", 31)
    async with pool.connection() as conn:
        await conn.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        assert await reaping.reap() == NOTHING | {"files": 5}
    assert await reaping.reap() == NOTHING | {"requests": 5, "attempts": 5, "events": 15}


async def test_servers_go_a_day_after_their_end_unless_somebody_has_to_know(
    pool: Pool, reaping: Reaper
) -> None:
    """A server whose browser may still be alive is kept as long as an operation names it."""
    await execute(
        pool,
        """
        INSERT INTO agents.server_instances (id, host, pid, started, lease_until, gone_at)
        VALUES ('here', 'h', 1, 1, now(), NULL),
               ('yesterday', 'h', 1, 1, now() - interval '9 days', now() - interval '2 hours'),
               ('gone', 'h', 1, 1, now() - interval '9 days', now() - interval '25 hours'),
               ('lapsed', 'h', 1, 1, now() - interval '9 days', NULL),
               ('owner', 'h', 1, 1, now() - interval '9 days', NULL),
               ('suspect', 'h', 1, 1, now() - interval '9 days', NULL)
        """,
    )
    await accepted(pool, "p-1", owner_instance="owner", state="WRITING")
    await accepted(pool, "p-2", suspects=["suspect"], state="NEEDS_REVIEW")
    assert (await reaping.reap())["servers"] == 2
    assert {row["id"] for row in await rows(pool, "server_instances")} == {
        "here",
        "yesterday",
        "owner",
        "suspect",
    }


async def test_who_asked_is_kept_for_a_year(pool: Pool, reaping: Reaper) -> None:
    """Then it is forgotten, whatever was asked."""
    for days in (364, 366):
        await execute(
            pool,
            "INSERT INTO agents.audit (id, asked_at, caller, address, method) VALUES "
            "(gen_random_uuid(), now() - make_interval(days => %(days)s), %(caller)s, 'a', 'm')",
            days=days,
            caller=f"{days} days ago",
        )
    assert await reaping.reap() == NOTHING | {"audit": 1}
    assert [row["caller"] for row in await rows(pool, "audit")] == ["364 days ago"]
