"""The end of a load run: every operation compared with the ERP's ledger and our tables, as after a soak."""

from pathlib import Path

from tests.soak.callers import Callers
from tests.soak.house import House
from tests.soak.reconcile import reconcile, strays
from tests.soak.report import Report
from tests.soak.tables import read_tables
from tests.soak.truth import ledger_of


async def judged(house: House, callers: Callers, seconds: dict[str, float], path: Path) -> Report:
    """The report, written to ``path`` and shown."""
    tables = await read_tables(house.postgres)
    ledger = await ledger_of(house.sim, callers.operations, tables)
    findings = reconcile(callers.operations, ledger, tables)
    report = Report(0, "ours", findings, strays(ledger, tables), seconds=seconds)
    report.write(path)
    report.show()
    return report
