"""Lets a browser context change the ERP only by tickets: one durable row, one request (design §4.3)."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import structlog
from playwright.async_api import BrowserContext

from server import tracing
from server.erp.announced import Announced, PendingWrite
from server.erp.classify import Armed
from server.erp.content import Expected, missing_content
from server.erp.editor_fields import Fields
from server.erp.request_handler import RequestHandler, drift
from server.erp.resources import Resources
from server.erp.rules import Rules
from server.errors import OutcomeUnknownError, UiDriftError
from server.operation import Claim, RecordAnswer, RecordWrite, Ticket

__all__ = ["Expected", "Fields", "NoRequestError", "PendingWrite", "WriteGate"]

# What passes no handler (measured: each of them reached the server): a document's last words, such as
# a beacon or a keep-alive fetch while it is being left, and whatever a shared worker sends. The site
# uses none of it, so behind a gate none of it exists. Nor does a plain request of a page that is being
# left always meet its handler (2 of some 170 did not, on a loaded machine): then none is sent.
_NOTHING_PASSES_BY = """
Object.defineProperty(Navigator.prototype, 'sendBeacon', {value: () => false});
delete window.SharedWorker;
delete window.fetchLater;
{
  let left = false;  // this listener is the page's first
  addEventListener('pagehide', () => { left = true; }, true);
  addEventListener('pageshow', () => { left = false; }, true);
  const send = window.fetch;
  window.fetch = (input, options) => left
    ? Promise.reject(new TypeError('the page is being left'))
    : send(input, {...options, keepalive: false});
  const post = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...body) {
    if (left) throw new DOMException('the page is being left', 'NetworkError');
    post.apply(this, body);
  };
}
"""


class NoRequestError(UiDriftError):
    """A gesture was made, and nothing was sent: nothing has happened, and it may be made again."""


class WriteGate:
    """The only way out of one browser context; one gate for each context.

    Never close a single page of the context: Chromium then lets a held request go (measured, 12 of 12
    reached the server). Closing the context or the browser stops it (0 of 42).

    Args:
        rules: what may pass, from requests.toml.
        record_write: the journal's guarded update, awaited while the request is held.
        record_answer: stores the ERP's answer as evidence.
        base_url: the site's address; requests to other origins are denied.
        answer_timeout: seconds to wait for the ERP's answer to a write; longer than any write known.
        gesture_timeout: seconds within which a gesture must have sent its request.
        resources: where the site's files are kept for all contexts; without, each page loads its own.
    """

    def __init__(
        self,
        rules: Rules,
        record_write: RecordWrite,
        record_answer: RecordAnswer,
        *,
        base_url: str,
        answer_timeout: float,
        gesture_timeout: float,
        resources: Resources | None = None,
    ) -> None:
        self._rules = rules
        self._handler = RequestHandler(
            rules,
            record_write,
            record_answer,
            base_url=base_url,
            answer_timeout=answer_timeout,
            resources=resources,
        )
        self._gesture_timeout = gesture_timeout
        self._claim: Claim | None = None

    @property
    def broken(self) -> bool:
        """True once a request was stopped or an answer lost: the context must be closed, not re-used."""
        return self._handler.broken

    @property
    def written(self) -> int:
        """Requests of the current claim that may have left, each after its durable row."""
        return self._handler.written

    async def install(self, context: BrowserContext) -> None:
        """Put the gate around a new context, made with ``service_workers="block"``, once."""
        if self._handler.context is not None:
            raise RuntimeError("a gate guards one context")
        self._handler.context = context
        await context.add_init_script(_NOTHING_PASSES_BY)
        await context.route("**/*", self._handler.handle)
        # The site uses no web sockets (erp-wire §1.3); what it does not use, nobody may use.
        await context.route_web_socket("**/*", lambda socket: socket.close())

    @contextmanager
    def claimed(self, claim: Claim) -> Iterator[None]:
        """One attempt: tickets are issued in the claim's name; outside of it there are none.

        Raises:
            UiDriftError: the context was stopped before and must not be used again.
        """
        if self._claim is not None:
            raise RuntimeError("one claim at a time")
        if self._handler.broken:
            raise UiDriftError("this browser context was stopped; a new one is needed")
        self._claim, self._handler.denied, self._handler.written = claim, [], 0
        self._handler.about = {
            "operation": claim.operation_type,
            "operation_id": str(claim.operation_id),
            "user": claim.user_id,
            "generation": claim.generation,
        }
        try:
            yield
        finally:
            self._claim, self._handler.about = None, {}

    @contextmanager
    def signing_in(self) -> Iterator[None]:
        """Let the login's request pass inside the ``with``, and only there."""
        self._handler.signing_in = True
        try:
            yield
        finally:
            self._handler.signing_in = False

    def check(self) -> None:
        """Raise UiDriftError, saying what was seen, if a request was denied since the claim began."""
        if self._handler.denied:
            raise drift(self._handler.denied[0])

    @asynccontextmanager
    async def allow(
        self,
        *,
        action: str | None = None,
        parameter: str | None = None,
        changes: Collection[str] = (),
        baseline: Fields | None = None,
        expect_request: bool = True,
    ) -> AsyncIterator[None]:
        """Let ONE harmless request through: the gesture belongs inside the ``with``.

        Either a menu item, by its ``action`` name and the literal ``parameter`` that the page's own
        handler map gives; or an immediate post that changes only ``changes`` against ``baseline``.
        The pass ends with the ``with``: without ``expect_request`` wait inside for the page to be idle.

        Raises:
            UiDriftError: something else was sent, or (``expect_request``) nothing in time.
        """
        armed = _armed(None, action, parameter, changes, baseline)
        async with self._announce(Announced(armed)) as announced:
            yield
            if expect_request:
                await self._settled(announced)

    @contextmanager
    def late_posts(self, changes: Collection[str], baseline: Fields) -> Iterator[None]:
        """Let immediate posts through that a form sends of its own accord, as long as the ``with`` lasts.

        A check by the ERP answers in several posts, seconds apart, whatever else is being done meanwhile.
        They pass only if they change nothing but ``changes`` against ``baseline``, each of which
        requests.toml must call harmless; a ticket is never used by them.
        """
        if self._handler.standing is not None:
            raise RuntimeError("one form at a time")
        self._handler.standing = Armed(changes=frozenset(changes), baseline=baseline)
        try:
            yield
        finally:
            self._handler.standing = None

    @asynccontextmanager
    async def write(
        self,
        kind: str,
        target: str,
        *,
        action: str | None = None,
        parameter: str | None = None,
        content: Mapping[str, Expected],
        changes: Collection[str] = (),
        baseline: Fields | None = None,
    ) -> AsyncIterator[PendingWrite]:
        """Issue ONE ticket for ONE request that changes the ERP: the gesture belongs inside the ``with``.

        At its end the request has been answered and ``answer`` is set. ``content`` must stand in the
        held body (canonical names, see editor_fields); against ``baseline`` only ``changes`` may differ.

        Raises:
            UiDriftError: nothing was sent in time, or something else than the ticket says; not written.
            FencedError: the journal refused; not written.
            OutcomeUnknownError: it may have been written, nobody knows.
            Exception: whatever ``record_write`` raised; not written.
        """
        rule = self._rules.kinds.get(kind)
        if self._claim is None:
            raise RuntimeError("a write outside of a claim")
        if rule is None or (missing := missing_content(rule, content)):
            raise ValueError(f"a ticket of kind {kind!r} needs {missing if rule else 'a rule'}")
        if rule.baseline and baseline is None:
            raise ValueError(f"a ticket of kind {kind!r} needs a baseline")
        armed = _armed(kind, action, parameter, changes, baseline)
        with tracing.span(f"gate {kind}"):
            announced = Announced(armed, Ticket(self._claim, kind, target), content)
            async with self._announce(announced):
                yield announced.pending
                await self._settled(announced)

    @asynccontextmanager
    async def _announce(self, announced: Announced) -> AsyncIterator[Announced]:
        if self._handler.announced is not None:
            raise RuntimeError("one gesture at a time")
        self.check()
        self._handler.announced = announced
        step = structlog.contextvars.get_contextvars().get("step", "")
        self._handler.about = {**self._handler.about, "step": step}
        try:
            yield announced
        except BaseException as error:
            announced.withdrawn = True
            await self._over(announced)
            # A stopped request is why the gesture's own wait failed: say that instead.
            if isinstance(error, Exception) and announced.failure is not None:
                raise announced.failure from error
            raise
        await self._over(announced)
        if announced.failure is not None:
            raise announced.failure

    async def _over(self, announced: Announced) -> None:
        """Wait until a write in the handler has ended: by its answer, its timeout or a closed context."""
        self._handler.announced = None
        try:
            await announced.over()
        except asyncio.CancelledError:
            announced.withdrawn = True  # stops it if it has not been sent yet
            await announced.over()
            raise

    async def _settled(self, announced: Announced) -> None:
        """Wait for the gesture's request; a UiDriftError tells that none came."""
        while True:
            try:
                async with asyncio.timeout(self._gesture_timeout):
                    await announced.settled.wait()
            except TimeoutError:
                # A choice's own callback may take its time; its post comes only after it.
                if await announced.over():
                    continue
                break
            return
        if announced.ahead:
            raise OutcomeUnknownError("a choice was sent, the post that belongs to it never came")
        expected = announced.armed.kind or "a harmless request"
        raise NoRequestError("the gesture sent no request", expected=expected)


def _armed(
    kind: str | None,
    action: str | None,
    parameter: str | None,
    changes: Collection[str],
    baseline: Fields | None,
) -> Armed:
    if (action is None) != (parameter is None):
        raise ValueError("a menu item is announced by its name and its literal parameter")
    if action is None and kind is None and not (changes and baseline is not None):
        raise ValueError("a pass names a menu item, or changes against a baseline")
    return Armed(kind, action, parameter, frozenset(changes), baseline)
