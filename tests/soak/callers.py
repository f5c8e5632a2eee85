"""The callers of a run: honest ones, who use the real client and call again with the same key."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Self

import psycopg
from google.protobuf.message import Message
from psycopg.types.json import Jsonb

from archibald_client import Client
from archibald_client.errors import ArchibaldError, StoppedListeningError
from tests.soak.house import APPLICATION, Postgres
from tests.soak.plan import Planned

# What an honest caller answers by calling again.
AGAIN = {"UNAVAILABLE", "ABORTED", "RESOURCE_EXHAUSTED"}
AGAIN_REASONS = {"LOCAL_COMMIT_PENDING"}
FAULTS_OF_OURS = {"INTERNAL", "UNKNOWN"}
MOST_FAULTS = 5  # calls that end in a fault of ours before the caller gives up
CALL_FOR = 120.0  # seconds for which one call listens, then it is made again


@dataclass
class Answer:
    """What one call was told."""

    caller: str
    at: float
    result: bytes | None = None
    reason: str = ""
    message: str = ""
    order_id: str = ""


@dataclass
class Operation:
    """One planned operation and what its callers were told."""

    planned: Planned
    request: Any = None
    started: float = 0.0
    ended: float = 0.0
    answers: list[Answer] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    skipped: str = ""

    @property
    def results(self) -> set[bytes]:
        """The different results that callers got: there must be one at most."""
        return {answer.result for answer in self.answers if answer.result is not None}

    @property
    def refusals(self) -> list[Answer]:
        """The answers that told a caller to stop."""
        return [one for one in self.answers if one.result is None and one.reason]

    @property
    def order_id(self) -> str:
        """The ERP's number of what was done, as a caller was told it."""
        return next((one.order_id for one in self.answers if one.order_id), "")


class Callers:
    """All callers of a run."""

    def __init__(
        self, addresses: Sequence[str], postgres: Postgres, planned: Sequence[Planned]
    ) -> None:
        self._addresses = addresses
        self._postgres = postgres
        self._stack = AsyncExitStack()
        self._clients: list[Client] = []
        self.operations = {one.number: Operation(one) for one in planned}
        self._connections = asyncio.Semaphore(
            5
        )  # Postgres takes a hundred, and servers need theirs
        self.calls = 0
        self.called_again: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        for address in self._addresses:
            client = Client(address, patience=5)
            self._clients.append(await self._stack.enter_async_context(client))
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def perform(self, operation: Operation) -> None:
        """Everything that the operation's callers do, until each has an end."""
        planned = operation.planned
        operation.started = time.time()
        try:
            operation.request = planned.asked(await self._order_of(operation))
            if operation.skipped:
                return
            if planned.kind == "submit-order":
                await self._pending_order(operation.request)
            callers = [self._caller(operation, "first", planned.number)]
            if planned.second is not None:
                callers.append(self._second(operation))
            await asyncio.gather(*callers)
        finally:
            operation.ended = time.time()
            operation.done.set()

    async def replay(self, operation: Operation) -> None:
        """Ask once more when everything is over, of either server."""
        for number in range(len(self._clients)):
            await self._call(operation, f"replay-{number + 1}", number, CALL_FOR)

    # One caller ---------------------------------------------------------------------------------

    async def _order_of(self, operation: Operation) -> str:
        """The order that is to be sent or deleted, once it has its number."""
        if operation.planned.of is None:
            return ""
        earlier = self.operations[operation.planned.of]
        await earlier.done.wait()
        if not earlier.order_id:
            operation.skipped = f"{earlier.planned.name} has no order"
        return earlier.order_id or "1"

    async def _pending_order(self, request: Any) -> None:
        """The web application's row, which our service deletes when the order is placed."""
        while True:
            try:
                async with (
                    self._connections,
                    await psycopg.AsyncConnection.connect(
                        self._postgres.dsn, application_name=APPLICATION
                    ) as conn,
                ):
                    await conn.execute(
                        """
                        INSERT INTO agents.pending_orders (id, user_id, customer_id, customer_name,
                               items_json, created_at, updated_at, device_id)
                        VALUES (%s, %s, %s, %s, %s, 0, 0, 'soak') ON CONFLICT DO NOTHING
                        """,
                        (request.pending_order_id, request.user_id, request.customer_id,
                         request.customer_name, Jsonb([])),
                    )  # fmt: skip
            except psycopg.OperationalError:
                await asyncio.sleep(0.2)  # Postgres is being restarted
            else:
                return

    async def _second(self, operation: Operation) -> None:
        await asyncio.sleep(operation.planned.second or 0)
        await self._caller(operation, "second", operation.planned.number + 1)

    async def _caller(self, operation: Operation, name: str, number: int) -> None:
        """Call until there is an end; every call may go to the other server."""
        planned, faults = operation.planned, 0
        if name == "first" and planned.no_wait:
            await self._start(operation, number)
        if name == "first" and planned.leaves is not None:
            await self._hang_up(operation, number, planned.leaves)
        while True:
            number += 1
            told = await self._call(operation, name, number % len(self._clients), CALL_FOR)
            if told is None:
                return
            faults += told in FAULTS_OF_OURS
            if faults > MOST_FAULTS:
                return
            await asyncio.sleep(0.5)  # an honest caller's back-off

    async def _start(self, operation: Operation, number: int) -> None:
        try:
            self.calls += 1
            await self._clients[number % len(self._clients)].start(operation.request, timeout=30)
        except ArchibaldError as error:
            self.called_again[f"start: {error.reason}"] += 1

    async def _hang_up(self, operation: Operation, number: int, after: float) -> None:
        """Call, leave without a word, and come back later."""
        call = asyncio.create_task(
            self._call(operation, "left", number % len(self._clients), CALL_FOR)
        )
        await asyncio.wait({call}, timeout=after)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await asyncio.sleep(after)

    async def _call(
        self, operation: Operation, name: str, number: int, within: float
    ) -> str | None:
        """One call; None when its caller need not call again, else the reason why it must."""
        self.calls += 1
        answer = Answer(name, time.time())
        try:
            result = await self._clients[number].run(operation.request, timeout=within)
        except StoppedListeningError:
            self.called_again["listened long enough"] += 1
            return "STOPPED"
        except ArchibaldError as error:
            answer.reason, answer.message = error.reason, error.message
            again = error.status in AGAIN or error.reason in AGAIN_REASONS
            if again or error.status in FAULTS_OF_OURS:
                self.called_again[error.reason] += 1
                if error.status in FAULTS_OF_OURS:
                    operation.answers.append(answer)
                return error.status if error.status in FAULTS_OF_OURS else error.reason
        else:
            answer.result = result.SerializeToString(deterministic=True)
            answer.order_id = erp_id(result)
        answer.at = time.time()
        operation.answers.append(answer)
        return None


def erp_id(result: Message) -> str:
    """The ERP's number in a result."""
    names = {field.name for field in result.DESCRIPTOR.fields}
    name = "order_id" if "order_id" in names else "customer_id"
    return str(getattr(result, name))
