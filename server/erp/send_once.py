"""Sends one held request to the ERP once and tells what came back."""

from dataclasses import dataclass, replace

from playwright.async_api import APIResponse, Route

from server.erp.evidence import ids_of, shape_of
from server.erp.replies import is_redirect, safe_redirect
from server.operation import Answer

MAX_LOCATION = 500  # characters


@dataclass(frozen=True)
class Sent:
    """What became of one request. ``response`` is None when it may have arrived unanswered.

    ``redirect`` is where the page may go by a GET; a 3xx without it must never reach the page.
    """

    answer: Answer
    response: APIResponse | None = None
    body: bytes = b""
    redirect: str | None = None

    @property
    def lost(self) -> bool:
        """True if nobody can tell from this answer what the ERP did."""
        return self.answer.error is not None


async def send_once(route: Route, *, timeout: float) -> Sent:  # noqa: ASYNC109
    """Send the held request itself, once.

    Chromium would repeat a POST when a re-used connection closes before the first byte of an answer
    (measured, design §4.3).
    ``timeout`` in seconds is the driver's own: a task inside a Playwright call is never cancelled.
    Never raises: whatever goes wrong means that the request may have arrived. Only the failure's type
    is kept, because its text prints the Cookie header.
    """
    try:
        response = await route.fetch(max_retries=0, max_redirects=0, timeout=timeout * 1000)
        body = await response.body()
    except Exception as error:  # noqa: BLE001
        return Sent(Answer(status=None, error=type(error).__name__))
    location = response.headers.get("location")
    text = body.decode("utf-8", "replace")
    answer = Answer(
        status=response.status,
        location=location[:MAX_LOCATION] if location else None,
        ids=ids_of(f"{location or ''}\n{text}"),
        shape=shape_of(text),
    )
    if not is_redirect(response):
        return Sent(answer, response, body)
    redirect = safe_redirect(response, route.request.url)
    if redirect is None:
        answer = replace(answer, error="redirect")
    return Sent(answer, response, body, redirect)
