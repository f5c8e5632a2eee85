"""The proof that a list does not hold something (design §4.4): a search without a hit is none."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from server.erp import list_page
from server.erp.grid import Row
from server.erp.list_page import CUSTOMERS, ListView
from server.erp.list_reading import Reading, read_down
from server.erp.session import ErpSession

READINGS = 3
# The control of a list in which nothing stood beside what is looked for.
EMPTY = "empty"
CHANGED = "the list's filter was changed while it was read"


@dataclass(frozen=True)
class Seen:
    """The list holds it: these rows, by falling id, as the first reading that showed any found them."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Proved:
    """The list does not hold it; ``shown`` says by what, for the attempt's evidence."""

    shown: str


@dataclass(frozen=True)
class Unproved:
    """The readings prove nothing; ``reason`` says what stood in the way."""

    reason: str


async def prove_absent(
    session: ErpSession,
    step: str,
    view: ListView,
    *,
    ours: Callable[[Row], bool],
    control: str,
    fields: Sequence[str] = (),
    down_to: str = "",
) -> Seen | Proved | Unproved:
    """Read a list three times, with pauses, for rows that are ``ours``.

    ``control`` is the id (digits) of a row known to exist: every reading must include it, or it could
    not have found ours either. It is read down to ``down_to``, else to the control; where the control
    stands above what is looked for, ``down_to`` must say how far (``0``: to the end). With `EMPTY` the
    list must be read to its end, and an empty one is believed beside a customer that shows.

    ``fields`` must be shown by the list: what a hidden column would tell is not known.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: a column is hidden, the list is not sorted, or it changed while it was read.
    """
    until = down_to or ("0" if control == EMPTY else control)
    rows = 0
    for count in range(READINGS):
        if count:
            await asyncio.sleep(session.timeouts.absence_pause)  # a pause, no wait for a condition
        reading = await read_down(session, step, view, until, fields)
        if own := tuple(row for row in reading.rows if ours(row)):
            return Seen(own)
        if count and not reading.kept:
            return Unproved(CHANGED)
        if (reason := await _no_proof(session, step, reading, control)) is not None:
            return Unproved(reason)
        rows = len(reading.rows)
    # Once more on a fresh page that sets nothing: the agent may have changed it in another window.
    if not (await list_page.open_list(session, step, view)).endswith(view.all_ending):
        return Unproved(CHANGED)
    return Proved(f"{READINGS} readings of all {view.name}, {rows} rows, control {control}")


async def _no_proof(session: ErpSession, step: str, reading: Reading, control: str) -> str | None:
    """Why a reading that did not show ours proves nothing; None if it counts."""
    if control != EMPTY and not reading.shows(control):
        return f"the list does not show {control}, which is known to exist"
    if control != EMPTY:
        return None
    if not reading.complete:
        return "the list was not read to its end"
    if reading.empty:
        await list_page.open_all(session, step, CUSTOMERS)
        if await list_page.newest_id(session, step, CUSTOMERS) is None:
            return "neither the list nor that of the customers shows anything"
    return None


async def neighbour(session: ErpSession, step: str, view: ListView, object_id: str) -> str:
    """The id of another row that can serve as control beside an object: the next one below it.

    Where none is below, the nearest above; `EMPTY` where there is no other.
    """
    number = int(object_id)
    # Down to the id below: a list of which the object is the lowest is read to its end.
    reading = await read_down(session, step, view, str(number - 1))
    others = [int(row.key) for row in reading.rows if row.key != object_id]
    below = [other for other in others if other < number]
    if below:
        return str(max(below))
    return str(min(others)) if others else EMPTY
