"""Law 12: no password and no cookie in a log, an error, a trace, a screenshot, or the database."""

import asyncio
import zipfile
from pathlib import Path

import psycopg
from psycopg import sql

from archibald_client import ArchibaldError, Client
from server.app import stored_credentials
from server.config import Config
from tests.end_to_end.parts import ERP_USER, USER, order, refused_late
from tests.end_to_end.processes import server_process
from tests.erp_simulator.running import Simulator


async def database_text(dsn: str) -> bytes:
    """Every row of every table of ours."""
    out = bytearray()
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        cursor = await conn.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'agents'"
        )
        for (table,) in await cursor.fetchall():
            statement = sql.SQL("COPY agents.{} TO STDOUT").format(sql.Identifier(table))
            async with conn.cursor().copy(statement) as copy:
                async for data in copy:
                    out += bytes(data)
    return bytes(out)


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


async def test_a_failed_attempt_shows_no_secret(
    config: Config, database: str, sim: Simulator
) -> None:
    """The agent's password and the session's cookies are found nowhere after failures and successes.

    The failures: a refusal past the first write, and an answer of a write that never came, whose
    error text in Playwright prints the Cookie header; it is read back in the session that was kept.
    """
    [login] = [agent for agent in await sim.agents() if agent["user"] == ERP_USER]
    async with server_process(config) as (process, address), Client(address, patience=0) as client:
        assert process.stderr is not None
        log = asyncio.create_task(process.stderr.read())
        errors = []
        wrong = refused_late()
        for request in (order(pending_order_id="good"), wrong):
            try:
                await client.submit_order(request)
            except ArchibaldError as error:
                errors.append(repr(error) + str(vars(error)))
        await sim.fault("F1", "save", once=True)
        await client.submit_order(order(pending_order_id="lost"))
        process.terminate()
        text = await log
    assert len(errors) == 1
    cookies = {entry["session"] for entry in await sim.requests() if entry["session"]}
    assert cookies
    places = files_text(config.data_dir) | {
        "log": text,
        "errors": "\n".join(errors).encode(),
        "database": await database_text(database),
    }
    assert {"trace.zip/trace.trace", "page.png"} <= places.keys()
    for secret in {login["password"], *cookies}:
        assert [name for name, content in places.items() if secret.encode() in content] == []
    assert [name for name, content in places.items() if b"ASP.NET_SessionId" in content] == []


async def test_a_stolen_database_yields_no_password(config: Config, database: str) -> None:
    """The login is stored encrypted; the key is not in the database."""
    async with stored_credentials(config) as (credentials, conn):
        await credentials.put(conn, USER, ERP_USER, "canary-password-4711")
    assert b"canary-password-4711" not in await database_text(database)
