"""The smallest request of each operation, and what the ledger and our tables must show of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from psycopg import AsyncConnection

from archibald.v1 import bot_pb2 as pb
from server.erp.formats import dotted_id
from server.operations.italian_codes import is_vat_number
from tests.crash.table import Boundary, Cell, End, Operation
from tests.end_to_end.parts import order
from tests.erp_simulator import seed
from tests.erp_simulator.running import Simulator
from tests.operations.customers import customer

Effects = Sequence[dict[str, Any]]

UNSENDABLE = {str(seed.FIRST_CUSTOMER + number) for number in (seed.INCOMPLETE, seed.BLOCKED)}
# What an operation exists for, as the ledger calls it: more than one of them is what must never be.
EFFECTS = {
    Operation.SUBMIT: "order_created",
    Operation.SEND: "order_sent",
    Operation.CREATE: "customer_created",
    Operation.DELETE: "order_deleted",
}
PRICE = "179.63"  # of the article in the ERP


@dataclass(frozen=True)
class Agent:
    """An agent here and in the ERP."""

    number: int

    @property
    def user(self) -> str:
        """Our name."""
        return f"A{self.number:03d}"

    @property
    def erp_user(self) -> str:
        """The login."""
        return f"ikiA{self.number:04d}"


# All but the first, who has hundreds of orders, and the last, who has none.
AGENTS = tuple(Agent(number) for number in range(2, 60))


async def request_for(cell: Cell, number: int, agent: Agent, sim: Simulator) -> Message:
    """A request under a key of its own; what it needs is put there by another client of the agent."""
    match cell.operation:
        case Operation.SUBMIT:
            return _order(f"p-{number}", agent, cell)
        case Operation.CREATE:
            vat = _vat(number)
            return customer(
                user_id=agent.user, name=f"Studio Crash {number}", vat_number=vat, fiscal_code=vat
            )
        case Operation.SEND:
            return pb.SendToVeronaRequest(user_id=agent.user, order_id=await _draft(agent, sim))
        case Operation.DELETE:
            return pb.DeleteOrderRequest(user_id=agent.user, order_id=await _draft(agent, sim))


def lines_of(cell: Cell) -> int:
    """How many lines an order has: two where the first is to be found, and the second to be added."""
    return 2 if cell.boundary is Boundary.PROBE else 1


def _order(pending: str, agent: Agent, cell: Cell) -> pb.SubmitOrderRequest:
    """An order; one to be refused has a price that is not the ERP's, which shows in the open line."""
    refused = cell.boundary is Boundary.UNDO
    items = [
        pb.OrderItem(
            article_code="TD1272.314.",
            quantity=str(number),
            price="1.00" if refused else PRICE,
        )
        for number in range(1, lines_of(cell) + 1)
    ]
    request = order(user_id=agent.user, pending_order_id=pending, items=items, notes="")
    if refused:
        request.on_price_difference = pb.ON_PRICE_DIFFERENCE_REJECT
    return request


async def _draft(agent: Agent, sim: Simulator) -> str:
    """The id of a new draft of the agent's."""
    before = {each["id"] for each in await sim.orders(agent.erp_user)}
    model = next(
        each["id"]
        for each in await sim.orders(agent.erp_user)
        if each["customer_id"] not in UNSENDABLE
    )
    await sim.human(agent.erp_user, "clone", order=model)
    [new] = {each["id"] for each in await sim.orders(agent.erp_user)} - before
    return str(new)


def _vat(number: int) -> str:
    first = f"{1_230_000_000 + number:010d}"
    return next(first + digit for digit in "0123456789" if is_vat_number(first + digit))


def wrong_in_ledger(cell: Cell, end: End, effects: Effects) -> list[str]:
    """What the ledger shows that it must not, in words; nothing when it is right."""
    kinds = [effect["kind"] for effect in effects]
    done = kinds.count(EFFECTS[cell.operation])
    wrong = []
    if end is End.REFUSED:
        created = sorted(each["id"] for each in effects if each["kind"] == "order_created")
        deleted = sorted(each["id"] for each in effects if each["kind"] == "order_deleted")
        if created != deleted:
            wrong.append(f"refused, and left in the ERP: created {created}, deleted {deleted}")
        return wrong
    if done > 1 or (end is End.DONE and done != 1):
        wrong.append(f"{EFFECTS[cell.operation]} {done} times")
    if cell.operation is Operation.SUBMIT and "order_deleted" in kinds:
        wrong.append("an order was deleted")
    if cell.operation is Operation.SUBMIT and end is End.DONE:
        lines = kinds.count("line_added")
        wrong += [f"{lines} lines"] * (lines != lines_of(cell))
        wrong += ["the order was never saved"] * ("order_saved" not in kinds)
    return wrong


async def prepare(conn: AsyncConnection[Any], cell: Cell, request: Any) -> None:
    """Our own record of the order that is to be sent or deleted."""
    if cell.operation in {Operation.SEND, Operation.DELETE}:
        await conn.execute(
            """
            INSERT INTO agents.order_records
                   (id, user_id, order_number, customer_name, creation_date, hash, last_sync, created_at)
            VALUES (%s, %s, '', 'Laboratorio Alfa', '2026-01-01', '', 0, now())
            """,
            [dotted_id(request.order_id), request.user_id],
        )


async def records(conn: AsyncConnection[Any], cell: Cell, request: Any) -> int:
    """How many rows of our own tables the key has made: one, if it was done (of a deletion: the gap)."""
    match cell.operation:
        case Operation.SUBMIT:
            query = "SELECT count(*) FROM agents.order_records WHERE user_id = %s"
            values = [request.user_id]
        case Operation.CREATE:
            query = "SELECT count(*) FROM agents.customers WHERE user_id = %s AND vat_number = %s"
            values = [request.user_id, request.vat_number]
        case Operation.SEND:
            query = "SELECT count(*) FROM agents.order_state_history WHERE user_id = %s AND order_id = %s"
            values = [request.user_id, dotted_id(request.order_id)]
        case Operation.DELETE:
            query = "SELECT 1 - count(*) FROM agents.order_records WHERE user_id = %s AND id = %s"
            values = [request.user_id, dotted_id(request.order_id)]
    cursor = await conn.execute(query.encode(), values)
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
