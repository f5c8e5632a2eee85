"""The log of every request the site was asked."""

import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass
class Entry:
    """One request; `kind` is the simulator's own judgement of what it did."""

    seq: int
    at: str
    connection: int
    on_connection: int
    method: str
    path: str
    query: str
    kind: str = "page"
    session: str = ""
    user: str = ""
    status: int = 0
    duration_ms: float = 0.0
    erp_seconds: float = 0.0
    """What the ERP itself takes for it, by the latencies, without the time of our machine."""
    closed_without_answer: bool = False
    error: str = ""
    """Why the request was refused: what the real site keeps in its own log."""
    started: float = 0.0

    def finish(self, status: int) -> None:
        """Note the answer."""
        self.status = status
        self.duration_ms = round((time.monotonic() - self.started) * 1000, 1)

    def as_json(self) -> dict[str, Any]:
        """The entry for the test API, where `kind` is called `class`."""
        entry = asdict(self)
        del entry["started"]
        entry["class"] = entry.pop("kind")
        return entry


class AccessLog:
    """Requests in the order in which they arrived."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._count = 0

    def begin(self, *, connection: int, on_connection: int, method: str, path: str,
              query: str) -> Entry:  # fmt: skip
        """Open an entry; its number is never used again, even after `clear`."""
        self._count += 1
        entry = Entry(
            seq=self._count, at=datetime.now(UTC).isoformat(), connection=connection,
            on_connection=on_connection, method=method, path=path, query=query,
            started=time.monotonic(),
        )  # fmt: skip
        self.entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget what was logged so far."""
        self.entries.clear()
