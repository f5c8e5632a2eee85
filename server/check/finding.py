"""What one look of the check came to: fine, a fault with its remedy, or not looked at for a fault before it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Verdict = Literal["ok", "fault", "skipped"]


@dataclass(frozen=True)
class Finding:
    """One line of the check. ``remedy`` says what to do, and stands exactly where something is wrong."""

    part: str
    verdict: Verdict
    seen: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.verdict:<8} {self.part:<12} {self.seen}"
        return f"{line}\n{'':<21} remedy: {self.remedy}" if self.remedy else line


def fine(part: str, seen: str) -> Finding:
    """All is as it should be; ``seen`` says what that is."""
    return Finding(part, "ok", seen)


def fault(part: str, seen: str, remedy: str) -> Finding:
    """The server would not run, or would not keep its promise."""
    return Finding(part, "fault", seen, remedy)


def skipped(part: str, why: str) -> Finding:
    """It could not be looked at, for what another line says."""
    return Finding(part, "skipped", why)


def as_json(findings: Sequence[Finding]) -> str:
    """All of it for a program: ``ok``, and the lines."""
    return json.dumps(
        {
            "ok": all(one.verdict == "ok" for one in findings),
            "findings": [asdict(one) for one in findings],
        },
        indent=1,
        ensure_ascii=False,
    )
