"""What a run takes of the machine: processor time of everything, memory of a server's processes."""

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from server.pool_state import proportional_size
from tests.soak.chaos import processes_of

TICKS = os.sysconf("SC_CLK_TCK")
KINDS = {"--type=renderer": "renderers", "--type=gpu-process": "GPU process", "--type=": "helpers"}


def _idle_seconds() -> float:
    """Of all processors together, waiting for a disk counted as idle."""
    cpu = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    return (int(cpu[3]) + int(cpu[4])) / TICKS


@dataclass
class Processors:
    """How busy the machine's processors are, from now on."""

    _began: float = field(default_factory=time.monotonic)
    _idle: float = field(default_factory=_idle_seconds)

    def busy(self) -> float:
        """The share of all processors' time that was not idle."""
        passed = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        return 1 - (_idle_seconds() - self._idle) / passed


def memory_of(pid: int, folder: Path) -> dict[str, int]:
    """Bytes (PSS) of a server and of all that it started, by what they are."""
    sizes = Counter({"server": proportional_size(pid)})
    for member, command in processes_of(folder):
        if member != pid:
            sizes[_kind(command)] += proportional_size(member)
    return dict(sizes)


def _kind(command: str) -> str:
    for word, kind in KINDS.items():
        if word in command:
            return kind
    if "postgres" in command:
        return "postgres"
    return "browser" if "chromium" in command and "guardian" not in command else "driver, guardian"
