"""Who may try an agent's ERP login: one at a time over all servers, and never one that the ERP has refused.

A refusal is kept before the next one may try, so a wrong password reaches the ERP once, however many
operations and verifications want to sign in at the same moment. Within a server a lock of the agent's sees
to that, between servers the row, which names the server that tries. Nobody waits for the dead:

* another server's trial is void with its lease, or as soon as it is seen to be gone. Its guardian has killed
  its browsers by then, so it sends nothing any more; its operations are not taken over any sooner either,
  but for the moment between two looks at the processes of this machine.
* our own is void for whoever has our lock: then it is what a database that was away kept us from ending.

What no lock can prevent: a server that dies between the ERP's refusal and our keeping it has told nobody, and
the password is tried once more. So a wrong password reaches the ERP once, and once more for each such death.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.credentials import Credentials, ErpLogin, KeptSession, SecretKeyError
from server.errors import ErpLoginRejectedError
from server.journal import DATABASE_AWAY

# Seconds between two looks whether the one who tries has ended; a login takes some.
POLL = 0.25
# Seconds after which another server's trial is over for sure, twice what a login may take: that server lives,
# and the database was away when it wanted to say so.
LONGEST = 300.0
_BUSY: tuple[Any, ...] = ("somebody tries it",)

log = structlog.get_logger(__name__)


class LoginLatch:
    """The latch on every agent's login; ``instance`` is this server's id."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        credentials: Credentials,
        instance: str,
    ) -> None:
        self._pool = pool
        self._credentials = credentials
        self._instance = instance
        self._locks: dict[str, asyncio.Lock] = {}  # one for each agent

    async def usable(self, user_id: str) -> tuple[ErpLogin, KeptSession | None]:
        """A look at the agent's login and kept session, where nothing is tried yet; a trial itself decides.

        Raises:
            ErpLoginRejectedError: there is none that may be tried.
        """
        async with self._pool.connection() as conn:
            cursor = await conn.execute(
                """
                SELECT encrypted_session_state, username, encrypted_password, updated_at, rejected_at
                  FROM agents.erp_credentials
                 WHERE user_id = %(user_id)s
                """,
                {"user_id": user_id},
            )
            row: tuple[Any, ...] | None = await cursor.fetchone()
        return self._usable(user_id, row)

    @asynccontextmanager
    async def trying(self, user_id: str) -> AsyncIterator[tuple[ErpLogin, KeptSession | None]]:
        """The agent's login and kept session, for nobody else to try until the ``async with`` ends.

        Raises:
            ErpLoginRejectedError: there is no login that may be tried; raised inside it, the ERP has
                refused this one, and it is not tried again until it is stored anew.
        """
        async with self._locks.setdefault(user_id, asyncio.Lock()):
            while (row := await self._begun(user_id)) is _BUSY:  # noqa: ASYNC110  # a row tells it
                await asyncio.sleep(POLL)
            try:
                login, kept = self._usable(user_id, row)
                try:
                    yield login, kept
                except ErpLoginRejectedError:
                    async with self._pool.connection() as conn:
                        await self._credentials.reject(conn, user_id, login)
                    raise
            finally:
                await self._ended(user_id)

    async def _begun(self, user_id: str) -> tuple[Any, ...] | None:
        """The login's row, now that it is ours to try; None when there is none, `_BUSY` as long as it is not."""
        async with self._pool.connection() as conn:
            cursor = await conn.execute(
                """
                UPDATE agents.erp_credentials
                   SET tried_by = %(instance)s, tried_at = now()
                 WHERE user_id = %(user_id)s
                   AND (tried_at IS NULL
                        OR tried_by = %(instance)s
                        OR tried_at < now() - make_interval(secs => %(longest)s)
                        OR NOT EXISTS (SELECT FROM agents.server_instances
                                        WHERE id = tried_by
                                          AND gone_at IS NULL
                                          AND lease_until > now()))
             RETURNING encrypted_session_state, username, encrypted_password, updated_at, rejected_at
                """,
                {"user_id": user_id, "instance": self._instance, "longest": LONGEST},
            )
            row: tuple[Any, ...] | None = await cursor.fetchone()
            if row:
                return row
            cursor = await conn.execute(
                "SELECT FROM agents.erp_credentials WHERE user_id = %(user_id)s",
                {"user_id": user_id},
            )
            return None if await cursor.fetchone() is None else _BUSY

    def _usable(
        self, user_id: str, row: tuple[Any, ...] | None
    ) -> tuple[ErpLogin, KeptSession | None]:
        remedy = (
            "store one with PutCredentials, or as an operator with: "
            f"python -m server credentials put {user_id} LOGIN"
        )
        if row is None:
            raise ErpLoginRejectedError(f"no ERP login is stored for agent {user_id}; {remedy}")
        encrypted_state, *columns = row
        try:
            login = self._credentials.login_of(user_id, *columns)
            kept = self._credentials.session_of(user_id, encrypted_state)
        except SecretKeyError as error:
            raise ErpLoginRejectedError(str(error)) from error
        if login.rejected_at:
            raise ErpLoginRejectedError(
                f"the ERP refused the stored login of agent {user_id} and it is not tried again, "
                f"for a second refusal could lock the account; {remedy}"
            )
        return login, kept

    async def _ended(self, user_id: str) -> None:
        try:
            async with self._pool.connection() as conn:
                await conn.execute(
                    """
                    UPDATE agents.erp_credentials
                       SET tried_by = NULL, tried_at = NULL
                     WHERE user_id = %(user_id)s
                       AND tried_by = %(instance)s
                    """,
                    {"user_id": user_id, "instance": self._instance},
                )
        except DATABASE_AWAY as error:
            # What the attempt came to is the news; our next trial takes this one's place.
            log.warning("trial_not_ended", user=user_id, error=type(error).__name__)
