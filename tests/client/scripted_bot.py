"""A real gRPC server that speaks the contract and does what a test has scripted, call by call."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Self, TypeAlias

import grpc.aio
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from archibald.v1 import bot_pb2, bot_pb2_grpc
from tests.client.scripted_desk import ScriptedDesk

RESULT = bot_pb2.SubmitOrderResult(
    order_id="71723",
    order_record_id="71.723",
    marker="#0123456789",
    verification=bot_pb2.OrderVerification(total="12.50"),
    warnings=["così è"],
)

HANG = "hang"
"""Ends a script that never ends: the operation goes on and on."""

END = "end"
"""Ends a script's stream with OK, whether or not the contract allows it there."""

Act: TypeAlias = bot_pb2.SubmitOrderResponse | status_pb2.Status | str


def accepted(**fields: Any) -> bot_pb2.SubmitOrderResponse:
    return bot_pb2.SubmitOrderResponse(
        accepted=bot_pb2.Accepted(operation_id="op-1", operation_key="po-1", **fields)
    )


def progress(sequence: int, percent: int) -> bot_pb2.SubmitOrderResponse:
    return bot_pb2.SubmitOrderResponse(
        progress=bot_pb2.Progress(
            sequence=sequence,
            step="form.articles.progress",
            percent=percent,
            label_it=f"Passo {sequence}",
            label_en=f"Step {sequence}",
        )
    )


def result() -> bot_pb2.SubmitOrderResponse:
    return bot_pb2.SubmitOrderResponse(result=RESULT)


def failure(
    code: str,
    reason: str = "",
    *,
    message: str = "what happened",
    domain: str = "archibald.v1",
    metadata: dict[str, str] | None = None,
    retry_after: float | None = None,
    violations: Sequence[tuple[str, str]] = (),
    italian: str = "",
) -> status_pb2.Status:
    localized = error_details_pb2.LocalizedMessage
    details: list[Message] = []
    if italian:
        details.append(localized(locale="en", message=message))
        details.append(localized(locale="it-IT", message=italian))
    if retry_after is not None:
        delay = duration_pb2.Duration(nanos=round(retry_after * 1e9) % 10**9)
        delay.seconds = int(retry_after)
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    if violations:
        violation = error_details_pb2.BadRequest.FieldViolation
        details.append(
            error_details_pb2.BadRequest(
                field_violations=[
                    violation(
                        field=field,
                        description=description,
                        localized_message=localized(locale="it", message=italian),
                    )
                    for field, description in violations
                ]
            )
        )
    if reason:
        details.append(
            error_details_pb2.ErrorInfo(reason=reason, domain=domain, metadata=metadata or {})
        )
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    return status_pb2.Status(code=code_pb2.Code.Value(code), message=message, details=packed)


class ScriptedBot(bot_pb2_grpc.BotServiceServicer):
    """Plays one script a call, in order; ``requests`` keeps what arrived."""

    def __init__(self) -> None:
        self.requests: list[bot_pb2.SubmitOrderRequest] = []
        self.desk = ScriptedDesk()
        self.called = asyncio.Event()
        self.hanging = asyncio.Event()
        self.detached = asyncio.Event()
        self._scripts: deque[Sequence[Act]] = deque()
        self._server: grpc.aio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def script(self, *acts: Act) -> None:
        self._scripts.append(acts)

    async def start(self) -> None:
        """Listen: on a new port at first, on the same one after that."""
        self._server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        register: Callable[..., None] = bot_pb2_grpc.add_BotServiceServicer_to_server
        register(self, self._server)
        self._server.add_generic_rpc_handlers((self.desk.handlers(),))
        self.port = self._server.add_insecure_port(self.address)
        await self._server.start()

    async def kill(self) -> None:
        """Drop every call and connection at once."""
        if self._server is not None:
            await self._server.stop(None)
            self._server = None

    async def SubmitOrder(  # noqa: N802 - the contract's name
        self,
        request: bot_pb2.SubmitOrderRequest,
        context: grpc.aio.ServicerContext[bot_pb2.SubmitOrderRequest, bot_pb2.SubmitOrderResponse],
    ) -> AsyncIterator[bot_pb2.SubmitOrderResponse]:
        self.requests.append(request)
        self.called.set()
        acts = self._scripts.popleft()
        if HANG in acts:
            # Wherever the script is by then: a caller may go before it hangs.
            context.add_done_callback(
                lambda _: self.detached.set()  # type: ignore[arg-type]  # the stubs ask for a class of theirs
            )
        for act in acts:
            if isinstance(act, bot_pb2.SubmitOrderResponse):
                yield act
            elif isinstance(act, status_pb2.Status):
                await context.abort_with_status(rpc_status.to_status(act))
            elif act == HANG:
                await self._hang()

    async def _hang(self) -> None:
        self.hanging.set()
        await asyncio.Event().wait()


class Relay:
    """A TCP relay in front of a server: cuts connections as a killed process or a dead network does."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._frozen: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    @property
    def address(self) -> str:
        assert self._server is not None
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def freeze(self) -> None:
        """Pass nothing on any more on the connections that there are, as a network does that has gone.

        Nobody is told; new connections are served.
        """
        self._frozen |= self._writers

    def cut(self) -> None:
        """Reset every connection, without the polite words that a closing gRPC server says."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, back}
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        self._writers -= {writer, back}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(65536):
                if writer not in self._frozen:
                    writer.write(chunk)
        except ConnectionError:
            pass
        finally:
            writer.close()
