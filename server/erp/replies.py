"""Hands an answer that the gate fetched to the page, and never as a redirect.

Measured: Chromium follows a fulfilled 307 by itself and posts the form again, past the gate's handler
(design §4.3). So redirects are told to the page as a script of its own kind, or not at all.
"""

import json
from urllib.parse import urljoin, urlsplit

from playwright.async_api import APIResponse, Route

_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT_HEADERS = ("content-type", "cache-control", "content-disposition")


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None if it is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme]


def is_redirect(response: APIResponse) -> bool:
    """True for every 3xx, also for those that no browser follows."""
    return 300 <= response.status < 400


def safe_redirect(response: APIResponse, request_url: str) -> str | None:
    """Where a redirect leads, if a browser would GET it at our own origin; else None.

    301, 302 and 303 turn a POST into a GET; 307 and 308 repeat the POST, which must not happen.
    """
    location = response.headers.get("location", "")
    if response.status not in (301, 302, 303) or not location:
        return None
    try:
        target = urljoin(request_url, location)
    except ValueError:
        return None
    return target if origin_of(target) == origin_of(request_url) else None


async def give(route: Route, response: APIResponse) -> None:
    """Fulfil the held request with a fetched answer that is no redirect.

    Only headers that the page needs are repeated: the body is decoded already, and the fetch itself
    has put the cookies into the context. The driver has the body, which need not go there again.
    """
    headers = {k: v for k, v in response.headers.items() if k.lower() in _KEPT_HEADERS}
    await route.fulfill(response=response, status=response.status, headers=headers)


async def give_redirect(route: Route, target: str) -> None:
    """Let the page itself go to ``target`` by a GET: a document by script, a callback by its payload."""
    address = json.dumps(target).replace("<", "\\u003c")
    if route.request.is_navigation_request():
        page = f'<!doctype html><meta charset="utf-8"><script>location.replace({address})</script>'
        await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=page)
        return
    quoted = address[1:-1].replace("'", "\\'")
    payload = f"0|/*DX*/({{'redirect':'{quoted}'}})"  # erp-wire §1.4
    await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=payload)
