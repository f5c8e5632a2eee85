"""Orders entered as the server enters them, for the tests of submit-order."""

from dataclasses import dataclass, field
from typing import Any

from archibald.v1 import bot_pb2 as pb
from server.operation import Intent
from server.operations.submit_order_steps import run
from tests.erp_agents import Agent
from tests.erp_simulator.running import Simulator

MARKER = "#7ZK4Q2M9XA"


@dataclass
class Notes:
    marks: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    async def high_water_mark(self, mark: str) -> None:
        self.marks.append(mark)

    async def draft(self, erp_id: str) -> None:
        self.drafts.append(erp_id)

    async def seen(self, **facts: str) -> None:
        self.facts |= facts


@dataclass
class Ran:
    result: pb.SubmitOrderResult
    notes: Notes
    steps: list[str]


async def entered(agent: Agent, request: pb.SubmitOrderRequest, notes: Notes | None = None) -> Ran:
    notes = notes or Notes()
    steps: list[str] = []

    def report(step: str, current: int = 0, total: int = 0) -> None:
        steps.append(f"{step} {current}/{total}" if total else step)

    result = await run(agent.session, Intent(agent.claim, request, MARKER), notes, report)
    return Ran(result, notes, steps)


def burs(quantity: str = "5", **more: Any) -> pb.OrderItem:
    """H129FSQ.104.023 in its package of five, article 88002."""
    fields: dict[str, Any] = {"price": "32.46", "package_content": "5"} | more
    return pb.OrderItem(article_code="H129FSQ.104.023", quantity=quantity, **fields)


def disc(quantity: str = "2", **more: Any) -> pb.OrderItem:
    """TD1272.314. with its trailing dot, one variant only."""
    return pb.OrderItem(
        article_code="TD1272.314.", quantity=quantity, **({"price": "179.63"} | more)
    )


def order(*items: pb.OrderItem, **more: Any) -> pb.SubmitOrderRequest:
    fields = {
        "user_id": "A001", "pending_order_id": "p-1", "customer_id": "55.202",
        "customer_account": "1002001", "customer_name": "Laboratorio Alfa",
    } | more  # fmt: skip
    return pb.SubmitOrderRequest(items=items or [burs()], **fields)


async def saved(erp: Simulator) -> list[dict[str, Any]]:
    """The ledger's effects that mean that something was saved."""
    return [
        effect for effect in await erp.effects() if effect["kind"] in {"order_saved", "line_added"}
    ]
