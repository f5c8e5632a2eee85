"""The commands of `archibald-bot` and their options."""

import os
from typing import Annotated

import typer
from google.protobuf.message import Message

from archibald.v1 import bot_pb2
from archibald_client.client import PATIENCE
from archibald_client.command_run import CommandRun
from archibald_client.failure_report import EXIT_CODES_HELP
from archibald_client.listening import TIMEOUT
from archibald_client.progress_bar import Language, language_of

DEFAULT_SERVER = "127.0.0.1:50051"

app = typer.Typer(
    help="Writes in the Archibald ERP that can be called again with the same key.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # its tracebacks show local variables: customers' data
)

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
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout", min=0.001, help="Seconds to listen; the operation goes on afterwards."
    ),
]
RetryFor = Annotated[
    float,
    typer.Option(
        "--retry-for", min=0, help="Seconds to keep trying while no server does the work."
    ),
]
LabelLanguage = Annotated[
    Language | None,
    typer.Option("--language", help="Language of the bar's labels; default by locale."),
]


_SUBMIT = """Enter an order in the ERP as a draft, and print the result as JSON.

The same order may be sent again at any time: it is entered once; a second call joins the first, or
prints the same result. With "wait": "WAIT_NONE" in the request the command returns as soon as the
order is recorded, and prints that instead.

stdout holds nothing but the JSON of SubmitOrderResult (or Accepted), with the field names of
bot.proto; every field is there, also when it is empty.
"""
_SEND = """Send a draft order to Verona, and print the result as JSON.

The order is sent once, whatever happens; one that has been sent already is a success that says so
("already_sent"). Input and output are as those of submit-order.
"""
_CREATE = """Enter a new customer in the ERP, and print the result as JSON.

The customer is entered once. A VAT number that another customer has already is refused, naming that
customer. Input and output are as those of submit-order.
"""
_DELETE = """Delete a draft order in the ERP, and print the result as JSON.

An order that has gone already is a success that says so ("already_gone"); one that is no draft any
more is refused. Input and output are as those of submit-order.
"""


def _operation(name: str, request: type[Message], help_text: str) -> None:
    """Add the command of one operation: they differ in their requests and in nothing else."""

    @app.command(name, help=help_text, epilog=EXIT_CODES_HELP)
    def command(
        *,
        file: File,
        server: Server = DEFAULT_SERVER,
        json: Json = False,
        timeout: Timeout = TIMEOUT,
        retry_for: RetryFor = PATIENCE,
        language: LabelLanguage = None,
    ) -> None:
        CommandRun(
            file=file,
            server=server,
            timeout=timeout,
            patience=retry_for,
            language=language or language_of(os.environ),
            machine=json,
        ).run(request)


_operation("submit-order", bot_pb2.SubmitOrderRequest, _SUBMIT)
_operation("send-to-verona", bot_pb2.SendToVeronaRequest, _SEND)
_operation("create-customer", bot_pb2.CreateCustomerRequest, _CREATE)
_operation("delete-order", bot_pb2.DeleteOrderRequest, _DELETE)
