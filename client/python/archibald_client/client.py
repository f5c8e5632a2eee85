"""The client: sends one request, listens until its operation ends, and re-attaches when a stream breaks.

async with Client("127.0.0.1:50051") as client:
    result = await client.submit_order(request, on_progress=show)
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack, cast

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from archibald.v1 import bot_pb2
from archibald_client.calls import Calls, copied
from archibald_client.connection import Connection
from archibald_client.desk import Desk
from archibald_client.errors import BrokenContractError
from archibald_client.listening import TIMEOUT, OnAccepted, OnProgress, news, tell
from archibald_client.logins import Logins

PATIENCE = 60.0  # seconds; longer than a server takes to be replaced

Result = TypeVar("Result", bound=Message)


class Listening(TypedDict, total=False):
    """How a caller listens; see `Client.run`."""

    on_progress: OnProgress | None
    on_accepted: OnAccepted | None
    timeout: float | None


class Client(Desk, Logins):
    """A connection to Archibald Bot; one client serves any number of calls at once.

    The four writes are here, `Desk` has what looks at operations, waits for them, and settles them,
    `Logins` what stores and tries agents' ERP logins.

    Only UNAVAILABLE is tried again, with the very same request and so with the same key: until the server
    answers, or the call has been without one for ``patience`` seconds in all. ``patience=0`` never
    retries. The key is never made up here: an empty ``operation_key`` stays empty and the server
    takes the request's own object for it.

    ``token``, ``tls``, ``ca``, ``certificate`` and ``key`` say how it connects; see `Connection`.
    """

    def __init__(
        self, server: str, *, patience: float = PATIENCE, **connection: Unpack[Connection]
    ) -> None:
        self._calls = Calls(server, patience, connection)

    async def __aenter__(self) -> Self:
        self._calls.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._calls.close()

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
                    await tell(on_accepted, event)
                elif name == "progress" and (told := news(event, latest)):
                    latest = told
                    await tell(on_progress, told)
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
        request = copied(request)
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
        """The named events of one operation, over as many streams as it takes."""
        method, request = _method_for(request), copied(request)
        messages = self._calls.stream(
            method,
            lambda: request,
            timeout=timeout,
            is_last=lambda message: message.WhichOneof("event") == last,
        )
        async with aclosing(messages):
            async for message in messages:
                # None: an event that only a newer contract knows.
                if (name := message.WhichOneof("event")) is not None:
                    yield name, getattr(message, name)


def _method_for(request: Message) -> MethodDescriptor:
    service = bot_pb2.DESCRIPTOR.services_by_name["BotService"]
    for method in service.methods:
        if method.input_type.full_name == request.DESCRIPTOR.full_name:
            return method
    raise TypeError(f"no operation takes a {request.DESCRIPTOR.full_name}")


def _expect(message: Message, kind: type[Result]) -> Result:
    if not isinstance(message, kind):
        raise BrokenContractError(f"expected {kind.__name__}, got {type(message).__name__}")
    return message
