"""One request to the page: whose it is, what its form says, and the answer in its frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse

from server.callers import Caller
from server.operator_page import rendering
from server.operator_page.door import Door, Visit, address_of

MOST_FORM_BYTES = 16 * 1024
MOST_FIELDS = 20


class BadFormError(Exception):
    """A form that no page of ours sends."""


@dataclass(frozen=True)
class Asked:
    """The request, and the browser's visit that it belongs to."""

    request: Request
    visit: Visit
    door: Door

    @property
    def caller(self) -> Caller | None:
        """Who asks; None: nobody has signed in."""
        return self.visit.caller

    @property
    def may_sign_out(self) -> bool:
        """Whether there is anything to sign out of."""
        return not self.door.is_open

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return address_of(self.request)

    def seal(self, action: str) -> str:
        """What a form that leads to this path carries."""
        return self.door.seal(self.visit, action)

    def still_let_in(self) -> bool:
        """Whether a stream that this request began may go on."""
        return self.caller is not None and self.door.visit(self.request).caller == self.caller

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page that knows who looks at it."""
        frame: dict[str, Any] = {"asked": self, "here": "", "live_at": ""}
        return rendering.page(template, status, **frame | values)

    async def form(self) -> Mapping[str, str]:
        """The sealed form's fields, the last of each name; line breaks as ours are.

        Raises:
            BadFormError: it is too long, no form at all, or not one that this browser got from us.
        """
        length = self.request.headers.get("content-length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MOST_FORM_BYTES:
            raise BadFormError("its length is missing or too long")
        try:
            pairs = parse_qsl(
                (await self.request.body()).decode(),
                keep_blank_values=True,
                max_num_fields=MOST_FIELDS,
                errors="strict",
            )
        except ValueError as error:
            raise BadFormError("it cannot be read") from error
        fields = {name: value.replace("\r\n", "\n") for name, value in pairs}
        if not self.door.is_sealed(self.visit, self.request.url.path, fields.get("seal", "")):
            raise BadFormError("its seal is not ours")
        return fields
