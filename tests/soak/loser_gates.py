"""Gates of the losers: they let every write through, for nobody keeps a journal."""

from contextlib import suppress
from typing import Any

from playwright.async_api import Error, Route

from server.erp.announced import Announced
from server.erp.evidence import ids_of, shape_of
from server.erp.request_handler import RequestHandler
from server.erp.rules import Rules
from server.erp.write_gate import WriteGate
from server.errors import OutcomeUnknownError
from server.operation import Answer, Ticket


async def no_row(ticket: Ticket) -> bool:  # noqa: ARG001 - the gate names it
    """What stands in place of the durable row: nothing."""
    return True


async def no_evidence(ticket: Ticket, answer: Answer) -> None:
    """What stands in place of the attempt's evidence: nothing."""


class ContinuingHandler(RequestHandler):
    """Lets Chromium send the writes itself, with whatever it repeats on its own."""

    async def _write_held(self, route: Route, announced: Announced, _: Ticket) -> None:
        self.written += 1
        await route.continue_()
        response = None
        with suppress(Error):  # its page has gone
            response = await route.request.response()
        if response is None:
            announced.pending.answer = Answer(status=None, error="lost")
            announced.fail(OutcomeUnknownError("the answer to a write was lost"))
            return
        body = ""
        with suppress(Error):  # a page that navigates takes the body with it, as for the original
            body = await response.text()
        announced.pending.answer = Answer(
            status=response.status, ids=ids_of(body), shape=shape_of(body)
        )


def sending_once(base_url: str, **times: Any) -> WriteGate:
    """The gate as it is, without its row: each write is sent once."""
    return WriteGate(Rules.load(), no_row, no_evidence, base_url=base_url, **times)


def continuing(base_url: str, *, answer_timeout: float, gesture_timeout: float) -> WriteGate:
    """A gate that only watches: the browser sends the writes."""
    gate = sending_once(base_url, answer_timeout=answer_timeout, gesture_timeout=gesture_timeout)
    gate._handler = ContinuingHandler(
        Rules.load(), no_row, no_evidence, base_url=base_url, answer_timeout=answer_timeout
    )
    return gate
