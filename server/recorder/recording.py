"""One recording: a session is opened and signed in, its pages are dumped, and a person drives one."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Page

from server.erp.rules import Rules
from server.erp.session import Login, open_context, sign_in
from server.erp.timeouts import Timeouts
from server.erp.write_gate import WriteGate
from server.operation import Answer, Ticket
from server.recorder.dump import build_of, dump_site
from server.recorder.handler import RecordingHandler
from server.recorder.observation import Observation, Sent
from server.recorder.redaction import Redactor

Drive = Callable[[Page], Awaitable[None]]


@dataclass(frozen=True)
class Target:
    """What is recorded: the site, as whom, and the id of a draft made for it, whose form may be changed."""

    base_url: str
    login: Login
    draft: str = ""
    ignore_https_errors: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)


@dataclass(frozen=True)
class Recording:
    """What was seen. ``denied`` counts the requests that were kept from the site."""

    build: str
    pages: list[dict[str, Any]]
    observations: list[Observation]
    denied: int

    def as_text(self) -> str:
        """The recording's file."""
        return json.dumps(
            {
                "framework_build": self.build,
                "denied": self.denied,
                "pages": self.pages,
                "requests": [one.as_json() for one in self.observations],
            },
            indent=1,
        )


async def record(
    browser: Browser, target: Target, rules: Rules, *, drive: Drive | None = None
) -> Recording:
    """Stage 0, and stage 1 if there is somebody to ``drive`` the page, which begins on the orders list.

    Raises:
        ErpLoginRejectedError, ErpUnavailableError, UiDriftError: as `sign_in`.
    """
    handler = RecordingHandler(rules, Redactor(), base_url=target.base_url, draft=target.draft)
    gate = WriteGate(
        rules, _refuse, _ignore, base_url=target.base_url,
        answer_timeout=target.timeouts.login, gesture_timeout=target.timeouts.element,
    )  # fmt: skip
    context = await open_context(browser, ignore_https_errors=target.ignore_https_errors)
    try:
        await gate.install(context)
        await handler.install(context)
        with handler.signing_in():
            session = await sign_in(
                context, gate, target.login, user_id=target.login.user_name,
                base_url=target.base_url, timeouts=target.timeouts,
            )  # fmt: skip
        pages = await dump_site(session, target.draft)
        if drive is not None:
            await session.screen.open("record", f"{target.base_url}/SALESTABLE_ListView_Agent/")
            handler.driving = True
            await drive(session.page)
    finally:
        await context.close()
    login = Observation(
        Sent("xaf", "Logon$PopupActions", argument="0"),
        "/Archibald/Login.aspx",
        "AUTH",
        passed=True,
    )
    seen = [*([login] * handler.logins), *handler.observations]
    return Recording(build_of(pages), pages, seen, handler.denied)


async def _refuse(ticket: Ticket) -> bool:  # noqa: ARG001 - the gate's signature
    """A recording writes nothing: no ticket is ever good."""
    return False


async def _ignore(ticket: Ticket, answer: Answer) -> None:
    """There is no write, so there is no answer to keep."""
