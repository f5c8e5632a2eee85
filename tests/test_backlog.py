"""What is unfinished is told by type and state, cheaply, and not at all when it is not known."""

from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry
from psycopg_pool import AsyncConnectionPool

from server.backlog import UNFINISHED, Backlog
from tests.journal_rows import accepted


def told(backlog: Backlog) -> dict[str, float]:
    """Type and state, or the name, of every sample that is not zero."""
    registry = CollectorRegistry()
    registry.register(backlog)
    return {
        " ".join((sample.name.removeprefix("archibald_"), *sample.labels.values())): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.value
    }


async def test_the_unfinished_are_told_with_the_age_of_the_oldest(database: str) -> None:
    """What has ended is not; a local commit that is stuck is told besides."""
    async with AsyncConnectionPool(database, min_size=1, max_size=2, open=False) as pool:
        backlog = Backlog(pool, ["submit-order"], poll=60)
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        for number, state in enumerate(("QUEUED", "NEEDS_REVIEW", "SUCCEEDED", "CONFIRMED")):
            stuck = state == "CONFIRMED"
            await accepted(
                pool, f"k{number}", f"A{number}",
                state=state, local_commit_stuck=stuck, accepted_at=an_hour_ago,
            )  # fmt: skip
        await backlog.look()
        seen = told(backlog)
    ages = {name: value for name, value in seen.items() if "oldest" in name}
    assert all(3600 <= age < 3700 for age in ages.values())
    assert seen.keys() - ages.keys() == {
        "journal_readable",
        "operations submit-order QUEUED",
        "operations submit-order NEEDS_REVIEW",
        "operations submit-order CONFIRMED",
        "operations_commit_stuck submit-order",
    }
    assert len(ages) == 3


async def test_a_database_that_is_away_leaves_no_old_number() -> None:
    """An old number would look like a good one."""
    async with AsyncConnectionPool(
        "host=127.0.0.1 port=1 connect_timeout=1", min_size=0, max_size=1, timeout=0.2, open=False
    ) as pool:
        backlog = Backlog(pool, ["submit-order"], poll=60)
        await backlog.look()
        assert told(backlog) == {}
        [family] = backlog.collect()
        assert family.name == "archibald_journal_readable"


async def test_what_is_done_costs_nothing(database: str) -> None:
    """Of thousands that have ended none is read: the query goes by the index of the unfinished."""
    async with AsyncConnectionPool(database, min_size=1, max_size=2, open=False) as pool:
        await accepted(pool)
        async with pool.connection() as conn:
            await conn.execute(
                """
                INSERT INTO agents.operations
                       (user_id, operation_type, operation_key, target, fingerprint, state)
                SELECT 'A001', 'submit-order', 'done ' || n, 'done ' || n, 'f1', 'SUCCEEDED'
                  FROM generate_series(1, 20000) AS n
                """
            )
            await conn.execute("ANALYZE agents.operations")
            cursor = await conn.execute(f"EXPLAIN {UNFINISHED}".encode())
            plan = "\n".join(line for (line,) in await cursor.fetchall())
    assert "operations_one_unfinished_per_target" in plan
    assert "Seq Scan" not in plan
