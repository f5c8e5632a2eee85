"""What a page tells by itself of trouble on its wire: server errors, lost answers, dialogs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from playwright.async_api import Dialog, Page, Request, Response
from playwright.async_api import Error as PlaywrightError


@dataclass
class Question:
    """A native question that is expected: its words, whether it came, and what came instead."""

    text: str
    accepted: bool = False
    other: str = ""


class Trouble:
    """Listens to one page. ``reason`` is what went wrong since it was last cleared; "" = nothing."""

    def __init__(self, page: Page) -> None:
        self.reason = ""
        self._question: Question | None = None
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed_request)
        page.on("dialog", self._on_dialog)
        # Heard all the time: with each `Screen.callback_of` the driver would be asked to begin and to end.
        page.on("requestfinished", self._on_finished)

    def _on_response(self, response: Response) -> None:
        if response.request.method == "POST" and response.status >= 500:
            self.reason = f"the ERP answered {response.status}"

    def _on_finished(self, request: Request) -> None:
        """Nothing is wrong with it."""

    def _on_failed_request(self, request: Request) -> None:
        # What the gate stops is no trouble of the ERP's; the gate tells it itself.
        if request.method == "POST" and "BLOCKED_BY_CLIENT" not in (request.failure or ""):
            self.reason = "the ERP's answer was lost"

    @contextmanager
    def accepting(self, text: str) -> Iterator[Question]:
        """Within the ``with`` one question of exactly these words is answered with yes."""
        self._question = Question(text)
        try:
            yield self._question
        finally:
            self._question = None

    async def _on_dialog(self, dialog: Dialog) -> None:
        """Only the expected question gets a yes; an alert tells of a failed callback."""
        if dialog.type == "alert":
            self.reason = "the page showed an alert"
        with suppress(PlaywrightError):  # the page may be gone, and its dialog with it
            if dialog.type == "beforeunload" or self._expected(dialog):
                await dialog.accept()
            else:
                await dialog.dismiss()

    def _expected(self, dialog: Dialog) -> bool:
        question = self._question
        if dialog.type != "confirm" or question is None:
            return False
        if question.accepted or dialog.message != question.text:
            question.other = dialog.message[:200]
            return False
        question.accepted = True
        return True
