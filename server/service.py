"""The gRPC edge: each rpc bound to its operation, events streamed, errors turned into statuses.

Nothing here does the work: a method records the intent, joins or starts the run, and listens; when its
caller leaves, it leaves.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC
from typing import Any

import grpc
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import bot_pb2
from server import measures, tracing
from server.answered import Answered
from server.answering import Method, method_handlers
from server.call import current, permitted
from server.front_door import FrontDoor
from server.identity import differing_fields, fingerprint, marker
from server.intake import Replay, Submission, accept, find_replay
from server.journal_row import Row
from server.operation import Operation
from server.operation_queries import check
from server.operation_views import progress_message
from server.operations.request_fields import strangers

SERVICE = bot_pb2.DESCRIPTOR.services_by_name["BotService"]


class BotService:
    """`archibald.v1.BotService`: every operation that is built, by one handler."""

    def __init__(
        self,
        operations: Mapping[str, Operation],
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        front_door: FrontDoor,
        *,
        instance: str,
        start_within: float,
        erp_request_validation: bool,
    ) -> None:
        """``operations`` maps rpc names to operations, ``instance`` is this server's id.

        Raises:
            ValueError: an operation has no rpc in the contract.
        """
        if not set(operations) <= set(SERVICE.methods_by_name):
            raise ValueError("server.operations names rpcs that the contract does not have")
        for rpc, operation in operations.items():
            measures.known(operation.TYPE, rpc)
        self._operations = operations
        self._pool = pool
        self._front_door = front_door
        self._instance = instance
        self._start_within = start_within
        self._erp_request_validation = erp_request_validation
        self._answered = Answered()

    def handlers(self) -> grpc.GenericRpcHandler:
        """What `grpc.aio.Server` serves: one streaming handler an operation."""
        return method_handlers(
            SERVICE, {name: self._method(operation) for name, operation in self._operations.items()}
        )

    def _method(self, operation: Operation) -> Method:
        return lambda request, _: self._events(operation, request)

    async def _events(self, operation: Operation, request: Any) -> AsyncIterator[Any]:
        self._front_door.must_be_open()
        sent = request.SerializeToString(deterministic=True)
        if kept := self._answered.find(operation.TYPE, sent):
            permitted(request.user_id)
            for event in _replayed(operation, request, kept):
                yield event
            return
        check(
            [
                *strangers(request),
                *operation.validate(request, erp_request_validation=self._erp_request_validation),
            ]
        )
        submission = self._submission(operation, request, sent)
        key = submission.user_id, submission.operation_type, submission.operation_key
        row: Row | Replay | None = None
        with tracing.span("journal accept"):
            if key in self._answered:
                row = await find_replay(self._pool, submission)
            if row is None:
                row = await accept(self._pool, submission, self._instance)
        if isinstance(row, Replay) or row.response is not None:
            if isinstance(row, Replay):
                self._answered.keep(operation.TYPE, sent, row)
            self._answered.add(key)
            for event in _replayed(operation, request, row):
                yield event
            return
        current().about(operation=str(row.id))
        run, attached = self._front_door.enter(row.id, operation.TYPE, row)
        measures.accepted(operation.TYPE, replayed=False, attached=attached)
        yield operation.Response(accepted=_accepted(row, attached=attached))
        if request.wait == bot_pb2.WAIT_NONE:
            return
        async for event in run.progress():
            yield operation.Response(progress=progress_message(event))
        response = await run.result()
        self._answered.add(key)
        yield operation.Response(result=operation.Result.FromString(response))

    def _submission(self, operation: Operation, request: Any, sent: bytes) -> Submission:
        key = operation.key(request)
        canonical = operation.canonical(request)
        start_by = request.start_by.ToDatetime(UTC) if request.HasField("start_by") else None
        return Submission(
            user_id=permitted(request.user_id),
            operation_type=operation.TYPE,
            operation_key=key,
            target=operation.target(request),
            also_guards=operation.also_guards(request),
            once=operation.ONCE,
            request=sent,
            fingerprint=fingerprint(canonical),
            start_by=start_by,
            start_within=self._start_within,
            marker_of=lambda revision: marker(request.user_id, operation.TYPE, key, revision),
            differing=lambda stored: differing_fields(
                operation.canonical(operation.Request.FromString(stored)), canonical
            ),
        )


def _replayed(operation: Operation, request: Any, done: Row | Replay) -> Iterator[Any]:
    """What a caller is told of a key that has succeeded."""
    current().about(operation=str(done.id))
    measures.accepted(operation.TYPE, replayed=True, attached=False)
    yield operation.Response(accepted=_accepted(done, replayed=True))
    if request.wait != bot_pb2.WAIT_NONE:
        yield operation.Response(result=operation.Result.FromString(done.response or b""))


def _accepted(
    row: Row | Replay, *, replayed: bool = False, attached: bool = False
) -> bot_pb2.Accepted:
    accepted = bot_pb2.Accepted(
        operation_id=str(row.id),
        operation_key=row.operation_key,
        replayed=replayed,
        attached=attached,
    )
    accepted.accepted_at.FromDatetime(row.accepted_at)
    if row.finished_at:
        accepted.finished_at.FromDatetime(row.finished_at)
    return accepted
