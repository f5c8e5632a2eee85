"""One operation per agent at a time within this process, first come first served.

Across processes the journal's partial unique index holds the same law; this class is the one place
where both are waited for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class UserLocks:
    """The agents' turns; different agents never wait for each other."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}  # holders and waiters, so that idle locks can go

    def __repr__(self) -> str:
        return f"<UserLocks {len(self._locks)} agents at work>"

    def busy(self, user_id: str) -> bool:
        """Whether somebody has the agent's turn now."""
        return user_id in self._locks

    @asynccontextmanager
    async def turn(self, user_id: str) -> AsyncIterator[None]:
        """Hold the agent's turn; asyncio's lock wakes its waiters in the order in which they came."""
        lock = self._locks.setdefault(user_id, asyncio.Lock())
        self._users[user_id] = self._users.get(user_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[user_id] -= 1
            if not self._users[user_id]:
                del self._users[user_id], self._locks[user_id]
