"""The client: sends one request, listens until its operation ends, and re-attaches when a stream breaks.

async with Client("127.0.0.1:50051") as client:
    result = await client.submit_order(request, on_progress=show)
"""

import asyncio
import inspect
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack, cast

import grpc.aio
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from archibald.v1 import bot_pb2
from archibald_client.errors import BrokenContractError, StoppedListeningError, UnavailableError
from archibald_client.outage import Outage
from archibald_client.statuses import error_of

log = logging.getLogger(__name__)

PATIENCE = 60.0  # seconds; longer than a server takes to be replaced
TIMEOUT = 1800.0  # seconds; longer than any operation that need not wait for others of its agent

CHANNEL_OPTIONS = (
    # A connection that died without a word is noticed within 40 s. The server allows these numbers.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    # Of a name or list with several addresses all are used, and one that is gone is passed over.
    ("grpc.service_config", '{"loadBalancingConfig": [{"round_robin": {}}]}'),
    # Trying again is decided in one place, ours; the channel only has to be ready to reconnect by then.
    ("grpc.enable_retries", 0),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)

# What a listener returns is not used, but awaited if it can be.
OnAccepted = Callable[[bot_pb2.Accepted], object]
OnProgress = Callable[[bot_pb2.Progress], object]

Result = TypeVar("Result", bound=Message)


class Listening(TypedDict, total=False):
    """How a caller listens; see `Client.run`."""

    on_progress: OnProgress | None
    on_accepted: OnAccepted | None
    timeout: float | None


class Client:
    """A connection to Archibald Bot; one client serves any number of calls at once.

    Only UNAVAILABLE is tried again, with the very same request and so with the same key: until the server
    answers, or the call has been without one for ``patience`` seconds in all. ``patience=0`` never
    retries. The key is never made up here: an empty ``operation_key`` stays empty and the server
    takes the request's own object for it.
    """

    def __init__(self, server: str, *, patience: float = PATIENCE) -> None:
        self._server = server
        self._patience = patience
        self._channel: grpc.aio.Channel | None = None

    async def __aenter__(self) -> Self:
        self._channel = grpc.aio.insecure_channel(self._server, options=CHANNEL_OPTIONS)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.close()

    async def submit_order(
        self, request: bot_pb2.SubmitOrderRequest, **listening: Unpack[Listening]
    ) -> bot_pb2.SubmitOrderResult:
        """Enter an order in the ERP as a draft, and return it as the ERP holds it; see `run`."""
        return _expect(await self.run(request, **listening), bot_pb2.SubmitOrderResult)

    async def send_to_verona(
        self, request: bot_pb2.SendToVeronaRequest, **listening: Unpack[Listening]
    ) -> bot_pb2.SendToVeronaResult:
        """Send a draft order to Verona, and return what the ERP shows of it then; see `run`."""
        return _expect(await self.run(request, **listening), bot_pb2.SendToVeronaResult)

    async def create_customer(
        self, request: bot_pb2.CreateCustomerRequest, **listening: Unpack[Listening]
    ) -> bot_pb2.CreateCustomerResult:
        """Enter a new customer in the ERP, and return its id and what differs; see `run`."""
        return _expect(await self.run(request, **listening), bot_pb2.CreateCustomerResult)

    async def delete_order(
        self, request: bot_pb2.DeleteOrderRequest, **listening: Unpack[Listening]
    ) -> bot_pb2.DeleteOrderResult:
        """Delete a draft order in the ERP, and return that it is gone; see `run`."""
        return _expect(await self.run(request, **listening), bot_pb2.DeleteOrderResult)

    async def run(
        self,
        request: Message,
        *,
        on_progress: OnProgress | None = None,
        on_accepted: OnAccepted | None = None,
        timeout: float | None = TIMEOUT,  # noqa: ASYNC109 - the server must see it as the call's deadline
    ) -> Message:
        """Do the operation that the request's type names, and return its result.

        Returns the stored result when the operation was already done under this key. Raises an
        `ArchibaldError` when it failed; `StoppedListeningError` after ``timeout`` seconds. Neither that,
        nor a cancel, nor an error raised by a callback stops the operation: the call only stops listening.

        ``on_accepted`` hears once that the operation is recorded; ``on_progress`` hears no step twice and
        no percentage that falls, also across a broken connection. Both may be plain or async functions;
        the latter hold back the stream, which then leaves out what is outdated.
        """
        if getattr(request, "wait", None) == bot_pb2.WAIT_NONE:
            raise ValueError(
                "the request says WAIT_NONE: call start(), or leave `wait` to the client"
            )
        accepted = False
        latest: bot_pb2.Progress | None = None
        result: Message | None = None
        async with aclosing(self._events(request, last="result", timeout=timeout)) as events:
            async for name, event in events:
                if name == "accepted" and not accepted:
                    accepted = True
                    await _tell(on_accepted, event)
                elif name == "progress" and _is_news(event, latest):
                    latest = event
                    await _tell(on_progress, event)
                elif name == "result":
                    result = event
        if result is None:
            raise BrokenContractError("the call ended well but without a result")
        return result

    async def start(
        self,
        request: Message,
        *,
        timeout: float | None = TIMEOUT,  # noqa: ASYNC109 - the server must see it as the call's deadline
    ) -> bot_pb2.Accepted:
        """Have the operation recorded and return at once; it goes on without a listener.

        Call again with the same request for its result (`run`), or to see that it is known (`start`).
        """
        _method_for(request)  # only operations have a `wait`
        request = _copy(request)
        cast("Any", request).wait = bot_pb2.WAIT_NONE
        async with aclosing(self._events(request, last="accepted", timeout=timeout)) as events:
            async for name, event in events:
                if name == "accepted":
                    return _expect(event, bot_pb2.Accepted)
        raise BrokenContractError("the call ended well but was not accepted")

    async def _events(
        self,
        request: Message,
        *,
        last: str,
        timeout: float | None,  # noqa: ASYNC109 - see above
    ) -> AsyncGenerator[tuple[str, Any], None]:
        """The events of one operation, over as many streams as it takes.

        An async generator, so that an error raised by a callback can never be taken for the stream's.
        """
        method = _method_for(request)
        request = _copy(request)  # what is sent again is what was sent, whatever the caller changes
        clock = asyncio.get_running_loop().time
        deadline = None if timeout is None else clock() + timeout
        outage = Outage(self._patience)
        ended = False
        while True:
            left = None if deadline is None else deadline - clock()
            if left is not None and left <= 0:
                raise StoppedListeningError("the timeout passed before the operation ended")
            call = self._call(method, request, left)
            try:
                async for response in call:
                    outage.over()
                    name = response.WhichOneof("event")
                    if name is None:
                        continue  # an event that only a newer contract knows
                    ended = name == last
                    yield name, getattr(response, name)
            except grpc.aio.AioRpcError as failure:
                if ended:
                    return  # all that was wanted is here; how the connection ends no longer matters
                error = error_of(failure)
            except asyncio.CancelledError:
                self._raise_if_closed()
                raise
            else:
                return
            finally:
                call.cancel()  # detaches from the operation; a call that has ended ignores it
            delay = outage.delay(error.retry_after) if isinstance(error, UnavailableError) else None
            if delay is None or (deadline is not None and clock() + delay >= deadline):
                raise error
            log.info("%s; trying again in %.1f s with the same key", error, delay)
            await asyncio.sleep(delay)

    def _call(
        self, method: MethodDescriptor, request: Message, timeout: float | None
    ) -> grpc.aio.UnaryStreamCall[Message, Message]:
        if self._channel is None:
            raise RuntimeError("the client is not open: use `async with Client(…) as client`")
        rpc: grpc.aio.UnaryStreamMultiCallable[Message, Message] = self._channel.unary_stream(
            f"/{method.containing_service.full_name}/{method.name}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        return rpc(request, timeout=timeout)

    def _raise_if_closed(self) -> None:
        # Closing the channel ends its calls as if their tasks had been cancelled, which nobody did.
        task = asyncio.current_task()
        if self._channel is None and task is not None and not task.cancelling():
            raise RuntimeError("the client was closed while this call listened") from None


def _method_for(request: Message) -> MethodDescriptor:
    service = bot_pb2.DESCRIPTOR.services_by_name["BotService"]
    for method in service.methods:
        if method.input_type.full_name == request.DESCRIPTOR.full_name:
            return method
    raise TypeError(f"no operation takes a {request.DESCRIPTOR.full_name}")


def _copy(request: Message) -> Message:
    copy = type(request)()
    copy.CopyFrom(request)
    return copy


def _expect(message: Message, kind: type[Result]) -> Result:
    if not isinstance(message, kind):
        raise BrokenContractError(f"expected {kind.__name__}, got {type(message).__name__}")
    return message


def _is_news(event: bot_pb2.Progress, latest: bot_pb2.Progress | None) -> bool:
    # A re-attached stream may begin again with what was heard, and a server that was restarted may
    # count anew while it does again what had not been written.
    if latest is None:
        return True
    return event.sequence > latest.sequence or event.percent > latest.percent


async def _tell(listener: Callable[[Any], object] | None, event: Message) -> None:
    if listener is None:
        return
    answer = listener(event)
    if inspect.isawaitable(answer):
        await answer
