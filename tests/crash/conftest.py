"""The rig that a worker's cells share, and the count of cells at the end."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.crash.rig import Rig, rig
from tests.crash.table import cells, impossible


@pytest.fixture(scope="session")
async def crash_rig() -> AsyncIterator[Rig]:
    """Simulator, proxies, Postgres and server for all cells of this worker."""
    async with rig() as running:
        yield running


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How many cells were reached, are impossible, and are green; the impossible ones by reason."""
    marks: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                found = {value for name, value in report.user_properties if name == "crash"}
                marks["cells"] += bool(found)
                marks["reached"] += "reached" in found
                marks["green"] += "reached" in found and report.passed
    if not marks["cells"] or config.option.markexpr:
        return
    reasons = Counter(reason for cell in cells() if (reason := impossible(cell)))
    terminalreporter.section("crash matrix")
    for reason, count in reasons.items():
        terminalreporter.write_line(f"impossible: {count:3} cells: {reason}")
    terminalreporter.write_line(
        f"{marks['cells']} cells run, {marks['reached']} reached, "
        f"{reasons.total()} impossible, {marks['green']} green"
    )
