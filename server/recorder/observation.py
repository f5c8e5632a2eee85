"""One recorded request: what it was, what it may be taken for, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

# AUTH signs in, READ leaves the ERP as it is, EDIT changes a form that nobody saves, COMMIT would change the ERP.
Class = Literal["AUTH", "READ", "EDIT", "COMMIT", "UNKNOWN"]


@dataclass(frozen=True)
class Sent:
    """A request by the words of requests.toml: ``table`` and what chooses an entry of it.

    ``control`` is normalised. ``word`` is a grid's command, a lookup's word, or an action's name;
    ``argument`` an action's argument, or the shape of it.
    """

    table: str
    control: str = ""
    word: str = ""
    argument: str = ""
    postback: bool = False


@dataclass(frozen=True)
class Observation:
    """A request with the gesture before it; no value of any field, no text, no number of an object."""

    sent: Sent
    page: str
    verdict: Class
    passed: bool
    why: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    gesture: str = ""
    event: str = ""
    after_ms: int | None = None
    response: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it stands in the recording's file."""
        return asdict(self)
