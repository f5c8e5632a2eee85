"""What a server needs, all of it well: a Postgres that keeps things, the simulated ERP, a key, a data folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from server.embedded_postgres import embedded_postgres
from server.migrate import migrate
from tests import databases
from tests.check.house import House
from tests.erp_simulator.running import Simulator, simulator


@pytest.fixture(scope="session")
async def erp() -> AsyncIterator[Simulator]:
    """Nobody signs in: one for all."""
    async with simulator(scale=0.02) as running_simulator:
        yield running_simulator


@pytest.fixture(scope="session")
async def durable() -> AsyncIterator[tuple[Path, str]]:
    """A Postgres with fsync on, as no other test has it: its folder and its DSN."""
    with databases.temporary_folder() as folder:
        async with embedded_postgres(folder) as dsn:
            yield folder, dsn


@pytest.fixture
async def house(durable: tuple[Path, str], erp: Simulator, tmp_path: Path) -> AsyncIterator[House]:
    """A set-up without a fault, with a migrated database of its own."""
    folder, dsn = durable
    key_file = tmp_path / "key"
    key_file.write_bytes(Fernet.generate_key())
    key_file.chmod(0o600)
    async with databases.new_database(dsn) as database:
        await migrate(database)
        yield House(
            database=database,
            cluster=folder,
            key_file=key_file,
            environ={
                "ARCHIBALD_ERP_URL": erp.base_url,
                "ARCHIBALD_DATABASE_URL": database,
                "ARCHIBALD_DATA_DIR": str(tmp_path / "data"),
                "ARCHIBALD_SECRET_KEY_FILE": str(key_file),
                "ARCHIBALD_ALLOW_UNCONFIRMED": "true",
                "ARCHIBALD_TIME_SCALE": "0.15",
            },
        )
