"""A proxy in front of the ERP that can stop at a named request: before it, or before its answer.

One connection of the browser is one connection to the ERP, and every byte is passed on as it came; the
ERP's addresses are paths, so that a browser sent to the proxy stays on it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.proxies.http import Asked, Message, asked_by, read_message

COOKIE = "ASP.NET_SessionId"
LIMIT = 2**24  # bytes of a message's head: view states travel in bodies

Wanted = Callable[[Asked], bool]
_LOST = (asyncio.IncompleteReadError, ConnectionError)


@dataclass(frozen=True)
class Passed:
    """One request that arrived: when (monotonic), what, in which session of the ERP."""

    at: float
    asked: Asked


@dataclass
class _Stop:
    """One place to stop at, and what is to become of the request that is held there."""

    wanted: Wanted
    after: bool
    reached: asyncio.Event
    go: asyncio.Event = field(default_factory=asyncio.Event)
    dropped: bool = False
    taken: bool = False

    def takes(self, asked: Asked) -> bool:
        """Whether this is the request; only the first one is."""
        found = not self.taken and self.wanted(asked)
        self.taken = self.taken or found
        return found


class ErpProxy:
    """Passes everything on until told to stop; static files are never stopped at."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._path = parts.path
        self._stop: _Stop | None = None
        self._hanging = False
        self._writers: set[asyncio.StreamWriter] = set()
        self.reached = asyncio.Event()
        self.given_up = asyncio.Event()
        """Set when somebody has ended a connection whose request hangs."""
        self.requests: list[Passed] = []
        self.base_url = ""

    # What a test says -----------------------------------------------------------------------------

    def stop_before(self, wanted: Wanted) -> None:
        """Hold the first such request from now on before the ERP hears of it; `reached` says when."""
        self._arm(wanted, after=False)

    def stop_after(self, wanted: Wanted) -> None:
        """Let the ERP do what the first such request asks for, and hold its whole answer."""
        self._arm(wanted, after=True)

    def _arm(self, wanted: Wanted, *, after: bool) -> None:
        self.reached = asyncio.Event()
        self._stop = _Stop(wanted, after, self.reached)

    def let_go(self) -> None:
        """Let what is held go on, whether or not somebody still waits for it; stop at nothing more."""
        self._release(dropped=False)

    def drop(self) -> None:
        """Close the held request's connection without a byte; one not yet passed on is lost."""
        self._release(dropped=True)

    def drop_next(self, wanted: Wanted) -> None:
        """Close the connection of the first such request from now on without a byte, and lose it."""
        self._arm(wanted, after=False)
        self.drop()

    def _release(self, *, dropped: bool) -> None:
        stop = self._stop
        if stop is not None:
            stop.dropped = dropped
            stop.go.set()
            if stop.taken or not dropped:
                self._stop = None

    def hang(self) -> None:
        """Answer nothing any more, what is held least of all; what comes now is lost."""
        self.given_up.clear()
        self._hanging = True
        if self._stop is not None:
            self._stop.go.set()
            self._stop = None

    def mend(self) -> None:
        """Answer again, and stop at nothing; connections that hung end now."""
        self._hanging = False
        self.let_go()
        for writer in list(self._writers):
            writer.transport.abort()

    # What the wire does ---------------------------------------------------------------------------

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of the browser's."""
        self._writers.add(writer)
        upstream: asyncio.StreamWriter | None = None
        try:
            answers, upstream = await asyncio.open_connection(self._host, self._port, limit=LIMIT)
            while await self._exchange(reader, writer, answers, upstream):
                pass
        except _LOST:
            pass  # either side ended it, as connections do
        finally:
            self._writers.discard(writer)
            for each in (writer, upstream):
                if each is not None:
                    each.transport.abort()

    async def _exchange(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answers: asyncio.StreamReader,
        upstream: asyncio.StreamWriter,
    ) -> bool:
        """One request and its answer; whether another may follow."""
        request = await read_message(reader)
        asked = asked_by(request, COOKIE)
        own = asked.path.startswith(self._path) and not asked.path.endswith(".axd")
        if own:
            self.requests.append(Passed(time.monotonic(), asked))
        stop = self._stop if own else None
        if stop is not None and not stop.takes(asked):
            stop = None
        if stop is not None and not stop.after and not await self._held(stop):
            return False
        if self._hanging:
            await self._hang(reader)
            return False
        upstream.write(request.raw)
        await upstream.drain()
        answer = await self._answer(request, answers)
        if stop is not None and stop.after and not await self._held(stop):
            return False
        if self._hanging:
            await self._hang(reader)
            return False
        writer.write(answer.raw)
        await writer.drain()
        return not answer.closes

    async def _held(self, stop: _Stop) -> bool:
        """Wait at the boundary; False: the connection is to end without a byte."""
        stop.reached.set()
        await stop.go.wait()
        if stop.dropped and self._stop is stop:
            self._stop = None
        return not stop.dropped

    async def _answer(self, request: Message, answers: asyncio.StreamReader) -> Message:
        return await read_message(answers, without_body=request.first.startswith("HEAD "))

    async def _hang(self, reader: asyncio.StreamReader) -> None:
        with suppress(*_LOST):
            await reader.read(1)
        self.given_up.set()


@asynccontextmanager
async def erp_proxy(upstream: str) -> AsyncIterator[ErpProxy]:
    """A proxy in front of the site at ``upstream``, an address that ends in ``/Archibald``."""
    proxy = ErpProxy(upstream)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0, limit=LIMIT)
    port = server.sockets[0].getsockname()[1]
    proxy.base_url = f"http://127.0.0.1:{port}{proxy._path}"
    try:
        yield proxy
    finally:
        server.close()
        proxy.mend()
        await server.wait_closed()
