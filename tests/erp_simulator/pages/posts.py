"""From a posted body to the gesture that it means."""

import re

from tests.erp_simulator import callbacks
from tests.erp_simulator.forms import Form
from tests.erp_simulator.pages.frame import Answer, Gesture, Page

XAF = "globalCallbackControl"
CLOSED = "NotifyWindowCloseControl"
POPUP = "Vertical$PopupWindowCallback"
SUSPICIOUS = re.compile(r"<[A-Za-z/!?]|&#")  # ASP.NET's request validation


def understand(page: Page, form: Form, *, suffix: bool) -> tuple[Gesture, int]:
    """The gesture and the callback's slot; ValueError for what no script of the site sends."""
    if form.is_callback:
        control, parameter = form.get("__CALLBACKID"), form.get("__CALLBACKPARAM")
    else:
        control, parameter = form.get("__EVENTTARGET"), "c0:" + form.get("__EVENTARGUMENT")
    gesture: Gesture | None
    page.load(form)
    if control == CLOSED:
        slot, gesture = callbacks.parse_popup(parameter)[0], Gesture("close", lambda _: Answer())
    elif control == POPUP:
        slot, argument = callbacks.parse_popup(parameter)
        gesture = page.on_popup(argument)
    elif control == XAF:
        xaf = callbacks.parse_xaf(parameter, suffix=suffix)
        page.unsaved = page.unsaved or not xaf.handler  # an immediate post
        gesture, slot = page.xaf(xaf.handler, xaf.argument, form), xaf.slot
    else:
        grid = page.grid(control)
        if grid is None:
            raise callbacks.MalformedCallbackError(f"no control {control!r}")
        parsed = callbacks.parse_grid(parameter)
        gesture, slot = page.on_grid(grid, parsed, form), parsed.slot
    if gesture is None:
        raise callbacks.MalformedCallbackError(f"nothing on this page sends {parameter!r}")
    return gesture, slot


def is_suspicious(form: Form) -> bool:
    """Whether ASP.NET's request validation would refuse the body."""
    return any(SUSPICIOUS.search(value) for name, value in form.pairs if not name.startswith("__"))
