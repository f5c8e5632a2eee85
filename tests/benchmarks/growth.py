"""Whether anything takes longer the more has been done: a claim, a replay, a list, with many finished rows.

A column of the journal that is forgotten in an index shows here, years before it shows to an agent.
"""

import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

from psycopg_pool import AsyncConnectionPool

from archibald.v1 import operations_pb2 as ops
from server import operation_queries
from server.call import CURRENT, Call
from server.callers import Caller
from server.database import Pool
from server.intake import accept
from tests.benchmarks.figures import Figure
from tests.databases import migrated_template, new_database, run_postgres
from tests.states.rows import claimed, registered, submission

ROWS = (10_000, 1_000_000)
TIMES = 200
MOST = 1.5  # times as long, with a hundred times the rows

_FILL = """
    INSERT INTO agents.operations
           (id, user_id, operation_type, operation_key, target, request, fingerprint, marker, state,
            start_by, response, accepted_at, finished_at, generation, erp_id, once)
    SELECT gen_random_uuid(), 'A' || n %% 60, 'submit-order', 'done-' || n, 'done-' || n, NULL,
           'f1', '#DONE', 'SUCCEEDED', now(), 'answer', now() - n * interval '1 minute',
           now(), 1, n::text, TRUE
      FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""


async def fill(pool: Pool, first: int, last: int) -> None:
    """Finished operations of sixty agents, by these numbers; nobody is told of them."""
    async with pool.connection() as conn:
        await conn.execute("ALTER TABLE agents.operations DISABLE TRIGGER USER")
        await conn.execute(_FILL, {"first": first, "last": last})
        await conn.execute("ALTER TABLE agents.operations ENABLE TRIGGER USER")
        await conn.execute("VACUUM ANALYZE agents.operations")


async def measure(_: Path) -> list[Figure]:
    """The figures ``growth_claim``, ``growth_replay`` and ``growth_list``: p50 with many rows by that with few."""
    found = list[dict[str, float]]()
    async with (
        run_postgres() as postgres,
        migrated_template(postgres) as template,
        new_database(postgres, template) as database,
        AsyncConnectionPool(database, min_size=1, max_size=2, open=False, kwargs={"autocommit": True}) as pool,
    ):  # fmt: skip
        filled = 0
        for rows in ROWS:
            await fill(pool, filled + 1, rows)
            filled = rows
            found.append(await _times(pool))
    few, many = found
    return [
        Figure(
            f"growth_{what}", "", [many[what] / few[what]], ("<=", MOST),
            {f"p50_ms_{rows}": 1000 * each[what] for rows, each in zip(ROWS, found, strict=True)},
        )
        for what in few
    ]  # fmt: skip


async def _times(pool: Pool) -> dict[str, float]:
    journal = await registered(pool, f"server-{uuid4()}")

    async def claim() -> None:
        await claimed(pool, journal, f"p-{uuid4()}", f"B{uuid4()}")

    replayed = submission(f"p-{uuid4()}", "A1")
    row = await accept(pool, replayed, journal.instance)
    async with pool.connection() as conn:
        await conn.execute(
            "UPDATE agents.operations SET state = 'SUCCEEDED', response = 'answer' WHERE id = %s",
            (row.id,),
        )

    async def replay() -> None:
        await accept(pool, replayed, journal.instance)

    async def list_() -> None:
        CURRENT.set(Call(Caller("office"), "here", "ListOperations"))
        await operation_queries.page(pool, ops.ListOperationsRequest(user_ids=["A7"]))

    return {
        "claim": await _p50(claim),
        "replay": await _p50(replay),
        "list": await _p50(list_),
    }


async def _p50(call: Callable[[], Awaitable[None]]) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
