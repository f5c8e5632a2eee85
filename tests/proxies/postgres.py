"""A proxy on the Postgres wire that can stop at a named statement, as a dying network would.

It stands between server and Postgres and understands just enough of the protocol to know which SQL a
client message carries (simple queries, and prepared statements by name, with their values), and when
its effect is durable: the first `ReadyForQuery` outside of a transaction.
"""

import asyncio
import re
import struct
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from psycopg.conninfo import conninfo_to_dict, make_conninfo

BLANKS = re.compile(rb"\s+")
IDLE = b"I"  # the status of ReadyForQuery outside of a transaction


@dataclass
class _Stop:
    """One place to stop at: the first matching statement, once, before or after it."""

    pattern: re.Pattern[bytes]
    after: bool
    reached: asyncio.Event
    go: asyncio.Event = field(default_factory=asyncio.Event)
    taken: bool = False

    def takes(self, statement: bytes) -> bool:
        """Whether this is the statement; only the first one is."""
        found = not self.taken and self.pattern.search(statement) is not None
        self.taken = self.taken or found
        return found


@dataclass
class RoundTrip:
    """One wait of a client for Postgres: the statements, with their values, and how long it took."""

    statements: list[bytes]
    flush: bool  # it waits for a row only, and no ReadyForQuery tells when it has it
    began: float = field(default_factory=monotonic)
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        """From the client's last message to the answer's; what passes the proxy twice is in it."""
        return max(self.ended - self.began, 0.0)


@dataclass
class _Wire:
    """One connection of the client's: whose answers are to be withheld, and since when."""

    prepared: dict[bytes, bytes] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)  # since the client last waited for Postgres
    waiting: deque[RoundTrip] = field(default_factory=deque)
    withholding: _Stop | None = None

    def waits(self, *, flush: bool) -> RoundTrip:
        """The client has asked for what it was to ask, and waits; who sends has got his row."""
        trip = RoundTrip(self.asked, flush)
        self.asked = []
        self.waiting = deque(other for other in self.waiting if not other.flush)
        self.waiting.append(trip)
        return trip

    def answered(self, kind: bytes) -> None:
        """A message from Postgres: it belongs to the longest wait."""
        if self.waiting:
            self.waiting[0].ended = monotonic()
            if kind == b"Z":
                self.waiting.popleft()


class PostgresProxy:
    """Passes everything on until told to stop; works for any number of connections at once."""

    def __init__(self, upstream: str) -> None:
        self._upstream = conninfo_to_dict(upstream)
        self._stop: _Stop | None = None
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self.reached = asyncio.Event()
        self.round_trips: list[RoundTrip] = []
        """Each time that a client waited for Postgres.

        It waits for every Sync and simple query, and for a Flush behind statements: it reads a row then.
        """
        self.dsn = ""

    def stop_at(self, text: str) -> None:
        """Hold the first statement from now on that contains ``text``; `reached` says when."""
        self.stop_before(re.escape(text))

    def stop_before(self, pattern: str) -> None:
        """Hold the first statement whose SQL (blanks as one) and values match, before Postgres sees it."""
        self._arm(pattern, after=False)

    def stop_after(self, pattern: str) -> None:
        """Withhold the answer by which the client would hear that the statement's effect is durable."""
        self._arm(pattern, after=True)

    def _arm(self, pattern: str, *, after: bool) -> None:
        self.reached = asyncio.Event()
        self._stop = _Stop(re.compile(pattern.encode(), re.DOTALL), after, self.reached)

    def let_go(self) -> None:
        """Let what is held go on, and stop at nothing more."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop.go.set()

    def cut(self) -> None:
        """Close every connection, as the death of Postgres does, and refuse new ones until `mend`."""
        self._cut = True
        for writer in list(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        """Let connections through again, and stop at nothing; what is held stays held until a cut."""
        self._cut = False
        self._stop = None

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of the client's."""
        socket = Path(str(self._upstream["host"])) / f".s.PGSQL.{self._upstream.get('port', 5432)}"
        try:
            if self._cut:
                raise ConnectionRefusedError
            up_reader, up_writer = await asyncio.open_unix_connection(str(socket))
        except OSError:  # Postgres is away, so is the proxy
            writer.transport.abort()
            return
        self._writers |= {writer, up_writer}
        wire = _Wire()
        halves = {
            asyncio.create_task(self._requests(wire, reader, up_writer)),
            asyncio.create_task(self._answers(wire, up_reader, writer)),
        }
        try:
            await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for half in halves:
                half.cancel()
            await asyncio.wait(halves)
            for each in (writer, up_writer):
                self._writers.discard(each)
                each.transport.abort()

    async def _requests(
        self, wire: _Wire, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter
    ) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readexactly(4)  # the start-up message has no type
            upstream.write(head + await reader.readexactly(struct.unpack("!I", head)[0] - 4))
            while True:
                head = await reader.readexactly(5)
                body = await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)
                stop, statement = self._stop, _statement(head[:1], body, wire.prepared)
                if statement:
                    wire.asked.append(statement)
                elif (
                    head[:1] == b"P" and body[:1] != b"\0"
                ):  # one that is to be executed more often
                    wire.asked.append(b"prepare " + BLANKS.sub(b" ", body.split(b"\0")[1]))
                if head[:1] in b"SQ" or (head[:1] == b"H" and wire.asked):
                    self.round_trips.append(wire.waits(flush=head[:1] == b"H"))
                if stop is not None and statement and stop.takes(statement):
                    if stop.after:
                        wire.withholding = stop
                    else:
                        stop.reached.set()
                        await (
                            stop.go.wait()
                        )  # for ever, unless it is let go or the connection is cut
                upstream.write(head + body)
                await upstream.drain()

    async def _answers(
        self, wire: _Wire, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass the answers on, message by message; from a stop on, none that tells of a durable effect."""
        held = b""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await upstream.readexactly(5)
                body = await upstream.readexactly(struct.unpack("!I", head[1:])[0] - 4)
                wire.answered(head[:1])
                stop = wire.withholding
                if stop is None:
                    writer.write(held + head + body)
                    held = b""
                    await writer.drain()
                    continue
                held += head + body
                if head[:1] != b"Z":
                    continue
                if body == IDLE:
                    stop.reached.set()
                    await stop.go.wait()
                    wire.withholding = None
                writer.write(held)
                held = b""


def _statement(kind: bytes, body: bytes, prepared: dict[bytes, bytes]) -> bytes:
    """The statement that a client message executes, with its values; empty for any other message."""
    if kind == b"Q":
        return BLANKS.sub(b" ", body)
    if kind == b"P":  # Parse: name, SQL
        name, sql, _ = body.split(b"\0", 2)
        prepared[name] = BLANKS.sub(b" ", sql)
        return b""
    if kind == b"B":  # Bind: portal, name of the prepared statement, values
        _, name, values = body.split(b"\0", 2)
        return prepared.get(name, b"") + b"\0" + values
    return b""


@asynccontextmanager
async def postgres_proxy(upstream: str) -> AsyncIterator[PostgresProxy]:
    """A proxy in front of the database of ``upstream``, whose host is a socket folder."""
    proxy = PostgresProxy(upstream)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    proxy.dsn = make_conninfo(
        upstream, host="127.0.0.1", port=port, sslmode="disable", gssencmode="disable"
    )
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()
        await server.wait_closed()
