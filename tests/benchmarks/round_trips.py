"""How often and how long one order waits for Postgres, on the wire: for the operation, for its gates, for progress.

What the server does without any operation (its lease, its looks for work) is counted apart. Beside it the
bytes of write-ahead log that came meanwhile, of everything.

A gate waits twice, for the row before its request and for the ERP's answer before the page hears it. In
return a burst of steps is one wait, and so all of an operation's waits together, the audit's as well, stay
within its own, one a gate, and one a step that was told: ``sql_budget_ratio``.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from cryptography.fernet import Fernet
from google.protobuf.message import Message

from archibald.v1 import bot_pb2 as pb
from server.config import Config
from tests.benchmarks.figures import Figure
from tests.databases import migrated_template, new_database, run_postgres
from tests.end_to_end.parts import USER, Bot, order, started, store_login
from tests.erp_simulator.running import simulator
from tests.load.plan import orders
from tests.operations.customers import customer
from tests.proxies.postgres import PostgresProxy, postgres_proxy
from tests.soak.plan import vat_number
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
MOST = 8  # of the operation
SHORT, MANY = 3, 20  # how many orders of two lines, and how many lines of the one long order
NOT_OURS = frozenset({"the server", "preparing"})


@dataclass(frozen=True)
class _Waits:
    """One order's waits for Postgres: how many and how long by what they were for, steps told, bytes of log."""

    count: dict[str, int]
    ms: dict[str, float]
    told: int
    wal_bytes: float

    @property
    def budget_ratio(self) -> float:
        """All that belong to the operation, in what it may have."""
        ours = sum(number for what, number in self.count.items() if what not in NOT_OURS)
        return ours / (MOST + self.count["gates"] + self.told)


async def measure(folder: Path, lines: int = MANY, short: int = SHORT) -> list[Figure]:
    """Figures of a warm agent: ``sql_round_trips``, ``sql_ms`` and ``wal_bytes`` of an order of two lines.

    ``sql_round_trips_others`` and ``sql_budget_ratio`` are the worst of all, with an order of so many
    ``lines`` and the other operations. Gates and progress are in the budget and in none of the others.
    """
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
            await bot.client.submit_order(order(pending_order_id="p-warm"))
            orders_of_two = [
                await _waits(bot, proxy, order(pending_order_id=f"p-{number}"))
                for number in range(short)
            ]
            of_many = next(orders("trips", lines))
            of_many.user_id = USER
            others = {
                f"order of {lines} lines": await _waits(bot, proxy, of_many),
                **{
                    type(request).__name__: await _waits(bot, proxy, request)
                    for request in await _others(bot)
                },
            }
    details = {
        "each": [asdict(one) for one in orders_of_two],
        "others": {name: asdict(one) for name, one in others.items()},
    }
    return [
        Figure(
            "sql_round_trips",
            "",
            [float(one.count["the operation"]) for one in orders_of_two],
            ("<=", float(MOST)),
            details,
        ),
        Figure(
            "sql_round_trips_others",
            "",
            [max(float(one.count["the operation"]) for one in others.values())],
            ("<=", float(MOST)),
        ),
        Figure("sql_ms", "ms", [one.ms["the operation"] for one in orders_of_two]),
        Figure(
            "sql_budget_ratio",
            "",
            [max(one.budget_ratio for one in (*orders_of_two, *others.values()))],
            ("<=", 1.0),
            {"orders": [one.budget_ratio for one in orders_of_two]}
            | {name: one.budget_ratio for name, one in others.items()},
        ),
        Figure("wal_bytes", "bytes", [one.wal_bytes for one in orders_of_two]),
    ]


async def _others(bot: Bot) -> Sequence[Message]:
    """One of each of the other operations, on the orders that were measured."""
    rows = await bot.rows("order_records")
    sent, deleted, *_ = (row["id"] for row in rows)
    return (
        customer(user_id=USER, name="Studio Giri", vat_number=vat_number(1)),
        pb.SendToVeronaRequest(user_id=USER, order_id=sent),
        pb.DeleteOrderRequest(user_id=USER, order_id=deleted),
    )


async def _waits(bot: Bot, proxy: PostgresProxy, request: Message) -> _Waits:
    told: list[int] = []
    proxy.round_trips.clear()
    before = await _written(bot.database)
    await bot.client.run(request, on_progress=lambda event: told.append(event.sequence))
    written = await _written(bot.database) - before
    took = _took(proxy)
    return _Waits(
        {what: len(each) for what, each in took.items()},
        {what: 1000 * sum(each) for what, each in took.items()},
        told[-1],  # an operation's steps are numbered from 1
        written,
    )


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
