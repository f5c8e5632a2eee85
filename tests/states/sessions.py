"""A browser session on the model of the ERP: every write passes the real journal's gate."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from server.errors import (
    BotError,
    ErpLoginRejectedError,
    ErpRejectedError,
    ErpUnavailableError,
    FencedError,
    OutcomeUnknownError,
    UiDriftError,
)
from server.operation import Access, Answer, Claim, Ticket
from tests.states.erp import Order, Request
from tests.states.puppets import PUPPET

if TYPE_CHECKING:
    from tests.states.servers import Server

ERRORS = {
    "drift": UiDriftError,
    "away": ErpUnavailableError,
    "timeout": OutcomeUnknownError,
    "login": ErpLoginRejectedError,
}


@dataclass
class Session:
    """A browser context signed in as the agent."""

    id: str
    server: "Server"
    access: Access
    browser: int
    operation: UUID
    generation: int
    closed: bool = False
    written: bool = False

    @property
    def alive(self) -> bool:
        return not self.closed and self.server.browser == self.browser

    async def at(self, point: str) -> str:
        """Be at a point, until told what happens there."""
        puppet = PUPPET.get()
        puppet.session = self.id
        command = await puppet.point(point)
        if not self.alive:
            raise BotError("the browser is gone")
        if command in ERRORS:
            raise ERRORS[command](command)
        return command

    async def write(self, claim: Claim, kind: str, order: Order | None, writes: int) -> Order:
        """Send one request through the gate and wait for its answer."""
        world, journal = self.server.world, self.server.journal
        target = order.number if order else claim.operation_key.partition(" ")[0]
        await self.at("gate")
        ticket, asked = Ticket(claim, kind, target), world.clock
        if not await journal.record_write(ticket, self.id):
            raise FencedError("the journal refused it")
        self.written = True
        await self.at("paused")
        if not self.server.holds or world.clock - asked > self.server.config.send_within:
            raise FencedError("the lease has lapsed, or it took too long")
        await self._must_be_recorded(claim)
        key = claim.user_id, claim.operation_key
        request = Request(kind, key, target, writes, self.id, world.clock, order)
        world.erp.send(request)
        while request.answer is None:
            await self.at("sent")
        found = request.order
        ids = (found.number,) if found else ()
        await journal.record_answer(ticket, Answer(status=200, ids=ids))
        world.told.setdefault(claim.operation_id, set()).update(ids)
        if request.answer == "refused" or found is None:
            raise ErpRejectedError("no", nothing_left=kind == "create")
        return found

    async def _must_be_recorded(self, claim: Claim) -> None:
        [(state, generation, owner, written)] = await self.server.world.execute(
            "SELECT state, generation, owner_instance, write_seq FROM agents.operations WHERE id = %(id)s",
            id=claim.operation_id,
        )
        ours = (generation, owner) == (claim.generation, self.server.id)
        assert ours, "LAW nothing leaves under an old claim"
        assert state in {"WRITING", "UNDOING"}, "LAW no effect without a durable row before it"
        assert written > 0
        assert self.access is not Access.ASIDE, "LAW a session beside a living browser only reads"
