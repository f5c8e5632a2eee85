"""Tells a person or a program why a command failed: a text or JSON on standard error, an exit code."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType

from archibald.v1.operations_pb2 import (
    OPERATION_STATE_CANCELLED,
    OPERATION_STATE_SUCCEEDED,
    Operation,
)
from archibald_client.errors import ArchibaldError, CancelledError
from archibald_client.kinds import BY_REASON

OTHER = 1

EXIT_CODES: Mapping[str, int] = MappingProxyType(
    {
        "INVALID_ARGUMENT": 2,
        "FAILED_PRECONDITION": 3,
        "ABORTED": 4,
        "UNAVAILABLE": 5,
        "UNIMPLEMENTED": 6,
        "DEADLINE_EXCEEDED": 7,
        "RESOURCE_EXHAUSTED": 8,
        "NOT_FOUND": 9,
        "UNAUTHENTICATED": 10,
        "PERMISSION_DENIED": 10,
    }
)

EXIT_CODES_HELP = """\b
Exit codes:
  0    done; the result is on stdout
  1    INTERNAL or any other status: a fault of ours, call again with the same key and report it
  2    INVALID_ARGUMENT, a bad file or a wrong option: nothing was done
  3    FAILED_PRECONDITION: see the reason on stderr, it says what to do
  4    ABORTED: the agent's turn is taken, call again later
  5    UNAVAILABLE: call again later with the same key
  6    UNIMPLEMENTED: this server cannot do that, nothing was done
  7    DEADLINE_EXCEEDED: --timeout passed; the operation goes on
  8    RESOURCE_EXHAUSTED: no browser is free, call again later
  9    NOT_FOUND: there is no such operation
  10   UNAUTHENTICATED or PERMISSION_DENIED: see the reason on stderr, nothing was done
  130  Ctrl-C: the operation goes on
"""


def exit_code(error: ArchibaldError) -> int:
    """The exit code for an error's status."""
    return EXIT_CODES.get(error.status, OTHER)


def ended_code(operation: Operation) -> int:
    """The exit code for what an operation has come to: that of the error which its caller hears."""
    if operation.state == OPERATION_STATE_SUCCEEDED:
        return 0
    if operation.state == OPERATION_STATE_CANCELLED:
        return EXIT_CODES[CancelledError.default_status]
    kind = BY_REASON.get(operation.error.reason, ArchibaldError)
    return EXIT_CODES.get(kind.default_status, OTHER)


def report(error: ArchibaldError, *, machine: bool) -> None:
    """Write the error to standard error: reason, message, fields at fault, what to do next."""
    sys.stderr.write(_as_json(error) if machine else _as_text(error))


def _as_json(error: ArchibaldError) -> str:
    facts = {
        "reason": error.reason,
        "status": error.status,
        "message": error.message,
        "message_it": error.message_it,
        "metadata": dict(error.metadata),
        "violations": [asdict(violation) for violation in error.violations],
        "retry_after": error.retry_after,
        "next_step": error.next_step,
    }
    return json.dumps(facts, ensure_ascii=False) + "\n"


def _as_text(error: ArchibaldError) -> str:
    lines = [f"{error.reason}: {error.message}"]
    lines += [f"  {error.message_it}"] if error.message_it else []
    for violation in error.violations:
        lines.append(f"  {violation.field}: {violation.description}")
        lines += [f"    {violation.description_it}"] if violation.description_it else []
    lines += [f"  {name} = {value}" for name, value in sorted(error.metadata.items())]
    if error.retry_after is not None:
        lines.append(f"  retry after {error.retry_after:g} s")
    lines.append(f"What to do: {error.next_step}")
    return "\n".join(lines) + "\n"
