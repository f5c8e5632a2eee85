"""When an operation may be claimed: its time, its agent's turn, the ERP's circuit, and a slot of this server.

The slot comes before the claim, and what has to wait for one is anybody's: the server that has one first
takes it. Claimed before, it would belong to a server with nothing free while its neighbours idle.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from server.circuit import Circuit
from server.journal_row import Row
from server.operation import Claim, Operation
from server.slots import Place
from server.takeover import Takeover


@dataclass(frozen=True)
class Admission:
    """The way from a row that was read to a claim on it; ``operations`` by their types."""

    _takeover: Takeover
    _circuit: Circuit
    _operations: Mapping[str, Operation]

    async def claim(self, row: Row, place: Place) -> tuple[Row, Claim] | None:
        """Claim it with the slot that it needs in ``place``; None: not now, it may stand in the line.

        Raises:
            PoolExhaustedError: it waited for a slot too long, or too many do; it is as it was.
            DrainingError: the pool lets nobody in any more.
        """
        if row.state == "CONFIRMED":
            place.leave()
            return await self._takeover.claim(row)
        if row.due_in or self._circuit.due_in or not await self._takeover.ripe(row):
            place.leave()
            return None
        if self._needs_a_browser(row) and not place.ask():
            await self._takeover.offer(row)
            return None
        claimed = await self._circuit.passage(lambda: self._takeover.claim(row))
        if claimed is None:
            place.leave()
        return claimed

    def due_in(self, row: Row) -> float:
        """Seconds until the operation, or the ERP, may be tried at all; 0 for now."""
        return row.due_in or self._circuit.due_in

    def _needs_a_browser(self, row: Row) -> bool:
        if row.expired:
            return False
        if row.state not in {"QUEUED", "RUNNING"}:
            return True
        operation = self._operations[row.operation_type]
        return operation.without_erp(operation.Request.FromString(row.request or b"")) is None
