"""Who may work on an operation now: nobody takes what a living server has, nobody passes the queue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from server import measures, tracing
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

    async def ripe(self, row: Row) -> bool:
        """Whether a claim has a chance: a look before anything is waited for, the claim itself decides."""
        if row.blocked and not row.expired:  # what has expired ends, whoever has the turn
            return False
        owner = row.owner_instance
        return owner in {None, self._journal.instance} or await self._ownership.takeable(owner)

    async def offer(self, row: Row) -> None:
        """Let every server claim an operation that was accepted here and waits for a slot of ours.

        Until then it is its own server's, where the agent's session most often is.
        """
        if row.state != "QUEUED" or row.owner_instance != self._journal.instance:
            return
        async with self._journal.connection() as conn:
            await conn.execute(
                """
                UPDATE agents.operations SET owner_instance = NULL, updated_at = now()
                 WHERE id = %(id)s AND state = 'QUEUED' AND generation = %(generation)s
                   AND owner_instance = %(instance)s
                """,
                {
                    "id": row.id,
                    "generation": row.generation,
                    "instance": self._journal.instance,
                },
            )

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
        if row.expired:
            # The agent's turn passes on with it: not beside a browser that may still be alive (law 8).
            foreign = None if row.state == "QUEUED" or owner == me else owner
            if foreign is None or await self._ownership.proved_dead(foreign):
                await self._expire(row)
            return None
        alive = [one for one in suspects if not await self._ownership.proved_dead(one)]
        with tracing.span("journal claim"):
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
            ended = await self._journal.expire(conn, row, expired.stored())
            if ended:
                request = operation.Request.FromString(row.request or b"")
                await operation.abandon(conn, request, expired.message)
        if ended:
            measures.attempt_failed(row.operation_type, "expire", expired.reason)
