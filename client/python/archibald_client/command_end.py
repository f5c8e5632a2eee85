"""Ends a command: runs its work, prints what comes of it, and exits as an error's status says."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import typer
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message

from archibald_client.errors import ArchibaldError
from archibald_client.failure_report import exit_code, report

INTERRUPTED = 130  # as shells count it: 128 + SIGINT

Result = TypeVar("Result")


def finished(
    work: Coroutine[Any, Any, Result],
    *,
    machine: bool,
    interrupted: Callable[[], str] = lambda: "",
) -> Result:
    """What the work gives; an error of the service or Ctrl-C ends the command.

    ``interrupted`` says to a person who pressed Ctrl-C what goes on without them.
    """
    try:
        return asyncio.run(work)
    except ArchibaldError as error:
        fail(error, machine=machine)
    except KeyboardInterrupt:
        sys.stderr.write(interrupted())
        raise typer.Exit(INTERRUPTED) from None


def fail(error: ArchibaldError, *, machine: bool) -> NoReturn:
    """Report the error and exit with its status's code."""
    report(error, machine=machine)
    raise typer.Exit(exit_code(error)) from None


def print_json(message: Message, *, machine: bool) -> None:
    """Write a message to standard output, on one line for programs.

    As bytes, for JSON is UTF-8 whatever the terminal's locale can show.
    """
    text = MessageToJson(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
        ensure_ascii=False,
        indent=None if machine else 2,
    )
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
