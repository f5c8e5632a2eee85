"""The pages that are read: the overview, the search, one operation whole, and the files of its attempts."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import RedirectResponse, Response, StreamingResponse

from archibald.v1 import operations_pb2
from archibald.v1.operations_pb2 import (
    GetArtifactRequest,
    GetOperationRequest,
    ListOperationsRequest,
    Operation,
    OperationName,
    WatchOperationRequest,
)
from server.artifacts import is_artifact_name
from server.call import current
from server.database import Pool
from server.errors import BotError, InvalidRequestError, OperationNotFoundError
from server.operation_events import Events
from server.operation_history import history
from server.operation_views import AT_REST
from server.operations_service import OperationsService
from server.operator_page.asked import Asked
from server.operator_page.health import Gauges
from server.operator_page.live import digest_of, event_stream, until
from server.operator_page.rendering import rendered, state_name
from server.operator_page.timeline import chapters
from server.operator_page.words import ENDED, LIVE, REVIEW

_STATES: Mapping[str, Any] = {
    state_name(number): number for number in operations_pb2.OperationState.values()
}
_FIELDS: Mapping[str, str] = {
    "states[0]": "Stato",
    "operation_types[0]": "Operazione",
    "user_ids[0]": "Agente",
    "page_token": "Pagina",
    "name.user_id": "Agente",
    "name.operation_type": "Operazione",
    "name.operation_key": "Chiave",
}
_MANY, _ENDED = 100, 10  # operations of one section of the overview
_BEAT = 2.0  # seconds between two looks of an overview that somebody has open
# What a form has come to that nobody has sent yet.
NO_FAULTS: Mapping[str, Any] = {"general": [], "decision": "", "erp_id": "", "note": ""}
_ABOUT_AN_ORDER = frozenset({"send-to-verona", "delete-order"})


class Found(NamedTuple):
    """Operations, and the token of the page behind them."""

    operations: Sequence[Operation]
    more: str


@dataclass(frozen=True)
class Looking:
    """What the pages are made of; all of it is asked in the name of `server.call.current`'s caller."""

    service: OperationsService
    pool: Pool
    events: Events
    gauges: Gauges
    leaving: asyncio.Event

    async def overview(self, asked: Asked) -> Response:
        """What needs a person, what is live, and what has ended last."""
        values = await self._overview(asked)
        seen = digest_of(rendered("overview_now.html", **values))
        return asked.page("overview.html", here="overview", live_at=f"/live?seen={seen}", **values)

    async def overview_live(self, asked: Asked) -> Response:
        """The same, again and again."""
        return event_stream(self._overviews(asked), asked.request.query_params.get("seen", ""))

    async def search(self, asked: Asked) -> Response:
        """Operations by what they are, in pages."""
        given = {
            name: asked.request.query_params.get(name, "").strip()
            for name in ("state", "type", "agent", "key")
        }
        token = asked.request.query_params.get("page", "")
        try:
            if given["key"]:
                return RedirectResponse(await self._named(asked, given), status_code=303)
            found, faults = await self._filtered(asked, given, token), []
        except (InvalidRequestError, OperationNotFoundError) as error:
            found, faults = Found((), ""), _faults(error)
        older = {name: value for name, value in given.items() if value} | {"page": found.more}
        return asked.page(
            "search.html",
            422 if faults else 200,
            here="search",
            asked_for=given,
            faults=faults,
            operations=found.operations,
            next_page=f"/operations?{urlencode(older)}" if found.more else "",
        )

    async def operation(self, asked: Asked) -> Response:
        """One operation with its story; the form, if a person has to decide."""
        return await self.shown(asked, settled="settled" in asked.request.query_params)

    async def shown(self, asked: Asked, status: int = 200, **values: Any) -> Response:
        """The same, with what a form has come to."""
        told = await self._whole(asked) | values
        operation = told["operation"]
        live_at = ""
        if state_name(operation.state) not in AT_REST:
            seen = digest_of(rendered("operation_now.html", **told))
            live_at = f"/operations/{operation.operation_id}/live?seen={seen}"
        return asked.page("operation.html", status, live_at=live_at, **told)

    async def operation_live(self, asked: Asked) -> Response:
        """The same, whenever a step of it is told."""
        await self._whole(asked)  # a foreign operation is refused before a stream begins
        return event_stream(self._stories(asked), asked.request.query_params.get("seen", ""))

    async def file(self, asked: Asked) -> Response:
        """A screenshot to look at or a trace to take along; neither may do anything here."""
        name = f"{asked.request.path_params['attempt']}/{asked.request.path_params['file']}"
        if not is_artifact_name(name):
            raise OperationNotFoundError("there is no such file")
        chunks = self.service.artifact(
            GetArtifactRequest(name=_name(asked), artifact=name), asked.address
        )
        first = await anext(chunks, None)
        is_picture = name.endswith(".png")
        kind = "inline" if is_picture else "attachment"
        saved_as = f"{asked.request.path_params['id']}-{name.replace('/', '-')}"

        async def data() -> AsyncIterator[bytes]:
            if first is not None:
                yield first.data
                async for chunk in chunks:
                    yield chunk.data

        return StreamingResponse(
            data(),
            media_type="image/png" if is_picture else "application/zip",
            headers={
                "content-disposition": f'{kind}; filename="{saved_as}"',
                "content-security-policy": "default-src 'none'; sandbox",
            },
        )

    # -- what the pages show ---------------------------------------------------------------------

    async def _overview(self, asked: Asked) -> dict[str, Any]:
        review = await self._list(asked, ListOperationsRequest(page_size=_MANY), [REVIEW])
        running = await self._list(asked, ListOperationsRequest(page_size=_MANY), LIVE)
        ended = await self._list(asked, ListOperationsRequest(page_size=_ENDED), ENDED)
        return {
            "health": self.gauges.look(current().caller),
            "review": review.operations,
            "more_review": bool(review.more),
            "running": running.operations,
            "more_running": bool(running.more),
            "ended": ended.operations,
        }

    async def _overviews(self, asked: Asked) -> AsyncIterator[str]:
        picture = ""
        while asked.still_let_in() and not self.leaving.is_set():
            try:
                picture = rendered("overview_now.html", **await self._overview(asked))
            except BotError:  # the database is away: what was shown last stays, with its health
                values = {"it": "Il database non risponde", "en": "The database does not answer"}
                picture = rendered("away.html", **values)
            yield picture
            try:
                await asyncio.wait_for(self.leaving.wait(), _BEAT)
            except TimeoutError:
                continue

    async def _stories(self, asked: Asked) -> AsyncIterator[str | None]:
        watched = self.service.watched(WatchOperationRequest(name=_name(asked)), asked.address)
        async for news in until(self.leaving, watched):
            if not asked.still_let_in():
                return
            yield rendered("operation_now.html", **await self._whole(asked))
            if news.HasField("operation"):
                yield None

    async def _whole(self, asked: Asked) -> dict[str, Any]:
        request = GetOperationRequest(name=_name(asked))
        operation = (await self.service.get(request, asked.address)).operation
        identity = UUID(operation.operation_id)
        past = await history(self.pool, identity)
        known = operation.target if operation.operation_type in _ABOUT_AN_ORDER else ""
        return {
            "operation": operation,
            "marker": past.marker,
            "story": chapters(past, await self.events.since(identity, 0)),
            "asked": asked,
            "faults": NO_FAULTS,
            "filled": {"decision": "", "erp_id": known, "note": ""},
            "settled": False,
        }

    async def _filtered(self, asked: Asked, given: Mapping[str, str], token: str) -> Found:
        request = ListOperationsRequest(page_token=token)
        if given["agent"]:
            request.user_ids.append(given["agent"])
        if given["type"]:
            request.operation_types.append(given["type"])
        return await self._list(asked, request, [given["state"]] if given["state"] else [])

    async def _named(self, asked: Asked, given: Mapping[str, str]) -> str:
        """The address of the one operation that a key, or an id, names."""
        if _is_uuid(given["key"]):
            name = OperationName(operation_id=given["key"].lower())
        else:
            name = OperationName(
                user_id=given["agent"], operation_type=given["type"], operation_key=given["key"]
            )
        answer = await self.service.get(GetOperationRequest(name=name), asked.address)
        return f"/operations/{answer.operation.operation_id}"

    async def _list(
        self, asked: Asked, request: ListOperationsRequest, states: Iterable[str]
    ) -> Found:
        for state in states:  # what is no state is refused, by its field
            request.states.append(_STATES.get(state, operations_pb2.OPERATION_STATE_UNSPECIFIED))
        answer = await self.service.list(request, asked.address)
        return Found(answer.operations, answer.next_page_token)


def _name(asked: Asked) -> OperationName:
    return OperationName(operation_id=str(asked.request.path_params["id"]))


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _faults(error: InvalidRequestError | OperationNotFoundError) -> list[str]:
    if isinstance(error, InvalidRequestError):
        return [
            f"{_FIELDS.get(each.field, each.field)}: {each.description_it}"
            for each in error.violations
        ]
    return ["Nessuna operazione con questo nome."]
