"""The page as a web application: which path is answered by what, who is let in, and how errors are told."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from google.rpc import code_pb2
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from server.audit import Audit
from server.callers import Callers
from server.database import Pool
from server.errors import BotError, UnauthenticatedError
from server.journal import DATABASE_AWAY, database_down
from server.operation_events import Events
from server.operations_service import OperationsService
from server.operator_page.asked import Asked, BadFormError
from server.operator_page.door import Door
from server.operator_page.health import Gauges
from server.operator_page.looking import Looking
from server.operator_page.rendering import HERE, Headers
from server.operator_page.serving import served
from server.operator_page.settling import Settling
from server.statuses import italian, status_of

Answer = Callable[[Asked], Awaitable[Response]]

_STATUS = {
    code_pb2.INVALID_ARGUMENT: 422,
    code_pb2.NOT_FOUND: 404,
    code_pb2.FAILED_PRECONDITION: 409,
    code_pb2.ABORTED: 409,
    code_pb2.PERMISSION_DENIED: 403,
    code_pb2.UNAVAILABLE: 503,
}
_ONE = re.compile(r"/operations/[0-9a-f-]{36}", re.ASCII)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sources:
    """What the page is made of, as the composition root has it."""

    callers: Callers | None
    audit: Audit
    service: OperationsService
    pool: Pool
    events: Events
    gauges: Gauges


@asynccontextmanager
async def operator_page(listen: str, sources: Sources) -> AsyncIterator[str]:
    """Serve the page at HOST:PORT as long as the ``async with`` lasts. Yields the address.

    Raises:
        ConfigError: the address cannot be had.
    """
    async with served(listen, partial(application, sources)) as address:
        yield address


def application(sources: Sources, port: int, leaving: asyncio.Event) -> Starlette:
    """The application for this port; its streams end when ``leaving`` is set."""
    door = Door(sources.callers, sources.audit, f"archibald_operator_{port}")
    looking = Looking(sources.service, sources.pool, sources.events, sources.gauges, leaving)
    settling = Settling(sources.service, looking)
    front = _Front(door)
    one = "/operations/{id:uuid}"

    def path(of: str, answer: Answer, method: str = "GET") -> Route:
        return Route(of, front.guarded(answer, f"{method} {of}"), methods=[method])

    return Starlette(
        routes=[
            path("/", looking.overview),
            path("/live", looking.overview_live),
            path("/operations", looking.search),
            path(one, looking.operation),
            path(f"{one}/live", looking.operation_live),
            path(f"{one}/files/{{attempt:int}}/{{file}}", looking.file),
            path(f"{one}/resolve", settling.resolve, "POST"),
            Route("/sign-in", front.open(front.sign_in), methods=["GET", "POST"]),
            Route("/sign-out", front.open(front.sign_out), methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Headers)],
        exception_handlers={HTTPException: front.not_there},
    )


class _Front:
    """What stands before every page."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def guarded(self, answer: Answer, method: str) -> Callable[[Request], Awaitable[Response]]:
        """Only for who has signed in; the audit hears of it as ``method``."""

        async def named(asked: Asked) -> Response:
            if asked.caller is None:
                return self._to_sign_in(asked)
            async with self._door.call(asked.request, asked.caller, method):
                return await answer(asked)

        return self.open(named)

    def open(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """For everybody; whatever is raised becomes a page."""

        async def endpoint(request: Request) -> Response:
            asked = Asked(request, self._door.visit(request), self._door)
            if self._door.is_strange(request):
                return _trouble(
                    asked,
                    421,
                    "Indirizzo sconosciuto",
                    "Open this page under the name of this machine: 127.0.0.1 or localhost.",
                )
            try:
                response = await answer(asked)
            except BadFormError as error:
                log.warning("form_refused", why=str(error), address=asked.address)
                response = _trouble(
                    asked,
                    403,
                    "Modulo non valido: ricarica la pagina e riprova",
                    f"The form was refused ({error}): reload the page and try again. Nothing was changed.",
                )
            except BotError as error:
                response = _told(asked, error)
            except DATABASE_AWAY as error:
                response = _told(asked, database_down(error))
            except Exception:
                log.exception("page_failed", path=request.url.path)
                response = _told(asked, BotError("a fault of ours; report it"))
            if "set-cookie" not in response.headers:
                self._door.remember(request, response, asked.visit)
            return response

        return endpoint

    async def sign_in(self, asked: Asked) -> Response:
        """The form for a token, and what comes of it."""
        if asked.caller is not None:
            return RedirectResponse("/", status_code=303)
        then = asked.request.query_params.get("then", "")
        if asked.request.method != "POST":
            return asked.page("sign_in.html", then=_ours(then), refused=False)
        form = await asked.form()
        then = _ours(form.get("then", ""))
        visit = self._door.sign_in(asked.request, form.get("token", "").strip())
        if visit is None:
            return asked.page("sign_in.html", 401, then=then, refused=True)
        response = RedirectResponse(then or "/", status_code=303)
        self._door.remember(asked.request, response, visit)
        return response

    async def sign_out(self, asked: Asked) -> Response:
        """Nobody any more."""
        await asked.form()
        self._door.sign_out(asked.visit)
        return RedirectResponse("/sign-in", status_code=303)

    async def not_there(self, request: Request, error: Exception) -> Response:
        """No page of ours, told like an operation that is not there."""
        asked = Asked(request, self._door.visit(request), self._door)
        status = error.status_code if isinstance(error, HTTPException) else 404
        if status != 404:
            return _trouble(asked, status, "Richiesta non valida", "This cannot be asked here.")
        if asked.caller is None:
            return self._to_sign_in(asked)
        return _trouble(asked, 404, *_NOT_THERE)

    def _to_sign_in(self, asked: Asked) -> Response:
        path = asked.request.url.path
        if asked.request.method != "GET" or path.endswith("/live"):
            # A stream must not be led to a page: a browser asks no more after this.
            error = UnauthenticatedError("sign in first; nothing was changed")
            return _told(asked, error)
        then = _ours(path)
        return RedirectResponse(f"/sign-in?then={then}" if then else "/sign-in", status_code=303)


_NOT_THERE = ("Non c'è", "There is no such operation or page.")


def _ours(path: str) -> str:
    """Where somebody wanted to go, if it is one operation; "": to the overview."""
    return path if _ONE.fullmatch(path) else ""


def _told(asked: Asked, error: BotError) -> Response:
    code = status_of(error).code
    if code == code_pb2.NOT_FOUND:
        return _trouble(asked, 404, *_NOT_THERE)
    status = 401 if isinstance(error, UnauthenticatedError) else _STATUS.get(code, 500)
    return _trouble(asked, status, italian(error), f"{error.reason}: {error.message}")


def _trouble(asked: Asked, status: int, it: str, en: str) -> Response:
    return asked.page("trouble.html", status, it=it, en=en)
