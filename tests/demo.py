"""`make demo`: one order, end to end, on real parts, and what is left of it everywhere.

Starts an embedded Postgres, the simulated ERP and the server, each in its own process; stores the agent's
ERP login as an operator would; submits an order with the command-line client; and shows the ERP's
ledger, our tables and the result.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from rich.console import Console
from rich.table import Table

from server.config import default_data_dir
from server.embedded_postgres import embedded_postgres
from tests.erp_simulator.running import Simulator, simulator

ROOT = Path(__file__).resolve().parent.parent
ORDER = ROOT / "tests" / "fixtures" / "order.json"
USER, ERP_USER = "A001", "ikiA0001"

console = Console(stderr=True, highlight=False)


async def demo() -> int:
    """Run it once on fresh data; the exit code is the client's, or 1 if the parts disagree."""
    data_dir = default_data_dir() / "demo"
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir(parents=True)
    console.print("[bold]Postgres, the simulated ERP and the server are starting …[/]")
    async with (
        embedded_postgres(data_dir) as database,
        simulator(scale=0.2) as erp,
    ):
        settings = os.environ | {
            "ARCHIBALD_ERP_URL": erp.base_url,
            "ARCHIBALD_DATABASE_URL": database,
            "ARCHIBALD_DATA_DIR": str(data_dir),
            "ARCHIBALD_LISTEN": "127.0.0.1:0",
            "ARCHIBALD_ALLOW_UNCONFIRMED": "true",
        }
        await store_login(erp, settings)
        await store_pending_order(database)
        async with serving(settings, data_dir / "server.log") as address:
            console.print(f"The ERP   {erp.base_url}\nThe server {address}\n")
            status, result = await submit(address)
        if status == 0:
            await show(erp, database)
            console.print("[bold]The result[/]")
            print(json.dumps(result, indent=2, ensure_ascii=False), flush=True)  # noqa: T201
            orders = await erp.effects("order_created")
            status = int([order["id"] for order in orders] != [result["order_id"]])
        else:
            console.print(f"[red]It failed; the server's log is {data_dir / 'server.log'}[/]")
    return status


async def store_login(erp: Simulator, settings: Mapping[str, str]) -> None:
    """As an operator does it: the password goes through standard input."""
    [password] = [one["password"] for one in await erp.agents() if one["user"] == ERP_USER]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "credentials", "put", USER, ERP_USER,
        env=settings, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, log = await process.communicate(f"{password}\n".encode())
    if process.returncode:
        raise SystemExit(log.decode())


async def store_pending_order(database: str) -> None:
    """The web application's row of the order; the bot deletes it when the order is in the ERP."""
    order = json.loads(ORDER.read_text())
    async with await psycopg.AsyncConnection.connect(database) as conn:
        await conn.execute(
            """
            INSERT INTO agents.pending_orders
                   (id, user_id, customer_id, customer_name, items_json, created_at, updated_at, device_id)
            VALUES (%(pending_order_id)s, %(user_id)s, %(customer_id)s, %(customer_name)s, %(items)s, 0, 0, 'demo')
            """,
            order | {"items": Jsonb(order["items"])},
        )


@asynccontextmanager
async def serving(settings: Mapping[str, str], log: Path) -> AsyncIterator[str]:
    """A server process; yields its address, and drains it with SIGTERM in the end."""
    with log.open("wb") as sink:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", env=settings, cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        assert process.stderr is not None
        address, seen = "", b""
        while not address:
            line = await process.stderr.readline()
            seen += line
            if not line:
                raise SystemExit(f"the server did not start: {seen.decode()}")
            sink.write(line)
            sink.flush()
            if line.startswith(b"{"):
                event = json.loads(line)
                address = event["address"] if event["event"] == "serving" else ""
        rest = asyncio.create_task(copy(process.stderr, sink.fileno()))
        try:
            yield address
        finally:
            process.terminate()
            await process.wait()
            await rest


async def copy(reader: asyncio.StreamReader, sink: int) -> None:
    """The rest of the server's log, into its file."""
    while data := await reader.read(65536):
        os.write(sink, data)


async def submit(address: str) -> tuple[int, dict[str, Any]]:
    """What a person types; the progress bar is the client's own, on this terminal."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("archibald-bot")), "submit-order",
        "--server", address, "--file", str(ORDER), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    return process.returncode or 0, json.loads(out) if out else {}


async def show(erp: Simulator, database: str) -> None:
    """The ERP's ledger of durable changes, and our rows."""
    table("The ERP's ledger", ("seq", "kind", "id", "line", "user"), await erp.effects())
    async with await psycopg.AsyncConnection.connect(database, row_factory=dict_row) as conn:
        for name, columns in (
            (
                "order_records",
                ("id", "order_number", "customer_name", "transfer_status", "total_amount"),
            ),
            (
                "order_articles",
                ("line_number", "article_code", "quantity", "unit_price", "line_amount"),
            ),
            ("operations", ("operation_type", "operation_key", "state", "write_seq", "erp_id")),
        ):
            cursor = await conn.execute(f"SELECT * FROM agents.{name}".encode())
            table(f"agents.{name}", columns, await cursor.fetchall())


def table(title: str, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """One table on the terminal."""
    columns = tuple(columns)
    shown = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        shown.add_column(column)
    for row in rows:
        shown.add_row(*("" if row[column] is None else str(row[column]) for column in columns))
    console.print(shown)


if __name__ == "__main__":
    sys.exit(asyncio.run(demo()))
