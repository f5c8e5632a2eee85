"""The steps that an operation reports: their percentages and what they are called, in one table."""

from dataclasses import dataclass
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


def _step(percent: int, label_it: str, label_en: str, until: int | None = None) -> Step:
    return Step(percent, percent if until is None else until, label_it, label_en)


# Percentages and Italian labels as the agents know them (erp-reference §6.1, later map).
STEPS = {
    "turn": _step(1, "In attesa del proprio turno", "Waiting for the agent's turn"),
    "browser": _step(2, "In attesa di un browser", "Waiting for a browser"),
    "login": _step(4, "Accesso ad Archibald", "Signing in to Archibald"),
    "navigation.articoli": _step(5, "Ricerca degli articoli", "Looking the articles up"),
    "navigation.ordini": _step(7, "Apertura sezione ordini", "Opening the orders list"),
    "form.nuovo": _step(11, "Apertura nuovo ordine", "Opening a new order"),
    "form.customer": _step(18, "Inserimento cliente", "Entering the customer"),
    # Earlier than the agents knew it: the notes are typed before the lines now.
    "form.notes": _step(20, "Inserimento note ordine", "Entering the notes"),
    "form.articles.start": _step(21, "Inizio inserimento articoli", "Beginning with the articles"),
    "form.articles.progress": _step(
        21,
        "Inserimento articolo {current} di {total}",
        "Entering article {current} of {total}",
        until=46,
    ),
    "form.articles.complete": _step(46, "Articoli inseriti", "Articles entered"),
    "form.discount": _step(49, "Applicazione sconto globale", "Applying the order's discount"),
    "form.address": _step(51, "Inserimento indirizzo di consegna", "Entering the delivery address"),
    "form.submit.start": _step(53, "Salvataggio ordine in corso", "Saving the order"),
    "form.submit.complete": _step(56, "Ordine salvato", "Order saved"),
    "verify": _step(58, "Rilettura dell'ordine", "Reading the order back"),
    "commit": _step(60, "Salvataggio nel database", "Writing our own tables"),
    "complete": _step(100, "Ordine piazzato su ERP", "The order is in the ERP"),
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
    previous: ProgressEvent | None, step: str, current: int = 0, total: int = 0
) -> ProgressEvent:
    """The event that follows ``previous``.

    Raises:
        KeyError: the step is not in the table: a code without a label is a mistake of ours.
    """
    entry = STEPS[step]
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
