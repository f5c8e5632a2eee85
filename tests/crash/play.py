"""Plays one cell: reach the boundary, let the death happen, let go, wait for the end, and judge it."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from archibald_client import ArchibaldError, Client
from server.operations import OPERATIONS
from tests.crash import deaths
from tests.crash.boundaries import STATES
from tests.crash.deaths import NotReachedError
from tests.crash.requests import AGENTS, Agent, prepare, records, request_for, wrong_in_ledger
from tests.crash.rig import Rig
from tests.crash.table import Boundary, Cell, Death, End, allowed

REACH = 30.0  # seconds until the boundary
SETTLE = 75.0  # seconds from the death to the end: much longer than any wait of the rig's settings
PATIENCE = 60.0
ENDS = {"SUCCEEDED": End.DONE, "FAILED": End.REFUSED, "NEEDS_REVIEW": End.REVIEW}
KEYS = {operation.TYPE: operation.key for operation in OPERATIONS.values()}
# What a caller hears that is to be followed by the same call again.
CALL_AGAIN = {"LOCAL_COMMIT_PENDING", "USER_BUSY"}


@dataclass(frozen=True)
class Answer:
    """What a caller heard at last: a result's bytes, or an error's reason."""

    result: bytes = b""
    reason: str = ""
    message: str = ""

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}" if self.reason else f"{len(self.result)} bytes"


async def _call(rig: Rig, request: Message) -> Answer:
    """Ask as a careful backend does: with patience, and again where the answer says so."""
    async with Client(rig.address, patience=PATIENCE) as client:
        while True:
            try:
                result = await client.run(request)
            except ArchibaldError as error:
                if error.reason in CALL_AGAIN:
                    await asyncio.sleep(0.2)  # back-off
                    continue
                return Answer(reason=error.reason, message=error.message)
            return Answer(result.SerializeToString(deterministic=True))


class Play:
    """One cell on a rig."""

    def __init__(self, rig: Rig, cell: Cell) -> None:
        self._rig = rig
        self.cell = cell
        self.number = rig.next_number()
        self.agent: Agent = AGENTS[self.number % len(AGENTS)]
        self._key = ""
        self._request: Message | None = None
        self._before: tuple[int, int] = 0, 0

    async def run(self, reached: Callable[[], None]) -> list[str]:
        """What went wrong, in words; nothing when all is as it was allowed beforehand.

        ``reached`` hears that the operation stands at its boundary.

        Raises:
            NotReachedError: the boundary was not reached, or the death could not happen there.
        """
        rig = self._rig
        await rig.server.start()
        request = await request_for(self.cell, self.number, self.agent, rig.sim)
        self._request, self._key = request, KEYS[self.cell.operation](request)
        async with rig.connected() as conn:
            await prepare(conn, self.cell, request)
            self._before = len(await rig.sim.effects()), await records(conn, self.cell, request)
        rig.stops.arm(self.cell)
        async with AsyncExitStack() as stack:
            first = asyncio.create_task(_call(rig, request))
            stack.callback(first.cancel)
            await self._reach(first)
            reached()
            second = asyncio.create_task(self._second(request))
            stack.callback(second.cancel)
            await deaths.HAPPEN[self.cell.death](rig, self.cell, first)
            callers = {second} if self.cell.death is Death.CALLER else {first, second}
            await asyncio.wait(callers, timeout=SETTLE)
            if any(not caller.done() for caller in callers):
                row = await rig.operation(self.agent.user, self._key)
                return [f"unsettled after {SETTLE:.0f} s: {_shown(row)}"]
            return await self._judge([caller.result() for caller in callers])

    async def _second(self, request: Message) -> Answer:
        """Another caller with the same key, who comes with the death."""
        if self.cell.boundary is Boundary.BEFORE_INTENT and self.cell.death is not Death.CALLER:
            await asyncio.sleep(0.1)  # the first shall stay the first
        return await _call(self._rig, request)

    async def _reach(self, first: asyncio.Task[Answer]) -> None:
        reached = asyncio.create_task(self._rig.stops.reach(self.cell))
        try:
            await asyncio.wait({reached, first}, timeout=REACH, return_when=asyncio.FIRST_COMPLETED)
            row = await self._rig.operation(self.agent.user, self._key)
            if not reached.done():
                heard = f"the caller heard {first.result()}" if first.done() else "no answer either"
                raise NotReachedError(f"{self.cell.boundary}: {heard}; {_shown(row)}")
            wanted = STATES[self.cell.boundary]
            if (row["state"] if row else None) != wanted:
                raise NotReachedError(f"{self.cell.boundary} wants {wanted}: {_shown(row)}")
        finally:
            reached.cancel()

    async def _judge(self, answers: list[Answer]) -> list[str]:
        rig, cell, wrong = self._rig, self.cell, []
        try:
            async with asyncio.timeout(10):
                row = await self._ended()
        except TimeoutError:
            shown = _shown(await rig.operation(self.agent.user, self._key))
            return [f"no end: {shown}; answers: {', '.join(map(str, answers))}"]
        end = ENDS.get(row["state"])
        may = allowed(cell)
        if end not in may.ends:
            wrong.append(f"ended as {_shown(row)}, allowed: {', '.join(may.ends)} ({may.reason})")
        if end is End.DONE:
            answers.append(await _call(rig, self._asked()))  # once more: the stored answer
        if len({(answer.result, answer.reason) for answer in answers}) > 1:
            wrong.append(f"different answers: {'; '.join(map(str, answers))}")
        expected = {End.DONE: "", End.REFUSED: "ERP_REJECTED", End.REVIEW: "OUTCOME_UNKNOWN"}
        if end is not None and {answer.reason for answer in answers} != {expected[end]}:
            wrong.append(f"a wrong answer: {'; '.join(map(str, answers))}")
        return wrong + await self._left(end or End.REVIEW)

    def _asked(self) -> Message:
        assert self._request is not None
        return self._request

    async def _ended(self) -> dict[str, Any]:
        """The row, once it has an end and nothing is left to be cleared."""
        while True:
            row = await self._rig.operation(self.agent.user, self._key)
            saved = await self._rig.query(
                "SELECT 1 FROM agents.bot_results WHERE user_id = %s AND operation_key = %s",
                self.agent.user,
                self._key,
            )
            if row and row["state"] in ENDS and not (saved and row["state"] == "SUCCEEDED"):
                return row
            await asyncio.sleep(0.1)  # nobody announces it to us

    async def _left(self, end: End) -> list[str]:
        """What ledger and tables show."""
        effects_before, records_before = self._before
        effects = (await self._rig.sim.effects())[effects_before:]
        late = [each for each in effects if each["user"] != self.agent.erp_user]
        wrong = [f"an effect of another cell: {each}" for each in late]
        wrong += wrong_in_ledger(self.cell, end, [each for each in effects if each not in late])
        async with self._rig.connected() as conn:
            made = await records(conn, self.cell, self._asked()) - records_before
        if made != (end is End.DONE):
            wrong.append(f"{made} records of our own")
        return wrong


def _shown(row: dict[str, Any] | None) -> str:
    if row is None:
        return "no row"
    names = ("state", "generation", "write_seq", "draft_id", "erp_id", "owner_instance", "error")
    return ", ".join(f"{name} {row[name]}" for name in names if row.get(name) is not None)
