"""Trying an agent's stored ERP login for real: in a browser of the pool, beside whatever the agent does.

A verification outlives its caller, as an operation does: a browser at work is never cancelled (law 8).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

import structlog

from server.attendance import Sessions
from server.journal import DATABASE_AWAY, database_down
from server.operation import Access, Claim, Intent

log = structlog.get_logger(__name__)


class Verification:
    """Signs in with the stored login and leaves; the latch sees to it that a refused one is tried once."""

    def __init__(
        self,
        browsers: Sessions,
        instance: str,
        *,
        must_be_open: Callable[[], None],
        may_sign_in: Callable[[str], Awaitable[None]],
    ) -> None:
        """Where it signs in, and when not.

        Args:
            browsers: the pool.
            instance: this server's id.
            must_be_open: raises while the server takes no more work.
            may_sign_in: raises for an agent without a login that may be tried; then no place is waited for.
        """
        self._browsers = browsers
        self._may_sign_in = may_sign_in
        self._instance = instance
        self._must_be_open = must_be_open
        self._at_work: set[asyncio.Task[datetime]] = set()

    async def of(self, user_id: str) -> datetime:
        """When the ERP took the agent's stored login.

        Raises:
            ErpLoginRejectedError: it did not, or there is none that may be tried.
            ErpUnavailableError, UiDriftError, PoolExhaustedError: nobody knows yet.
        """
        self._must_be_open()
        task = asyncio.create_task(self._sign_in(user_id), name=f"verification of {user_id}")
        self._at_work.add(task)
        task.add_done_callback(self._over)
        return await asyncio.shield(task)

    async def drain(self, seconds: float) -> None:
        """Let those under way come to their end; the pool ends the others with their browsers."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=seconds)

    def _over(self, task: "asyncio.Task[datetime]") -> None:
        self._at_work.discard(task)
        # Whoever asked may have left; then this is where its error is heard of.
        if not task.cancelled() and (error := task.exception()):
            log.info("not_verified", error=type(error).__name__)

    async def _sign_in(self, user_id: str) -> datetime:
        claim = Claim(uuid4(), 1, self._instance, user_id, "verify-credentials", "")
        try:
            await self._may_sign_in(user_id)
            with self._browsers.place() as place:
                while not place.ask():
                    await place.wait()
                async with self._browsers.session(
                    Intent(claim, None, ""), _unheard, Access.ASIDE, place
                ):
                    verified = datetime.now(UTC)
        except DATABASE_AWAY as error:
            raise database_down(error) from error
        log.info("verified", user=user_id)
        return verified


def _unheard(step: str, current: int = 0, total: int = 0) -> None:
    """Nobody watches the steps of a login."""
