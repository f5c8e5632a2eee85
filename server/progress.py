"""The steps that operations report: their percentages and what they are called.

Every operation has a table of its own steps; those that all share stand here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime


@dataclass(frozen=True)
class Step:
    """A step's place between 0 and 100, its reach if it counts, and its labels.

    Labels may name ``{current}`` and ``{total}``.
    """

    percent: int
    until: int
    label_it: str
    label_en: str


def step(percent: int, label_it: str, label_en: str, until: int | None = None) -> Step:
    """A row of a table of steps; ``until`` only for a step that counts."""
    return Step(percent, percent if until is None else until, label_it, label_en)


# What every operation goes through; an operation's own table may name these anew.
COMMON: Mapping[str, Step] = {
    "turn": step(1, "In attesa del proprio turno", "Waiting for the agent's turn"),
    "waiting": step(1, "In attesa di un nuovo tentativo", "Waiting to try again"),
    "browser": step(2, "In attesa di un browser", "Waiting for a browser"),
    "login": step(4, "Accesso ad Archibald", "Signing in to Archibald"),
    "recovery": step(5, "Verifica in Archibald", "Reading back what Archibald holds"),
    "commit": step(70, "Salvataggio nel database", "Writing our own tables"),
    "complete": step(100, "Operazione completata", "Done"),
}


@dataclass(frozen=True)
class ProgressEvent:
    """One numbered report of an operation; ``percent`` never falls within it."""

    sequence: int
    step: str
    percent: int
    label_it: str
    label_en: str
    current: int
    total: int
    at: datetime


def next_event(
    previous: ProgressEvent | None,
    steps: Mapping[str, Step],
    step: str,
    current: int = 0,
    total: int = 0,
) -> ProgressEvent:
    """The event that follows ``previous``; ``steps`` is the operation's own table.

    Raises:
        KeyError: the step is in neither table: a code without a label is a mistake of ours.
    """
    entry = steps[step] if step in steps else COMMON[step]
    share = (entry.until - entry.percent) * current // total if total else 0
    return ProgressEvent(
        sequence=previous.sequence + 1 if previous else 1,
        step=step,
        percent=max(entry.percent + share, previous.percent if previous else 0),
        label_it=entry.label_it.format(current=current, total=total),
        label_en=entry.label_en.format(current=current, total=total),
        current=current,
        total=total,
        at=datetime.now(UTC),
    )


def resumed(last: ProgressEvent, steps: Mapping[str, Step]) -> ProgressEvent:
    """What a later attempt numbers on from, where only the changes of step were stored.

    A step that counts may have been told to its very end before the attempt was interrupted; it is
    taken for that, so that neither number nor percentage ever falls for anybody who heard it.
    """
    entry = steps.get(last.step) or COMMON.get(last.step)
    if entry is None or last.current >= last.total:
        return last
    return replace(
        last,
        sequence=last.sequence + last.total - last.current,
        percent=max(last.percent, entry.until),
    )
