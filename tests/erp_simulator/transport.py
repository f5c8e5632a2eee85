"""The connection under a request, which the application may close without an answer."""

import asyncio
import itertools
import socket
import struct
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

EXTENSION = "erp.connection"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER, on, 0 s: close() sends RST, not FIN


class Connection:
    """One TCP connection: its number, its requests so far, and the ways to break it."""

    _numbers = itertools.count(1)

    def __init__(self) -> None:
        self.number = next(self._numbers)
        self.requests = 0
        self.lost = asyncio.Event()
        self.transport: asyncio.Transport | None = None

    async def close(self) -> None:
        """End the connection in good order, without a byte of an answer."""
        if self.transport is not None:
            self.transport.close()
            await self.lost.wait()

    async def reset(self) -> None:
        """Break the connection: the peer sees a reset."""
        if self.transport is not None:
            sock: socket.socket = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.transport.abort()
            await self.lost.wait()


class ErpProtocol(H11Protocol):
    """uvicorn's protocol, whose application can reach the connection through the scope."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection = Connection()
        application = self.app

        async def with_connection(scope: Scope, receive: Receive, send: Send) -> None:
            self.connection.requests += 1
            scope.setdefault("extensions", {})[EXTENSION] = self.connection
            await application(scope, receive, send)

        self.app = with_connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport."""
        self.connection.transport = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits for the end."""
        super().connection_lost(exc)
        self.connection.lost.set()
