"""The command line's options for the connection, before the command: how to reach the server, and as whom."""

from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

import typer

from archibald_client.connection import Connection, check

_CHOSEN: ContextVar[Connection] = ContextVar("connection")


def connecting(
    *,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="ARCHIBALD_TOKEN",
            help="Who calls. Better in the variable: others on the machine can read a command.",
        ),
    ] = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Connect by TLS, and trust whom the system trusts.")
    ] = False,
    ca: Annotated[
        Path | None,
        typer.Option(
            "--ca",
            envvar="ARCHIBALD_CA",
            metavar="FILE",
            help="Connect by TLS, and trust this authority (PEM).",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--certificate",
            envvar="ARCHIBALD_CERTIFICATE",
            metavar="FILE",
            help="The client's own certificate (PEM), where the server asks for one.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            envvar="ARCHIBALD_KEY",
            metavar="FILE",
            help="The key of --certificate (PEM).",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Keep how to connect for the command that follows."""
    _CHOSEN.set(Connection(token=token, tls=tls, ca=ca, certificate=certificate, key=key))


def chosen(server: str) -> Connection:
    """How the running command is to connect to this server.

    Raises:
        typer.BadParameter: what was chosen does not fit together.
    """
    connection = _CHOSEN.get()
    try:
        check(server, connection)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return connection
