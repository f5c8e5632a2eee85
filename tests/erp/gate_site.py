"""A tiny real web site on raw sockets that counts every request on the server, for tests of the gate."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

LIST_PATH = "/Archibald/SALESTABLE_ListViewAgent_Tables/"
FORM_PATH = "/Archibald/SALESTABLE_DetailViewAgent/71723/?mode=Edit"
LOGIN_PATH = "/Archibald/Login.aspx"
EDITOR = "Vertical$v16_11111111$MainLayoutEdit$xaf_l37_pg$xaf_l44"
LINES = f"{EDITOR}$xaf_dviSALESLINEs$v17_22222222$LE_v17"

# As WebForms does: all successful fields, the callback's id and parameter last (erp-wire §1.1).
SCRIPT = """
window.answers = [];
function collect() {
  const body = new URLSearchParams();
  for (const element of document.forms[0].elements)
    if (element.name) body.append(element.name, element.value);
  return body;
}
function callback(id, parameter, extra) {
  const body = collect();
  for (const [name, value] of Object.entries(extra || {})) body.append(name, value);
  body.append('__CALLBACKID', id);
  body.append('__CALLBACKPARAM', parameter);
  const request = new XMLHttpRequest();
  request.open('POST', location.href);
  request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded; charset=utf-8');
  request.onloadend = () => {
    answers.push([request.status, request.responseText]);
    const redirect = /'redirect':'([^']*)'/.exec(request.responseText);
    if (redirect) location.href = redirect[1];
  };
  request.send(body.toString());
}
function postback(target, argument) {
  const form = document.forms[0];
  form.elements['__EVENTTARGET'].value = target;
  form.elements['__EVENTARGUMENT'].value = argument;
  form.submit();
}
function set(name, value) { document.getElementsByName(name)[0].value = value; }
"""

FIELDS = {
    "__EVENTTARGET": "",
    "__EVENTARGUMENT": "",
    "__VIEWSTATE": "opaque",
    "ClientServerParams": "",
    f"{EDITOR}$xaf_dviID_Edit": "71.723",
    f"{EDITOR}$xaf_dviCUSTTABLE_Edit": "",
    f"{EDITOR}$xaf_dviCUSTTABLE_Edit$DDD$gv": "{&quot;keys&quot;:[],&quot;selection&quot;:&quot;&quot;,&quot;focusedKey&quot;:null}",
    f"{EDITOR}$xaf_dviPURCHORDERFORMNUM_Edit": "#7HKQW2M4XA",
    f"{EDITOR}$xaf_dviTEXTINTERNAL_Edit": "",
    f"{LINES}$editnew_12$xaf_INVENTTABLE_Edit": "ZZ99.104.023",
    f"{LINES}$editnew_25$xaf_QTYORDERED_Edit": "5,00 ",
}
CUSTOMER_STATE = "{{&quot;keys&quot;:[&quot;{0}&quot;],&quot;selection&quot;:&quot;&quot;,&quot;focusedKey&quot;:&quot;{0}&quot;}}"


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it; ``on_connection`` counts from 1."""

    connection: int
    on_connection: int
    method: str
    path: str
    headers: Mapping[str, str]
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What the server answers; ``close``: not a byte, the connection ends; ``hang``: never anything."""

    status: int = 200
    body: str = "0|/*DX*/({'id':0,'result':'','cp':{}})"
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False
    hang: bool = False


@dataclass
class GateSite:
    """The running site; ``reply`` is asked for every POST, ``files`` for GETs."""

    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    reply: Callable[[Seen], Reply] = lambda _: Reply()
    files: dict[str, Reply] = field(default_factory=dict)  # by path, before everything else
    _connections: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/Archibald"

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def posts(self) -> list[Seen]:
        return [request for request in self.seen if request.method == "POST"]

    def paths(self, method: str = "GET") -> list[str]:
        return [request.path for request in self.seen if request.method == method]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        connection, number = self._connections, 0
        try:
            while request := await self._read(reader, connection, number + 1):
                number += 1
                self.seen.append(request)
                reply = self.reply(request) if request.method == "POST" else self._page(request)
                if reply.close:
                    return
                if reply.hang:
                    await reader.read()  # until the other side gives up
                    return
                self._write(writer, reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _read(
        self, reader: asyncio.StreamReader, connection: int, number: int
    ) -> Seen | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ")
        headers = {
            k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return Seen(connection, number, method, path, headers, fields)

    def _page(self, request: Seen) -> Reply:
        if request.path in self.files:
            return self.files[request.path]
        if request.path.startswith(("/DXX.axd", "/DXR.axd", "/WebResource.axd", "/favicon")):
            return Reply(body="", headers={"Content-Type": "text/plain"})
        inputs = "".join(f'<input type="text" name="{k}" value="{v}">' for k, v in FIELDS.items())
        page = (
            f"<!doctype html><title>{request.path}</title><script>{SCRIPT}</script>"
            f'<form method="post" action="{request.path}">{inputs}</form>'
        )
        return Reply(body=page, headers={"Content-Type": "text/html; charset=utf-8"})

    @staticmethod
    def _write(writer: asyncio.StreamWriter, reply: Reply) -> None:
        body = reply.body.encode()
        if reply.headers.get("Content-Encoding") == "gzip":
            body = gzip.compress(body)
        headers = {"Content-Type": "text/plain", **reply.headers, "Content-Length": str(len(body))}
        lines = [f"HTTP/1.1 {reply.status} Told", *(f"{k}: {v}" for k, v in headers.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)


@asynccontextmanager
async def gate_site() -> AsyncIterator[GateSite]:
    """Run a site on a free port until the end of the ``with``."""
    site = GateSite()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
