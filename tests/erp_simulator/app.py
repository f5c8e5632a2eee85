"""The web application: which page answers, under which lock, with which fault."""

import asyncio
import re
import secrets
import uuid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from tests.erp_simulator import callbacks, mishaps
from tests.erp_simulator.access_log import Entry
from tests.erp_simulator.damage import damaged, window_text
from tests.erp_simulator.faults import Fault
from tests.erp_simulator.forms import Form
from tests.erp_simulator.languages import preferred
from tests.erp_simulator.latency import take_time
from tests.erp_simulator.pages.frame import BASE, Answer, Gesture, Page, login_url, redirect
from tests.erp_simulator.pages.login import LoginPage
from tests.erp_simulator.pages.posts import XAF, is_suspicious, understand
from tests.erp_simulator.pages.routes import page_for
from tests.erp_simulator.resources import resource
from tests.erp_simulator.sessions import COOKIE, TICKET, Session, StaleStateError, View
from tests.erp_simulator.sim_api import sim_routes
from tests.erp_simulator.transport import EXTENSION, Connection
from tests.erp_simulator.world import World

CUSTOMER = re.compile(r".*/CUSTTABLE_DetailView/(\d+)/?")
STATIC = (f"{BASE}/DXR.axd", f"{BASE}/DXX.axd", f"{BASE}/WebResource.axd")


class Erp:
    """Answers every request below `/Archibald`."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, request: Request) -> Response:
        """One request: log it, wait for the session's turn, answer."""
        connection = request.scope.get("extensions", {}).get(EXTENSION) or Connection()
        entry = self.world.log.begin(
            connection=connection.number, on_connection=connection.requests,
            method=request.method, path=request.url.path, query=request.url.query,
        )  # fmt: skip
        if request.url.path in STATIC:
            response = resource(request)
            entry.kind = "static" if response.status_code != 204 else "keepalive"
            entry.finish(response.status_code)
            return response
        if self.world.down:
            entry.finish(503)
            return PlainTextResponse("", 503)
        form = Form.parse(await request.body())
        minutes = self.world.switches.session_minutes
        session = self.world.sessions.find(dict(request.cookies), minutes * 60)
        entry.session = session.id
        async with session.lock:
            entry.user = session.user
            response, fault = await self._answer(request, session, form, entry)
        return await self._deliver(response, fault, session, entry, connection)

    async def _answer(
        self, request: Request, session: Session, form: Form, entry: Entry
    ) -> tuple[Response, Fault | None]:
        if request.method == "GET":
            return await self._get(request, session, entry)
        return await self._post(request, session, form, entry)

    # Pages ------------------------------------------------------------------------------------

    async def _get(
        self, request: Request, session: Session, entry: Entry
    ) -> tuple[Response, Fault | None]:
        session.language = preferred(request.headers.get("accept-language", ""))
        agent = self.world.store.agents.get(session.user)
        if self.world.switches.users_own_language and agent and agent.language == "en":
            session.language = "en"
        path = request.url.path
        fault = self.world.faults.strike(
            page_words(path, dict(request.query_params)), on_connection=entry.on_connection
        )
        refused = self._refusal(fault, session)
        if refused is not None:
            return refused, fault
        if fault is not None:
            actor = self.world.actor(session, entry)
            entry.error = mishaps.prepare(self.world, fault, None, actor)
        view = View(path)
        made = page_for(self.world, session, view, request)
        if isinstance(made, str):
            return RedirectResponse(made, 302), fault
        view.page = made
        if fault is not None and fault.name == "F10":
            mishaps.disguise(fault, made)
        session.open(view, alone=made.alone and self.world.switches.second_page_breaks_first)
        if fault is not None and fault.name == "F7":
            made.popup = window_text(fault, made)
        await self._take_time(made.latency, fault, entry)
        response = HTMLResponse(made.dressed(made.html(query_of(request))))
        made.popup = ""
        if fault is not None:
            mishaps.follow_up(self.world, fault, made, self.world.actor(session, entry))
        if session.user:
            response.set_cookie(f"{uuid.uuid5(uuid.NAMESPACE_URL, session.id)}", session.id[:6])
        return response, fault

    def _refusal(self, fault: Fault | None, session: Session) -> Response | None:
        if fault is None or not fault.spoils:
            return None
        match fault.name:
            case "F13":
                return PlainTextResponse("", int(fault.options.get("status", 503)))
            case "F14":
                return RedirectResponse(error_page().redirect, 302)
            case "F5":
                session.expire()
            case "F15":
                self.world.restart(float(fault.options.get("seconds", 0)))
        return None

    # Posts ------------------------------------------------------------------------------------

    async def _post(
        self, request: Request, session: Session, form: Form, entry: Entry
    ) -> tuple[Response, Fault | None]:
        entry.kind = "callback:refused"
        try:
            view, gesture, slot = self._understand(session, form)
        except (StaleStateError, ValueError) as error:
            entry.error = repr(error)
            answer = login(request) if self._is_lost(session, form) else error_page()
            return self._respond(answer, form, 0), None
        entry.kind = f"{'write' if gesture.writes else 'callback'}:{gesture.what}"
        if gesture.what == "login":
            entry.kind = "login"
        latency = gesture.latency or gesture.what
        fault = self.world.faults.strike({gesture.what, latency}, on_connection=entry.on_connection)
        if fault is not None and fault.spoils:
            return self._spoiled(fault, view.page, session, form, request, slot), fault
        await self._take_time(latency, fault, entry, half=True)
        actor = self.world.actor(session, entry)
        if fault is not None:
            entry.error = mishaps.prepare(self.world, fault, view.page, actor)
        try:
            answer = mishaps.carry_out(self.world, fault, lambda: gesture.run(actor))
            answer = damaged(answer, fault, view.page)
        except ValueError as error:
            entry.error = repr(error)
            answer = error_page()
        if fault is not None:
            mishaps.follow_up(self.world, fault, view.page, actor)
            answer = error_page() if fault.name == "F14" else answer
        await self._take_time(latency, fault, entry, half=True)
        return self._respond(answer, form, slot, view.page, query_of(request)), fault

    def _understand(self, session: Session, form: Form) -> tuple[View, Gesture, int]:
        view = session.view(form.get("__VIEWSTATE"), form.get("__EVENTVALIDATION"))
        if view.page.disguise:
            form = view.page.disguise.undress(form)
        if self.world.switches.request_validation and is_suspicious(form):
            raise ValueError("a potentially dangerous value was posted")
        gesture, slot = understand(view.page, form, suffix=self.world.switches.callback_suffix)
        return view, gesture, slot

    def _is_lost(self, session: Session, form: Form) -> bool:
        return not session.user and form.get("__VIEWSTATE") not in session.views

    def _spoiled(
        self, fault: Fault, page: Page, session: Session, form: Form, request: Request, slot: int
    ) -> Response:
        status = int(fault.options.get("status", 302 if fault.name == "redirect" else 503))
        rewritten = fault.name == "F13" and status == 500 and form.is_callback
        if fault.name in {"F5", "html"}:
            session.expire()
        if fault.name == "F15":
            self.world.restart(float(fault.options.get("seconds", 0)))
        match fault.name:
            case "redirect":
                location = str(fault.options.get("location", f"{BASE}/Default.aspx"))
                response: Response = RedirectResponse(location, status)
            case "F5" | "F15":
                response = self._respond(login(request), form, slot)
            case "F14":
                response = self._respond(error_page(), form, slot)
            case "F3":
                answer = self._banner(page, form)
                response = self._respond(answer, form, slot, page, query_of(request))
            case "e_answer":
                response = PlainTextResponse("e" + page.t("error_page"))
            case "html":
                view = View(f"{BASE}/Login.aspx")
                response = HTMLResponse(LoginPage(self.world, session, view, "").html(""))
            case _ if rewritten:  # the server's module rewrites its own errors
                answer = Answer({"generalError": page.t("error_page")})
                response = self._respond(answer, form, slot)
            case _:
                response = PlainTextResponse("", status)
        return response

    def _banner(self, page: Page, form: Form) -> Answer:
        words = page.t("server_error")
        if form.is_callback and form.get("__CALLBACKID") != XAF:
            return Answer({"error": {"message": words, "data": ""}})
        return page.refuse(words)

    def _respond(
        self, answer: Answer, form: Form, slot: int, page: Page | None = None, query: str = ""
    ) -> Response:
        if answer.download:
            name = {"content-disposition": 'attachment; filename="export.pdf"'}
            return Response(answer.download, media_type="application/pdf", headers=name)
        if form.is_callback:
            text = callbacks.answer({"id": slot} | answer.payload)
            text = page.dressed(text) if page else text
            kind = "text/html" if answer.redirect else "text/plain"
            return Response(text, media_type=f"{kind}; charset=utf-8")
        if answer.redirect or page is None:
            return RedirectResponse(answer.redirect or f"{BASE}/Error.aspx", 302)
        return HTMLResponse(page.dressed(page.whole(query, answer)))

    async def _take_time(
        self, what: str, fault: Fault | None, entry: Entry, *, half: bool = False
    ) -> None:
        scale = self.world.switches.scale * (0.5 if half else 1)
        scale *= fault.slowness if fault else 1
        entry.erp_seconds += await take_time(what, scale, self.world.random)

    # Delivery ---------------------------------------------------------------------------------

    async def _deliver(
        self, response: Response, fault: Fault | None, session: Session, entry: Entry,
        connection: Connection,
    ) -> Response:  # fmt: skip
        response.set_cookie(COOKIE, session.id, httponly=True, path="/")
        if session.ticket:
            response.set_cookie(TICKET, session.ticket, httponly=True, path="/")
            response.set_cookie(
                "xafkidemovbUserName", session.user, max_age=30 * 86400, httponly=True, path="/"
            )
        if fault is not None and fault.name == "truncated":
            body = bytes(response.body)
            response.body = body[: len(body) // 2]
            response.headers["content-length"] = str(len(response.body))
        if fault is not None and fault.name == "F2":
            await asyncio.sleep(float(fault.options.get("seconds", 60)))
        if (
            fault is not None
            and fault.name == "F6"
            and fault.options.get("how") in {None, "answer"}
        ):
            entry.closed_without_answer = True
            entry.finish(0)
            await connection.lost.wait()  # whoever asked gives up at some time
        elif fault is not None and fault.breaks:
            entry.closed_without_answer = True
            entry.finish(0)
            await (connection.close() if fault.name == "F19" else connection.reset())
        else:
            entry.finish(response.status_code)
        return response


def query_of(request: Request) -> str:
    """The query with its question mark, if there is one."""
    return f"?{request.url.query}" if request.url.query else ""


def page_words(path: str, query: dict[str, str]) -> set[str]:
    """The words by which faults know a page."""
    words = {"page"} | ({"list"} if "_ListView" in path else set())
    words |= {"popup"} if "FindPopup" in query else set()
    customer = CUSTOMER.fullmatch(path)
    if customer and query.get("mode") == "Edit":
        words |= {"customer_edit", f"customer_edit:{customer[1]}"}
    return words


def login(request: Request) -> Answer:
    """Send the browser to the login page."""
    return redirect(login_url(request.url.path))


def error_page() -> Answer:
    """Send the browser to the error page."""
    return redirect(f"{BASE}/Error.aspx?e={uuid.UUID(bytes=secrets.token_bytes(16))}")


def make_app(world: World) -> Starlette:
    """The application over a world."""
    erp = Erp(world)
    return Starlette(routes=[
        Mount("/sim", routes=sim_routes(world)),
        Route("/{path:path}", erp.__call__, methods=["GET", "POST"]),
    ])  # fmt: skip
