"""`make demo`: one order whose server is killed in the middle of it, and what is left of it everywhere.

Starts an embedded Postgres, the simulated ERP and the server, each in its own process; stores the agent's
ERP login as an operator would; submits an order with the command-line client; kills the server with
SIGKILL when the first line stands in the ERP, and starts another; calls again with the same key; and
shows the ERP's ledger, our tables and the two equal answers.
"""

import asyncio
import json
import os
import random
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
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
    data_dir = Path(os.environ.get("ARCHIBALD_DATA_DIR") or default_data_dir()) / "demo"
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
            "ARCHIBALD_LISTEN": f"127.0.0.1:{free_port()}",
            "ARCHIBALD_ALLOW_UNCONFIRMED": "true",
            # The simulated ERP is five times as fast as the real one: so are the pauses of a read-back.
            "ARCHIBALD_TIME_SCALE": "0.2",
        }
        await store_login(erp, settings)
        await store_pending_order(database)
        log = data_dir / "server.log"
        async with serving(settings, log) as server:
            console.print(f"The ERP   {erp.base_url}\nThe server {server.address}\n")
            caller = asyncio.create_task(submit(server.address))
            await until_written(erp)
            await erp.clear_requests()
            server.process.kill()
            console.print("[red bold]kill -9[/] of the server: one line of the order is in the ERP")
        began = time.monotonic()
        async with serving(settings, log) as server:
            while not await erp.requests("page"):  # noqa: ASYNC110 - the simulator tells nobody
                await asyncio.sleep(0.02)
            console.print(
                f"The restarted server asked the ERP after {time.monotonic() - began:.1f} s\n"
            )
            first = await caller
            console.print("\nThe same key, called again:")
            again = await submit(server.address)
        if (first[0], again[0]) != (0, 0):
            console.print(f"[red]It failed; the server's log is {log}[/]")
            return first[0] or again[0]
        await show(erp, database)
        console.print("[bold]The result[/], the same both times")
        print(json.dumps(first[1], indent=2, ensure_ascii=False), flush=True)  # noqa: T201
        orders = await erp.effects("order_created")
        once = [order["id"] for order in orders] == [first[1]["order_id"]]
        return int(not once or first[1] != again[1])


def free_port() -> int:
    """A port that nobody has now, and that the system gives to no connection by itself.

    The restarted server must be found at the same address. From the system's own range, a client that
    tries that address while nobody listens can be given the very port, and the server finds it taken.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


async def until_written(erp: Simulator) -> None:
    """Wait until the first line of the order is in the ERP."""
    while not await erp.effects("line_added"):  # noqa: ASYNC110 - the simulator tells nobody
        await asyncio.sleep(0.05)


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


@dataclass(frozen=True)
class Serving:
    """A server process, and the address that it told."""

    process: asyncio.subprocess.Process
    address: str


@asynccontextmanager
async def serving(settings: Mapping[str, str], log: Path) -> AsyncIterator[Serving]:
    """A server process; its log goes behind what is in the file, and SIGTERM drains it in the end."""
    with log.open("ab") as sink:
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
            yield Serving(process, address)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):  # it was killed, and that is not known here yet
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
