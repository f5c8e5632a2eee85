"""The commands of `archibald-bot` and their options."""

import os

import typer
from google.protobuf.message import Message

from archibald.v1 import bot_pb2
from archibald_client.client import PATIENCE
from archibald_client.command_run import CommandRun
from archibald_client.connection_options import connecting
from archibald_client.credentials_commands import credentials
from archibald_client.failure_report import EXIT_CODES_HELP
from archibald_client.listening import TIMEOUT
from archibald_client.operations_commands import operations
from archibald_client.options import (
    DEFAULT_SERVER,
    File,
    Json,
    LabelLanguage,
    RetryFor,
    Server,
    Timeout,
)
from archibald_client.progress_bar import language_of

app = typer.Typer(
    help="Writes in the Archibald ERP that can be called again with the same key.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # its tracebacks show local variables: customers' data
)
app.callback()(connecting)

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

app.add_typer(operations, name="operations")
app.add_typer(credentials, name="credentials")
