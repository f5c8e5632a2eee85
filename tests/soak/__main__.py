"""`make soak SEED=n`: many operations under chaos, then a reconciliation; exit code 1 if it is not good."""

import argparse
import asyncio
import json
import os
import sys
import time

from server.config import default_data_dir
from tests.soak.report import say
from tests.soak.run import PACE, Run


def main() -> int:
    """Run it as arguments and environment say."""
    parser = argparse.ArgumentParser(prog="tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calm", action="store_true", help="no chaos")
    parser.add_argument("--service", default="ours", choices=("ours", "plain", "single"))
    arguments = parser.parse_args()
    count = int(os.environ.get("SOAK_OPERATIONS", "1000"))
    name = f"{arguments.service}-{arguments.seed}-{time.strftime('%H%M%S')}"
    folder = default_data_dir() / "soak" / name
    folder.mkdir(parents=True)
    run = Run(
        arguments.service,
        arguments.seed,
        count,
        folder,
        pace=0 if arguments.calm else float(os.environ.get("SOAK_PACE", PACE)),
        settle=float(os.environ.get("SOAK_SETTLE", "900")),
        switches=json.loads(os.environ.get("SOAK_SWITCHES", "{}")),
    )
    say(f"seed {arguments.seed}, {count} operations, logs in {folder}")
    report = asyncio.run(run.whole())
    report.write(folder / "report.json")
    report.show()
    say(f"the report is {folder / 'report.json'}")
    return 1 if report.failures() else 0


if __name__ == "__main__":
    sys.exit(main())
