"""Decides on every request of one browser context and sends each announced write once.

Playwright calls :meth:`RequestHandler.handle` concurrently for all requests of the context; between
two ``await`` nothing else runs, so looking at the announced gesture and spending it are one step.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from urllib.parse import urlsplit

import structlog
from playwright.async_api import BrowserContext, Route
from playwright.async_api import Error as PlaywrightError

from server import measures, tracing
from server.erp.announced import Announced
from server.erp.classify import Armed, Verdict, classify
from server.erp.content import mismatches
from server.erp.replies import give, give_redirect, origin_of
from server.erp.resources import Resources
from server.erp.rules import Rules
from server.erp.send_once import Sent, send_once
from server.errors import FencedError, OutcomeUnknownError, UiDriftError
from server.operation import RecordAnswer, RecordWrite, Ticket

log = structlog.get_logger(__name__)

MAX_DENIED = 20  # remembered; the first one is told
FORM = "application/x-www-form-urlencoded"


class RequestHandler:
    """All requests of one context. ``announced`` is the gesture that the page object makes now.

    ``standing`` is what the form may post by itself meanwhile.
    """

    def __init__(
        self,
        rules: Rules,
        record_write: RecordWrite,
        record_answer: RecordAnswer,
        *,
        base_url: str,
        answer_timeout: float,
        resources: Resources | None = None,
    ) -> None:
        self._rules = rules
        self._resources = resources
        self._record_write = record_write
        self._record_answer = record_answer
        self._origin = origin_of(base_url)
        if self._origin is None:
            raise ValueError("base_url is not a web address")
        self._answer_timeout = answer_timeout
        self.context: BrowserContext | None = None
        self.announced: Announced | None = None
        self.standing: Armed | None = None
        self.signing_in = False
        self.broken = False
        self.denied: list[Mapping[str, str]] = []
        self.written = 0
        # What log lines are about. Playwright calls handlers in the context of whoever started the driver,
        # which may be another agent's operation.
        self.about: Mapping[str, object] = {}

    async def handle(self, route: Route) -> None:
        """Playwright's handler. It never raises: that would surface in another context's call."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**self.about)
        try:
            await self._decide(route)
        except PlaywrightError as error:
            # The page or its context went away below the request: nothing was let through by that.
            log.debug("request lost with its page", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001
            log.error("gate failed on a request", error=type(error).__name__)  # noqa: TRY400
            await self._deny(route, {"why": type(error).__name__}, "a fault of ours")

    async def _decide(self, route: Route) -> None:
        request = route.request
        if request.url.startswith(("data:", "blob:")):  # never leave the browser
            await route.continue_()
            return
        if origin_of(request.url) != self._origin:
            await self._foreign(route)
            return
        # A file that is kept does not leave either; it is most of what a page asks for.
        if self._resources is not None and await self._resources.give(route):
            measures.passed(request.method)
            return
        await self._judge(route)

    async def _judge(self, route: Route) -> None:
        """Let go, hold or stop what would leave for the ERP."""
        request, announced = route.request, self.announced
        parts = urlsplit(request.url)
        is_form = request.headers.get("content-type", "").lower().startswith(FORM)
        path = f"{parts.path}?{parts.query}"
        body = request.post_data_buffer if is_form else None
        armed = None if announced is None or announced.spent else announced.armed
        verdict = classify(request.method, path, body, self._rules, armed)
        if verdict.word == "UNKNOWN" and self.standing is not None:
            late = classify(request.method, path, body, self._rules, self.standing)
            if late.word == "PASS":
                verdict = replace(late, consumes=False)
        if self.broken and request.method not in ("GET", "HEAD"):
            await self._deny(route, verdict.seen, "a broken page")
        elif verdict.word == "PASS":
            measures.passed(request.method)
            if verdict.consumes and announced is not None:
                announced.spend(verdict)
            await self._pass(route)
        elif verdict.word == "AUTH" and self.signing_in:
            await self._sign_in(route)
        elif verdict.word == "WRITE":
            await self._write(route, verdict)
        else:
            await self._deny(route, verdict.seen, "unknown")

    async def _pass(self, route: Route) -> None:
        """Let a harmless request through, and keep the file that it brings, if it does."""
        await route.continue_()
        if self._resources is not None:
            await self._resources.learn(route.request)

    async def _foreign(self, route: Route) -> None:
        """Deny another origin; what a page merely embeds from there is no drift."""
        request = route.request
        if request.method == "GET" and not request.is_navigation_request():
            await route.abort("blockedbyclient")
            return
        await self._deny(
            route, {"method": request.method[:10], "why": "another origin"}, "another origin"
        )

    async def _sign_in(self, route: Route) -> None:
        """The login is sent by the gate too, so that no redirect can carry the password elsewhere."""
        measures.passed("login")
        await self._give(route, await send_once(route, timeout=self._answer_timeout))

    async def _write(self, route: Route, verdict: Verdict) -> None:
        announced = self.announced
        if announced is None or announced.ticket is None or not announced.covers(verdict):
            why = f"a write ({verdict.kind}) without a ticket"
            await self._deny(route, {**verdict.seen, "why": why}, "no ticket")
            return
        ticket = announced.ticket
        rule = self._rules.kinds[ticket.kind]
        wrong = mismatches(verdict, announced.armed, ticket.target, announced.content, rule)
        if wrong:
            seen = {**verdict.seen, "mismatch": ", ".join(wrong)[:500]}
            await self._deny(route, seen, "mismatch")
            return
        announced.spend(verdict)
        with announced.running():
            try:
                with tracing.continued(announced.trace):
                    async with announced.turn:
                        await self._write_held(route, announced, ticket)
            except BaseException:
                # Also when the loop ends: somebody must hear that it may have been sent.
                announced.fail(OutcomeUnknownError("the handler of a write was stopped"))
                raise

    async def _write_held(self, route: Route, announced: Announced, ticket: Ticket) -> None:
        if announced.stopped:
            await self._stop(route)
            return
        try:
            with tracing.span("journal record_write", kind=ticket.kind):
                allowed = await self._record_write(ticket)
        except Exception as error:  # noqa: BLE001 - raised again where the gesture was made
            announced.fail(error)
            await self._stop(route)
            return
        if not allowed:
            measures.refused("fenced")
            announced.fail(FencedError("the operation was taken over, expired or stopped"))
            await self._stop(route)
            return
        self.written += 1
        if announced.stopped:
            announced.fail(OutcomeUnknownError("the gesture failed while its write was recorded"))
            await self._stop(route)
            return
        sent = await self._send(route, ticket)
        announced.pending.answer = sent.answer
        if sent.lost:
            self.broken = True
            lost = "a write may have reached the ERP: its answer was lost"
            announced.fail(OutcomeUnknownError(lost, kind=ticket.kind))
        try:
            await self._record_answer(ticket, sent.answer)
        except Exception as error:  # noqa: BLE001 - the caller still has the answer
            log.error("answer of a write not stored", error=type(error).__name__)  # noqa: TRY400
        with suppress(PlaywrightError):  # the page may be gone; what is known is known
            await self._give(route, sent)

    async def _send(self, route: Route, ticket: Ticket) -> Sent:
        began = monotonic()
        with tracing.span("erp request", kind=ticket.kind) as span:
            sent = await send_once(route, timeout=self._answer_timeout)
            span.set_attributes({"lost": sent.lost, "status": sent.answer.status or 0})
        measures.written(ticket.kind, monotonic() - began, lost=sent.lost)
        return sent

    async def _give(self, route: Route, sent: Sent) -> None:
        if sent.response is None:
            await route.abort("failed")
        elif sent.lost and self.context is not None:
            await self.context.close()  # a 307, or another origin: the page must not even see it
            await route.abort()  # nobody hears it, but Playwright would wait for it for ever
        elif sent.redirect is not None:
            await give_redirect(route, sent.redirect)
        else:
            await give(route, sent.response)

    async def _deny(self, route: Route, seen: Mapping[str, str], why: measures.Refusal) -> None:
        """Abort, remember, and trust this page no more; ``why`` is counted."""
        log.warning("request denied", **seen)
        measures.refused(why)
        if len(self.denied) < MAX_DENIED:
            self.denied.append(seen)
        announced = self.announced
        if announced is not None and announced.ahead:
            announced.fail(
                OutcomeUnknownError("a write was begun, the rest of it was stopped", **seen)
            )
        elif announced is not None and not announced.spent:
            announced.fail(drift(seen))
        await self._stop(route)

    async def _stop(self, route: Route) -> None:
        self.broken = True
        with suppress(PlaywrightError):  # gone with its page: stopped as well
            await route.abort("blockedbyclient")


def drift(seen: Mapping[str, str]) -> UiDriftError:
    """The error that tells what was denied, without any value."""
    return UiDriftError("the site tried to send something unexpected; it was stopped", **seen)
