"""The words that the layers share: an operation's shape, a claim on it, and a write at the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from google.protobuf.message import Message
from psycopg import AsyncConnection

from server.errors import Violation


@dataclass(frozen=True)
class Claim:
    """The right to work on one operation now; a higher generation takes it away."""

    operation_id: UUID
    generation: int
    instance: str
    user_id: str
    operation_type: str
    operation_key: str


@dataclass(frozen=True)
class Ticket:
    """The right to send ONE irreversible request to the ERP under a claim.

    ``kind`` is a word of requests.toml (``customer``, ``line``, ``save`` …), ``target`` the business
    object that the request must name (a customer's id, a draft's id), both in canonical form.
    """

    claim: Claim
    kind: str
    target: str


@dataclass(frozen=True)
class Answer:
    """What the ERP answered to a gated request: evidence, never proof.

    ``status`` is None when no answer came; ``error`` then names the type of failure only (its text
    may hold cookies). ``ids`` are ERP ids found in the body, canonical digits. ``shape`` describes the
    payload (keys, panel ids, error text of our own redaction), never the whole body.
    """

    status: int | None
    location: str | None = None
    ids: tuple[str, ...] = ()
    error: str | None = None
    shape: Mapping[str, object] = field(default_factory=dict)


class RecordWrite(Protocol):
    """Stores durably that a request may have left; False means fenced, expired or cancelled."""

    async def __call__(self, ticket: Ticket) -> bool: ...


class RecordAnswer(Protocol):
    """Stores what came back for a ticket, as evidence of its attempt."""

    async def __call__(self, ticket: Ticket, answer: Answer) -> None: ...


class ReportProgress(Protocol):
    """Tells everybody who watches where an operation is: a stable step code and its counters."""

    def __call__(self, step: str, current: int = 0, total: int = 0) -> None: ...


@dataclass(frozen=True)
class Intent:
    """One claimed operation, as it is handed to ``run`` and ``commit``."""

    claim: Claim
    request: Message
    marker: str


class Notebook(Protocol):
    """What an attempt learns on the way, stored at once (guarded by the claim)."""

    async def high_water_mark(self, mark: str) -> None:
        """Keep the newest order id seen before the first write, or ``empty``."""

    async def draft(self, erp_id: str) -> None:
        """Keep the id of our draft, digits, the moment it shows anywhere."""
