"""The verbs of OperationsService: look at operations, wait for them, stop them, settle them.

An operation is named by its id (`Accepted.operation_id`), or by an `OperationName` of agent, type and key.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias, TypedDict, Unpack

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from archibald.v1 import bot_pb2, operations_pb2
from archibald.v1.operations_pb2 import GiveUp, Landed, LookAgain, NotDone, Operation, OperationName
from archibald_client.calls import Calls
from archibald_client.errors import BrokenContractError
from archibald_client.listening import TIMEOUT, OnProgress, news, tell

LOOK = 120.0  # seconds; reading takes none, a server that is being replaced takes some

Named: TypeAlias = str | OperationName
Decision: TypeAlias = LookAgain | Landed | NotDone | GiveUp

_RPCS = operations_pb2.DESCRIPTOR.services_by_name["OperationsService"].methods_by_name
_DECISIONS = {LookAgain: "look_again", Landed: "landed", NotDone: "not_done", GiveUp: "give_up"}


class Filters(TypedDict, total=False):
    """Which operations to list; what is left out matches all."""

    user_ids: Iterable[str]
    operation_types: Iterable[str]
    states: Iterable["operations_pb2.OperationState"]
    accepted_from: datetime
    accepted_before: datetime


class Desk:
    """What a client can do about operations, whoever submitted them.

    Everything is sent again while no server answers, as the client's patience lasts. Reading never
    touches the ERP.
    """

    _calls: Calls

    async def get_operation(self, operation: Named) -> Operation:
        """One operation as it is now, with its result or error if it has one.

        Raises:
            OperationNotFoundError: there is none, or the caller may not see it.
        """
        request = operations_pb2.GetOperationRequest(name=_name(operation))
        return _shown(await self._calls.answer(_RPCS["GetOperation"], request, LOOK))

    async def list_operations(
        self, *, page_size: int = 0, **filters: Unpack[Filters]
    ) -> AsyncGenerator[Operation, None]:
        """All operations that match, newest first; the pages (50, or ``page_size``) are fetched on the way.

        Times need a time zone: ``datetime.now(UTC)``.
        """
        request = operations_pb2.ListOperationsRequest(page_size=page_size, **_filters(filters))
        while True:
            page = await self._calls.answer(_RPCS["ListOperations"], request, LOOK)
            for operation in page.operations:
                yield operation
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    async def watch(
        self,
        operation: Named,
        *,
        on_progress: OnProgress | None = None,
        from_sequence: int = 0,
        timeout: float | None = TIMEOUT,  # noqa: ASYNC109 - the server must see it as the call's deadline
    ) -> Operation:
        """Wait until the operation has ended or is under review, and return it as it is then.

        ``on_progress`` hears the events stored from ``from_sequence`` on (0: none of them), then the new
        ones, and no step twice, also across a broken connection. Raises `StoppedListeningError` after
        ``timeout`` seconds; the operation goes on. A failed operation raises nothing: see its ``error``.
        """
        latest: bot_pb2.Progress | None = None

        def request() -> operations_pb2.WatchOperationRequest:
            begin = latest.sequence + 1 if latest else from_sequence
            return operations_pb2.WatchOperationRequest(name=_name(operation), from_sequence=begin)

        events = self._calls.stream(
            _RPCS["WatchOperation"],
            request,
            timeout=timeout,
            is_last=lambda event: event.HasField("operation"),
        )
        ended: Operation | None = None
        async with aclosing(events):
            async for event in events:
                if event.HasField("operation"):
                    ended = event.operation
                elif event.HasField("progress") and (told := news(event.progress, latest)):
                    latest = told
                    await tell(on_progress, told)
        if ended is None:
            raise BrokenContractError("the stream ended well but without the operation")
        return ended

    async def cancel(self, operation: Named) -> Operation:
        """Stop an operation that has written nothing yet; a second cancel changes nothing.

        Returns it as it is then: CANCELLED, or still RUNNING for a moment with the cancel noted.

        Raises:
            TooLateError: it has written, or it has ended; it was not touched.
        """
        request = operations_pb2.CancelOperationRequest(name=_name(operation))
        return _shown(await self._calls.answer(_RPCS["CancelOperation"], request, LOOK))

    async def resolve(self, operation: Named, decision: Decision, *, note: str) -> Operation:
        """Settle an operation under review, and return it as it is then.

        ``note`` says why, for whoever asks later; it is kept for ever.

        Raises:
            NotUnderReviewError: there is nothing to decide (any more). After a lost connection the
                decision may have been this very one: look at the operation.
        """
        request = operations_pb2.ResolveOperationRequest(name=_name(operation), note=note)
        getattr(request, _DECISIONS[type(decision)]).CopyFrom(decision)
        getattr(request, _DECISIONS[type(decision)]).SetInParent()
        return _shown(await self._calls.answer(_RPCS["ResolveOperation"], request, LOOK))

    async def artifact(self, operation: Named, name: str) -> bytes:
        """A file that a failed attempt left (`Artifact.name`); it shows customers' data.

        Each server hands out what lies in its own data folder.

        Raises:
            OperationNotFoundError: this server does not have it.
        """
        data = bytearray()

        def request() -> operations_pb2.GetArtifactRequest:
            data.clear()  # a stream that broke begins anew
            return operations_pb2.GetArtifactRequest(name=_name(operation), artifact=name)

        parts = self._calls.stream(_RPCS["GetArtifact"], request, timeout=TIMEOUT)
        async with aclosing(parts):
            async for part in parts:
                data += part.data
        return bytes(data)

    async def artifacts(self, operation: Named, folder: Path) -> AsyncIterator[Path]:
        """Save all files of an operation below ``folder``, and tell each path when it is there."""
        shown = await self.get_operation(operation)
        for artifact in shown.artifacts:
            inside = PurePosixPath(artifact.name)
            if inside.is_absolute() or ".." in inside.parts:
                raise BrokenContractError(f"the server names a file outside: {artifact.name}")
            data = await self.artifact(operation, artifact.name)
            path = folder / inside
            await asyncio.to_thread(_write, path, data)
            yield path


def _name(operation: Named) -> OperationName:
    return OperationName(operation_id=operation) if isinstance(operation, str) else operation


def _shown(response: Any) -> Operation:
    if not response.HasField("operation"):
        raise BrokenContractError(f"{type(response).__name__} holds no operation")
    operation: Operation = response.operation
    return operation


def _filters(filters: Filters) -> dict[str, Any]:
    return {
        name: _time(value) if isinstance(value, datetime) else value
        for name, value in filters.items()
    }


def _time(value: datetime) -> Message:
    if value.tzinfo is None:
        raise ValueError("a time needs its time zone: datetime.now(UTC)")
    time = Timestamp()
    time.FromDatetime(value)
    return time


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
