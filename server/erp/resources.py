"""The site's scripts, style sheets and images, kept in this process for all contexts.

Routing turns the browser's own HTTP cache off, so each page would load all of them anew. What a browser
might keep for everybody is kept here instead, under the same word of the server's (RFC 9111).
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Request, Route

MOST_BYTES = 64_000_000  # of all
LARGEST = 8_000_000  # of one
LONGEST = (
    86_400.0  # seconds; an address names the framework's build, so that nothing changes below it
)

# DevExpress's and ASP.NET's own handlers; DXX.axd serves images, and sessions as well (erp-reference §1.2).
_FILES = re.compile(r".*/(?:DXR|WebResource|ScriptResource)\.axd", re.IGNORECASE)
_IMAGES = re.compile(r".*/DXX\.axd", re.IGNORECASE)
_MAX_AGE = re.compile(r"max-age=(\d+)")
_KINDS = frozenset({"script", "stylesheet", "image", "font"})


@dataclass(frozen=True)
class Resource:
    """One file as it is given to a page, until the time (of `time.monotonic`) up to which it is fresh."""

    content_type: str
    body: bytes
    until: float


class Resources:
    """The files of one site; the one used longest ago goes first when they take too much."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        """``most_bytes``: what all of them may take together."""
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, Resource] = OrderedDict()
        self.size = 0

    async def give(self, route: Route) -> bool:
        """Answer the request from what is kept; False: it is not, and the request is as it was."""
        url = route.request.url
        resource = self._kept.get(url)
        # Its address was looked at when it was learned.
        if resource is None or not _is_embedded(route.request):
            return False
        if resource.until < monotonic():
            self._drop(url)
            return False
        self._kept.move_to_end(url)
        await route.fulfill(
            status=200, headers={"content-type": resource.content_type}, body=resource.body
        )
        return True

    async def learn(self, request: Request) -> None:
        """Keep the answer to a request that was let through, if it is such a file and may be kept."""
        if not is_static(request) or request.url in self._kept:
            return
        response = await request.response()
        if response is None or response.status != 200:
            return
        headers = await response.all_headers()
        seconds = fresh_for(headers)
        if not seconds:
            return
        body = await response.body()
        if len(body) <= LARGEST and request.url not in self._kept:
            until = monotonic() + min(seconds, LONGEST)
            self._kept[request.url] = Resource(headers.get("content-type", ""), body, until)
            self.size += len(body)
            while self.size > self._most_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, url: str) -> None:
        self.size -= len(self._kept.pop(url).body)


def is_static(request: Request) -> bool:
    """Whether a page embeds it as a file, by the kind of request and by the address."""
    if not _is_embedded(request):
        return False
    parts = urlsplit(request.url)
    if _FILES.fullmatch(parts.path):
        return True
    handlers = parse_qs(parts.query).get("handlerName", [])
    return _IMAGES.fullmatch(parts.path) is not None and handlers == ["ImageResource"]


def _is_embedded(request: Request) -> bool:
    return request.method == "GET" and request.resource_type in _KINDS


def fresh_for(headers: Mapping[str, str]) -> int:
    """The seconds for which an answer may be given to anybody again; 0: the server does not say so."""
    control = headers.get("cache-control", "").lower()
    age = _MAX_AGE.search(control)
    shared = "public" in control and "no-" not in control and "private" not in control
    varies = headers.get("vary", "accept-encoding").lower() != "accept-encoding"
    if age is None or not shared or varies or "set-cookie" in headers:
        return 0
    return int(age[1])
