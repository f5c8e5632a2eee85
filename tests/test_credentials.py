"""Laws of the stored ERP logins: never in clear, never with the wrong key, never for another agent."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg import AsyncConnection

from server.credentials import Credentials, SecretKeyError, load_or_create_key

PASSWORD = "Segreta-Èp0ca!"


@pytest.fixture
async def conn(database: str) -> AsyncIterator[AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def credentials() -> Credentials:
    return Credentials(Fernet.generate_key())


async def test_what_is_stored_comes_back(
    conn: AsyncConnection[Any], credentials: Credentials
) -> None:
    """Put, replace, delete: the newest login counts, and no login is None."""
    assert await credentials.get(conn, "agent-1") is None
    await credentials.put(conn, "agent-1", "rossi", PASSWORD)
    await credentials.put(conn, "agent-2", "bianchi", "altra")
    login = await credentials.get(conn, "agent-1")
    assert login is not None
    assert (login.username, login.password, login.rejected_at) == ("rossi", PASSWORD, None)
    await credentials.put(conn, "agent-1", "rossi", "nuova")
    login = await credentials.get(conn, "agent-1")
    assert login is not None
    assert login.password == "nuova"
    assert await credentials.delete(conn, "agent-1")
    assert not await credentials.delete(conn, "agent-1")
    assert await credentials.get(conn, "agent-1") is None


async def test_the_password_is_nowhere_in_clear(
    conn: AsyncConnection[Any], credentials: Credentials
) -> None:
    """Neither in the table nor in what a log or a traceback would print."""
    await credentials.put(conn, "agent-1", "rossi", PASSWORD)
    cursor = await conn.execute(
        "SELECT encrypted_password, erp_credentials::TEXT FROM agents.erp_credentials"
    )
    row = await cursor.fetchone()
    assert row is not None
    for spelling in (PASSWORD, PASSWORD.encode().hex()):
        assert spelling.encode() not in bytes(row[0])
        assert spelling not in row[1]
    assert PASSWORD not in repr(await credentials.get(conn, "agent-1"))


async def test_another_key_is_a_clear_error(
    conn: AsyncConnection[Any], credentials: Credentials
) -> None:
    """It names the agent and the remedy, and shows no secret."""
    await credentials.put(conn, "agent-1", "rossi", PASSWORD)
    with pytest.raises(
        SecretKeyError, match=r"login of agent-1 .* another key.*ARCHIBALD_SECRET_KEY"
    ):
        await Credentials(Fernet.generate_key()).get(conn, "agent-1")


async def test_keys_can_be_rotated(conn: AsyncConnection[Any]) -> None:
    """With the new key in front the old logins are still read, and new ones need the new key only."""
    old, new = Fernet.generate_key(), Fernet.generate_key()
    await Credentials(old).put(conn, "agent-1", "rossi", PASSWORD)
    both = Credentials(new + b"\n" + old + b"\n")
    login = await both.get(conn, "agent-1")
    assert login is not None
    await both.put(conn, "agent-1", login.username, login.password)
    login = await Credentials(new).get(conn, "agent-1")
    assert login is not None
    assert login.password == PASSWORD


async def test_a_row_copied_to_another_agent_is_noticed(
    conn: AsyncConnection[Any], credentials: Credentials
) -> None:
    """Who can write the table still cannot make one agent sign in with another's password."""
    await credentials.put(conn, "agent-1", "rossi", PASSWORD)
    await credentials.put(conn, "agent-2", "bianchi", "altra")
    await conn.execute(
        """
        UPDATE agents.erp_credentials
        SET encrypted_password = (SELECT encrypted_password FROM agents.erp_credentials WHERE user_id = 'agent-1')
        WHERE user_id = 'agent-2'
        """
    )
    with pytest.raises(SecretKeyError, match="another agent's"):
        await credentials.get(conn, "agent-2")


async def test_a_refused_login_is_latched_until_a_new_one_comes(
    conn: AsyncConnection[Any], credentials: Credentials
) -> None:
    """The latch concerns the login that was refused, not one that was stored meanwhile."""
    await credentials.put(conn, "agent-1", "rossi", "sbagliata")
    refused = await credentials.get(conn, "agent-1")
    assert refused is not None
    await credentials.reject(conn, "agent-1", refused)
    latched = await credentials.get(conn, "agent-1")
    assert latched is not None
    assert latched.rejected_at is not None
    await credentials.put(conn, "agent-1", "rossi", PASSWORD)
    await credentials.reject(conn, "agent-1", refused)
    renewed = await credentials.get(conn, "agent-1")
    assert renewed is not None
    assert renewed.rejected_at is None


async def test_the_kept_session_stays_with_its_user_name(
    conn: AsyncConnection[Any], credentials: Credentials
) -> None:
    """A new password keeps it for recovery; another user name's session would act as somebody else."""
    await credentials.put(conn, "agent-1", "rossi", "vecchia")
    await conn.execute("UPDATE agents.erp_credentials SET encrypted_session_state = 'x'")
    kept = "SELECT encrypted_session_state IS NOT NULL FROM agents.erp_credentials"
    await credentials.put(conn, "agent-1", "rossi", "nuova")
    assert await (await conn.execute(kept)).fetchone() == (True,)
    await credentials.put(conn, "agent-1", "verdi", "nuova")
    assert await (await conn.execute(kept)).fetchone() == (False,)


def test_the_key_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    """The data folder's key is the same at every start, also when two start at once."""
    with ThreadPoolExecutor() as pool:
        keys = set(pool.map(lambda _: load_or_create_key(None, None, tmp_path / "data"), range(8)))
    assert len(keys) == 1
    (file,) = (tmp_path / "data").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_or_create_key(None, None, tmp_path / "data") in keys


def test_a_named_key_is_used_and_never_replaced(tmp_path: Path) -> None:
    """Setting before file before the folder's own; a file that is not there is an error, not a new key."""
    setting, in_file = Fernet.generate_key(), Fernet.generate_key()
    file = tmp_path / "key"
    with pytest.raises(SecretKeyError, match="not there"):
        load_or_create_key(None, file, tmp_path)
    file.write_bytes(in_file + b"\n")
    file.chmod(0o600)
    assert load_or_create_key(None, file, tmp_path).strip() == in_file
    assert load_or_create_key(setting.decode(), file, tmp_path) == setting
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The message is the command that helps."""
    file = tmp_path / "key"
    file.write_bytes(Fernet.generate_key())
    file.chmod(mode)
    with pytest.raises(SecretKeyError, match=f"chmod 600 {file}"):
        load_or_create_key(None, file, tmp_path)


@pytest.mark.parametrize("key", ["hunter2", "é", "a" * 44])
def test_a_malformed_key_is_refused_without_showing_it(tmp_path: Path, key: str) -> None:
    """The error may end up in a log."""
    with pytest.raises(SecretKeyError, match="malformed") as caught:
        load_or_create_key(key, None, tmp_path)
    assert key not in str(caught.value)
