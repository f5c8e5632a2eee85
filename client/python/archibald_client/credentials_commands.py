"""The commands `archibald-bot credentials …`: store an agent's ERP login, forget it, try it in the ERP."""

import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from google.protobuf.message import Message

from archibald_client.client import PATIENCE, Client
from archibald_client.command_end import fail, finished, print_json
from archibald_client.connection_options import chosen
from archibald_client.errors import InvalidRequestError
from archibald_client.failure_report import EXIT_CODES_HELP
from archibald_client.options import DEFAULT_SERVER, Json, RetryFor, Server

credentials = typer.Typer(
    help="Store, forget and try the agents' ERP logins.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Agent = Annotated[str, typer.Argument(metavar="AGENT", help="The agent, as in A001.")]


@credentials.command(epilog=EXIT_CODES_HELP)
def put(
    agent: Agent,
    username: Annotated[str, typer.Argument(metavar="LOGIN", help="The agent's name in the ERP.")],
    *,
    server: Server = DEFAULT_SERVER,
    json: Json = False,
    retry_for: RetryFor = PATIENCE,
) -> None:
    """Store or replace an agent's login; its password is asked for, or is the first line of standard input.

    Nothing is tried in the ERP: `credentials verify` does that. A login that the ERP has refused may be
    tried again once it is stored anew.
    """
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        fail(InvalidRequestError("no password on standard input"), machine=json)
    _show(server, retry_for, lambda client: client.put_credentials(agent, username, password), json)


@credentials.command(epilog=EXIT_CODES_HELP)
def delete(
    agent: Agent,
    *,
    server: Server = DEFAULT_SERVER,
    json: Json = False,
    retry_for: RetryFor = PATIENCE,
) -> None:
    """Forget an agent's login and its kept ERP session; to forget what is not there is no error."""
    _show(server, retry_for, lambda client: client.delete_credentials(agent), json)


@credentials.command(epilog=EXIT_CODES_HELP)
def verify(
    agent: Agent,
    *,
    server: Server = DEFAULT_SERVER,
    json: Json = False,
    retry_for: RetryFor = PATIENCE,
) -> None:
    """Sign in to the ERP with an agent's stored login, once; exit 3 when the ERP refuses it.

    A refused login is never tried twice, for that could lock the account: store the right one.
    """
    _show(server, retry_for, lambda client: client.verify_credentials(agent), json)


def _show(
    server: str,
    patience: float,
    ask: Callable[[Client], Awaitable[Message]],
    machine: bool,  # noqa: FBT001  # each command's own option
) -> None:
    """Ask the server, and print what it answers."""

    async def work() -> Message:
        async with Client(server, patience=patience, **chosen(server)) as client:
            return await ask(client)

    print_json(finished(work(), machine=machine), machine=machine)
