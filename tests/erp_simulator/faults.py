"""Faults that tests order: which, on what, how often."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

KNOWN: dict[str, str] = {
    "F1": "processed, then the connection is reset instead of an answer",
    "F2": "processed, then the answer waits for `seconds`",
    "F3": "not processed, an error banner is shown",
    "F5": "the session has expired",
    "F6": "processed; `how`: `answer` never comes, `editing` never ends, `script` blocks `seconds`",
    "F7": "processed, then a window with `text` covers the page",
    "F12": "all lines of the order are lost before it is processed",
    "F13": "not processed, HTTP `status` (503)",
    "F19": "processed, then a re-used connection is closed without a byte",
    "e_answer": "not processed, answered as WebForms' error callback `e<message>`",
    "html": "not processed, the login page's HTML instead of a payload",
    "truncated": "processed, the answer's text is cut in half",
    "redirect": "not processed, HTTP `status` (302) to `location`",
}


@dataclass
class Fault:
    """One ordered fault: `on` is a word of the request's class, or `*`."""

    name: str
    on: str
    nth: int | None = None
    probability: float = 1.0
    once: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    fired: int = 0


class Faults:
    """The ordered faults, asked once per request."""

    def __init__(self, seed: int = 0) -> None:
        self.ordered: list[Fault] = []
        self._random = Random(seed)

    def order(self, values: dict[str, Any]) -> Fault:
        """Add a fault as `/sim/faults` describes it; ValueError when it makes no sense."""
        values = dict(values)
        name = values.pop("fault", None)
        if name not in KNOWN:
            raise ValueError(f"unknown fault {name!r}; known: {', '.join(KNOWN)}")
        fault = Fault(
            name=name,
            on=str(values.pop("on", "*")),
            nth=values.pop("nth", None),
            probability=float(values.pop("probability", 1.0)),
            once=bool(values.pop("once", False)),
            options=values,
        )
        self.ordered.append(fault)
        return fault

    def strike(self, words: set[str], *, on_connection: int) -> Fault | None:
        """The fault that hits this request, if any."""
        for fault in self.ordered:
            if fault.on != "*" and fault.on not in words:
                continue
            if fault.name == "F19" and on_connection < 2:
                continue  # its whole point is the re-used connection
            fault.seen += 1
            if fault.nth is not None and fault.seen != fault.nth:
                continue
            if fault.probability < 1 and self._random.random() >= fault.probability:
                continue
            fault.fired += 1
            if fault.once:
                self.ordered.remove(fault)
            return fault
        return None
