"""HTTP/1.1 as bytes: whole messages are read as they came and are passed on as they came."""

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qsl

HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Message:
    """One request or answer: its first line, its headers by lower-case name, and all its bytes."""

    first: str
    headers: dict[str, str]
    raw: bytes
    body: bytes

    @property
    def closes(self) -> bool:
        """Whether the connection ends with it."""
        return self.headers.get("connection", "").lower() == "close"


@dataclass(frozen=True)
class Asked:
    """What a request asks for, as far as one may stop at it."""

    method: str
    path: str
    query: str
    form: dict[str, str]
    session: str

    def field(self, name: str) -> str:
        """A posted field; empty when there is none."""
        return self.form.get(name, "")


async def read_message(reader: asyncio.StreamReader, *, without_body: bool = False) -> Message:
    """The next message of a connection.

    Raises:
        asyncio.IncompleteReadError: the connection ended first.
        ValueError: a message whose length is not told; neither browser nor simulator sends such.
    """
    head = await reader.readuntil(HEAD_END)
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if "transfer-encoding" in headers:
        raise ValueError(f"{first}: {headers['transfer-encoding']}")
    length = 0 if without_body else int(headers.get("content-length", 0))
    body = await reader.readexactly(length)
    return Message(first, headers, head + body, body)


def asked_by(request: Message, cookie: str) -> Asked:
    """A request, understood; ``cookie`` names the session's."""
    method, target, _ = request.first.split(" ", 2)
    path, _, query = target.partition("?")
    is_form = request.headers.get("content-type", "").startswith(
        "application/x-www-form-urlencoded"
    )
    pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    cookies = (part.strip().partition("=") for part in request.headers.get("cookie", "").split(";"))
    found = {name: value for name, _, value in cookies}
    return Asked(method, path, query, dict(pairs) if is_form else {}, found.get(cookie, ""))
