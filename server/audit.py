"""The audit: who asked what, when, and what came of it, in `agents.audit`; never anything of a request's body.

No call waits for it: calls are noted in memory and written behind them, all that have gathered at once. A
server that is killed loses the notes of its last moments; a database that is away gets them when it is back.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.call import Call
from server.journal import DATABASE_AWAY
from server.tasks import stop_task

MOST = 10_000  # calls that wait to be written: a few megabytes
PAUSE = 1.0  # seconds between tries while the database is away
# Seconds in which what else comes is written along: most calls have begun and ended by then, and are one row.
GATHER = 0.1

log = structlog.get_logger(__name__)


# One statement for however many: bound one by one, audits took more of the server than the calls that they tell of.
_WRITE = """
    INSERT INTO agents.audit
           (id, asked_at, caller, address, method, agent, operation, ended_at, outcome)
    SELECT * FROM unnest(
           %s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
           %s::timestamptz[], %s::text[])
        ON CONFLICT (id) DO UPDATE
       SET agent = excluded.agent, operation = excluded.operation,
           ended_at = excluded.ended_at, outcome = excluded.outcome
"""


class _Row(NamedTuple):
    id: UUID
    asked_at: Any
    caller: str
    address: str
    method: str
    agent: str | None
    operation: str | None
    ended_at: Any
    outcome: str | None


class Audit:
    """The calls that are still to be written, and the task that writes them."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool
        self._noted: dict[UUID, Call] = {}
        self._news = asyncio.Event()
        self._lost = 0

    def __repr__(self) -> str:
        return f"<Audit {len(self._noted)} to be written>"

    def note(self, call: Call) -> None:
        """Have the call written as it is by then: once it has come, and again once it has ended."""
        if call.id not in self._noted and len(self._noted) >= MOST:
            self._lost += 1
            return
        self._noted[call.id] = call
        self._news.set()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Write as long as the ``async with`` lasts, and what is left at its end."""
        writing = asyncio.create_task(self._write_for_ever(), name="audit")
        try:
            yield
        finally:
            await stop_task(writing)
            try:
                while self._noted:
                    await self._write()
            except DATABASE_AWAY as error:
                log.error("audit_lost", calls=len(self._noted), error=type(error).__name__)  # noqa: TRY400  # the database's own frames tell nothing

    async def _write_for_ever(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(GATHER)
            self._news.clear()
            try:
                await self._write()
            except DATABASE_AWAY as error:
                log.warning("audit_waits", calls=len(self._noted), error=type(error).__name__)
                await asyncio.sleep(PAUSE)  # back-off; the condition is the database itself
                self._news.set()

    async def _write(self) -> None:
        rows = [_row(call) for call in self._noted.values()]
        if not rows:
            return
        async with self._pool.connection() as conn:
            await conn.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])
        for row in rows:
            if _row(self._noted[row.id]) == row:
                del self._noted[row.id]
        lost, self._lost = self._lost, 0
        if lost:
            log.error("audit_lost", calls=lost)


def _row(call: Call) -> _Row:
    return _Row(
        call.id,
        call.asked_at,
        call.caller.name,
        call.address,
        call.method,
        call.agent,
        call.operation,
        call.ended_at,
        call.outcome,
    )
