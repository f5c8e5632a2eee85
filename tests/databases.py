"""Real databases for tests: one Postgres for the run, a fresh migrated database for each test."""

import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from server.embedded_postgres import embedded_postgres
from server.migrate import migrate

TEST_DATABASE = "ARCHIBALD_TEST_DATABASE_URL"  # of a user that may create databases

_numbers = itertools.count(1)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that the uid of an embedded Postgres may enter; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="archibald-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def run_postgres() -> AsyncIterator[str]:
    """The DSN of a Postgres for the whole run: the one of the environment, else an embedded one."""
    given = os.environ.get(TEST_DATABASE)
    if given:
        yield given
        return
    with temporary_folder() as folder:
        async with embedded_postgres(folder, fsync=False) as dsn:
            yield dsn


@asynccontextmanager
async def new_database(postgres: str, template: str = "template0") -> AsyncIterator[str]:
    """The DSN of a database of its own, copied from `template`, gone at the end with all its connections."""
    name = f"archibald_test_{os.getpid()}_{next(_numbers)}"
    async with await psycopg.AsyncConnection.connect(postgres, autocommit=True) as conn:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        await conn.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield make_conninfo(postgres, dbname=name)
    finally:
        async with await psycopg.AsyncConnection.connect(postgres, autocommit=True) as conn:
            await conn.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@asynccontextmanager
async def migrated_template(postgres: str) -> AsyncIterator[str]:
    """The name of a database with today's schema, to copy from."""
    async with new_database(postgres) as dsn:
        await migrate(dsn)
        yield str(conninfo_to_dict(dsn)["dbname"])
