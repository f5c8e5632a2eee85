"""Law 12: no password and no cookie in a log, an error, a trace, a screenshot, or the database."""

import asyncio
import json
import zipfile
from base64 import b64encode
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from archibald_client import ArchibaldError, Client
from server.app import stored_credentials
from server.config import Config
from server.tracing import ENDPOINTS
from tests.end_to_end.parts import ERP_USER, USER, order, refused_late
from tests.end_to_end.processes import server_process
from tests.end_to_end.test_traces_exported import Collector, collecting
from tests.erp_simulator.running import Simulator
from tests.operations.customers import customer
from tests.soak.house import free_port

WRONG, NOTE, VAT = "Canarino-Segreto-4711", "canarino-giallo-0815", "09999047112"
# Requests and their answers, our own tables, and what was typed, as recorded in a failed attempt.
CUSTOMERS_DATA = {
    "table operations",
    "table customers",
    "table order_records",
    "table pending_orders",
    "trace.zip/trace.trace",
}


async def database_text(dsn: str) -> dict[str, bytes]:
    """Every row of every table of ours, by table."""
    found = {}
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        cursor = await conn.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'agents'"
        )
        for (table,) in await cursor.fetchall():
            statement = sql.SQL("COPY agents.{} TO STDOUT").format(sql.Identifier(table))
            out = bytearray()
            async with conn.cursor().copy(statement) as copy:
                async for data in copy:
                    out += bytes(data)
            found[f"table {table}"] = bytes(out)
    return found


def files_text(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, archives unpacked, but not the key file itself."""
    found: dict[str, bytes] = {}
    for file in folder.rglob("*"):
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                found |= {f"{file.name}/{name}": archive.read(name) for name in archive.namelist()}
        elif file.is_file() and "postgres" not in file.parts:
            found[file.name] = file.read_bytes()
    return found


class Spans(Collector):
    """Keeps every byte of what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""

    async def Export(self, request: Any, context: Any) -> Any:  # noqa: N802  # the protocol's name
        self.sent += request.SerializeToString()
        return await super().Export(request, context)


async def heard(call: Awaitable[Any]) -> str:
    """Everything that a caller is told, whether it went well or not."""
    try:
        return str(await call)
    except ArchibaldError as error:
        return repr(error) + str(vars(error))


def holding(places: Mapping[str, bytes], secret: str) -> set[str]:
    """Where it is found: as it is, or as JSON, base64 or hexadecimal digits would spell it."""
    raw = secret.encode()
    # Of base64 what does not depend on the bytes before and behind it.
    shifted = [b64encode(b"\0" * n + raw)[4 * (n > 0) : -4] for n in range(3)]
    spellings = {raw, json.dumps(secret)[1:-1].encode(), raw.hex().encode(), *shifted}
    return {name for name, text in places.items() if any(each in text for each in spellings)}


async def test_a_run_with_failures_shows_no_secret(
    config: Config, database: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passwords and cookies are found nowhere; an order's notes and a VAT number only where they are kept.

    The failures: a password that the ERP refuses, a refusal past the first write, and an answer of a write
    that never came, whose error text in Playwright prints the Cookie header; it is read back in the session
    that was kept.
    """
    [login] = [agent for agent in await sim.agents() if agent["user"] == ERP_USER]
    config = replace(config, metrics_listen=f"127.0.0.1:{free_port()}")
    wrong = refused_late()
    wrong.notes = f"chiavi: {NOTE}"
    asked = customer(vat_number=VAT, fiscal_code=VAT, notes=NOTE)
    async with collecting(Spans()) as (spans, endpoint):
        monkeypatch.setenv(ENDPOINTS[0], endpoint)
        async with (
            server_process(config) as (process, address),
            Client(address, patience=0) as client,
        ):
            assert process.stderr is not None
            log = asyncio.create_task(process.stderr.read())
            await client.put_credentials("A002", "ikiA0002", WRONG)
            told = [
                await heard(client.verify_credentials("A002")),
                await heard(client.submit_order(order(user_id="A002"))),
                await heard(client.submit_order(wrong)),
            ]
            assert [one.partition("Error")[0] for one in told] == ["ErpLoginRejected"] * 2 + [
                "ErpRejected"
            ]
            await sim.fault("F1", "save", once=True)
            told.append(await heard(client.create_customer(asked)))
            assert "customer_id" in told[-1]
            async with httpx.AsyncClient() as web:
                metrics = (await web.get(f"http://{config.metrics_listen}/metrics")).content
            process.terminate()
            text = await log
    cookies = {entry["session"] for entry in await sim.requests() if entry["session"]}
    assert cookies
    assert b"archibald_" in metrics
    assert b"submit-order" in spans.sent
    files = files_text(config.data_dir)
    assert {"trace.zip/trace.trace", "page.png"} <= files.keys()
    names = "\n".join(map(str, config.data_dir.rglob("*"))).encode()
    places = {
        **files,
        **await database_text(database),
        "names of files": names,
        "log": text,
        "errors and answers": "\n".join(told).encode(),
        "metrics": metrics,
        "spans": spans.sent,
    }
    for secret in (login["password"], WRONG, *cookies):
        assert holding(places, secret) == set()
    assert holding(places, "ASP.NET_SessionId") == set()
    # A VAT number is its operation's target too, which each row before a write names.
    for data, kept in ((NOTE, set()), (VAT, {"table operation_attempts"})):
        found = holding(places, data)
        assert "table operations" in found
        assert found - CUSTOMERS_DATA == kept


async def test_a_stolen_database_yields_no_password(config: Config, database: str) -> None:
    """The login is stored encrypted; the key is not in the database."""
    async with stored_credentials(config) as (credentials, conn):
        await credentials.put(conn, USER, ERP_USER, "canary-password-4711")
    assert holding(await database_text(database), "canary-password-4711") == set()
