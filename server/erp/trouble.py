"""What a page tells by itself of trouble on its wire: server errors, lost answers, dialogs."""

from contextlib import suppress

from playwright.async_api import Dialog, Page, Request, Response
from playwright.async_api import Error as PlaywrightError


class Trouble:
    """Listens to one page. ``reason`` is what went wrong since it was last cleared; "" = nothing."""

    def __init__(self, page: Page) -> None:
        self.reason = ""
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed_request)
        page.on("dialog", self._on_dialog)

    def _on_response(self, response: Response) -> None:
        if response.request.method == "POST" and response.status >= 500:
            self.reason = f"the ERP answered {response.status}"

    def _on_failed_request(self, request: Request) -> None:
        # What the gate stops is no trouble of the ERP's; the gate tells it itself.
        if request.method == "POST" and "BLOCKED_BY_CLIENT" not in (request.failure or ""):
            self.reason = "the ERP's answer was lost"

    async def _on_dialog(self, dialog: Dialog) -> None:
        """No question is answered with yes; an alert is how the site tells of a failed callback."""
        if dialog.type == "alert":
            self.reason = "the page showed an alert"
        with suppress(PlaywrightError):  # the page may be gone, and its dialog with it
            if dialog.type == "beforeunload":
                await dialog.accept()
            else:
                await dialog.dismiss()
