"""The gRPC edge for looking at operations: each rpc checks its request, reads or decides, and shows.

Reading never touches the ERP, and needs no turn, no browser and no lease.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import grpc
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import operations_pb2
from server import decisions, operation_queries
from server.answering import method_handlers
from server.artifacts import Artifacts, is_artifact_name
from server.call import current
from server.decisions import Resolution
from server.erp.formats import erp_id as digits_of
from server.errors import OperationNotFoundError, Violation
from server.journal import DATABASE_AWAY, database_down
from server.notices import Notices
from server.operation import Operation
from server.operation_events import Events
from server.operation_queries import check, name_violations
from server.operation_views import View, operation_message, progress_message
from server.operation_watch import Watch
from server.operations.request_fields import Rule, erp_id, strangers, text
from server.progress import ProgressEvent
from server.runs import Runs

OPERATIONS_SERVICE = operations_pb2.DESCRIPTOR.services_by_name["OperationsService"]

_CHUNK = 64 * 1024
_LONGEST_NOTE = 1000

_FROM_SEQUENCE = Rule("must be 0 or more", "deve essere 0 o maggiore")
_ARTIFACT = Rule("must be an Artifact.name: 2/page.png", "deve essere un Artifact.name: 2/page.png")
_DECISION = Rule(
    "needs one of look_again, landed, not_done, give_up",
    "richiede una decisione: look_again, landed, not_done o give_up",
)
_LANDED = Rule(
    "must be an id of the ERP, digits: 71723 or 71.723",
    "deve essere un ID di Archibald, solo cifre: 71723 o 71.723",
)


class OperationsService:
    """`archibald.v1.OperationsService`, every rpc of it; the operator's page asks the same methods.

    Whoever calls one serves a call (`server.call`): its caller is who sees, and who decides.
    """

    def __init__(
        self,
        operations: Mapping[str, Operation],
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        *,
        runs: Runs,
        events: Events,
        notices: Notices,
        artifacts: Artifacts,
        start_within: float,
    ) -> None:
        """``operations`` by their types; ``start_within`` as BotService has it."""
        self._operations = operations
        self._pool = pool
        self._runs = runs
        self._watch = Watch(pool, runs, events, notices)
        self._artifacts = artifacts
        self._start_within = start_within

    def handlers(self) -> grpc.GenericRpcHandler:
        """What `grpc.aio.Server` serves."""
        return method_handlers(
            OPERATIONS_SERVICE,
            {
                "GetOperation": self.get,
                "ListOperations": self.list,
                "WatchOperation": self.watched,
                "CancelOperation": self.cancel,
                "ResolveOperation": self.resolve,
                "GetArtifact": self.artifact,
            },
        )

    async def get(
        self, request: operations_pb2.GetOperationRequest, _: str
    ) -> operations_pb2.GetOperationResponse:
        """One operation as it is now, if its caller may see it."""
        with _database():
            told = self._runs.told()
            view = await self._find(request)
            return operations_pb2.GetOperationResponse(operation=await self._shown(view, told))

    async def list(
        self, request: operations_pb2.ListOperationsRequest, _: str
    ) -> operations_pb2.ListOperationsResponse:
        """Operations of the caller's agents, in pages."""
        check(
            [
                *strangers(request),
                *operation_queries.list_violations(request, self._operations),
            ]
        )
        told = self._runs.told()
        with _database():
            page = await operation_queries.page(self._pool, request)
        return operations_pb2.ListOperationsResponse(
            operations=[await self._shown(view, told) for view in page.views],
            next_page_token=page.next_page_token,
        )

    async def watched(
        self, request: operations_pb2.WatchOperationRequest, _: str
    ) -> AsyncGenerator[operations_pb2.WatchOperationResponse, None]:
        """The events of one operation until its end."""
        negative = [Violation("from_sequence", *_FROM_SEQUENCE)]
        with _database():
            view = await self._find(request, *(negative if request.from_sequence < 0 else []))
            async for event in self._watch.events(view.id, request.from_sequence):
                yield operations_pb2.WatchOperationResponse(progress=progress_message(event))
            told = self._runs.told()
            view = await operation_queries.find(self._pool, request.name)
            yield operations_pb2.WatchOperationResponse(operation=await self._shown(view, told))

    async def cancel(
        self, request: operations_pb2.CancelOperationRequest, _: str
    ) -> operations_pb2.CancelOperationResponse:
        """Stop an operation that has written nothing."""
        with _database():
            view = await self._find(request)
            await decisions.cancel(self._pool, self._operations, view.id)
            told = self._runs.told()
            view = await operation_queries.find(self._pool, request.name)
            return operations_pb2.CancelOperationResponse(operation=await self._shown(view, told))

    async def resolve(
        self, request: operations_pb2.ResolveOperationRequest, _: str
    ) -> operations_pb2.ResolveOperationResponse:
        """Settle an operation under review in its caller's name."""
        with _database():
            view = await self._find(request, *_resolve_violations(request))
            resolution = _resolution(request)
            check(_other_order(view, resolution))
            await decisions.resolve(
                self._pool,
                self._operations,
                view.id,
                resolution,
                start_within=self._start_within,
            )
            told = self._runs.told()
            view = await operation_queries.find(self._pool, request.name)
            return operations_pb2.ResolveOperationResponse(operation=await self._shown(view, told))

    async def artifact(
        self, request: operations_pb2.GetArtifactRequest, _: str
    ) -> AsyncGenerator[operations_pb2.GetArtifactResponse, None]:
        """A file that a failed attempt left, in pieces."""
        odd = [Violation("artifact", *_ARTIFACT)]
        with _database():
            view = await self._find(request, *([] if is_artifact_name(request.artifact) else odd))
        path = await self._artifacts.find(view.id, request.artifact)
        try:
            file = await asyncio.to_thread(path.open, "rb") if path else None
        except FileNotFoundError:  # pruned meanwhile
            file = None
        if file is None:
            raise OperationNotFoundError(
                "there is no such file; those that are kept on this server stand in Operation.artifacts"
            )
        with file:
            while data := await asyncio.to_thread(file.read, _CHUNK):
                yield operations_pb2.GetArtifactResponse(data=data)

    async def _find(self, request: Any, *others: Violation) -> View:
        """The operation that the request names, unless anything is wrong with it."""
        named = name_violations(request.name, self._operations)
        check([*strangers(request), *named, *others])
        return await operation_queries.find(self._pool, request.name)

    async def _shown(
        self, view: View, told: Mapping[UUID, ProgressEvent]
    ) -> operations_pb2.Operation:
        """The operation with the newest step that was stored for ``view`` or ``told``.

        Steps are stored a moment later than they are told, so what was told is asked for before the view
        is read: the other way round, one that is stored in between would be in neither.
        """
        message = operation_message(view, await self._artifacts.listed(view.id))
        latest = told.get(view.id)
        if latest and latest.sequence > message.progress.sequence:
            message.progress.CopyFrom(progress_message(latest))
        return message


@contextmanager
def _database() -> Iterator[None]:
    try:
        yield
    except DATABASE_AWAY as error:
        raise database_down(error) from error


def _resolve_violations(request: operations_pb2.ResolveOperationRequest) -> Iterator[Violation]:
    yield from text("note", request.note, longest=_LONGEST_NOTE, required=True, line_breaks=True)
    decision = request.WhichOneof("decision")
    if decision is None:
        yield Violation("decision", *_DECISION)
    if decision == "landed" and (
        not request.landed.erp_id or [*erp_id("landed.erp_id", request.landed.erp_id)]
    ):
        yield Violation("landed.erp_id", *_LANDED)


def _resolution(request: operations_pb2.ResolveOperationRequest) -> Resolution:
    """The checked request as its caller's decision."""
    return Resolution(
        decision=request.WhichOneof("decision") or "look_again",
        note=request.note.strip(),
        by=current().caller.name,
        erp_id=_digits(request.landed.erp_id) if request.HasField("landed") else None,
    )


def _other_order(view: View, resolution: Resolution) -> Iterator[Violation]:
    """Only what creates something gets an id of its own; the others are about the order they name."""
    named = (
        _digits(view.target) if view.operation_type in {"send-to-verona", "delete-order"} else None
    )
    if resolution.erp_id and named and resolution.erp_id != named:
        yield Violation(
            "landed.erp_id",
            f"must be the order that the operation is about, {named}",
            f"deve essere l'ordine dell'operazione, {named}",
        )


def _digits(value: str) -> str | None:
    try:
        return digits_of(value)
    except ValueError:
        return None
