"""Two operations on the model of the ERP: one that enters a draft and completes it, one of a single write."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from psycopg import AsyncConnection

from archibald.v1 import bot_pb2
from server.errors import UiDriftError
from server.journal import Journal
from server.notebook import JournalNotebook
from server.operation import Intent
from server.verdicts import Absent, Inconclusive, Landed, Partial, Verdict
from tests.states.erp import Order
from tests.states.puppets import PUPPET, World

if TYPE_CHECKING:
    from tests.states.sessions import Session


class Customers:
    """One write makes it whole: nothing to complete, nothing to undo."""

    TYPE = "create-customer"
    Request = bot_pb2.SubmitOrderRequest
    WRITES = 1

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal

    async def begin(self, *_: object) -> None:
        pass

    def without_erp(self, _: object) -> None:
        return None

    async def run(
        self, session: "Session", intent: Intent, notebook: JournalNotebook, _: object
    ) -> Any:
        """All writes, blindly."""
        order = await session.write(intent.claim, "create", None, self.WRITES)
        await notebook.draft(order.number)
        return await self._lines(session, intent, order, self.WRITES - 1)

    async def probe(
        self, session: "Session", intent: Intent, _: object, notebook: JournalNotebook
    ) -> Verdict:
        """What the ledger holds now: never a lie, but not all that is to come."""
        command = await session.at("reading")
        self._world.erp.barrier(session.id)
        if command == "unclear":
            return Inconclusive("the page did not come")
        order = self._world.erp.standing(_key(intent))
        if order is None:
            return Absent("three readings")
        if order.complete:
            return Landed(_result(order))
        await notebook.draft(order.number)
        return Partial(order.number, ("line",) * (order.writes - order.done))

    def erp_id(self, result: Any) -> str:
        return str(result.order_id)

    def restore(self, saved: Mapping[str, Any]) -> Any:
        return bot_pb2.SubmitOrderResult(order_id=saved["order_id"])

    async def commit(self, conn: AsyncConnection[Any], intent: Intent, result: Any) -> list[str]:
        """Our own tables: a point, where they may also refuse."""
        del conn
        command = await PUPPET.get().point("commit")
        if self._world.commit_fails or command == "drift":
            raise ValueError("our own tables refuse it")
        self._world.told.setdefault(intent.claim.operation_id, set()).add(result.order_id)
        return []

    async def abandon(self, *_: object) -> None:
        pass

    async def _lines(self, session: "Session", intent: Intent, order: Order, missing: int) -> Any:
        for _ in range(missing):
            await session.write(intent.claim, "line", order, order.writes)
        await session.at("reading")
        if not order.complete or order.deleted:
            raise UiDriftError("it does not show what was entered")
        return _result(order)


class Orders(Customers):
    """A draft first, which can be completed and deleted."""

    TYPE = "submit-order"
    WRITES = 3

    async def complete(
        self, session: "Session", intent: Intent, erp_id: str, _: object, __: object
    ) -> Any:
        """Only what is missing, as it is read now."""
        await session.at("reading")
        order = next(one for one in self._world.erp.orders if one.number == erp_id)
        return await self._lines(session, intent, order, order.writes - order.done)

    async def undo(self, session: "Session", intent: Intent, _: object, __: object) -> Verdict:
        """Delete our draft."""
        await session.at("reading")
        self._world.erp.barrier(session.id)
        order = self._world.erp.standing(_key(intent))
        if order is not None:
            await session.write(intent.claim, "delete", order, order.writes)
        return Absent("gone")


def _key(intent: Intent) -> tuple[str, str]:
    return intent.claim.user_id, intent.claim.operation_key


def _result(order: Order) -> Any:
    return bot_pb2.SubmitOrderResult(order_id=order.number)
