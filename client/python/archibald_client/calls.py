"""The connection to the servers: sends calls, and sends them again where no server answered.

A lost connection, a server that was killed, one that is being replaced and says GOAWAY, one that drains:
all of them are UNAVAILABLE, and the next try goes to whoever listens by then.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import grpc.aio
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from archibald_client.connection import Connection, channel_to, metadata_of
from archibald_client.tries import Tries

CHANNEL_OPTIONS = (
    # A connection that died without a word is noticed within 40 s. The server allows these numbers.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # While another ping of gRPC's own is on its way no keepalive is sent: that one must not wait its 60 s.
    ("grpc.http2.ping_timeout_ms", 10_000),
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


class Calls:
    """The calls of one client, over one channel while it is open."""

    def __init__(self, server: str, patience: float, connection: Connection) -> None:
        self._server = server
        self._patience = patience
        self._connection = connection
        self._channel: grpc.aio.Channel | None = None

    def open(self) -> None:
        """Have a channel; it connects with the first call."""
        self._channel = channel_to(self._server, CHANNEL_OPTIONS, self._connection)

    async def close(self) -> None:
        """Let go of the channel; whoever still listens on it hears so."""
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.close()

    async def answer(
        self,
        rpc: MethodDescriptor,
        request: Message,
        timeout: float | None,  # noqa: ASYNC109 - the server must see it as the call's deadline
    ) -> Any:
        """The answer of an rpc that has one."""
        request = copied(request)
        tries = Tries(self._patience, timeout)
        while True:
            left = tries.time_left()
            method: grpc.aio.UnaryUnaryMultiCallable[Message, Message] = self._opened().unary_unary(
                _path(rpc), _serialized, GetMessageClass(rpc.output_type).FromString
            )
            try:
                return await method(request, timeout=left, metadata=metadata_of(self._connection))
            except grpc.aio.AioRpcError as caught:
                failure = caught
            except asyncio.CancelledError:
                self._raise_if_closed()
                raise
            await tries.pause(failure)

    async def stream(
        self,
        rpc: MethodDescriptor,
        request: Callable[[], Message],
        *,
        timeout: float | None,  # noqa: ASYNC109 - as above
        is_last: Callable[[Any], bool] = lambda _: False,
    ) -> AsyncGenerator[Any, None]:
        """All that an rpc streams, over as many streams as it takes.

        ``request`` is asked at the beginning of each of them. What breaks behind a message that is the
        last one takes nothing away. An async generator, so that an error raised by whoever listens can
        never be taken for the stream's.
        """
        tries = Tries(self._patience, timeout)
        ended = False
        while True:
            left = tries.time_left()
            method: grpc.aio.UnaryStreamMultiCallable[Message, Message] = (
                self._opened().unary_stream(
                    _path(rpc), _serialized, GetMessageClass(rpc.output_type).FromString
                )
            )
            call = method(request(), timeout=left, metadata=metadata_of(self._connection))
            try:
                async for message in call:
                    tries.answered()
                    ended = is_last(message)
                    yield message
            except grpc.aio.AioRpcError as caught:
                if ended:
                    return
                failure = caught
            except asyncio.CancelledError:
                self._raise_if_closed()
                raise
            else:
                return
            finally:
                call.cancel()  # detaches from the operation; a call that has ended ignores it
            await tries.pause(failure)

    def _opened(self) -> grpc.aio.Channel:
        if self._channel is None:
            raise RuntimeError("the client is not open: use `async with Client(…) as client`")
        return self._channel

    def _raise_if_closed(self) -> None:
        # Closing the channel ends its calls as if their tasks had been cancelled, which nobody did.
        task = asyncio.current_task()
        if self._channel is None and task is not None and not task.cancelling():
            raise RuntimeError("the client was closed while this call listened") from None


def copied(request: Message) -> Any:
    """A copy: what is sent again is what was sent, whatever the caller changes meanwhile."""
    copy = type(request)()
    copy.CopyFrom(request)
    return copy


def _path(rpc: MethodDescriptor) -> str:
    return f"/{rpc.containing_service.full_name}/{rpc.name}"


def _serialized(message: Message) -> bytes:
    return message.SerializeToString()
