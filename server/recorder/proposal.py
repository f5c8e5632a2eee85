"""From the list that there is, and what a recording has seen, to a list that is proposed.

Classes are never touched: a person sets them. An entry is split where only a part of it was seen, so
that ``confirmed`` says no more than the recording does.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.recorder.observation import Observation
from server.recorder.toml_text import entry_text

LISTS = ("grid", "combo", "tab", "notice", "popup", "xaf", "menu", "action", "edit")
_CHOICES = {"grid": "commands", "combo": "commands", "action": "names", "edit": "properties"}

Entry = Mapping[str, Any]
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """The proposed file, and what its reader should be told first."""

    text: str
    warnings: tuple[str, ...]


def propose(
    data: Data,
    observations: Sequence[Observation],
    build: str,
    *,
    offered: Mapping[str, Sequence[str]] | None = None,
    only_seen: bool = False,
) -> Proposal:
    """Merge a recording into the data of a requests.toml.

    ``offered``: pages by the names of the actions that their menus hold. ``only_seen``: leave out what
    no recording has shown. A signature holds for one build: with another one nothing stays confirmed.
    """
    warnings = []
    known = str(data["framework_build"])
    same_build = not known or not build or known == build
    if not same_build:
        warnings.append(
            f"the site's framework is {build}, the list was for {known}: all unconfirmed"
        )
    if not build:
        warnings.append("no page told the framework's build")
    merge = _Merge(data, observations, keep=same_build)
    parts = [_HEAD, f'framework_build = "{build or known}"']
    for table in LISTS:
        parts += [
            merge.comment(table, entry) + entry_text(f"[[{table}]]", entry)
            for entry in merge.entries(table)
            if entry["confirmed"] or not only_seen
        ]
    parts.append(entry_text("[lookup]", merge.lookup(only_seen=only_seen)))
    parts += [entry_text(f"[kind.{name}]", one) for name, one in data.get("kind", {}).items()]
    parts += list(_remarks(merge, offered or {}))
    return Proposal("\n\n".join(parts) + "\n", tuple(warnings))


_HEAD = (
    "# Proposed by make record. confirmed = true: this recording, or one of the same build before it, has\n"
    "# shown the request. Classes are those of the list that was given: a person sets them."
)


class _Merge:
    def __init__(self, data: Data, observations: Sequence[Observation], *, keep: bool) -> None:
        self._data = data
        self.seen = observations
        self._keep = keep
        self.explained: set[int] = set()

    def entries(self, table: str) -> Iterator[dict[str, Any]]:
        """The table's entries, each as what was seen of it and the rest."""
        for entry in self._data.get(table, []):
            before = self._keep and entry["confirmed"]
            name = _CHOICES.get(table)
            if name is None:
                yield {**entry, "confirmed": before or bool(self.of(table, entry))}
                continue
            there = list(entry[name])
            seen = there if before else [one for one in there if self.of(table, entry, one)]
            rest = [one for one in there if one not in seen]
            if seen:
                yield {**entry, name: seen, "confirmed": True}
            if rest:
                yield {**entry, name: rest, "confirmed": False}

    def of(self, table: str, entry: Entry, choice: str | None = None) -> list[Observation]:
        """The observations that an entry, or one choice of it, stands for."""
        found = []
        for number, one in enumerate(self.seen):
            if _fits(table, entry, one, choice):
                self.explained.add(number)
                found.append(one)
        return found

    def comment(self, table: str, entry: Entry) -> str:
        """Count, pages, an example's shape and confidence, as comments; empty for what was not seen."""
        name = _CHOICES.get(table)
        found = self.of(table, entry) if name is None else []
        for choice in entry.get(name or "", []):
            found += self.of(table, entry, choice)
        if not found or not entry["confirmed"]:
            return ""
        pages = ", ".join(sorted({_page(one) for one in found})[:4])
        sure = "high" if len(found) > 1 else "medium"
        return f"# seen {len(found)} times on {pages}; confidence: {sure}\n# e.g. {_example(found[0])}\n"

    def lookup(self, *, only_seen: bool) -> dict[str, Any]:
        """The lookups' words: one table, confirmed if all that it holds were seen."""
        entry = dict(self._data["lookup"])
        before = self._keep and entry["confirmed"]
        words = {one.sent.word for one in self.seen if one.sent.table == "lookup"}
        for number, one in enumerate(self.seen):
            if one.sent.table == "lookup" and one.sent.word in {*entry["pass"], *entry["apply"]}:
                self.explained.add(number)
        held = {*entry["pass"], *entry["apply"]}
        if only_seen and not before:
            for name in ("pass", "apply"):
                entry[name] = [word for word in entry[name] if word in words]
            held &= words
        return {**entry, "confirmed": before or (bool(held) and held <= words)}

    @property
    def unexplained(self) -> list[Observation]:
        """What no entry stands for."""
        return [one for number, one in enumerate(self.seen) if number not in self.explained]


def _fits(table: str, entry: Entry, one: Observation, choice: str | None) -> bool:
    sent, path = one.sent, one.page.partition("?")[0]
    if table == "menu":
        return sent.table == "action" and _matches(entry["handler"], sent.control)
    if sent.table != table:
        return False
    if table == "edit":
        # Only where nothing else had changed it is sure that this property posts by itself.
        return list(one.changed) == [choice]
    if table == "action":
        return sent.word == choice and _matches(entry["path"], path)
    if table == "xaf":
        return (
            _matches(entry["handler"], sent.control)
            and _matches(entry["argument"], sent.argument)
            and _matches(entry["path"], path)
            and (entry.get("postback", False) or not sent.postback)
        )
    told = not entry.get("arguments") or list(one.arguments) in [[a] for a in entry["arguments"]]
    return (
        _matches(entry.get("control", ".*"), sent.control) and choice in {None, sent.word} and told
    )


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def _page(one: Observation) -> str:
    return one.page.removeprefix("/Archibald/").rstrip("?")


def _example(one: Observation) -> str:
    sent = one.sent
    parts = [sent.table, sent.word, sent.argument, *one.arguments[:3]]
    changed = f" changed {', '.join(one.changed)}" if one.changed else ""
    form = "posted whole" if sent.postback else ""
    words = " ".join(part for part in [*parts, form] if part)
    return f"{words} on {sent.control or 'the form'}{changed} ({one.verdict})"


def _remarks(merge: _Merge, offered: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What a person must decide on: sent and not on the list; offered and never sent."""
    strange = Counter(_example(one) for one in merge.unexplained)
    if strange:
        lines = [f"# {count} x {example}" for example, count in sorted(strange.items())]
        yield "\n".join(
            ["# Sent, and no entry stands for it; held back unless it was read:", *lines]
        )
    sent = {one.sent.word for one in merge.seen}
    lines = [
        f"# {action}: {', '.join(sorted(pages))}"
        for action, pages in sorted(offered.items())
        if action not in sent
    ]
    if lines:
        yield "\n".join(["# Offered by menus, never sent:", *lines])
