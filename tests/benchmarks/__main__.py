"""`make bench`: the benchmarks that are named, or all; a table on the terminal, and bench.json."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from server.config import default_data_dir
from tests.benchmarks import (
    bot,
    growth,
    memory,
    overhead,
    replay,
    round_trips,
    sixty,
    starting,
    throughput,
)
from tests.benchmarks.figures import Figure, keep, machine, table
from tests.soak.report import say

Benchmark = Callable[[Path], Coroutine[Any, Any, list[Figure]]]
ALL: Mapping[str, Benchmark] = {
    # The short ones first: whoever stops it has those.
    "round-trips": round_trips.measure,
    "replay": replay.measure,
    "start": starting.measure,
    "memory": memory.measure,
    "growth": growth.measure,
    "overhead": overhead.measure,
    "throughput": throughput.measure,
    "bot": bot.measure,
    "sixty": sixty.measure,
}


def main() -> int:
    """Run them; the exit code is 1 if a figure is not what it is meant to be."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)}")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    parser.add_argument(
        "--sixty-scale", type=float, default=1.0, metavar="SCALE",
        help="factor on the ERP's latencies for the benchmark sixty, which takes twenty minutes at 1",
    )  # fmt: skip
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(ALL):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    folder = default_data_dir() / "bench" / time.strftime("%Y%m%d-%H%M%S")
    benchmarks: dict[str, Benchmark] = {
        **ALL,
        "sixty": partial(sixty.measure, scale=arguments.sixty_scale),
    }
    figures: list[Figure] = []
    for name in arguments.names or ALL:
        say(f"{name} …")
        (folder / name).mkdir(parents=True)
        found = asyncio.run(benchmarks[name](folder / name))
        keep(found, arguments.out)  # at once: a later one may be stopped
        figures += found
    say(f"machine: {machine()}")
    sys.stdout.write(table(figures) + "\n")
    return int(not all(figure.is_good for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
