"""Fixtures that many tests share."""

from collections.abc import AsyncIterator

import pytest

from tests import databases


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[str]:
    """The DSN of a Postgres in which databases can be made."""
    async with databases.run_postgres() as dsn:
        yield dsn


@pytest.fixture(scope="session")
async def database_template(postgres: str) -> AsyncIterator[str]:
    """The name of a migrated database to copy from."""
    async with databases.migrated_template(postgres) as name:
        yield name


@pytest.fixture
async def empty_database(postgres: str) -> AsyncIterator[str]:
    """The DSN of a database with nothing in it."""
    async with databases.new_database(postgres) as dsn:
        yield dsn


@pytest.fixture
async def database(postgres: str, database_template: str) -> AsyncIterator[str]:
    """The DSN of a database of the test's own, with today's schema."""
    async with databases.new_database(postgres, database_template) as dsn:
        yield dsn
