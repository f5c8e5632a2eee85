"""Who may work on an operation now: nobody takes what a living server has, nobody passes the queue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from server.attendance import Ownership
from server.errors import ExpiredError
from server.journal import Journal
from server.journal_row import Row
from server.operation import Claim, Operation

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Takeover:
    """Claims for one server (design §4.5); ``operations`` by their types."""

    _journal: Journal
    _ownership: Ownership
    _operations: Mapping[str, Operation]

    async def claim(self, row: Row) -> tuple[Row, Claim] | None:
        """Take the operation over, where its last owner is gone; None: not now, or it has just ended.

        The row comes back as it was, but for the servers that may still have a browser at it.
        """
        me, owner, suspects = self._journal.instance, row.owner_instance, set(row.suspects)
        if owner not in {None, me}:
            if not await self._ownership.takeable(owner):
                return None
            if row.state not in {"QUEUED", "RUNNING", "CONFIRMED"}:
                suspects.add(owner)
        if row.state in {"QUEUED", "RUNNING"} and row.write_seq == 0 and row.start_by_passed:
            await self._expire(row)
            return None
        alive = [one for one in suspects if not await self._ownership.proved_dead(one)]
        claim = await self._journal.claim(row, alive)
        if claim is None:
            return None
        structlog.contextvars.bind_contextvars(generation=claim.generation)
        log.info("claimed", state=row.state, after=owner, suspects=alive)
        return replace(row, suspects=alive), claim

    async def _expire(self, row: Row) -> None:
        expired = ExpiredError(
            "start_by has passed and nothing was written in the ERP; call again if it is still wanted"
        )
        operation = self._operations[row.operation_type]
        async with self._journal.transaction() as conn:
            if await self._journal.expire(conn, row, expired.stored()):
                request = operation.Request.FromString(row.request or b"")
                await operation.abandon(conn, request, expired.message)
