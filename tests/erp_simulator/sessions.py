"""ASP.NET sessions: who is logged in, one request at a time, and the pages that are open."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

COOKIE = "ASP.NET_SessionId"
TICKET = "Login"


def new_random() -> str:
    """The volatile part of ids: eight digits."""
    return str(10_000_000 + secrets.randbelow(89_999_999))


class StaleStateError(Exception):
    """The posted view state or callback state belongs to no open page."""


@dataclass
class View:
    """One opened page: what the server remembers about it between its posts."""

    path: str
    state: str = field(default_factory=lambda: "/wEP" + secrets.token_urlsafe(1700))
    validation: str = field(default_factory=lambda: secrets.token_urlsafe(220))
    random: str = field(default_factory=new_random)
    fast: str = field(default_factory=new_random)
    page: Any = None

    def renew(self) -> None:
        """Give the view's controls another random part."""
        self.random = new_random()


@dataclass
class Session:
    """One browser's session; `lock` is ASP.NET's: requests of a session run one by one."""

    id: str = field(default_factory=lambda: secrets.token_hex(12))
    language: str = "it"
    user: str = ""
    ticket: str = ""
    seen: float = field(default_factory=time.monotonic)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    views: dict[str, View] = field(default_factory=dict)
    selections: dict[str, set[str]] = field(default_factory=dict)
    finds: int = 0  # find windows opened so far: each has a number of its own, on whatever page

    def selection(self, name: str) -> set[str]:
        """The keys selected in the list with that caption."""
        return self.selections.setdefault(name, set())

    def open(self, view: View, *, alone: bool) -> None:
        """Add a page; `alone` makes it the only one whose view state is good."""
        if alone:
            self.views.clear()
        self.views[view.state] = view

    def view(self, state: str, validation: str) -> View:
        """The page a body was posted from."""
        view = self.views.get(state)
        if view is None or view.validation != validation:
            raise StaleStateError("view state")
        return view

    def log_in(self, user: str) -> None:
        """Give the session its ticket: forms authentication's cookie of 352 characters."""
        self.user, self.ticket = user, secrets.token_hex(176)

    def expire(self) -> None:
        """Forget the login and all open pages."""
        self.user = self.ticket = ""
        self.views.clear()
        self.selections.clear()


class Sessions:
    """All sessions, found by cookie; a sliding lifetime ends them."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def find(self, cookies: dict[str, str], lifetime: float) -> Session:
        """The request's session, or a new one; expired ones are logged out."""
        session = self._sessions.get(cookies.get(COOKIE, ""))
        if session is None:
            session = Session()
            self._sessions[session.id] = session
        now = time.monotonic()
        if now - session.seen > lifetime or (
            session.ticket and cookies.get(TICKET) != session.ticket
        ):
            session.expire()
        session.seen = now
        return session

    def end_all(self) -> None:
        """Forget all sessions, those too that a request is just using."""
        for session in self._sessions.values():
            session.expire()
        self._sessions.clear()

    def of(self, user: str) -> list[Session]:
        """The sessions in which a user is logged in."""
        return [session for session in self._sessions.values() if session.user == user]


@dataclass
class ListSettings:
    """How a user left a list."""

    page_size: int = 20
    page_index: int = 0
    sort: list[tuple[str, bool]] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)
    search: str = ""
    columns: list[str] = field(default_factory=list)
    """The visible fields, left to right; empty: those of the model."""


@dataclass
class Profile:
    """What the server keeps for a user across sessions."""

    view_filter: str = ""
    customer_filter: str = ""
    save_action: str = "Save"
    lists: dict[str, ListSettings] = field(default_factory=dict)

    def of_list(self, name: str) -> ListSettings:
        """The settings of the list with that caption."""
        return self.lists.setdefault(name, ListSettings())
