"""What a fault adds to the answer of a gesture that was carried out."""

from tests.erp_simulator.faults import Fault
from tests.erp_simulator.pages.frame import Answer, Page


def damaged(answer: Answer, fault: Fault | None, page: Page) -> Answer:
    """The answer with a window over the page, or with what keeps the page's scripts from going on."""
    if fault is None or answer.redirect:
        return answer
    cp = answer.payload.setdefault("cp", {})
    match fault.name, fault.options.get("how"):
        case "F6", "editing":
            cp["cpStuck"] = True
        case "F6", "script":
            cp["cpBlock"] = int(float(fault.options.get("seconds", 75)) * 1000)
        case "F7", _ if fault.options.get("kind") != "merge":
            cp["cpPopup"] = window_text(fault, page)
    return answer


def window_text(fault: Fault, page: Page) -> str:
    """What the window over the page says."""
    return str(fault.options.get("text") or page.t("info_popup"))
