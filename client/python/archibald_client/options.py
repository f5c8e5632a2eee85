"""Options that several commands share, and the names that shells complete."""

import re
from enum import StrEnum
from typing import Annotated, cast

import typer

from archibald.v1 import bot_pb2, operations_pb2
from archibald_client.progress_bar import Language

DEFAULT_SERVER = "127.0.0.1:50051"


def dashed(rpc: str) -> str:
    """The operation's type for its rpc: SubmitOrder is submit-order."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", rpc).lower()


_METHODS = bot_pb2.DESCRIPTOR.services_by_name["BotService"].methods

OperationType = StrEnum(  # type: ignore[misc]  # mypy wants to read the names; the contract has them
    "OperationType", {method.name: dashed(method.name) for method in _METHODS}
)


class State(StrEnum):
    """The states of operations, as they are typed."""

    QUEUED = "queued"
    RUNNING = "running"
    WRITING = "writing"
    VERIFYING = "verifying"
    UNDOING = "undoing"
    CONFIRMED = "confirmed"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    NEEDS_REVIEW = "needs-review"
    ABANDONED = "abandoned"

    @property
    def number(self) -> operations_pb2.OperationState:
        """The contract's number of it."""
        value = operations_pb2.OperationState.Value(f"OPERATION_STATE_{self.name}")
        return cast("operations_pb2.OperationState", value)


File = Annotated[
    str,
    typer.Option(
        "--file",
        metavar="FILE",
        help="The request as proto3 JSON, with the field names of bot.proto; - reads standard input.",
    ),
]
Server = Annotated[
    str,
    typer.Option(
        "--server", envvar="ARCHIBALD_SERVER", metavar="HOST:PORT", help="Where the server listens."
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json", help="For programs: the result on one line, a failure as JSON on stderr, no bar."
    ),
]
JsonLines = Annotated[
    bool,
    typer.Option(
        "--json",
        help="For programs: one JSON document a line on stdout, a failure as JSON on stderr.",
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        min=0.001,
        metavar="SECONDS",
        help="Seconds to listen; the operation goes on afterwards.",
    ),
]
RetryFor = Annotated[
    float,
    typer.Option(
        "--retry-for",
        min=0,
        metavar="SECONDS",
        help="Seconds to keep trying while no server does the work.",
    ),
]
LabelLanguage = Annotated[
    Language | None,
    typer.Option(
        "--language",
        metavar="LANGUAGE",
        help="Language of the bar's labels: it, en or both. By default Italian in an Italian locale, "
        "else Italian with English beside it.",
    ),
]
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="The operation's id; or name it by --user, --type and --key."
    ),
]
User = Annotated[str, typer.Option("--user", metavar="AGENT", help="The agent, as in A001.")]
Type = Annotated[
    OperationType | None, typer.Option("--type", metavar="TYPE", help="The operation's type.")
]
Key = Annotated[
    str, typer.Option("--key", metavar="KEY", help="The key under which it was recorded.")
]
