"""Runs one command: reads the request, listens with a bar, prints the result or says what went wrong."""

import asyncio
import logging
import sys
from dataclasses import dataclass

import typer
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message

from archibald.v1 import bot_pb2
from archibald_client.client import Client
from archibald_client.errors import ArchibaldError, InvalidRequestError
from archibald_client.failure_report import exit_code, report
from archibald_client.progress_bar import Language, ProgressBar
from archibald_client.request_file import RequestFileError, read_request

INTERRUPTED = 130  # as shells count it: 128 + SIGINT


@dataclass
class CommandRun:
    """One run of a command, with the options that all of them share."""

    file: str
    server: str
    timeout: float
    patience: float
    language: Language
    machine: bool
    accepted: bot_pb2.Accepted | None = None

    def run(self, kind: type[Message]) -> None:
        """Do the operation whose request is of this kind, and exit as the help says."""
        try:
            request = read_request(self.file, kind)
        except RequestFileError as error:
            self._fail(InvalidRequestError(str(error)))
            return
        try:
            result = asyncio.run(self._listen(request))
        except ArchibaldError as error:
            self._fail(error)
        except KeyboardInterrupt:
            sys.stderr.write(self._how_to_return())
            raise typer.Exit(INTERRUPTED) from None
        else:
            # As bytes, for JSON is UTF-8 whatever the terminal's locale can show.
            sys.stdout.buffer.write(f"{self._json(result)}\n".encode())

    async def _listen(self, request: Message) -> Message:
        bar = ProgressBar(self.language, wanted=not self.machine)
        with bar, _Notes(bar, wanted=not self.machine):
            async with Client(self.server, patience=self.patience) as client:
                if getattr(request, "wait", None) == bot_pb2.WAIT_NONE:
                    answer: Message = await client.start(request, timeout=self.timeout)
                else:
                    answer = await client.run(
                        request,
                        on_accepted=lambda accepted: self._note_accepted(accepted, bar),
                        on_progress=bar.show,
                        timeout=self.timeout,
                    )
                bar.finish()
                return answer

    def _note_accepted(self, accepted: bot_pb2.Accepted, bar: ProgressBar) -> None:
        self.accepted = accepted
        if accepted.replayed and not self.machine:
            bar.note("Done by an earlier call; this is its result. The ERP was not touched.")

    def _fail(self, error: ArchibaldError) -> None:
        report(error, machine=self.machine)
        raise typer.Exit(exit_code(error)) from None

    def _json(self, message: Message) -> str:
        return MessageToJson(
            message,
            preserving_proto_field_name=True,
            always_print_fields_with_no_presence=True,
            ensure_ascii=False,
            indent=None if self.machine else 2,
        )

    def _how_to_return(self) -> str:
        if self.accepted is None:
            state = "The server had not answered yet: the operation may have been recorded, and then it goes on."
        else:
            state = (
                f"The operation goes on (key {self.accepted.operation_key}, "
                f"id {self.accepted.operation_id})."
            )
        return (
            f"\nStopped listening. {state}\n"
            "To join it or to get its result, run the same command again with the same request.\n"
        )


class _Notes(logging.Handler):
    """Shows a person, above the bar, that the client is trying again."""

    def __init__(self, bar: ProgressBar, *, wanted: bool) -> None:
        super().__init__(logging.INFO)
        self._bar = bar
        self._wanted = wanted
        self._logger = logging.getLogger("archibald_client")

    def __enter__(self) -> None:
        if self._wanted:
            self._logger.setLevel(logging.INFO)
            self._logger.addHandler(self)

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._bar.note(record.getMessage())
