"""How often and how long one order waits for Postgres, on the wire: for the operation, for its gates, for progress.

What the server does without any operation (its lease, its looks for work) is counted apart. Beside it the
bytes of write-ahead log that came meanwhile, of everything.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import psycopg
from cryptography.fernet import Fernet

from server.config import Config
from tests.benchmarks.figures import Figure
from tests.databases import migrated_template, new_database, run_postgres
from tests.end_to_end.parts import order, started, store_login
from tests.erp_simulator.running import simulator
from tests.proxies.postgres import PostgresProxy, postgres_proxy
from tests.soak.report import say

# The first that fits says what a round trip was for.
FOR: Sequence[tuple[str, str]] = (
    ("gates", r"write_seq = write_seq \+ 1"),
    (
        "the server",
        r"server_instances SET|server_instances WHERE|DISTINCT ON|bot_results AS saved|^SELECT 1\b|LISTEN|NEEDS_REVIEW' GROUP",
    ),
    ("evidence of gates", r"answer_to"),
    ("the audit", r"agents\.audit"),  # written beside the call, which does not wait for it
    ("progress", r"agents\.operation_events"),
    ("the operation", ""),
)
WARM, MEASURED = "p-warm", ("p-1", "p-2", "p-3")


async def measure(folder: Path) -> list[Figure]:
    """The figures of a warm agent's order of two lines: ``sql_round_trips`` and ``sql_ms``, both without gates and progress, and ``wal_bytes``."""
    async with (
        run_postgres() as postgres,
        migrated_template(postgres) as template,
        new_database(postgres, template) as database,
        simulator(scale=0) as sim,
        postgres_proxy(database) as proxy,
    ):
        config = Config(
            erp_url=sim.base_url, database_url=proxy.dsn, listen="127.0.0.1:0", data_dir=folder,
            secret_key=Fernet.generate_key().decode(), allow_unconfirmed=True, time_scale=0.15,
        )  # fmt: skip
        await store_login(config, sim)
        async with started(config, database) as bot:
            counted, waited, written = [], [], []
            for key in (WARM, *MEASURED):
                proxy.round_trips.clear()
                before = await _written(database)
                await bot.client.submit_order(order(pending_order_id=key))
                written.append(await _written(database) - before)
                took = _took(proxy)
                counted.append({what: len(each) for what, each in took.items()})
                waited.append({what: 1000 * sum(each) for what, each in took.items()})
    return [
        Figure(
            "sql_round_trips",
            "",
            [float(one["the operation"]) for one in counted[1:]],
            ("<=", 8.0),
            {"besides": counted[1:]},
        ),
        Figure(
            "sql_ms",
            "ms",
            [one["the operation"] for one in waited[1:]],
            None,
            {"besides": waited[1:]},
        ),
        Figure("wal_bytes", "bytes", written[1:]),
    ]


async def _written(database: str) -> float:
    """Bytes of write-ahead log since Postgres began."""
    async with await psycopg.AsyncConnection.connect(database) as conn:
        row = await (
            await conn.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        ).fetchone()
        return float(row[0]) if row else 0.0


def _took(proxy: PostgresProxy) -> dict[str, list[float]]:
    """The seconds of each round trip, by what it was for."""
    took = defaultdict[str, list[float]](list)
    for number, trip in enumerate(proxy.round_trips, start=1):
        texts = [part.partition(b"\0")[0].decode().strip() for part in trip.statements]
        whole = b" ".join(trip.statements).decode(errors="replace")
        what = next(name for name, pattern in FOR if re.search(pattern, whole))
        if len(texts) == 1 and whole.startswith("prepare "):
            what = "preparing"  # at a statement's fifth use on a connection, once
        took[what].append(trip.seconds)
        say(
            f"{number:3} {what}: {trip.seconds * 1000:.1f} ms, {' | '.join(text[:90] for text in texts)}"
        )
    return took
