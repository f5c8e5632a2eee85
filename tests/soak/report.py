"""A run's numbers: judged, written to a file, and shown."""

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.soak.reconcile import Finding, totals

NEVER = (
    "duplicate", "lost", "unsettled", "expired", "answers", "tables", "never accepted", "stray",
    "internal",
)  # fmt: skip
WELL = 0.98
HELD = 0.01


@dataclass
class Report:
    """What a run came to. ``undecidable`` are sends that left and still show as not sent."""

    seed: int
    service: str
    findings: Sequence[Finding]
    strays: Sequence[str] = ()
    undecidable: Sequence[int] = ()
    disagreements: Sequence[str] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> Counter[str]:
        """Ends and problems by name."""
        counted = totals(self.findings)
        counted["stray"] = len(self.strays)
        counted["undecidable sends"] = len(self.undecidable)
        return counted

    def failures(self) -> list[str]:
        """Why the run is not good; empty when it is."""
        counts = self.counts
        all_of_them = sum(1 for one in self.findings if one.end != "skipped")
        told = [f"{name}: {counts[name]}" for name in NEVER if counts[name]]
        well = counts["succeeded"] + counts["rejected"] + counts["undecidable sends"]
        if all_of_them and well < WELL * all_of_them:
            told.append(f"only {well} of {all_of_them} succeeded or were rightly rejected")
        held = counts["under review"] - counts["undecidable sends"]
        if held > HELD * all_of_them:
            told.append(f"{held} under review besides undecidable sends")
        return told + [f"second reader: {one}" for one in self.disagreements]

    def write(self, path: Path) -> None:
        """The whole of it as JSON: every operation with its facts."""
        whole = asdict(self) | {
            "counts": dict(sorted(self.counts.items())), "failures": self.failures(),
        }  # fmt: skip
        path.write_text(json.dumps(whole, indent=1, default=str) + "\n")

    def show(self) -> None:
        """The numbers and the first operations that are not as they should be."""
        say(f"{self.service}, seed {self.seed}: {self._line(self.counts)}")
        for name, number in self.seconds.items():
            say(f"  {name}: {number:.0f} s")
        odd = [one for one in self.findings if one.problems or one.end not in GOOD]
        for one in odd[:40]:
            problems = "; ".join(f"{kind}: {text}" for kind, text in one.problems)
            say(f"  {one.name}: {one.end} {one.state} {one.reason} {problems}")
        for stray in self.strays[:10]:
            say(f"  stray: {stray}")
        for failure in self.failures():
            say(f"  NOT GOOD: {failure}")

    @staticmethod
    def _line(counts: Counter[str]) -> str:
        return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()) if number)


GOOD = {"succeeded", "rejected", "skipped"}


def say(text: str) -> None:
    """One line on the terminal, with the time."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()
