"""One operation's story in the order of time: attempts, what each told and left, and what people decided."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.operation_history import Attempt, Decision, History
from server.operator_page.words import DECISIONS, Tone, Words
from server.progress import ProgressEvent

Fact = tuple[str, str]

_LONGEST_FACT = 400
_MORE = frozenset({"shape", "location"})
_FACTS_IT: Mapping[str, str] = {
    "kind": "tipo",
    "target": "oggetto",
    "status": "stato HTTP",
    "ids": "ID",
    "error": "errore",
    "order_id": "ordine",
    "erp_id": "ID Archibald",
    "value": "valore",
    "absence": "prova di assenza",
}


@dataclass(frozen=True)
class Entry:
    """One moment: what happened, and the facts that are kept of it, by their names."""

    at: datetime
    words: Words
    kind: str
    facts: Sequence[Fact] = ()
    more: Sequence[Fact] = ()
    """What only a maintainer wants to see."""


@dataclass(frozen=True)
class Chapter:
    """All of one attempt, or what happened before the first."""

    attempt: Attempt | None
    entries: list[Entry] = field(default_factory=list)


def chapters(history: History, steps: Iterable[ProgressEvent]) -> list[Chapter]:
    """The story, oldest first; a step and a decision belong to the attempt in whose time they fall."""
    told = [Chapter(None), *map(Chapter, history.attempts)]
    loose = [
        *map(_step, steps),
        *map(_decision, history.decisions),
    ]
    for entry in loose:
        began = [
            chapter
            for chapter in told
            if chapter.attempt is None or chapter.attempt.started_at <= entry.at
        ]
        began[-1].entries.append(entry)
    for chapter in told:
        if chapter.attempt:
            chapter.entries.extend(_evidence(chapter.attempt))
        chapter.entries.sort(key=lambda entry: entry.at)
    return [chapter for chapter in told if chapter.attempt or chapter.entries]


def _step(event: ProgressEvent) -> Entry:
    return Entry(event.at, Words(event.label_it, event.label_en), "step")


def _decision(decision: Decision) -> Entry:
    words = DECISIONS.get(decision.decision, Words(decision.decision, decision.decision))
    facts = [("da", decision.decided_by), ("nota", decision.note)]
    if decision.erp_id:
        facts.insert(1, ("ID Archibald", decision.erp_id))
    return Entry(
        decision.decided_at,
        Words(f"Decisione: {words.it}", f"decision: {words.en}", "look"),
        "decision",
        facts,
    )


def _evidence(attempt: Attempt) -> Iterator[Entry]:
    for fact in attempt.evidence:
        rest = dict(fact)
        at = _time(rest.pop("at", None)) or attempt.started_at
        more = {name: rest.pop(name) for name in _MORE & rest.keys()}
        yield Entry(at, *_told(rest), _facts(more))


def _told(fact: dict[str, Any]) -> tuple[Words, str, list[Fact]]:
    if "write" in fact:
        number = fact.pop("write")
        return (
            Words(f"Scrittura n. {number} verso Archibald", f"write {number} leaves", "look"),
            "write",
            _facts(fact),
        )
    if "answer_to" in fact:
        kind, status = fact.pop("answer_to"), fact.get("status")
        tone: Tone = "bad" if status is None or fact.get("error") else "good"
        words = (
            Words(f"Nessuna risposta a {kind}", f"no answer to {kind}", tone)
            if status is None
            else Words(f"Risposta a {kind}", f"answer to {kind}", tone)
        )
        return words, "answer", _facts(fact)
    if "seen" in fact:
        return Words("Archibald mostra", "the ERP shows"), "seen", _facts(fact["seen"])
    if "late" in fact:
        what = fact.pop("late")
        words = Words(f"Arrivato tardi: {what}", f"came too late: {what}", "bad")
        return words, "late", _facts(fact)
    return Words("Annotazione", "note"), "note", _facts(fact)


def _facts(fact: Any) -> list[Fact]:
    if not isinstance(fact, Mapping):
        return [("", _text(fact))]
    return [
        (_FACTS_IT.get(name, name), _text(value))
        for name, value in sorted(fact.items())
        if value not in (None, "", [], {})
    ]


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ", ".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_FACT else text[: _LONGEST_FACT - 1] + "…"


def _time(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
