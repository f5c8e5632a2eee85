"""What the server asks Postgres looks at as few of 20,000 finished operations as of a hundred."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest
from psycopg import AsyncCursor
from psycopg.sql import Composable
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import operations_pb2 as ops
from server import operation_queries
from server.backlog import Backlog
from server.call import CURRENT, Call
from server.callers import Caller
from server.intake import accept, find_replay
from server.under_review import UnderReview
from tests.benchmarks.growth import fill
from tests.states.rows import Pool, registered, submission

FINISHED = 20_000
MOST_ROWS = 100  # that any step of a plan looks at; a page of a list has 51
UNDER_REVIEW = ops.OPERATION_STATE_NEEDS_REVIEW

looked_at: dict[str, float] = {}


def _most_rows(plan: Mapping[str, Any]) -> float:
    """Of the step that looks at most: what it finds, and what it finds in vain."""
    found = [name for name in plan if name == "Actual Rows" or name.startswith("Rows Removed")]
    own = float(plan["Actual Loops"] * sum(plan[name] for name in found))
    return max([own, *map(_most_rows, plan.get("Plans", ()))])


class Explained(AsyncCursor[Any]):
    """Runs each statement first for what it looks at, which is rolled back, and then as it was asked for."""

    async def execute(self, query: Any, params: Any = None, **options: Any) -> "Explained":
        text = query.as_string() if isinstance(query, Composable) else query
        text = text.decode() if isinstance(text, bytes) else text
        async with (
            self.connection.transaction(force_rollback=True),
            AsyncCursor(self.connection) as cursor,
        ):
            explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}"
            await cursor.execute(explain.encode(), params, prepare=False)
            explained = await cursor.fetchone()
        assert explained is not None
        looked_at[f"{text} {params}"] = _most_rows(explained[0][0]["Plan"])
        return await super().execute(query, params, **options)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """A journal with many finished operations of sixty agents, and its statements watched."""
    kwargs = {"autocommit": True}
    async with AsyncConnectionPool(
        database, min_size=1, max_size=1, open=False, kwargs=kwargs
    ) as pool:
        await fill(pool, 1, FINISHED)
        looked_at.clear()
        async with pool.connection() as conn:
            conn.cursor_factory = Explained
        yield pool


async def test_no_statement_looks_at_more_the_more_has_been_done(pool: Pool) -> None:
    """Accepting, claiming, replaying, reading, listing, and what is looked for again and again."""
    journal = await registered(pool, "server-1")
    row = await accept(pool, submission(user="A7"), journal.instance)
    await accept(pool, submission("done-7", user="A7"), journal.instance)
    assert await find_replay(pool, submission("done-7", user="A7"))
    await journal.read(row.id)
    claim = await journal.claim(row, [])
    assert claim is not None
    await journal.clear_leftovers()
    await Backlog(pool, [], poll=1).look()
    await UnderReview(pool, poll=1, every=1).count()
    CURRENT.set(Call(Caller("office"), "here", "ListOperations"))
    lists: Sequence[dict[str, Any]] = (
        {},
        {"user_ids": ["A7"]},
        {"user_ids": ["A001"]},
        {"states": [UNDER_REVIEW]},
        {"states": [ops.OPERATION_STATE_FAILED]},
        {"operation_types": ["delete-order"]},
        {"user_ids": ["A7"], "states": [UNDER_REVIEW]},
    )
    for filters in lists:
        await operation_queries.page(pool, ops.ListOperationsRequest(**filters))
    assert not {text: rows for text, rows in looked_at.items() if rows > MOST_ROWS}
