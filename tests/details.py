"""What a refusal carries, read back as a caller in Python does, and held against what is promised of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from server.statuses import DOMAIN, ENGLISH, ITALIAN, MOST_DETAILS, TABLE

KINDS = {told.reason: kind for told, kind in TABLE.items()}


@dataclass(frozen=True)
class Told:
    """A refusal as it arrived."""

    status: str
    reason: str
    message: str
    metadata: Mapping[str, str]
    retry_after: float | None
    violations: Mapping[str, str]  # field → what is allowed
    violations_it: Mapping[str, str]
    italian: str
    english: str


def told(failure: Any) -> Told:
    """The refusal of a call, if all of it is as the contract and `server.statuses` say.

    Exactly one ErrorInfo of our domain; BadRequest for what is invalid and for nothing else, and so
    PreconditionFailure for what must be put right first; RetryInfo where a new try makes sense; the
    sentence for the agent in both languages; small enough for every client.
    """
    assert isinstance(failure, grpc.RpcError)
    code = failure.code().name
    status: Any = rpc_status.from_call(failure)
    assert status is not None, f"{code} without details"
    assert status.ByteSize() <= MOST_DETAILS
    [info] = _all(status, error_details_pb2.ErrorInfo)
    assert info.domain == DOMAIN
    kind = KINDS[info.reason]
    assert kind.code == status.code

    bad = _all(status, error_details_pb2.BadRequest)
    assert len(bad) == (code == "INVALID_ARGUMENT")
    fields = [violation for each in bad for violation in each.field_violations]
    assert bool(fields) == bool(bad)
    assert all(each.localized_message.locale == ITALIAN for each in fields)

    conditions = _all(status, error_details_pb2.PreconditionFailure)
    assert len(conditions) == (code == "FAILED_PRECONDITION")
    for each in conditions:
        assert [one.type for one in each.violations] == [info.reason]

    retries = _all(status, error_details_pb2.RetryInfo)
    after = [each.retry_delay.ToTimedelta().total_seconds() for each in retries]
    assert after == ([] if kind.retry_after is None else [kind.retry_after])

    sentences = {
        each.locale: each.message for each in _all(status, error_details_pb2.LocalizedMessage)
    }
    assert set(sentences) == {ITALIAN, ENGLISH}
    assert all(sentences.values())
    return Told(
        status=code,
        reason=info.reason,
        message=status.message,
        metadata=dict(info.metadata),
        retry_after=after[0] if after else None,
        violations={each.field: each.description for each in fields},
        violations_it={each.field: each.localized_message.message for each in fields},
        italian=sentences[ITALIAN],
        english=sentences[ENGLISH],
    )


def _all(status: Any, kind: Any) -> list[Any]:
    return [kind.FromString(each.value) for each in status.details if each.Is(kind.DESCRIPTOR)]
