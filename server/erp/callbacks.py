"""Tells whose callback a request is, for waits that end with its answer."""

import re
from collections.abc import Callable
from urllib.parse import unquote_plus

from playwright.async_api import Request

# The control whose callbacks render a whole page anew.
PAGE = r"^globalCallbackControl$"
# The site may post the whole page instead of calling back (erp-wire §2.3): then it names the control there.
_ASKED = tuple(
    re.compile(rb"(?:^|&)" + name + rb"=([^&]+)") for name in (b"__CALLBACKID", b"__EVENTTARGET")
)


def is_callback_of(control: str) -> Callable[[Request], bool]:
    """A test for requests: sent by a control whose client id fits the pattern."""
    pattern = re.compile(control)

    def matches(request: Request) -> bool:
        if request.method != "POST":
            return False
        body = request.post_data_buffer or b""
        asked = next((found[1] for name in _ASKED if (found := name.search(body))), b"")
        # The wire's unique id joins its parts by $.
        name = unquote_plus(asked.decode("ascii", "replace")).replace("$", "_")
        return pattern.search(name) is not None

    return matches
