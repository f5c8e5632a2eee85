"""What this process counts for Prometheus. No agent and no id is ever a label: every set of labels is bounded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram

from server.errors import BotError, ErpLoginRejectedError, UiDriftError

# Seconds. A step takes 0.1 to 30, a line commit up to 300 (design §1), a place in the line up to 600.
_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)

Refusal = Literal[
    "unknown", "no ticket", "mismatch", "another origin", "a broken page", "a fault of ours", "fenced",
]  # fmt: skip

REGISTRY = CollectorRegistry()

_CALLS = Counter(
    "archibald_calls", "Calls that were answered, by reason of the contract", ["rpc", "reason"],
    registry=REGISTRY,
)  # fmt: skip
_ACCEPTED = Counter(
    "archibald_operations_accepted",
    "Operations that callers asked for: new, attached to one in flight, or replayed",
    ["type", "how"],
    registry=REGISTRY,
)
_ENDED = Counter(
    "archibald_operations_ended",
    "Operations that came to an end here, or to a person's review",
    ["type", "state", "reason"],
    registry=REGISTRY,
)
_ATTEMPTS = Counter(
    "archibald_attempts_failed",
    "Attempts that did not succeed, by the arrow of docs/states.md that they took",
    ["type", "arrow", "reason"],
    registry=REGISTRY,
)
_STEPS = Histogram(
    "archibald_step_seconds", "How long a step took", ["type", "step"],
    buckets=_BUCKETS, registry=REGISTRY,
)  # fmt: skip
_GATE = Counter(
    "archibald_gate_requests",
    "Requests of browsers by what the gate made of them: pass, login, write, or refused and why",
    ["verdict", "kind"],
    registry=REGISTRY,
)
_ANSWERS = Histogram(
    "archibald_erp_write_seconds", "How long the ERP took to answer a write, or not to", ["kind"],
    buckets=_BUCKETS, registry=REGISTRY,
)  # fmt: skip
_LOST = Counter(
    "archibald_erp_answers_lost",
    "Writes whose answer nobody heard: each is read back",
    registry=REGISTRY,
)
_PROBES = Counter(
    "archibald_probes", "Read-backs of the ERP, by what they found", ["type", "verdict"],
    registry=REGISTRY,
)  # fmt: skip
_LOGINS = Counter(
    "archibald_erp_logins", "Sign-ins to the ERP, also in a session that it still knows", ["reason"],
    registry=REGISTRY,
)  # fmt: skip
_CIRCUIT = Counter(
    "archibald_erp_circuit_opened", "Times that the ERP was taken to be away", registry=REGISTRY
)
_DUPLICATES = Counter(
    "archibald_duplicates_suspected", "Second ERP ids for a key that had one", registry=REGISTRY
)

# Told from the beginning: of a number that appears with its first event, no increase can be seen.
for _why in get_args(Refusal):
    _GATE.labels("refused", _why)
_LOGINS.labels(ErpLoginRejectedError.reason)

# Where an arrow ends an operation, and why, if that is not what ended the attempt.
_ENDS = {
    "fail": ("FAILED", ""),
    "expire": ("FAILED", "EXPIRED"),
    "refused": ("FAILED", "ERP_REJECTED"),
    "kept_nothing": ("FAILED", "UI_DRIFT"),
    "cancel": ("CANCELLED", "CANCELLED"),
    "review": ("NEEDS_REVIEW", ""),
}


def known(operation_type: str, rpc: str) -> None:
    """There is such an operation, and such a call: what must not happen to them is told as zero."""
    _CALLS.labels(rpc, BotError.reason)
    for arrow in ("retry", "fail", "wait", "lose"):
        _ATTEMPTS.labels(operation_type, arrow, UiDriftError.reason)


def answered(rpc: str, reason: str) -> None:
    """A call was answered; OK, or the reason of the error."""
    _CALLS.labels(rpc, reason).inc()


def accepted(operation_type: str, *, replayed: bool, attached: bool) -> None:
    """A caller asked for an operation, and it is recorded."""
    how = "replayed" if replayed else "attached" if attached else "new"
    _ACCEPTED.labels(operation_type, how).inc()


def attempt_failed(operation_type: str, arrow: str, reason: str) -> None:
    """An attempt was settled; some arrows are the operation's end."""
    _ATTEMPTS.labels(operation_type, arrow, reason).inc()
    if arrow in _ENDS:
        state, why = _ENDS[arrow]
        _ENDED.labels(operation_type, state, why or reason).inc()


def succeeded(operation_type: str) -> None:
    """The ERP has done it, and so have our own tables."""
    _ENDED.labels(operation_type, "SUCCEEDED", "OK").inc()


def step_took(operation_type: str, step: str, seconds: float) -> None:
    """Another step followed, or the end."""
    _STEPS.labels(operation_type, step).observe(seconds)


def passed(kind: str = "") -> None:
    """The gate let a request through that changes nothing."""
    _GATE.labels("pass", kind).inc()


def refused(why: Refusal) -> None:
    """The gate stopped a request."""
    _GATE.labels("refused", why).inc()


def written(kind: str, seconds: float, *, lost: bool) -> None:
    """The gate let a write out, and its answer came, or was lost."""
    _GATE.labels("write", kind).inc()
    _ANSWERS.labels(kind).observe(seconds)
    if lost:
        _LOST.inc()


def probed(operation_type: str, verdict: str) -> None:
    """The ERP was read back."""
    _PROBES.labels(operation_type, verdict).inc()


@contextmanager
def login() -> Iterator[None]:
    """Count a sign-in by how it ends."""
    try:
        yield
    except BotError as error:
        _LOGINS.labels(error.reason).inc()
        raise
    except Exception:
        _LOGINS.labels(BotError.reason).inc()
        raise
    _LOGINS.labels("OK").inc()


def circuit_opened() -> None:
    """From now on one operation at a time tries."""
    _CIRCUIT.inc()


def duplicate_suspected() -> None:
    """A key was confirmed with another ERP id than its first."""
    _DUPLICATES.inc()
