"""`make losers SEED=n`: the same plan, faults and kills for three services, and their table."""

import argparse
import asyncio
import os
import sys
import time

from server.config import default_data_dir
from tests.soak.report import Report, say
from tests.soak.run import PACE, Run

SERVICES = {
    "plain": "check-save-clear",
    "single": "check-save-clear, each write sent once",
    "ours": "this service",
}
ROWS = {"duplicate": "duplicates", "lost": "losses", "under review": "under review"}


def main() -> int:
    """Run all three, one after another; exit code 1 if ours is not good."""
    parser = argparse.ArgumentParser(prog="tests.soak.compare", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    count = int(os.environ.get("SOAK_OPERATIONS", "200"))
    reports = {}
    for service in SERVICES:
        folder = default_data_dir() / "soak" / f"{service}-{seed}-{time.strftime('%H%M%S')}"
        folder.mkdir(parents=True)
        run = Run(
            service, seed, count, folder,
            pace=float(os.environ.get("SOAK_PACE", PACE)),
            settle=float(os.environ.get("SOAK_SETTLE", "900" if service == "ours" else "120")),
            switches={},
        )  # fmt: skip
        reports[service] = asyncio.run(run.whole())
        reports[service].write(folder / "report.json")
        reports[service].show()
    sys.stdout.write(table(reports, count, seed))
    return 1 if reports["ours"].failures() else 0


def table(reports: dict[str, Report], count: int, seed: int) -> str:
    """For the README: three columns."""
    lines = [
        f"| {count} operations, seed {seed} | {' | '.join(SERVICES.values())} |",
        f"|---|{'---|' * len(SERVICES)}",
    ]
    for kind, name in ROWS.items():
        numbers = (str(reports[service].counts[kind]) for service in SERVICES)
        lines.append(f"| {name} | {' | '.join(numbers)} |")
    say("the table for the README:")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
