"""Brings a database to this code's schema: numbered plain SQL files, forward only.

Why a runner of our own: what is needed is an advisory lock and a table, while yoyo locks by a table row
that outlives a crashed process, and alembic brings an ORM. Each file runs in one transaction together
with its entry in `agents.schema_migrations`, under a lock that ends with that transaction, so that a
process killed at any moment leaves either the whole step or nothing, and no lock.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import structlog
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
LOCK_TIMEOUT = 60  # seconds; for another process's migration, or a table that somebody holds
LOCK_KEY = 4_116_002_201  # any fixed number; of this project alone in the database
FILE_NAME = re.compile(r"(\d{3})-[a-z0-9-]+\.sql")

log = structlog.get_logger(__name__)

Connection = psycopg.AsyncConnection[TupleRow]


class MigrationError(Exception):
    """The database cannot be brought to this code's schema; the message says why and what to do."""


@dataclass(frozen=True)
class Migration:
    """One file: its name, its text, and the SHA-256 under which it is recorded as applied."""

    name: str
    sql: bytes
    sha256: str


async def migrate(dsn: str, folder: Path = FOLDER) -> list[str]:
    """Applies what is missing and returns the names of the files applied, in order.

    Idempotent, and safe when several processes start at once: one works, the others wait for it.

    Raises:
        MigrationError: a file failed, was edited after it was applied, or is missing from the row.
        psycopg.OperationalError: the database cannot be reached.
    """
    migrations = read_folder(folder)
    applied: list[str] = []
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as conn:
        await conn.execute(
            "SELECT set_config('lock_timeout', %(wait)s, FALSE)", {"wait": f"{LOCK_TIMEOUT}s"}
        )
        while await _apply_next(conn, migrations, applied):
            pass
    return applied


async def pending(conn: Connection, folder: Path = FOLDER) -> list[str]:
    """The names of the files that `migrate` would apply now; it changes nothing.

    Raises:
        MigrationError: it would refuse, because the database is not what this code left.
    """
    migrations = read_folder(folder)
    recorded = await _recorded(conn)
    missing = [one.name for one in migrations if one.name not in recorded]
    _first_missing(migrations, recorded)
    return missing


def read_folder(folder: Path) -> list[Migration]:
    """The folder's migrations in order; raises MigrationError on a stray name or a gap in the numbers."""
    migrations: list[Migration] = []
    for number, path in enumerate(sorted(folder.glob("*.sql")), start=1):
        match = FILE_NAME.fullmatch(path.name)
        if match is None:
            raise MigrationError(f"{path} is not named like 001-what-it-adds.sql")
        if int(match[1]) != number:
            raise MigrationError(
                f"{path.name} stands where number {number:03} belongs: the row has a gap or a double"
            )
        # A checkout with other line ends is the same migration.
        sql = path.read_bytes().replace(b"\r\n", b"\n")
        migrations.append(Migration(path.name, sql, hashlib.sha256(sql).hexdigest()))
    if not migrations:
        raise MigrationError(f"no migrations in {folder}")
    return migrations


async def _apply_next(conn: Connection, migrations: list[Migration], applied: list[str]) -> bool:
    """Applies the first migration that is missing; False when none is."""
    try:
        async with conn.transaction():
            await conn.execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": LOCK_KEY})
            migration = _first_missing(migrations, await _recorded(conn))
            if migration is None:
                return False
            await _apply(conn, migration)
    except psycopg.errors.LockNotAvailable as error:
        raise MigrationError(
            f"waited {LOCK_TIMEOUT} s for a lock in the database; somebody else is migrating or holds a table"
        ) from error
    applied.append(migration.name)
    log.info("migration applied", migration=migration.name)
    return True


async def _recorded(conn: Connection) -> dict[str, str]:
    """Name and SHA-256 of what is applied already, in order of the names."""
    cursor = await conn.execute("SELECT to_regclass('agents.schema_migrations') IS NOT NULL")
    if await cursor.fetchone() != (True,):
        return {}
    rows: Any = await conn.execute(
        "SELECT name, sha256 FROM agents.schema_migrations ORDER BY name"
    )
    return {name: sha256 async for name, sha256 in rows}


def _first_missing(migrations: list[Migration], recorded: dict[str, str]) -> Migration | None:
    """Compares the folder with what is recorded, which must be the folder's beginning, unchanged."""
    for migration in migrations:
        sha256 = recorded.pop(migration.name, None)
        if sha256 is None:
            if recorded:
                raise MigrationError(
                    f"the database has {', '.join(recorded)} applied but not {migration.name}: "
                    "it was migrated by other code; deploy that, or restore a backup"
                )
            return migration
        if sha256 != migration.sha256:
            raise MigrationError(
                f"{migration.name} was edited after it was applied; restore it and put the change into a new file"
            )
    if recorded:
        raise MigrationError(
            f"the database has {', '.join(recorded)} applied, which this code does not know: it is older"
        )
    return None


async def _apply(conn: Connection, migration: Migration) -> None:
    try:
        await conn.execute(migration.sql)
    except psycopg.errors.LockNotAvailable:
        raise
    except psycopg.DatabaseError as error:
        hint = f" ({error.diag.message_hint})" if error.diag.message_hint else ""
        raise MigrationError(
            f"{migration.name}: {error.diag.message_primary or error}{hint}"
        ) from error
    if conn.info.transaction_status != TransactionStatus.INTRANS:
        raise MigrationError(
            f"{migration.name} ends the transaction itself; take its COMMIT or ROLLBACK out"
        )
    await conn.execute("CREATE SCHEMA IF NOT EXISTS agents")
    await conn.execute(
        """
        CREATE TABLE IF NOT EXISTS agents.schema_migrations (
            name TEXT PRIMARY KEY,
            sha256 TEXT NOT NULL,
            applied_at TIMESTAMPTZ NOT NULL DEFAULT now()
        )
        """
    )
    await conn.execute(
        "INSERT INTO agents.schema_migrations (name, sha256) VALUES (%(name)s, %(sha256)s)",
        {"name": migration.name, "sha256": migration.sha256},
    )
