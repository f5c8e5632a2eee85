"""The words that the layers share: an operation's shape, a claim on it, and a write at the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from google.protobuf.message import Message
from psycopg import AsyncConnection

from server.errors import Violation
from server.progress import Step
from server.verdicts import Traces, Verdict


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


class Access(Enum):
    """Which ERP session an attempt works in."""

    FRESH = "fresh"
    """A login of its own; its session is kept for whoever comes after us."""

    CONTINUE = "continue"
    """The agent's kept session, signed in once more if the ERP has ended it.

    Its first answer is a barrier behind which whatever was sent in it before is over.
    """

    ASIDE = "aside"
    """A login of its own beside a browser that may still be alive: it reads, and may write nothing."""


class RecordWrite(Protocol):
    """Stores durably that a request may have left; False means fenced, expired or cancelled."""

    async def __call__(self, ticket: Ticket) -> bool:
        """Move the operation to WRITING under the ticket's claim, or say that it may not."""


class RecordAnswer(Protocol):
    """Stores what came back for a ticket, as evidence of its attempt."""

    async def __call__(self, ticket: Ticket, answer: Answer) -> None:
        """Append the answer to the attempt's evidence."""


class ReportProgress(Protocol):
    """Tells everybody who watches where an operation is."""

    def __call__(self, step: str, current: int = 0, total: int = 0) -> None:
        """Report a stable step code, and where it is within a step that counts."""


class Notebook(Protocol):
    """What an attempt learns on the way, guarded by the claim."""

    async def high_water_mark(self, mark: str) -> None:
        """Keep the newest order id seen before the first write, or ``empty``: no later than that write."""

    async def draft(self, erp_id: str) -> None:
        """Keep the id of our draft, digits, the moment it shows anywhere: at once."""

    async def seen(self, **facts: str) -> None:
        """Keep what the ERP showed, as evidence of the attempt: values that only the ERP can know.

        No later than its next write, or its end.
        """


@dataclass(frozen=True)
class Intent:
    """One claimed operation, as it is handed to ``run`` and ``commit``.

    ``request`` is the operation's request message, ``marker`` what its ERP object is recognised by.
    """

    claim: Claim
    request: Any
    marker: str


class Operation(Protocol):
    """The shape of an operation; a module satisfies it.

    Requests and results are the operation's own protobuf messages: ``Any`` here, typed in the module.
    The session is `server.erp.session.ErpSession`, which this layer does not know.
    """

    @property
    def TYPE(self) -> str:  # noqa: N802  # a module's constants satisfy these
        """The operation's type in the journal: ``submit-order``."""

    @property
    def STEPS(self) -> Mapping[str, Step]:  # noqa: N802
        """The steps that ``run`` reports, and what ``commit`` and ``complete`` are called."""

    @property
    def ONCE(self) -> bool:  # noqa: N802
        """Whether a target that is done is done for ever, also under another key.

        Where it is not (a send, a deletion) the ERP's own state decides.
        """

    @property
    def Request(self) -> type[Message]:  # noqa: N802
        """The request message."""

    @property
    def Response(self) -> type[Message]:  # noqa: N802
        """The message of one event of the stream."""

    @property
    def Result(self) -> type[Message]:  # noqa: N802
        """The message that ends the stream."""

    def validate(self, request: Any, /, *, erp_request_validation: bool) -> Sequence[Violation]:
        """Everything wrong with the request, all at once.

        ``erp_request_validation``: the ERP refuses what looks like markup, so the edge must.
        """

    def key(self, request: Any, /) -> str:
        """The operation key: the caller's, or the default."""

    def target(self, request: Any, /) -> str:
        """The business object guarded besides the key."""

    def also_guards(self, request: Any, /) -> str | None:
        """What else is refused to new operations of the agent while this one is under review.

        A word that any operation may name: ``customer 55261``. None where the target says it all.
        """

    def canonical(self, request: Any, /) -> Mapping[str, object]:
        """The values by which two requests are the same."""

    async def begin(self, conn: AsyncConnection[Any], intent: Intent, /) -> None:
        """Mark our own rows as being worked on; nothing is read."""

    def without_erp(self, request: Any, /) -> Any:
        """The result of a request that has nothing to do in the ERP; None when it has."""

    async def run(
        self, session: Any, intent: Intent, notebook: Notebook, report: ReportProgress, /
    ) -> Any:
        """Do it in the ERP and return what the ERP shows afterwards."""

    async def probe(
        self, session: Any, intent: Intent, traces: Traces, notebook: Notebook, /
    ) -> Verdict:
        """Read the ERP back after an interruption: what has come of it. It writes nothing.

        Raises:
            BotError: the ERP is away, or not as we know it; what it finds is in the verdict.
        """

    def erp_id(self, result: Any, /) -> str:
        """The ERP id in a result, canonical digits."""

    def restore(self, result_data: Mapping[str, Any], /) -> Any:
        """The result in a saved row of bot_results.

        None for a row of an earlier system that proves nothing: the ERP is asked instead.
        """

    async def commit(self, conn: AsyncConnection[Any], intent: Intent, result: Any, /) -> list[str]:
        """Write our own tables, idempotently; returns warnings.

        The connection is in a pipeline: a statement does not wait, and ``rowcount`` is not known. What was
        hit is read as rows (RETURNING), after the last statement, so that they travel together.
        """

    async def abandon(self, conn: AsyncConnection[Any], request: Any, message: str, /) -> None:
        """Mark our own rows as failed, in the transaction that ends the operation."""


@runtime_checkable
class Completing(Protocol):
    """An operation whose object can stand in the ERP half done: its probe may answer Partial."""

    async def complete(
        self,
        session: Any,
        intent: Intent,
        erp_id: str,
        notebook: Notebook,
        report: ReportProgress,
        /,
    ) -> Any:
        """Bring our own object to its end by editing it, never by entering it again; as ``run`` else.

        Read afresh first: whatever it holds by then is not entered a second time.
        """


@runtime_checkable
class Undoing(Protocol):
    """An operation that the ERP can refuse when something of it stands already."""

    async def undo(
        self, session: Any, intent: Intent, traces: Traces, notebook: Notebook, /
    ) -> Verdict:
        """Delete our own marked draft, and prove that it is gone: Absent, or what is found instead.

        Raises:
            ErpRejectedError: the ERP does not delete it.
        """
