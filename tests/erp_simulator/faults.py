"""Faults that tests order: which, on what, how often."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

KNOWN: dict[str, str] = {
    "F1": "processed, then the connection is reset instead of an answer",
    "F2": "processed, then the answer waits for `seconds` (60)",
    "F3": "not processed, an error banner is shown",
    "F4": "not processed, answered as if it had been: the row vanishes from the open page only",
    "F5": "the session has expired",
    "F6": "processed; `how`: `answer` never comes, `editing` never ends, `script` blocks `seconds`",
    "F7": "processed, then a window with `text` covers the page; `kind`: `merge`: on a customer's save, "
    "not saved, the window says that another user changed it",
    "F8": "processed, but for `seconds` (5, unscaled) lists and view pages show the state of before",
    "F9": "searches of the page find `rows` (2) others as well, below, or above with `how`: `first`",
    "F10": "on a page: states in English (`english`), other `prefix` (xaf_a2), xaf_l + `shift` (500)",
    "F11": "a homonym of the `customer` (id or account), or twin and variant of the `article`, appear",
    "F12": "all lines of the order are lost before it is processed",
    "F13": "not processed, HTTP `status` (503); `how`: `reset` breaks the connection, `slow` processes "
    "it `factor` (5) times as slowly",
    "F14": "not processed, Error.aspx; on `customer_edit` or `customer_edit:<id>`; `processed`: after it",
    "F15": "the ERP restarts: all sessions are lost, away for `seconds` (0); `when`: `before` or `after`",
    "F16": "before it, the user's other client does `do` with its values: `human.py`",
    "F17": "before it, Verona does `do` (approve) with the `order`: `verona.py`",
    "F18": "processed, then the marker's text is `how`: `cleared`, or `truncated` to `length` (8)",
    "F19": "processed, then a re-used connection is closed without a byte",
    "e_answer": "not processed, answered as WebForms' error callback `e<message>`",
    "html": "not processed, the login page's HTML instead of a payload",
    "truncated": "processed, the answer's text is cut in half",
    "redirect": "not processed, HTTP `status` (302) to `location`",
}
NOT_PROCESSED = {"F3", "F5", "F13", "F14", "F15", "e_answer", "html", "redirect"}


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

    @property
    def spoils(self) -> bool:
        """Whether the request is not carried out."""
        after = self.options.get("processed") or self.options.get("when") == "after"
        slow = self.name == "F13" and self.options.get("how") == "slow"
        return self.name in NOT_PROCESSED and not after and not slow

    @property
    def breaks(self) -> bool:
        """Whether the connection ends instead of an answer."""
        reset = self.name == "F13" and self.options.get("how") == "reset"
        return self.name in {"F1", "F19"} or reset

    @property
    def slowness(self) -> float:
        """The factor on the request's time."""
        slow = self.name == "F13" and self.options.get("how") == "slow"
        return float(self.options.get("factor", 5)) if slow else 1.0


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
            on=str(values.pop("on", "customer_edit" if name == "F14" else "*")),
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
