"""Tells whose callback a request is, for waits that end with its answer."""

from collections.abc import Callable
from urllib.parse import parse_qs

from playwright.async_api import Request


def is_callback_of(control: str) -> Callable[[Request], bool]:
    """A test for requests: sent by the control with that client id."""

    def matches(request: Request) -> bool:
        if request.method != "POST":
            return False
        fields = parse_qs((request.post_data_buffer or b"").decode("utf-8", "replace"))
        # The site may post the whole page instead of calling back (erp-wire §2.3).
        asked = fields.get("__CALLBACKID") or fields.get("__EVENTTARGET") or [""]
        return asked[0].replace("$", "_") == control  # the wire's unique id joins its parts by $

    return matches
