"""Decides on every request of one browser context and sends each announced write once.

Playwright calls :meth:`RequestHandler.handle` concurrently for all requests of the context; between
two ``await`` nothing else runs, so looking at the announced gesture and spending it are one step.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Route
from playwright.async_api import Error as PlaywrightError

from server.erp.classify import Armed, Verdict, classify
from server.erp.content import Expected, mismatches
from server.erp.replies import give, give_redirect, origin_of
from server.erp.rules import Rules
from server.erp.send_once import Sent, send_once
from server.errors import FencedError, OutcomeUnknownError, UiDriftError
from server.operation import Answer, RecordAnswer, RecordWrite, Ticket

log = logging.getLogger(__name__)

MAX_DENIED = 20  # remembered; the first one is told
FORM = "application/x-www-form-urlencoded"


@dataclass
class PendingWrite:
    """One ticket's request; ``answer`` is set as soon as the ERP's answer, or its loss, is known."""

    answer: Answer | None = None


@dataclass
class Announced:
    """What the page object is about to send, from the gesture until the request is over."""

    armed: Armed
    ticket: Ticket | None = None
    content: Mapping[str, Expected] = field(default_factory=dict)
    pending: PendingWrite = field(default_factory=PendingWrite)
    spent: bool = False  # its one request is in the handler, or through
    withdrawn: bool = False  # the gesture's code has failed: begin nothing more
    failure: Exception | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)  # spent, or something was denied
    done: asyncio.Event = field(default_factory=asyncio.Event)  # a spent write is over


class RequestHandler:
    """All requests of one context. ``announced`` is the gesture that the page object makes now."""

    def __init__(
        self,
        rules: Rules,
        record_write: RecordWrite,
        record_answer: RecordAnswer,
        *,
        base_url: str,
        answer_timeout: float,
    ) -> None:
        self._rules = rules
        self._record_write = record_write
        self._record_answer = record_answer
        self._origin = origin_of(base_url)
        if self._origin is None:
            raise ValueError("base_url is not a web address")
        self._answer_timeout = answer_timeout
        self.context: BrowserContext | None = None
        self.announced: Announced | None = None
        self.signing_in = False
        self.broken = False
        self.denied: list[Mapping[str, str]] = []
        self.written = 0

    async def handle(self, route: Route) -> None:
        """Playwright's handler. It never raises: that would surface in another context's call."""
        try:
            await self._decide(route)
        except PlaywrightError as error:
            # The page or its context went away below the request: nothing was let through by that.
            log.debug("request lost with its page: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001
            log.error("the gate failed on a request: %s", type(error).__name__)  # noqa: TRY400
            await self._deny(route, {"why": type(error).__name__})

    async def _decide(self, route: Route) -> None:
        request = route.request
        if request.url.startswith(("data:", "blob:")):  # never leave the browser
            await route.continue_()
            return
        if origin_of(request.url) != self._origin:
            await self._foreign(route)
            return
        announced = self.announced
        parts = urlsplit(request.url)
        is_form = request.headers.get("content-type", "").lower().startswith(FORM)
        verdict = classify(
            request.method,
            f"{parts.path}?{parts.query}",
            request.post_data_buffer if is_form else None,
            self._rules,
            None if announced is None or announced.spent else announced.armed,
        )
        if self.broken and request.method not in ("GET", "HEAD"):
            await self._deny(route, verdict.seen)
        elif verdict.word == "PASS":
            if verdict.consumes and announced is not None:
                announced.spent = True
                announced.settled.set()
            await route.continue_()
        elif verdict.word == "AUTH" and self.signing_in:
            await self._sign_in(route)
        elif verdict.word == "WRITE":
            await self._write(route, verdict)
        else:
            await self._deny(route, verdict.seen)

    async def _foreign(self, route: Route) -> None:
        """Deny another origin; what a page merely embeds from there is no drift."""
        request = route.request
        if request.method == "GET" and not request.is_navigation_request():
            await route.abort("blockedbyclient")
            return
        await self._deny(route, {"method": request.method[:10], "why": "another origin"})

    async def _sign_in(self, route: Route) -> None:
        """The login is sent by the gate too, so that no redirect can carry the password elsewhere."""
        sent = await send_once(route, timeout=self._answer_timeout)
        if sent.response is None or sent.lost:
            await route.abort("failed")
            return
        await self._give(route, sent)

    async def _write(self, route: Route, verdict: Verdict) -> None:
        announced = self.announced
        if announced is None or announced.ticket is None or announced.spent or announced.withdrawn:
            await self._deny(
                route, {**verdict.seen, "why": f"a write ({verdict.kind}) without a ticket"}
            )
            return
        ticket = announced.ticket
        rule = self._rules.kinds[ticket.kind]
        wrong = mismatches(verdict, announced.armed, ticket.target, announced.content, rule)
        if wrong:
            await self._deny(route, {**verdict.seen, "mismatch": ", ".join(wrong)[:500]})
            return
        announced.spent = True
        announced.settled.set()
        try:
            await self._write_held(route, announced, ticket)
        finally:
            if announced.pending.answer is None and announced.failure is None:
                announced.failure = OutcomeUnknownError("the write's handler was stopped")
            announced.done.set()

    async def _write_held(self, route: Route, announced: Announced, ticket: Ticket) -> None:
        try:
            allowed = await self._record_write(ticket)
        except Exception as error:  # noqa: BLE001 - raised again where the gesture was made
            await self._stop(route, announced, error)
            return
        if not allowed:
            await self._stop(
                route, announced, FencedError("the operation was taken over or stopped")
            )
            return
        self.written += 1
        if announced.withdrawn:
            await self._stop(route, announced, OutcomeUnknownError("the gesture failed meanwhile"))
            return
        sent = await send_once(route, timeout=self._answer_timeout)
        announced.pending.answer = sent.answer
        if sent.lost:
            self.broken = True
            announced.failure = OutcomeUnknownError(
                "a write may have reached the ERP: its answer was lost", kind=ticket.kind
            )
        try:
            await self._record_answer(ticket, sent.answer)
        except Exception as error:  # noqa: BLE001 - the caller still has the answer
            log.error("the answer of a write could not be stored: %s", type(error).__name__)  # noqa: TRY400
        if not sent.lost:
            await self._give(route, sent)
        elif sent.response is not None and self.context is not None:
            await self.context.close()  # a 307, or another origin: the page must not even see it
        else:
            await route.abort("failed")

    async def _give(self, route: Route, sent: Sent) -> None:
        if sent.redirect is not None:
            await give_redirect(route, sent.redirect)
        elif sent.response is not None:
            await give(route, sent.response, sent.body)

    async def _stop(self, route: Route, announced: Announced, failure: Exception) -> None:
        """Abort a held write that was never sent."""
        announced.failure = failure
        self.broken = True
        await route.abort("blockedbyclient")

    async def _deny(self, route: Route, seen: Mapping[str, str]) -> None:
        """Abort, remember, and trust this page no more."""
        self.broken = True
        if len(self.denied) < MAX_DENIED:
            self.denied.append(seen)
        announced = self.announced
        if announced is not None and not announced.spent:
            announced.failure = drift(seen)
            announced.settled.set()
        await route.abort("blockedbyclient")


def drift(seen: Mapping[str, str]) -> UiDriftError:
    """The error that tells what was denied, without any value."""
    return UiDriftError("the site tried to send something unexpected; it was stopped", **seen)
