"""Sixty agents on ten slots: the time that the ERP itself needs for their operations, by the time that it took.

At scale 1, the ERP's real latencies, a run takes twenty minutes. A smaller scale makes the ERP quicker and not
us, so that the figure can only be worse; below 0.2 it says nothing of a real ERP.
"""

from pathlib import Path

from tests.benchmarks.figures import Figure, inner
from tests.load import sixty
from tests.soak.report import say

LEAST_SCALE = 0.2


async def measure(folder: Path, scale: float = 1.0) -> list[Figure]:
    """The figure ``efficiency_60``; its bound is meant for scale 1."""
    if scale < LEAST_SCALE:
        raise ValueError(f"the scale must be {LEAST_SCALE} or more")
    measured, failures = await sixty.run(inner(folder, "house"), scale=scale)
    # Also of what no figure tells, such as the order of an agent's operations.
    for failure in failures:
        say(f"NOT GOOD: {failure}")
    good = (">=", 1 / sixty.MOST_OF_IDEAL) if scale >= 1 else None
    return [
        Figure(
            "efficiency_60",
            f"at scale {scale:g}",
            [measured.efficiency],
            good,
            {"scale": scale, "not_good": failures},
        ),
    ]
