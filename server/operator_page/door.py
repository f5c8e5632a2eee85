"""Lets in who has a token of a known caller, as gRPC's door does, and knows whose form it is that comes back.

A browser has one cookie, a random number. Signed in, the number stands for the token's hash in this
server's memory: it ends with the server, and with the token in the file of callers.
"""

import hmac
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

import structlog
from starlette.requests import Request
from starlette.responses import Response

from server.audit import Audit
from server.call import CURRENT, Call
from server.callers import Caller, Callers, hashed
from server.errors import BotError

LASTS = 12 * 3600.0  # seconds: a working day
MOST = 1_000  # sign-ins at once; the oldest is forgotten
_COOKIE_BYTES = 32
_COOKIE_LENGTH = 43  # of so many bytes in base64
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})

log = structlog.get_logger(__name__)


class Visit(NamedTuple):
    """A request's browser, and whose it is; None: nobody has signed in on it."""

    cookie: str
    caller: Caller | None


@dataclass(frozen=True)
class _SignedIn:
    token: str  # its hash
    until: float


class Door:
    """Who may look; ``callers`` None: whoever can connect, as it is with gRPC.

    Args:
        callers: the file of callers.
        audit: hears of every request that was let in.
        cookie: the cookie's name; browsers keep one jar for all ports of a machine.
    """

    def __init__(self, callers: Callers | None, audit: Audit, cookie: str) -> None:
        self._callers = callers
        self._audit = audit
        self._cookie = cookie
        self._key = secrets.token_bytes(32)
        self._signed_in: dict[str, _SignedIn] = {}

    def __repr__(self) -> str:
        return f"<Door {len(self._signed_in)} signed in>"

    @property
    def is_open(self) -> bool:
        """Whether nobody needs to sign in."""
        return self._callers is None

    def visit(self, request: Request) -> Visit:
        """Whose request it is; a browser that comes without our cookie gets one by `remember`."""
        cookie = request.cookies.get(self._cookie, "")
        if len(cookie) != _COOKIE_LENGTH:
            return Visit(secrets.token_urlsafe(_COOKIE_BYTES), self._anybody(request))
        if self._callers is None:
            return Visit(cookie, self._anybody(request))
        kept = self._signed_in.get(_digest(cookie))
        if kept is None or kept.until < time.monotonic():
            return Visit(cookie, None)
        return Visit(cookie, self._callers.by_hash(kept.token))

    def is_strange(self, request: Request) -> bool:
        """Whether an open page is asked under another name than this machine's.

        A foreign page can give its own name our address (DNS rebinding), and would read everything
        here with its visitor's browser. Where tokens are asked for it has none.
        """
        host = request.headers.get("host", "")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return self.is_open and name not in _LOCAL

    def sign_in(self, request: Request, token: str) -> Visit | None:
        """A new visit in the name of the token's caller; None: it is nobody's."""
        if self._callers is None or (caller := self._callers.by_token(token)) is None:
            log.warning("unauthenticated", method="operator page", address=address_of(request))
            return None
        cookie = secrets.token_urlsafe(_COOKIE_BYTES)  # never one that somebody else may have set
        now = time.monotonic()
        self._signed_in = {key: kept for key, kept in self._signed_in.items() if kept.until >= now}
        while len(self._signed_in) >= MOST:
            del self._signed_in[next(iter(self._signed_in))]
        self._signed_in[_digest(cookie)] = _SignedIn(hashed(token), now + LASTS)
        log.info("signed_in", caller=caller.name, address=address_of(request))
        return Visit(cookie, caller)

    def sign_out(self, visit: Visit) -> None:
        """Forget that somebody has signed in there."""
        self._signed_in.pop(_digest(visit.cookie), None)

    def remember(self, request: Request, response: Response, visit: Visit) -> None:
        """Give the browser its cookie if it has another one."""
        if request.cookies.get(self._cookie) != visit.cookie:
            response.set_cookie(
                self._cookie,
                visit.cookie,
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="strict",
            )

    def seal(self, visit: Visit, action: str) -> str:
        """What a form of this browser's that leads to this path carries."""
        told = f"{visit.cookie} {action}".encode()
        return hmac.new(self._key, told, sha256).hexdigest()

    def is_sealed(self, visit: Visit, action: str, seal: str) -> bool:
        """Whether we gave the form to this very browser, for this path."""
        return hmac.compare_digest(self.seal(visit, action).encode(), seal.encode())

    @asynccontextmanager
    async def call(self, request: Request, caller: Caller, method: str) -> AsyncIterator[None]:
        """Serve a request in the caller's name, and tell the audit what came of it."""
        call = Call(caller, address_of(request), method)
        CURRENT.set(call)  # for this request's task, which ends with it
        self._audit.note(call)
        outcome = "CANCELLED"
        try:
            yield
            outcome = "OK"
        except BotError as error:
            outcome = error.reason
            raise
        except Exception:
            outcome = BotError.reason
            raise
        finally:
            call.ended(outcome)
            self._audit.note(call)

    def _anybody(self, request: Request) -> Caller | None:
        return Caller(address_of(request)) if self._callers is None else None


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return f"http:{request.client.host}:{request.client.port}" if request.client else "http:"


def _digest(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()
