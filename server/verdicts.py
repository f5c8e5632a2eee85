"""What a read-back of the ERP can find (design §4.4), and what it is told before it looks."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Traces:
    """What the journal knows of a key's earlier attempts.

    ``draft_id`` is the id of our own object, digits, once it has shown anywhere; ``high_water_mark``
    the newest order id before the first write, ``empty`` for a list seen empty, "" if never read.
    ``written``: whether any request of the key may have left at all. ``stood``: whether a list or a view
    has ever shown the object (evidence ``order_id``), or its save may have arrived: a form shows an id
    before anything is kept under it.
    ``named``: the id is a person's word (`ResolveOperation`), to be checked before it is believed.
    """

    draft_id: str = ""
    high_water_mark: str = ""
    written: bool = True
    stood: bool = True
    named: bool = False


@dataclass(frozen=True)
class Landed:
    """The ERP holds it: ``result`` is the operation's result message, read from the ERP."""

    result: Any


@dataclass(frozen=True)
class Partial:
    """Our own object stands in the ERP unfinished; it is completed, never entered again."""

    erp_id: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Absent:
    """The ERP shows, by readings that cannot have overlooked it, that nothing was done.

    Whether the old browser is dead and its session's requests are over is not the reader's to know:
    without that proof an absence is no leave to run again (design §4.4).
    """

    shown: str


@dataclass(frozen=True)
class Inconclusive:
    """The readings prove neither; ``reason`` says what stood in the way, in words of ours."""

    reason: str


Verdict = Landed | Partial | Absent | Inconclusive
