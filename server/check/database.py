"""Checks the database: reached and new enough, keeps what it is told, holds this code's schema, has room for us."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection

from server.check.finding import Finding, fault, fine
from server.config import PREFIX, Config
from server.embedded_postgres import embedded_postgres, running_postgres
from server.migrate import MigrationError, pending

OLDEST = 15  # the oldest Postgres that the project was ever run on
# Beside the pool: one that listens for notices, and one that keeps the lease.
OWN_CONNECTIONS = 2
URL = f"{PREFIX}DATABASE_URL"

Connection = AsyncConnection[Any]


@asynccontextmanager
async def connected(config: Config) -> AsyncIterator[Connection]:
    """A connection as the server would make one; without a URL to the embedded Postgres, started if need be.

    Raises:
        EmbeddedPostgresError: it cannot run here; the message names the remedy.
        psycopg.Error: see `unreachable`.
    """
    url = config.database_url or running_postgres(config.data_dir)
    if url is None:
        async with embedded_postgres(config.data_dir) as own, await _connect(own, config) as conn:
            yield conn
        return
    async with await _connect(url, config) as conn:
        yield conn


async def _connect(url: str, config: Config) -> Connection:
    seconds = math.ceil(config.database_timeout)
    return await AsyncConnection.connect(url, autocommit=True, connect_timeout=seconds)


# What libpq says of a failed connection, and what helps.
_REMEDIES = {
    "password authentication failed": f"correct the user or the password in {URL}",
    "no password supplied": f"put the password into {URL}",
    "does not exist": f"create it (CREATE DATABASE, CREATE ROLE), or correct {URL}",
    "no pg_hba.conf entry": "allow this machine and user in the server's pg_hba.conf",
    "pg_hba.conf rejects": "allow this machine and user in the server's pg_hba.conf",
    "too many connections": "raise the role's or the server's limit of connections",
    "too many clients": "raise max_connections of the server",
    "Connection refused": f"start Postgres, or correct host and port in {URL}",
    "could not translate host name": f"correct the host in {URL}",
    "failed to resolve host": f"correct the host in {URL}",
    "No such file or directory": f"start Postgres, or correct the socket's folder in {URL}",
    "timeout": f"correct host and port in {URL}, and see that no firewall stands between",
}


def unreachable(error: psycopg.Error) -> Finding:
    """The fault of a connection that did not come about; a wrong URL is not shown, it may hold the password."""
    if not isinstance(error, psycopg.OperationalError):
        return fault(
            "database", f"{URL} is no connection string", "write postgresql://user@host/name"
        )
    text = " ".join(str(error).split())
    remedy = next((remedy for words, remedy in _REMEDIES.items() if words in text), "")
    return fault("database", text, remedy or f"make the server reachable, or correct {URL}")


async def database(conn: Connection, config: Config) -> AsyncIterator[Finding]:
    """One line each for what it is, how it keeps things, its schema, and its connections."""
    yield await _server(conn)
    yield await _durability(conn)
    yield await _migrations(conn)
    yield await _connections(conn, config)


async def _server(conn: Connection) -> Finding:
    version, encoding, read_only, standby = await _row(
        conn,
        "SELECT current_setting('server_version'), current_setting('server_encoding'), "
        "current_setting('default_transaction_read_only'), pg_is_in_recovery()",
    )
    seen = f"Postgres {version}"
    if conn.info.server_version < OLDEST * 10_000:
        return fault("database", seen, f"use Postgres {OLDEST} or newer")
    if standby:
        return fault(
            "database", f"{seen}, a standby, which cannot be written", f"let {URL} name the primary"
        )
    if read_only == "on":
        return fault(
            "database",
            f"{seen} opens transactions that cannot write",
            "set default_transaction_read_only off for this role and database (ALTER ROLE, ALTER DATABASE)",
        )
    if encoding != "UTF8":
        return fault(
            "database",
            f"{seen} with the encoding {encoding}, which does not hold every name",
            "make a database with ENCODING 'UTF8'",
        )
    return fine("database", f"{seen}, {conn.info.dbname} as {conn.info.user}")


async def _durability(conn: Connection) -> Finding:
    """Design §4.2: a row that says a write may have left must outlive the machine's end."""
    names = ("fsync", "full_page_writes", "synchronous_commit")
    row = await _row(conn, f"SELECT {', '.join(f'current_setting({name!r})' for name in names)}")
    settings = dict(zip(names, row, strict=True))
    seen = ", ".join(f"{name} {value}" for name, value in settings.items())
    off = [name for name, value in settings.items() if value == "off"]
    if not off:
        return fine("durability", seen)
    return fault(
        "durability",
        f"{seen}: a crash could forget that a write has left, and it would be sent twice",
        f"set {' and '.join(f'{name} = on' for name in off)} "
        "(postgresql.conf, or ALTER ROLE or ALTER DATABASE where it was set there)",
    )


async def _migrations(conn: Connection) -> Finding:
    try:
        missing = await pending(conn)
    except MigrationError as error:
        return fault(
            "migrations",
            str(error),
            "deploy the code that migrated this database, its files in migrations/ unchanged, "
            "or restore a backup made before",
        )
    except psycopg.errors.InsufficientPrivilege as error:
        return fault(
            "migrations",
            f"{conn.info.user} may not read the schema agents: {error.diag.message_primary}",
            f"let {URL} name the role that migrated it, or GRANT it the schema and its tables",
        )
    if not missing:
        return fine("migrations", "all of this code's are applied")
    [may_create] = await _row(conn, "SELECT has_database_privilege(current_database(), 'CREATE')")
    seen = f"{len(missing)} to be applied at the next start, from {missing[0]}"
    if may_create:
        return fine("migrations", seen)
    return fault(
        "migrations",
        f"{seen}, and {conn.info.user} may not make a schema",
        f"GRANT CREATE ON DATABASE {conn.info.dbname} TO {conn.info.user}",
    )


async def _connections(conn: Connection, config: Config) -> Finding:
    """Of one server; several share what the database allows."""
    most, role = await _row(
        conn,
        "SELECT current_setting('max_connections')::INT - current_setting('superuser_reserved_connections')::INT, "
        "(SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user)",
    )
    needed = config.database_pool_size + OWN_CONNECTIONS
    allowed = most if role < 0 else min(most, role)
    seen = f"{allowed} allowed, one server uses up to {needed}"
    if allowed >= needed:
        return fine("connections", seen)
    return fault(
        "connections",
        seen,
        f"set {PREFIX}DATABASE_POOL_SIZE to less, or raise max_connections (or the role's CONNECTION LIMIT)",
    )


async def _row(conn: Connection, query: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = await (await conn.execute(query.encode())).fetchone()
    if row is None:
        raise RuntimeError(f"no answer to {query}")
    return row
