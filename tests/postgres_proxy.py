"""A proxy on the Postgres wire that can stop at a named statement, as a dying network would.

It stands between server and Postgres and understands just enough of the protocol to know which SQL a
client message carries: simple queries, and prepared statements by name.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class PostgresProxy:
    """Passes everything on until `stop_at`; then the matching message never reaches Postgres."""

    def __init__(self, upstream: str) -> None:
        self._upstream = conninfo_to_dict(upstream)
        self._stop_text: str | None = None
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self.reached = asyncio.Event()
        self.dsn = ""

    def stop_at(self, text: str) -> None:
        """Hold the first message from now on whose SQL contains ``text``; `reached` says when."""
        self.reached.clear()
        self._stop_text = text

    def cut(self) -> None:
        """Close every connection, as the death of Postgres does, and refuse new ones until `mend`."""
        self._cut = True
        for writer in list(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        """Let connections through again, and stop at nothing."""
        self._cut = False
        self._stop_text = None

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
        halves = {
            asyncio.create_task(self._requests(reader, up_writer)),
            asyncio.create_task(_copy(up_reader, writer)),
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

    async def _requests(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
        prepared: dict[bytes, bytes] = {}
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readexactly(4)  # the start-up message has no type
            upstream.write(head + await reader.readexactly(struct.unpack("!I", head)[0] - 4))
            while True:
                head = await reader.readexactly(5)
                body = await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)
                if self._holds(_sql(head[:1], body, prepared)):
                    self.reached.set()
                    await asyncio.Event().wait()  # for ever: until the connection is cut
                upstream.write(head + body)
                await upstream.drain()

    def _holds(self, sql: bytes) -> bool:
        return self._stop_text is not None and self._stop_text.encode() in sql


def _sql(kind: bytes, body: bytes, prepared: dict[bytes, bytes]) -> bytes:
    """The SQL that a client message is about; empty for what carries none."""
    if kind == b"Q":
        return body
    if kind == b"P":  # Parse: name, SQL
        name, sql, _ = body.split(b"\0", 2)
        prepared[name] = sql
        return sql
    if kind == b"B":  # Bind: portal, name of the prepared statement
        return prepared.get(body.split(b"\0", 2)[1], b"")
    return b""


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


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
