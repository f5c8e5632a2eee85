"""Which operations a caller asks to see: names, filters and pages, checked, and read from the journal.

Everything here comes from outside; what is wrong with it is told by field, all at once.
"""

import base64
import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import operations_pb2
from server.call import current
from server.errors import InvalidRequestError, OperationNotFoundError, Violation
from server.operation_views import SELECT_VIEW, View
from server.operations.request_fields import Rule, at_most, text

Pool = AsyncConnectionPool[AsyncConnection[Any]]

_DEFAULT_PAGE, _LARGEST_PAGE = 50, 200
_REPEATED = ("user_ids", "operation_types", "states")
_MOST_FILTERS = 200  # values of one filter
_OPERATION_ID = Rule(
    "must be an id as Accepted.operation_id gives it",
    "deve essere un ID come lo dà Accepted.operation_id",
)
_NOT_BOTH = Rule("must be empty beside operation_id", "deve restare vuoto accanto a operation_id")
_NO_NAME = Rule(
    "needs operation_id, or user_id, operation_type and operation_key",
    "richiede operation_id, oppure user_id, operation_type e operation_key",
)
_TIME = Rule(
    "must be a time between the years 1 and 9999", "deve essere un orario tra gli anni 1 e 9999"
)
_PAGE_SIZE = Rule(f"must be 0 to {_LARGEST_PAGE}", f"deve essere da 0 a {_LARGEST_PAGE}")
_PAGE_TOKEN = Rule(
    "must be the next_page_token of a page with the same filters, unchanged",
    "deve essere il next_page_token di una pagina con gli stessi filtri, senza modifiche",
)
_STATE = Rule("must be a state of OperationState", "deve essere uno stato di OperationState")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = struct.Struct(">q16s")  # accepted_at in microseconds, id


def check(violations: Iterable[Violation]) -> None:
    """Refuse the request if anything is wrong with it.

    Raises:
        InvalidRequestError: naming every field.
    """
    found = list(violations)
    if found:
        raise InvalidRequestError(found)


def name_violations(
    name: operations_pb2.OperationName, operation_types: Iterable[str]
) -> Iterator[Violation]:
    """What is wrong with an operation's name: it has an id, or agent, type and key."""
    parts = {"user_id": 64, "operation_type": 64, "operation_key": 200}
    if name.operation_id:
        if _uuid(name.operation_id) is None:
            yield Violation("name.operation_id", *_OPERATION_ID)
        for part in parts:
            if getattr(name, part):
                yield Violation(f"name.{part}", *_NOT_BOTH)
        return
    if not any(getattr(name, part) for part in parts):
        yield Violation("name", *_NO_NAME)
        return
    for part, longest in parts.items():
        yield from text(f"name.{part}", getattr(name, part), longest=longest, required=True)
    if name.operation_type:
        yield from _type("name.operation_type", name.operation_type, operation_types)


async def find(pool: Pool, name: operations_pb2.OperationName) -> View:
    """The operation of this checked name, if it belongs to an agent of the caller's.

    One statement for all, so that an operation of another agent takes its caller as long as none at all.

    Raises:
        OperationNotFoundError: there is none, or it is not the caller's to know.
    """
    call = current()
    asked = f"{name.operation_type}/{name.operation_key}"
    call.about(name.user_id, name.operation_id or asked)
    if name.operation_id:
        where, values = SQL("WHERE operation.id = %(id)s"), {"id": _uuid(name.operation_id)}
    else:
        where = SQL(
            "WHERE user_id = %(user_id)s AND operation_type = %(operation_type)s "
            "AND operation_key = %(operation_key)s"
        )
        values = {
            part: getattr(name, part) for part in ("user_id", "operation_type", "operation_key")
        }
    async with pool.connection() as conn, conn.cursor(row_factory=class_row(View)) as cursor:
        await cursor.execute(SELECT_VIEW + where + _OF_CALLER, values | _callers_agents())
        view = await cursor.fetchone()
    if view is None:
        raise OperationNotFoundError("there is no such operation; check id, or agent, type and key")
    call.about(view.user_id, str(view.id))
    return view


_OF_CALLER = SQL(" AND (%(all_agents)s OR user_id = ANY(%(agents)s))")


def _callers_agents() -> dict[str, Any]:
    agents = current().caller.agents
    return {"all_agents": agents is None, "agents": list(agents or ())}


@dataclass(frozen=True)
class Page:
    """What one page of the list shows."""

    views: Sequence[View]
    next_page_token: str


def list_violations(
    request: operations_pb2.ListOperationsRequest, operation_types: Iterable[str]
) -> Iterator[Violation]:
    """What is wrong with a request for a list."""
    long = [field for field in _REPEATED if len(getattr(request, field)) > _MOST_FILTERS]
    if long:
        for field in long:
            yield from at_most(field, getattr(request, field), _MOST_FILTERS)
        return
    yield from _filter_violations(request, list(operation_types))
    for field in ("accepted_from", "accepted_before"):
        if request.HasField(field) and _time(getattr(request, field)) is None:
            yield Violation(field, *_TIME)
    if not 0 <= request.page_size <= _LARGEST_PAGE:
        yield Violation("page_size", *_PAGE_SIZE)
    if request.page_token and _place(request) is None:
        yield Violation("page_token", *_PAGE_TOKEN)


def _filter_violations(
    request: operations_pb2.ListOperationsRequest, types: Sequence[str]
) -> Iterator[Violation]:
    for index, user_id in enumerate(request.user_ids):
        yield from text(f"user_ids[{index}]", user_id, longest=64, required=True)
    for index, operation_type in enumerate(request.operation_types):
        yield from _type(f"operation_types[{index}]", operation_type, types)
    known = operations_pb2.OperationState.values()
    for index, state in enumerate(request.states):
        if state == operations_pb2.OPERATION_STATE_UNSPECIFIED or state not in known:
            yield Violation(f"states[{index}]", *_STATE)


async def page(pool: Pool, request: operations_pb2.ListOperationsRequest) -> Page:
    """The operations of a checked request that belong to agents of the caller's, newest first.

    A page begins behind the last operation of the one before, so that nothing is shown twice or left
    out when operations are accepted between two pages.
    """
    size = request.page_size or _DEFAULT_PAGE
    current().about(*request.user_ids[:1] if len(request.user_ids) == 1 else ())
    at, last = _place(request) or (None, None)
    conditions = [
        (request.user_ids, _among("user_id", request.user_ids)),
        (request.operation_types, _among("operation_type", request.operation_types)),
        (request.states, "state = ANY(%(states)s)"),
        (request.HasField("accepted_from"), "accepted_at >= %(accepted_from)s"),
        (request.HasField("accepted_before"), "accepted_at < %(accepted_before)s"),
        (at, "accepted_at <= %(at)s AND (accepted_at < %(at)s OR operation.id > %(last)s)"),
    ]
    where = [SQL(sql) for given, sql in conditions if given] or [SQL("TRUE")]
    values = {
        "user_id": list(request.user_ids),
        "operation_type": list(request.operation_types),
        "states": [_state(state) for state in request.states],
        "accepted_from": _time(request.accepted_from),
        "accepted_before": _time(request.accepted_before),
        "at": at,
        "last": last,
        "limit": size + 1,  # one more tells whether there is another page
    }
    query = (
        SELECT_VIEW
        + SQL("WHERE ")
        + SQL(" AND ").join(where)
        + _OF_CALLER
        + SQL(" ORDER BY accepted_at DESC, operation.id LIMIT %(limit)s")
    )
    async with pool.connection() as conn, conn.cursor(row_factory=class_row(View)) as cursor:
        await cursor.execute(query, values | _callers_agents())
        views = await cursor.fetchall()
    token = _token(request, views[size - 1]) if len(views) > size else ""
    return Page(views[:size], token)


def _among(column: LiteralString, values: Sequence[str]) -> LiteralString:
    """One value is an equality: only then does an index give the rows in their order."""
    if len(values) == 1:
        return column + " = (%(" + column + ")s::text[])[1]"
    return column + " = ANY(%(" + column + ")s)"


# A token is the place behind which the next page begins, with a digest of it and of the filters.


def _token(request: operations_pb2.ListOperationsRequest, last: View) -> str:
    microseconds = (last.accepted_at - _EPOCH) // timedelta(microseconds=1)
    place = _PLACE.pack(microseconds, last.id.bytes)
    return base64.urlsafe_b64encode(place + _digest(request, place)).decode()


def _place(
    request: operations_pb2.ListOperationsRequest,
) -> tuple[datetime, UUID] | None:
    try:
        token = base64.b64decode(request.page_token, altchars=b"-_", validate=True)
        place, digest = token[: _PLACE.size], token[_PLACE.size :]
        microseconds, identity = _PLACE.unpack(place)
        at = _EPOCH + timedelta(microseconds=microseconds)
    except (ValueError, OverflowError, struct.error):
        return None
    return (at, UUID(bytes=identity)) if digest == _digest(request, place) else None


def _digest(request: operations_pb2.ListOperationsRequest, place: bytes) -> bytes:
    filters = operations_pb2.ListOperationsRequest()
    filters.CopyFrom(request)
    filters.ClearField("page_size")
    filters.ClearField("page_token")
    return hashlib.sha256(place + filters.SerializeToString(deterministic=True)).digest()[:8]


def _uuid(value: str) -> UUID | None:
    try:
        identity = UUID(value)
    except ValueError:
        return None
    return identity if str(identity) == value.lower() else None


def _type(path: str, value: str, operation_types: Iterable[str]) -> Iterator[Violation]:
    known = sorted(operation_types)
    if value not in known:
        names = ", ".join(known)
        yield Violation(path, f"must be one of {names}", f"deve essere uno di {names}")


def _state(number: int) -> str:
    return operations_pb2.OperationState.Name(number).removeprefix("OPERATION_STATE_")


def _time(stamp: Timestamp) -> datetime | None:
    try:
        return stamp.ToDatetime(UTC)
    except (ValueError, OverflowError):
        return None
