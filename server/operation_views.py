"""Operations as OperationsService shows them: a row of the journal, its newest step and its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from psycopg.sql import SQL

from archibald.v1 import bot_pb2, operations_pb2
from server.artifacts import Artifact
from server.errors import OutcomeAbandonedError, OutcomeUnknownError, restored_error
from server.progress import ProgressEvent
from server.statuses import italian

# States that nothing but a caller or a person moves on: who watches hears no more.
AT_REST = frozenset({"SUCCEEDED", "FAILED", "CANCELLED", "NEEDS_REVIEW", "ABANDONED"})

SELECT_VIEW = SQL("""
    SELECT operation.id, user_id, operation_type, operation_key, state, target, revision, generation,
           erp_id, draft_id, accepted_at, first_write_at, finished_at, error, response,
           duplicate_suspected, step
      FROM agents.operations AS operation
      LEFT JOIN LATERAL (
               SELECT to_jsonb(event) AS step
                 FROM agents.operation_events AS event
                WHERE event.operation_id = operation.id
                ORDER BY sequence DESC
                LIMIT 1) AS newest ON TRUE
""")


@dataclass(frozen=True)
class View:
    """What is shown of an operation; ``step`` is its newest stored step, as JSON."""

    id: UUID
    user_id: str
    operation_type: str
    operation_key: str
    state: str
    target: str
    revision: int
    generation: int
    erp_id: str | None
    draft_id: str | None
    accepted_at: datetime
    first_write_at: datetime | None
    finished_at: datetime | None
    error: dict[str, Any] | None
    response: bytes | None
    duplicate_suspected: bool
    step: dict[str, Any] | None


def operation_message(view: View, files: Sequence[Artifact]) -> operations_pb2.Operation:
    """The operation as it is now."""
    message = operations_pb2.Operation(
        operation_id=str(view.id),
        user_id=view.user_id,
        operation_type=view.operation_type,
        operation_key=view.operation_key,
        state=f"OPERATION_STATE_{view.state}",
        target=view.target,
        revision=view.revision,
        attempts=view.generation,
        erp_id=view.erp_id or "",
        draft_id=view.draft_id or "",
        accepted_at=_timestamp(view.accepted_at),
        first_write_at=_timestamp(view.first_write_at),
        finished_at=_timestamp(view.finished_at),
        progress=_newest(view.step),
        error=_error(view),
        artifacts=[
            operations_pb2.Artifact(name=file.name, size=file.size, media_type=file.media_type)
            for file in files
        ],
        duplicate_suspected=view.duplicate_suspected,
    )
    # The field of `Operation.result` is named after the type; an operation that is newer has none.
    name = view.operation_type.replace("-", "_")
    if view.response is not None and name in message.DESCRIPTOR.fields_by_name:
        result = getattr(message, name)
        result.SetInParent()
        result.MergeFromString(view.response)
    return message


def progress_message(event: ProgressEvent) -> bot_pb2.Progress:
    """An event as callers hear it."""
    return bot_pb2.Progress(
        sequence=event.sequence,
        step=event.step,
        percent=event.percent,
        label_it=event.label_it,
        label_en=event.label_en,
        current=event.current,
        total=event.total,
        at=_timestamp(event.at),
    )


def under_review_it(operation_type: str) -> str:
    """What an agent is told of an operation that a person has to look at."""
    what = _NAMES_IT.get(operation_type, "dell'operazione")
    return (
        f"Non è ancora certo l'esito {what} su Archibald: un operatore lo sta verificando. "
        "Non ripetere l'operazione."
    )


_NAMES_IT: Mapping[str, str] = {
    "submit-order": "dell'inserimento dell'ordine",
    "send-to-verona": "dell'invio dell'ordine a Verona",
    "create-customer": "della creazione del cliente",
    "delete-order": "dell'eliminazione dell'ordine",
}


def _error(view: View) -> operations_pb2.OperationError | None:
    """The error as its callers hear it; of one under review also what lies behind it."""
    if view.state not in {"FAILED", "NEEDS_REVIEW", "ABANDONED"}:
        return None
    stored = view.error or {"reason": "", "message": "no reason was stored"}
    metadata = {name: str(value) for name, value in stored.get("metadata", {}).items()}
    reason, message_it = str(stored["reason"]), italian(restored_error(stored))
    if view.state == "NEEDS_REVIEW":
        if reason and reason != OutcomeUnknownError.reason:
            metadata["cause"] = reason
        reason, message_it = OutcomeUnknownError.reason, under_review_it(view.operation_type)
    elif view.state == "ABANDONED":
        reason, message_it = OutcomeAbandonedError.reason, italian(OutcomeAbandonedError(""))
    return operations_pb2.OperationError(
        reason=reason, message=str(stored["message"]), message_it=message_it, metadata=metadata
    )


def _newest(step: Mapping[str, Any] | None) -> bot_pb2.Progress | None:
    if step is None:
        return None
    facts = {name: value for name, value in step.items() if name != "operation_id"}
    return progress_message(
        ProgressEvent(
            **facts | {"at": datetime.fromisoformat(facts["at"])}
        )  # the row's own columns
    )


def _timestamp(time: datetime | None) -> Timestamp | None:
    if time is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp
