"""Turns templates into answers: everything that is data is escaped, and no page may load or run what is not ours."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archibald.v1.operations_pb2 import OperationState
from server.operator_page import words

HERE = Path(__file__).parent
_ROME = ZoneInfo("Europe/Rome")

HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",  # customers' data belongs into no cache
}


def state_name(state: int) -> str:
    """``NEEDS_REVIEW``, as the journal calls it."""
    return OperationState.Name(state).removeprefix("OPERATION_STATE_")


def _local(value: Timestamp | datetime) -> datetime:
    time = value if isinstance(value, datetime) else value.ToDatetime(ZoneInfo("UTC"))
    return time.astimezone(_ROME)


def _moment(value: Timestamp | datetime) -> str:
    return _local(value).strftime("%d/%m/%Y %H:%M:%S %Z")


def _clock(value: Timestamp | datetime) -> str:
    return _local(value).strftime("%H:%M:%S %Z")


def _bare_clock(value: Timestamp | datetime) -> str:
    return _local(value).strftime("%H:%M:%S")


def _size(size: int) -> str:
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB".replace(".", ",")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": _moment,
        "clock": _clock,
        "bare_clock": _bare_clock,
        "iso": lambda value: _local(value).isoformat(timespec="seconds"),
        "size": _size,
        "state_name": state_name,
        "state": lambda state: words.state_words(state_name(state)),
        "type": words.type_words,
    }
    environment.globals["words"] = words
    return environment


_ENVIRONMENT = _environment()


def rendered(template: str, **values: Any) -> str:
    """The template with these values, escaped."""
    return _ENVIRONMENT.get_template(template).render(values)


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page."""
    return HTMLResponse(rendered(template, **values), status)


class Headers:
    """Puts `HEADERS` on every answer that does not say otherwise itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ``app`` does, with the headers."""

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, headed)
