"""Real parts together: Postgres, the simulated ERP over HTTP, Chromium, and the server over gRPC."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from server.config import Config
from tests.demo import free_port
from tests.end_to_end.parts import Bot, started, store_login
from tests.erp_simulator.running import Simulator, simulator


@pytest.fixture(scope="session")
async def erp() -> AsyncIterator[Simulator]:
    """One simulator for all; `sim` resets it."""
    async with simulator(scale=0.02) as running_simulator:
        yield running_simulator


@pytest.fixture
async def sim(erp: Simulator) -> Simulator:
    """The simulator with its seed data, an empty ledger and an empty access log."""
    await erp.reset(scale=0.02)
    await erp.clear_faults()
    await erp.clear_requests()
    return erp


@pytest.fixture
async def config(database: str, sim: Simulator, tmp_path: Path) -> Config:
    """Settings of a server on the test's own database, with one agent's login stored."""
    config = Config(
        erp_url=sim.base_url,
        database_url=database,
        listen="127.0.0.1:0",
        data_dir=tmp_path,
        secret_key=Fernet.generate_key().decode(),  # several servers of a test read the same logins
        allow_unconfirmed=True,
        drain_timeout=30,
        time_scale=0.15,  # the simulator is fast: shorter waits, and looks in quicker succession
        retry_delays=(0.2, 0.4, 0.8),
        verify_pause=0.3,
        verify_for=5,
        quiet_time=5,
        send_within=2,
        circuit_pause=0.5,
        completer_poll=0.5,
        trace_pictures="never",  # a fifth of the processor's time; tests/test_artifacts.py sees them
    )
    await store_login(config, sim)
    return config


@pytest.fixture
async def bot(config: Config, database: str) -> AsyncIterator[Bot]:
    """A server with a client to it."""
    async with started(config, database) as bot:
        yield bot


@pytest.fixture
async def watched(config: Config, database: str) -> AsyncIterator[tuple[Bot, str]]:
    """A server that is told of its metrics' address, and that address."""
    address = f"127.0.0.1:{free_port()}"
    told = replace(config, metrics_listen=address, review_poll=0.1, readiness_poll=0.1)
    async with started(told, database) as bot:
        yield bot, address
