"""The real server with a real Postgres, and what shows whether a message had any effect.

Every agent of the messages is held back by an operation that has the turn and is not due before tomorrow,
so what is accepted waits in the real queue and is cancelled again. Triggers of ours note each change of a
row. Where the ERP should be, a port counts who comes: nobody may.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import structlog

from server import logs
from server.app import running
from server.config import Config
from tests.fuzz import rows

# Steps that were reported, leases that were renewed and what the audit notes come by themselves; so do waits
# (see below).
_BY_THEMSELVES = ("operation_events", "server_instances", "audit")

_LEDGER = """
    CREATE SCHEMA fuzz;
    CREATE TABLE fuzz.changes (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind TEXT, name TEXT, became JSONB);
    CREATE FUNCTION fuzz.note() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'UPDATE' OR to_jsonb(NEW) - 'waits' <> to_jsonb(OLD) - 'waits' THEN
            INSERT INTO fuzz.changes (kind, name, became)
            VALUES (TG_OP, TG_TABLE_NAME, to_jsonb(COALESCE(NEW, OLD)));
        END IF;
        RETURN NULL;
    END $$;
"""


@dataclass
class Desk:
    """The server as the messages meet it, and what it has let slip."""

    address: str
    database: str
    visitors: list[str] = field(default_factory=list)  # who came to where the ERP should be
    faults: list[str] = field(
        default_factory=list
    )  # what was logged as an error, or with a traceback


class _Faults(logging.Handler):
    """Keeps what libraries complain of: gRPC, asyncio."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        self._faults.append(self.format(record))


@asynccontextmanager
async def opened(database: str, folder: Path) -> AsyncIterator[Desk]:
    """The server on this migrated, empty database, with `rows` in it; ``folder`` is its data folder."""
    prepare(database)
    for row in rows.ROWS:
        place = folder / "artifacts" / str(row.id) / "1"
        place.mkdir(parents=True)
        (place / "page.png").write_bytes(b"not really a picture" * 9000)
    desk = Desk("", database)

    async def visited(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        desk.visitors.append(str(writer.get_extra_info("peername")))
        writer.close()

    erp = await asyncio.start_server(visited, "127.0.0.1", 0)
    port = erp.sockets[0].getsockname()[1]
    config = Config(
        erp_url=f"http://127.0.0.1:{port}/Archibald",
        database_url=database,
        listen="127.0.0.1:0",
        data_dir=folder,
        allow_unconfirmed=True,
    )
    gc.collect()  # what other tests of this process left is complained of now, and not as ours
    handler = _Faults(desk.faults)
    logging.getLogger().addHandler(handler)
    try:
        with _logged(desk.faults):
            async with erp, running(config) as desk.address:
                yield desk
    finally:
        logging.getLogger().removeHandler(handler)


@contextmanager
def _logged(faults: list[str]) -> Iterator[None]:
    """Keep our own log's errors, and write nothing of it meanwhile."""

    def keep(_: Any, __: str, event: MutableMapping[str, Any]) -> Any:
        if event["level"] in {"error", "critical"} or event.get("exc_info"):
            faults.append(repr(event))
        raise structlog.DropEvent

    if not structlog.is_configured():
        logs.configure()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.processors.add_log_level, keep])
    try:
        yield
    finally:
        structlog.configure(processors=before)


def prepare(database: str) -> None:
    """Write the operations that are there before, and let every later change be noted."""
    with psycopg.connect(database, autocommit=True) as conn:
        rows.store(conn)
        conn.execute(_LEDGER.encode())
        tables = conn.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'agents' AND tablename <> ALL(%s)",
            [list(_BY_THEMSELVES)],
        ).fetchall()
        for (table,) in tables:
            conn.execute(
                f"CREATE TRIGGER fuzz AFTER INSERT OR UPDATE OR DELETE ON agents.{table} "
                "FOR EACH ROW EXECUTE FUNCTION fuzz.note()".encode()
            )
