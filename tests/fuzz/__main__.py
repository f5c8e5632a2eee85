"""`make fuzz SEED=n`: more than 10,000 messages, and a table of what they came to."""

import argparse
import asyncio
import sys
import time
import warnings

from tests import databases
from tests.fuzz.desk import opened
from tests.fuzz.play import Plan, passed, play, table

LEAST, LEAST_PASSED = 10_000, 0.30


async def fuzz(plan: Plan) -> int:
    """Run the plan on a Postgres and a server of its own; the exit code."""
    began = time.monotonic()
    with databases.temporary_folder() as folder:
        async with (
            databases.run_postgres() as postgres,
            databases.migrated_template(postgres) as template,
            databases.new_database(postgres, template) as database,
            opened(database, folder / "server") as desk,
        ):
            tally = await asyncio.to_thread(play, desk, plan)
    sys.stdout.write(f"{table(tally)}\nseed {plan.seed}, {time.monotonic() - began:.0f} s\n")
    return 0 if tally.total() >= LEAST and passed(tally) >= LEAST_PASSED else 1


def main() -> int:
    """Run it as the arguments say."""
    # The server's own jitter draws from `random` while hypothesis watches it, in the same process.
    warnings.filterwarnings("ignore", "Do not use the `random` module")
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--semantic", type=int, default=560, help="messages by meaning to each rpc")
    parser.add_argument("--raw", type=int, default=260, help="messages by bytes to each rpc")
    arguments = parser.parse_args()
    plan = Plan(arguments.semantic, arguments.raw, absurd=True, seed=arguments.seed)
    return asyncio.run(fuzz(plan))


if __name__ == "__main__":
    sys.exit(main())
