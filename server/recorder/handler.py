"""Decides on every request of a recorded context: nothing that would change the ERP ever leaves it."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
from playwright.async_api import BrowserContext, Frame, Request, Route
from playwright.async_api import Error as PlaywrightError

from server.erp.classify import path_template
from server.erp.editor_fields import Fields, canonical_fields
from server.erp.evidence import shape_of
from server.erp.menu import literal_call
from server.erp.replies import give, give_redirect, origin_of
from server.erp.rules import Rules
from server.erp.send_once import send_once
from server.erp.wire import XafCall, parse_post
from server.erp.wire_grid import WireError
from server.recorder.judging import Held, Judged, Seen, judge
from server.recorder.observation import Observation, Sent
from server.recorder.page_scripts import STATE, TOLD, WATCH
from server.recorder.redaction import Redactor, element_name

log = structlog.get_logger(__name__)

# Answer to what is held back: the page shows it and is idle again (erp-wire §6.1-6).
BLOCKED = "0|/*DX*/({'generalError':'blocked'})"
STATE_WITHIN = 3.0  # seconds for a page to tell of itself; else nothing is known and nothing passes
ANSWER_WITHIN = 120.0  # seconds for an answer of the ERP
# Parts of a response's shape that quote the site's texts; their lengths tell enough.
_QUOTES = ("general_error", "error", "errors")


class RecordingHandler:
    """All requests of one context. Before ``driving`` is set no POST leaves but the login.

    ``draft``: an order made to be tried on; its edit form counts as one that will be abandoned.
    """

    def __init__(self, rules: Rules, redactor: Redactor, *, base_url: str, draft: str = "") -> None:
        self._rules = rules
        self._redactor = redactor
        self._origin = origin_of(base_url)
        self._draft = f"/{draft}/" if draft else ""
        self._signing_in = False
        self._answered: dict[str, Fields] = {}
        self._told: dict[Frame, dict[str, Any]] = {}
        self.driving = False
        self.denied = 0
        self.logins = 0
        self.observations: list[Observation] = []

    async def install(self, context: BrowserContext) -> None:
        """Stand before the gate that is installed already: only the login goes on to it."""
        await context.expose_binding(TOLD, self._hear)
        await context.add_init_script(WATCH)
        await context.route("**/*", self.handle)

    def _hear(self, source: Mapping[str, Any], told: object) -> None:
        """A page tells what it knows with every gesture."""
        if isinstance(told, dict):
            self._told[source["frame"]] = told

    async def _state(self, request: Request) -> Mapping[str, Any]:
        """What the page of a held request knows; empty if it cannot say.

        A page that is being left answers nothing, so what it told last counts.
        """
        if request.is_navigation_request():
            return self._told.get(request.frame, {})
        return await _ask(request.frame)

    @contextmanager
    def signing_in(self) -> Iterator[None]:
        """Let the login go on to the gate, inside the ``with`` only; nothing of it is recorded."""
        self._signing_in = True
        try:
            yield
        finally:
            self._signing_in = False

    async def handle(self, route: Route) -> None:
        """Playwright's handler; it never raises, for that would surface elsewhere."""
        try:
            await self._decide(route)
        except PlaywrightError as error:
            log.debug("request lost with its page", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - held back, and told
            log.error("recorder failed on a request", error=type(error).__name__)  # noqa: TRY400
            await self._block(route)

    async def _decide(self, route: Route) -> None:
        request = route.request
        if request.url.startswith(("data:", "blob:")):
            await route.continue_()
        elif origin_of(request.url) != self._origin:
            await route.abort("blockedbyclient")
        elif request.method in ("GET", "HEAD"):
            if "__CALLBACK" in request.url.upper() or "__EVENTTARGET" in request.url.upper():
                await self._block(route)
            else:
                await route.continue_()
        elif self._signing_in and urlsplit(request.url).path.lower().endswith("/login.aspx"):
            self.logins += 1
            await route.fallback()
        elif not self.driving or request.method != "POST":
            await self._block(route)
        else:
            await self._observe(route)

    async def _observe(self, route: Route) -> None:
        request = route.request
        parts = urlsplit(request.url)
        path, body = f"{parts.path}?{parts.query}", request.post_data_buffer or b""
        try:
            post = parse_post(parts.path, body)
            held = Held(post, path, body, canonical_fields(post.fields))
            hopeless = not self._may_pass(held)
        except WireError as error:
            await self._block(route)
            judged = Judged(Sent("unknown"), "UNKNOWN", passes=False, why=str(error))
            self._note(judged, path, await self._state(request), {})
            return
        if hopeless:  # held no longer than needed: a page that closes lets its held requests go
            await self._block(route)
        told = await self._state(request)
        judged = judge(held, self._rules, self._seen(path, told), self._redactor)
        if hopeless or not judged.passes:
            self._note(judged, path, told, held.fields)
            if not hopeless:
                await self._block(route)
            return
        sent = await send_once(route, timeout=ANSWER_WITHIN)
        self._answered[told.get("document", "")] = held.fields
        text = "" if sent.body is None else sent.body.decode("utf-8", "replace")
        answer = {"status": sent.answer.status, **_shape(text)}
        self._note(judged, path, told, held.fields, answer)
        if sent.redirect is not None:
            await give_redirect(route, sent.redirect)
        elif sent.response is None or sent.lost:
            await route.abort("failed")
        else:
            await give(route, sent.response)

    def _may_pass(self, held: Held) -> bool:
        """Whether it may pass in the best of cases; an action's name is the page's to tell."""
        if isinstance(held.post.call, XafCall):
            return True
        best = Seen(before=held.fields, answered=held.fields, abandoned=True)
        return judge(held, self._rules, best, self._redactor).passes

    def _seen(self, path: str, told: Mapping[str, Any]) -> Seen:
        first, before = _form(told.get("first")), _form(told.get("before"))
        answered = self._answered.get(told.get("document", ""), first)
        own = bool(self._draft) and self._draft in path.partition("?")[0]
        return Seen(
            before, answered, actions_of(told), abandoned=own or bool(told.get("newObject"))
        )

    def _note(
        self,
        judged: Judged,
        path: str,
        told: Mapping[str, Any],
        fields: Fields,
        response: Mapping[str, object] | None = None,
    ) -> None:
        gesture = told.get("gesture") or {}
        self.observations.append(
            Observation(
                sent=judged.sent,
                page=path_template(path),
                verdict=judged.verdict,
                passed=judged.passes,
                why=judged.why,
                changed={
                    name: self._redactor.shape(fields.get(name, ""))
                    for name in sorted(judged.changed)
                },
                arguments=judged.arguments,
                gesture=element_name(str(gesture.get("element", ""))),
                event=str(gesture.get("event", ""))[:20],
                after_ms=round(gesture["after"]) if "after" in gesture else None,
                response=response or {},
            )
        )

    async def _block(self, route: Route) -> None:
        """Keep it from the ERP and let the page go on as if it had been refused."""
        self.denied += 1
        with suppress(PlaywrightError):  # gone with its page: kept back as well
            if route.request.is_navigation_request():
                await route.fulfill(status=204)  # the document stays as it is
            else:
                await route.fulfill(status=200, content_type="text/plain", body=BLOCKED)


async def _ask(frame: Frame) -> dict[str, Any]:
    """What the page tells while its request is held; empty if it cannot."""
    asked = asyncio.ensure_future(frame.evaluate(STATE))
    asked.add_done_callback(lambda late: late.exception())  # looked at, however late it comes
    await asyncio.wait({asked}, timeout=STATE_WITHIN)  # never cancelled: design, law 8
    if not asked.done() or asked.exception() is not None:
        return {}
    told = asked.result()
    return told if isinstance(told, dict) else {}


def _form(pairs: object) -> Fields | None:
    """A form that the page had collected; of two values for one name neither is known."""
    if not isinstance(pairs, list):
        return None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if fields.setdefault(name, value) != value:
            return None
    return canonical_fields(fields)


def actions_of(told: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """By what they send: the names of all menu items, those of combo boxes by their index path.

    Items of several names that send the same have none: nothing may pass by the name of another.
    """
    found: dict[tuple[str, str], str] = {}
    for menu in told.get("menus", []):
        root = str(menu["name"]).removesuffix("_Menu").replace("_", "$")
        for item in menu["items"]:
            call, name = literal_call(str(item["call"])), str(item["name"])
            if call is not None:
                sent = (call["handler"], call["argument"])
            elif item["leaf"] and not item["call"] and name:
                sent = (root, str(item["path"]))
            else:
                continue
            found[sent] = name if found.get(sent, name) == name else ""
    return found


def _shape(text: str) -> dict[str, object]:
    shape = dict(shape_of(text))
    for name in _QUOTES:
        if name in shape:
            shape[name] = len(json.dumps(shape[name]))
    return shape
