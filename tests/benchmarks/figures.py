"""A measured figure with its spread, the machine that it was measured on, and how both are shown and kept."""

import json
import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("grpcio", "playwright", "psycopg", "protobuf")
GB = 1024**3


@dataclass(frozen=True)
class Figure:
    """One number, the median of ``samples``; ``good``: what it is meant to be, as (``<=``, 1.15)."""

    key: str
    unit: str
    samples: Sequence[float]
    good: tuple[str, float] | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """The median."""
        return statistics.median(self.samples)

    @property
    def is_good(self) -> bool:
        """Whether it is what it is meant to be; so is what nobody asked of."""
        if self.good is None:
            return True
        sign, bound = self.good
        return self.value <= bound if sign == "<=" else self.value >= bound

    def line(self) -> str:
        """A row of the table."""
        spread = f"{min(self.samples):.4g} - {max(self.samples):.4g} ({len(self.samples)})"
        meant = "" if self.good is None else f"{self.good[0]} {self.good[1]:g}"
        mark = "" if self.good is None else "yes" if self.is_good else "NO"
        return f"| `{self.key}` | {self.value:.4g} {self.unit} | {spread} | {meant} | {mark} |"


HEAD = "| figure | median | spread (samples) | meant to be | good |\n|---|---|---|---|---|"


def inner(folder: Path, name: str) -> Path:
    """A new folder in the benchmark's own."""
    made = folder / name
    made.mkdir()
    return made


def table(figures: Sequence[Figure]) -> str:
    """All of them, as Markdown."""
    return "\n".join([HEAD, *(figure.line() for figure in figures)])


def keep(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures and where they come from; what the file holds of others stays."""
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    details = kept.setdefault("details", {})
    for figure in figures:
        kept[figure.key] = figure.value
        details[figure.key] = {
            "unit": figure.unit,
            "samples": list(figure.samples),
            "meant_to_be": figure.good and " ".join(map(str, figure.good)),
            "taken": time.strftime("%Y-%m-%d"),
            **figure.details,
        }
    kept["machine"] = machine()
    path.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")


def machine() -> dict[str, Any]:
    """What the figures depend on besides the code."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processors": os.cpu_count(),
        "memory_gb": round(memory / GB),
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }
