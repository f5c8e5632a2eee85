"""The story of one key, out of a run's logs: `python -m tests.soak.story FOLDER KEY`."""

import json
import sys
from pathlib import Path
from typing import Any

HIDDEN = {"timestamp", "event", "operation_id", "operation", "user", "level", "at", "until"}


def story(folder: Path, key: str) -> list[str]:
    """What both servers and chaos did while the operation was at work, line by line."""
    rows = [json.loads(line) for line in (folder / "operations.jsonl").open()]
    lines: list[tuple[str, str]] = []
    for row in rows:
        if row["operation_key"] == key:
            told = (
                f"{row['operation_type']} {key} of {row['user_id']}: {row['state']} {row['error']}"
            )
            lines.append(
                (str(row["accepted_at"]).replace(" ", "T"), f"accepted; in the end {told}")
            )
            for log in sorted(folder.glob("server-*.log")):
                lines += [
                    (str(event["timestamp"]), f"{log.stem} {_told(event)}")
                    for event in _events(log)
                    if event.get("operation_id") == row["id"]
                ]
    return [f"{at[11:23]} {text}" for at, text in sorted(lines)]


def _events(log: Path) -> list[dict[str, Any]]:
    with log.open(errors="replace") as lines:
        return [json.loads(line) for line in lines if line.startswith("{")]


def _told(event: dict[str, Any]) -> str:
    rest = {name: value for name, value in event.items() if name not in HIDDEN}
    return f"{event['event']} {rest}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(story(Path(sys.argv[1]), sys.argv[2])) + "\n")
