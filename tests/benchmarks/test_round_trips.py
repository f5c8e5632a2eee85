"""No operation waits for Postgres more often than it may: what is counted is its waits on the wire."""

from pathlib import Path

from tests.benchmarks import round_trips


async def test_every_operation_keeps_within_its_round_trips(tmp_path: Path) -> None:
    """Eight of its own, and in all no more than these, one a gate and one a step."""
    figures = {
        figure.key: figure for figure in await round_trips.measure(tmp_path, lines=1, short=1)
    }
    for key in ("sql_round_trips", "sql_round_trips_others", "sql_budget_ratio"):
        assert figures[key].good, key
        assert figures[key].is_good, figures[key].line()
