"""Asks the simulated ERP what it did, and gives each of its deeds to the operation that caused it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tests.erp_simulator.running import Simulator
from tests.soak.callers import Operation
from tests.soak.ledger import Ledger, read_ledger
from tests.soak.reconcile import Tables


async def ledger_of(
    sim: Simulator, operations: Mapping[int, Operation], tables: Tables | None
) -> Ledger:
    """The ledger by operations; answers and journal help where it does not tell by itself."""
    by_number = _told(operations)
    if tables is not None:
        for row in tables.operations.values():
            number = _number_of(row, operations)
            for name in ("erp_id", "draft_id"):
                if number and row[name]:
                    by_number.setdefault(str(row[name]), number)
    return read_ledger(
        await sim.effects(), await sim.orders(), await sim.customers(), operations, by_number
    )


def _told(operations: Mapping[int, Operation]) -> dict[str, int]:
    """The ERP's order numbers, by what callers were told."""
    return {
        answer.order_id: number
        for number, one in operations.items()
        for answer in one.answers
        if answer.order_id and one.planned.kind == "submit-order"
    }


def _number_of(row: Mapping[str, Any], operations: Mapping[int, Operation]) -> int | None:
    if row["operation_type"] != "submit-order":
        return None
    with suppress(ValueError):
        number = int(str(row["operation_key"]).removeprefix("soak-"))
        return number if number in operations else None
    return None
