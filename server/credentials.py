"""Keeps the agents' ERP logins and sessions, encrypted with a key that is not in the database."""

import contextlib
import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from psycopg import AsyncConnection
from psycopg.rows import tuple_row

KEY_FILE = "secret.key"  # in the data folder


class SecretKeyError(Exception):
    """The key is missing, exposed, malformed, or not the one that encrypted; the message never shows it."""


@dataclass(frozen=True)
class ErpLogin:
    """How an agent signs in to the ERP. `repr` does not show the password."""

    username: str
    password: str = field(repr=False)
    updated_at: datetime
    rejected_at: (
        datetime | None
    )  # set: the ERP refused this password; a second try could lock the account


@dataclass(frozen=True)
class KeptSession:
    """An agent's session in the ERP, to be continued. `repr` does not show the state."""

    id: str  # told apart from later sessions of the agent by it
    state: dict[str, Any] = field(repr=False)  # Playwright's storage state: cookies above all


class Credentials:
    """Logins in `agents.erp_credentials`, each with the agent's newest session.

    `key` holds one Fernet key, or several separated by blanks, commas or line ends, the newest first:
    that one encrypts, all decrypt.

    Raises:
        SecretKeyError: the key is malformed.
    """

    def __init__(self, key: bytes) -> None:
        self._keys = _keys(key)
        self._cipher = MultiFernet(self._keys)

    async def put(
        self, conn: AsyncConnection[Any], user_id: str, username: str, password: str
    ) -> datetime:
        """Stores or replaces the agent's login and lifts the latch of a refused one; returns when.

        The kept ERP session stays while the user name does: recovery may have to continue in it.
        """
        cursor = await conn.execute(
            """
            INSERT INTO agents.erp_credentials AS old (user_id, username, encrypted_password)
            VALUES (%(user_id)s, %(username)s, %(encrypted_password)s)
            ON CONFLICT (user_id) DO UPDATE
            SET username = excluded.username,
                encrypted_password = excluded.encrypted_password,
                encrypted_session_state =
                    CASE WHEN old.username = excluded.username THEN old.encrypted_session_state END,
                updated_at = now(),
                rejected_at = NULL,
                tried_by = NULL,
                tried_at = NULL
            RETURNING updated_at
            """,
            {
                "user_id": user_id,
                "username": username,
                "encrypted_password": self._encrypt(user_id, {"password": password}),
            },
        )
        stored = cast("tuple[datetime]", await cursor.fetchone())
        return stored[0]

    async def get(self, conn: AsyncConnection[Any], user_id: str) -> ErpLogin | None:
        """The agent's login; None when there is none.

        Raises:
            SecretKeyError: it was encrypted with another key, or changed since.
        """
        async with conn.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(
                """
                SELECT username, encrypted_password, updated_at, rejected_at
                FROM agents.erp_credentials
                WHERE user_id = %(user_id)s
                """,
                {"user_id": user_id},
            )
            row = await cursor.fetchone()
        return None if row is None else self.login_of(user_id, *row)

    def login_of(
        self,
        user_id: str,
        username: str,
        encrypted_password: bytes,
        updated_at: datetime,
        rejected_at: datetime | None,
    ) -> ErpLogin:
        """The login in a row that somebody else has read; raises as `get`."""
        password: str = self._decrypt(user_id, encrypted_password)["password"]
        return ErpLogin(username, password, updated_at=updated_at, rejected_at=rejected_at)

    async def keep_session(
        self, conn: AsyncConnection[Any], user_id: str, username: str, session: KeptSession
    ) -> bool:
        """Keep the agent's session in place of the one before; False when its login is gone by now."""
        cursor = await conn.execute(
            """
            UPDATE agents.erp_credentials
            SET encrypted_session_state = %(state)s
            WHERE user_id = %(user_id)s
              AND username = %(username)s
            """,
            {
                "user_id": user_id,
                "username": username,
                "state": self._encrypt(user_id, {"id": session.id, "state": session.state}),
            },
        )
        return cursor.rowcount == 1

    async def kept_session(self, conn: AsyncConnection[Any], user_id: str) -> KeptSession | None:
        """The agent's newest session; None when none was kept for this login.

        Raises:
            SecretKeyError: it was encrypted with another key, or changed since.
        """
        cursor = await conn.execute(
            "SELECT encrypted_session_state FROM agents.erp_credentials WHERE user_id = %(user_id)s",
            {"user_id": user_id},
        )
        row = await cursor.fetchone()
        return None if row is None else self.session_of(user_id, row[0])

    def session_of(self, user_id: str, encrypted_state: bytes | None) -> KeptSession | None:
        """The session in a row that somebody else has read; raises as `kept_session`."""
        if encrypted_state is None:
            return None
        return KeptSession(**self._decrypt(user_id, encrypted_state))

    async def delete(self, conn: AsyncConnection[Any], user_id: str) -> bool:
        """Forgets the agent's login; False when there was none."""
        cursor = await conn.execute(
            "DELETE FROM agents.erp_credentials WHERE user_id = %(user_id)s", {"user_id": user_id}
        )
        return cursor.rowcount == 1

    async def reject(self, conn: AsyncConnection[Any], user_id: str, login: ErpLogin) -> None:
        """Sets the latch after the ERP refused `login`; one that was stored meanwhile is not concerned."""
        await conn.execute(
            """
            UPDATE agents.erp_credentials
            SET rejected_at = now()
            WHERE user_id = %(user_id)s
              AND updated_at = %(updated_at)s
            """,
            {"user_id": user_id, "updated_at": login.updated_at},
        )

    def renewed(self, token: bytes) -> bytes | None:
        """What is encrypted in it, encrypted with the newest key; None when it is already.

        Raises:
            SecretKeyError: none of the keys encrypted it.
        """
        try:
            self._keys[0].decrypt(token)
        except InvalidToken:
            try:
                return self._cipher.rotate(token)
            except InvalidToken:
                raise SecretKeyError("it was encrypted with a key that is not here") from None
        return None

    def _encrypt(self, user_id: str, secret: dict[str, Any]) -> bytes:
        # With its owner inside, a row copied to another agent is noticed.
        return self._cipher.encrypt(json.dumps({"user_id": user_id} | secret).encode())

    def _decrypt(self, user_id: str, token: bytes) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(self._cipher.decrypt(bytes(token)))
        except InvalidToken:
            raise SecretKeyError(
                f"the ERP login of {user_id} was encrypted with another key: "
                "restore ARCHIBALD_SECRET_KEY (or its file), or store the login again"
            ) from None
        if content.pop("user_id") != user_id:
            raise SecretKeyError(
                f"the ERP login of {user_id} is a copy of another agent's; store it again"
            )
        return content


def load_or_create_key(setting: str | None, file: Path | None, data_dir: Path) -> bytes:
    """The key: the setting, else the file, else the data folder's own file, which is made once.

    A file that is named must exist: making one where a typo points would lock all logins away.

    Raises:
        SecretKeyError: there is none where one was named, others may read it, or it is malformed.
    """
    if setting:
        key = setting.encode()
    elif file is not None:
        if not file.exists():
            raise SecretKeyError(f"ARCHIBALD_SECRET_KEY_FILE names {file}, which is not there")
        key = _read(file)
    else:
        own = data_dir / KEY_FILE
        if not own.exists():
            _create(own)
        key = _read(own)
    _keys(key)
    return key


def _keys(key: bytes) -> list[Fernet]:
    keys = re.split(rb"[\s,]+", key.strip(b" \t\r\n,"))
    try:
        return [Fernet(one) for one in keys]
    except ValueError:
        raise SecretKeyError(
            "the secret key is malformed; make one with: "
            'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        ) from None


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        if os.fstat(opened.fileno()).st_mode & 0o077:
            raise SecretKeyError(f"others may read the secret key in {file}: chmod 600 {file}")
        return opened.read()


def _create(file: Path) -> None:
    """Makes the file complete or not at all; of two processes at once one makes it."""
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=file.parent, prefix=f"{file.name}-"
    ) as temporary:  # mode 0600
        temporary.write(Fernet.generate_key())
        temporary.flush()
        os.fsync(temporary.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary.name, file)
