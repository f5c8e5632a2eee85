"""Encrypting all stored logins and sessions anew, after a new key came to stand before the old ones.

Safe beside servers at work: each row is locked for the moment that it takes, and what a server writes
meanwhile is newer. A server that does not have the new key yet cannot read what is rotated; so it is given
to all of them first (docs/callers.md, "Keys").
"""

from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from server.credentials import Credentials, SecretKeyError


@dataclass(frozen=True)
class Rotation:
    """What a rotation came to: logins encrypted anew, those that were already, those of no known key."""

    renewed: int
    already: int
    unreadable: tuple[str, ...]

    def __str__(self) -> str:
        told = f"{self.renewed} logins encrypted with the first key, {self.already} were already."
        if self.unreadable:
            return (
                f"{told} Encrypted with a key that is not here: {', '.join(self.unreadable)}; "
                "restore that key, or store these logins again. Do not take any key away yet."
            )
        return f"{told} The other keys are of no use any more, once all servers have the first one first."


async def rotate(credentials: Credentials, conn: AsyncConnection[Any]) -> Rotation:
    """Encrypt everything with the first key, one login at a time, each committed by itself."""
    cursor = await conn.execute("SELECT user_id FROM agents.erp_credentials ORDER BY user_id")
    agents = [user_id for (user_id,) in await cursor.fetchall()]
    await conn.commit()
    renewed, unreadable = 0, []
    for user_id in agents:
        try:
            async with conn.transaction():
                renewed += await _renew(credentials, conn, user_id)
        except SecretKeyError:
            unreadable.append(user_id)
    return Rotation(renewed, len(agents) - renewed - len(unreadable), tuple(unreadable))


async def _renew(credentials: Credentials, conn: AsyncConnection[Any], user_id: str) -> bool:
    cursor = await conn.execute(
        """
        SELECT encrypted_password, encrypted_session_state
          FROM agents.erp_credentials
         WHERE user_id = %(user_id)s
           FOR UPDATE
        """,
        {"user_id": user_id},
    )
    row = await cursor.fetchone()
    if row is None:
        return False  # forgotten meanwhile
    password, session = (
        None if token is None else credentials.renewed(bytes(token)) for token in row
    )
    if password is None and session is None:
        return False
    await conn.execute(
        """
        UPDATE agents.erp_credentials
           SET encrypted_password = COALESCE(%(password)s, encrypted_password),
               encrypted_session_state = COALESCE(%(session)s, encrypted_session_state)
         WHERE user_id = %(user_id)s
        """,
        {"user_id": user_id, "password": password, "session": session},
    )
    return True
