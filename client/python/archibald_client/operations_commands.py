"""The commands `archibald-bot operations …`: look at operations, wait for them, stop them, settle them."""

import json as json_text
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from google.protobuf.json_format import MessageToDict

from archibald.v1 import bot_pb2, operations_pb2
from archibald.v1.operations_pb2 import Operation
from archibald_client import operation_tables
from archibald_client.client import PATIENCE, Client
from archibald_client.command_end import finished, print_json
from archibald_client.connection_options import chosen
from archibald_client.desk import Filters, Named
from archibald_client.failure_report import EXIT_CODES_HELP, ended_code
from archibald_client.listening import TIMEOUT
from archibald_client.operation_choice import decision_of, named
from archibald_client.options import (
    DEFAULT_SERVER,
    Id,
    JsonLines,
    Key,
    LabelLanguage,
    OperationType,
    RetryFor,
    Server,
    State,
    Timeout,
    Type,
    User,
)
from archibald_client.progress_bar import Notes, ProgressBar, language_of

operations = typer.Typer(
    help="Look at operations, wait for them, stop them, and settle what is under review.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
_LOCAL_TIME = "a day or a time, of your own time zone unless it says one"


@operations.command("list", epilog=EXIT_CODES_HELP)
def list_(
    *,
    user: Annotated[
        list[str], typer.Option("--user", metavar="AGENT", help="Of these agents; repeat it.")
    ] = [],  # noqa: B006 - typer copies it
    type_: Annotated[
        list[OperationType],
        typer.Option(
            "--type", metavar="TYPE", help=f"Of these types; repeat it: {', '.join(OperationType)}."
        ),
    ] = [],  # noqa: B006
    state: Annotated[
        list[State],
        typer.Option(metavar="STATE", help=f"In these states; repeat it: {', '.join(State)}."),
    ] = [],  # noqa: B006
    since: Annotated[
        datetime | None,
        typer.Option(formats=_TIMES, metavar="TIME", help=f"Accepted at or after: {_LOCAL_TIME}."),
    ] = None,
    before: Annotated[
        datetime | None,
        typer.Option(formats=_TIMES, metavar="TIME", help=f"Accepted before: {_LOCAL_TIME}."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="At most so many; 0 is all.")
    ] = 50,
    server: Server = DEFAULT_SERVER,
    json: JsonLines = False,
    retry_for: RetryFor = PATIENCE,
) -> None:
    """List operations, newest first. `--state needs-review` is an operator's morning list.

    With --json each operation is one line on stdout, as soon as it is read.
    """
    filters = Filters(user_ids=user, operation_types=[each.value for each in type_])
    filters["states"] = [each.number for each in state]
    if since:
        filters["accepted_from"] = since.astimezone()
    if before:
        filters["accepted_before"] = before.astimezone()

    async def work() -> list[Operation]:
        found: list[Operation] = []
        async with Client(server, patience=retry_for, **chosen(server)) as client:
            async for operation in client.list_operations(page_size=min(limit, 200), **filters):
                found.append(operation)
                if json:
                    print_json(operation, machine=True)
                if len(found) == limit:
                    break
        return found

    found = finished(work(), machine=json)
    if not json:
        operation_tables.show_list(found)


@operations.command(epilog=EXIT_CODES_HELP)
def show(
    *,
    operation_id: Id = "",
    user: User = "",
    type_: Type = None,
    key: Key = "",
    server: Server = DEFAULT_SERVER,
    json: JsonLines = False,
    retry_for: RetryFor = PATIENCE,
) -> None:
    """Show one operation: its state, where it is, its result or error, the files it left."""
    operation = named(operation_id, user, type_, key)

    async def work() -> Operation:
        async with Client(server, patience=retry_for, **chosen(server)) as client:
            return await client.get_operation(operation)

    _show(finished(work(), machine=json), machine=json)


@operations.command(epilog=EXIT_CODES_HELP)
def watch(
    *,
    operation_id: Id = "",
    user: User = "",
    type_: Type = None,
    key: Key = "",
    from_sequence: Annotated[
        int,
        typer.Option(
            min=0, metavar="NUMBER", help="Begin with this event, from 1; 0: with what is new."
        ),
    ] = 0,
    server: Server = DEFAULT_SERVER,
    json: JsonLines = False,
    timeout: Timeout = TIMEOUT,
    retry_for: RetryFor = PATIENCE,
    language: LabelLanguage = None,
) -> None:
    """Follow one operation with a bar until it has ended or is under review, and show it.

    With --json each event is one line on stdout: {"progress": …}, and {"operation": …} in the end. The
    exit code is that of the operation's end: 0 only when it has succeeded.
    """
    operation = named(operation_id, user, type_, key)
    bar = ProgressBar(language or language_of(os.environ), wanted=not json)

    def heard(progress: bot_pb2.Progress) -> None:
        bar.show(progress)
        if json:
            print_json(operations_pb2.WatchOperationResponse(progress=progress), machine=True)

    async def work() -> Operation:
        with bar, Notes(bar, wanted=not json):
            async with Client(server, patience=retry_for, **chosen(server)) as client:
                ended = await client.watch(
                    operation, on_progress=heard, from_sequence=from_sequence, timeout=timeout
                )
                if ended.state == operations_pb2.OPERATION_STATE_SUCCEEDED:
                    bar.finish()
                return ended

    ended = finished(work(), machine=json, interrupted=lambda: "\nThe operation goes on.\n")
    if json:
        print_json(operations_pb2.WatchOperationResponse(operation=ended), machine=True)
    else:
        operation_tables.show_one(ended)
    raise typer.Exit(ended_code(ended))


@operations.command(epilog=EXIT_CODES_HELP)
def cancel(
    *,
    operation_id: Id = "",
    user: User = "",
    type_: Type = None,
    key: Key = "",
    server: Server = DEFAULT_SERVER,
    json: JsonLines = False,
    retry_for: RetryFor = PATIENCE,
) -> None:
    """Stop an operation that has written nothing in the ERP yet; past that it is refused (TOO_LATE)."""
    operation = named(operation_id, user, type_, key)

    async def work() -> Operation:
        async with Client(server, patience=retry_for, **chosen(server)) as client:
            return await client.cancel(operation)

    _show(finished(work(), machine=json), machine=json)


@operations.command(epilog=EXIT_CODES_HELP)
def resolve(
    *,
    operation_id: Id = "",
    note: Annotated[
        str,
        typer.Option(
            metavar="TEXT", help="Why, for whoever asks later; kept for ever with the decision."
        ),
    ],
    look_again: Annotated[bool, typer.Option("--look-again", help="Read the ERP again.")] = False,
    landed: Annotated[
        str, typer.Option(metavar="ERP_ID", help="It is in the ERP, as this id; it is read first.")
    ] = "",
    not_done: Annotated[
        bool,
        typer.Option("--not-done", help="It is not in the ERP: run it, after reading the ERP."),
    ] = False,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Nobody will pursue it: the end of its key.")
    ] = False,
    user: User = "",
    type_: Type = None,
    key: Key = "",
    server: Server = DEFAULT_SERVER,
    json: JsonLines = False,
    retry_for: RetryFor = PATIENCE,
) -> None:
    """Settle an operation under review by one decision: docs/under-review.md says which one when."""
    operation = named(operation_id, user, type_, key)
    decision = decision_of(look_again=look_again, landed=landed, not_done=not_done, give_up=give_up)

    async def work() -> Operation:
        async with Client(server, patience=retry_for, **chosen(server)) as client:
            return await client.resolve(operation, decision, note=note)

    _show(finished(work(), machine=json), machine=json)


@operations.command(epilog=EXIT_CODES_HELP)
def artifacts(
    *,
    operation_id: Id = "",
    save: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Save them there: 2/page.png, 2/trace.zip …"),
    ] = None,
    user: User = "",
    type_: Type = None,
    key: Key = "",
    server: Server = DEFAULT_SERVER,
    json: JsonLines = False,
    retry_for: RetryFor = PATIENCE,
) -> None:
    """List the files that failed attempts left on this server, or save them; they show customers' data.

    With --json each file is one line on stdout; its "path" is where it was saved, else empty.
    """
    operation = named(operation_id, user, type_, key)

    async def work() -> Operation:
        async with Client(server, patience=retry_for, **chosen(server)) as client:
            shown = await client.get_operation(operation)
            paths = await _saved(client, operation, save) if save else {}
        for artifact in shown.artifacts if json else ():
            facts = MessageToDict(artifact, preserving_proto_field_name=True)
            facts["path"] = paths.get(artifact.name, "")
            sys.stdout.write(json_text.dumps(facts) + "\n")
        return shown

    shown = finished(work(), machine=json)
    if not json:
        operation_tables.show_artifacts(shown.artifacts)


async def _saved(client: Client, operation: Named, folder: Path) -> dict[str, str]:
    paths = [path async for path in client.artifacts(operation, folder)]
    return {path.relative_to(folder).as_posix(): str(path) for path in paths}


def _show(operation: Operation, *, machine: bool) -> None:
    if machine:
        print_json(operation, machine=True)
    else:
        operation_tables.show_one(operation)
