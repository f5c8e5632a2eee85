"""Runs the command of one operation: reads the request, listens with a bar, prints the result."""

from dataclasses import dataclass

from google.protobuf.message import Message

from archibald.v1 import bot_pb2
from archibald_client.client import Client
from archibald_client.command_end import fail, finished, print_json
from archibald_client.connection_options import chosen
from archibald_client.errors import InvalidRequestError
from archibald_client.progress_bar import Language, Notes, ProgressBar
from archibald_client.request_file import RequestFileError, read_request


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
            fail(InvalidRequestError(str(error)), machine=self.machine)
        result = finished(
            self._listen(request), machine=self.machine, interrupted=self._how_to_return
        )
        print_json(result, machine=self.machine)

    async def _listen(self, request: Message) -> Message:
        bar = ProgressBar(self.language, wanted=not self.machine)
        with bar, Notes(bar, wanted=not self.machine):
            async with Client(self.server, patience=self.patience, **chosen(self.server)) as client:
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
