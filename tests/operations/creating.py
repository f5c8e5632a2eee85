"""Customers entered as the server enters them, for the tests of create-customer."""

from dataclasses import dataclass, replace
from typing import Any

from archibald.v1 import bot_pb2 as pb
from server.operation import Intent
from server.operations import create_customer
from server.verdicts import Traces, Verdict
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.customers import MARKER
from tests.operations.entering import Notes
from tests.operations.probing import traces_of


@dataclass
class Created:
    result: pb.CreateCustomerResult
    notes: Notes
    steps: list[str]


async def created(
    agent: Agent, request: pb.CreateCustomerRequest, notes: Notes | None = None
) -> Created:
    """Enter the customer."""
    notes, steps = notes or Notes(), list[str]()

    def report(step: str, current: int = 0, total: int = 0) -> None:
        steps.append(f"{step} {current}/{total}" if total else step)

    intent = Intent(agent.claim, request, MARKER)
    result = await create_customer.run(agent.session, intent, notes, report)
    return Created(result, notes, steps)


async def probed(
    agent_of: SignIn,
    request: pb.CreateCustomerRequest,
    notes: Notes,
    *,
    marker: str = MARKER,
    **known: Any,
) -> Verdict:
    """What a new session reads, by the notes and what is ``known`` besides; it must not write, and must leave the gate whole."""
    agent = await agent_of()
    intent, traces = Intent(agent.claim, request, marker), replace(traces_of(notes), **known)
    verdict = await create_customer.probe(agent.session, intent, traces, Notes())
    assert agent.records.tickets == []
    assert not agent.session.gate.broken
    return verdict


async def customer_kinds(erp: Simulator) -> list[str]:
    """The kinds of the ledger's effects, in order."""
    return [effect["kind"] for effect in await erp.effects()]


__all__ = ["Created", "Traces", "created", "customer_kinds", "probed"]
