"""Orders that exist, sent and deleted as the server does it, for the tests of both operations."""

from types import ModuleType
from typing import Any

from server.operation import Intent
from server.operations import delete_order, send_to_verona
from server.verdicts import Traces, Verdict
from tests.erp_agents import Agent, SignIn
from tests.operations.entering import Notes

# Drafts of the simulator's first agent, one of whose ids is the beginning of the other's.
OLD, NEW = "7172", "71723"


async def done(module: ModuleType, agent: Agent, order_id: str, notes: Notes | None = None) -> Any:
    """Run an operation for an order; its result. Reported are only steps that it has."""

    def report(step: str, current: int = 0, total: int = 0) -> None:
        assert step in module.STEPS
        assert current == total == 0

    intent = _intent(module, agent, order_id)
    return await module.run(agent.session, intent, notes or Notes(), report)


async def sent(agent: Agent, order_id: str, notes: Notes | None = None) -> Any:
    return await done(send_to_verona, agent, order_id, notes)


async def deleted(agent: Agent, order_id: str, notes: Notes | None = None) -> Any:
    return await done(delete_order, agent, order_id, notes)


async def probed(
    module: ModuleType,
    agent_of: SignIn,
    order_id: str,
    mark: str = "",
    notes: Notes | None = None,
    *,
    written: bool = True,
) -> Verdict:
    """What a new session reads; it must not write, and must leave the gate whole."""
    agent = await agent_of()
    intent = _intent(module, agent, order_id)
    verdict: Verdict = await module.probe(
        agent.session, intent, Traces(high_water_mark=mark, written=written), notes or Notes()
    )
    assert agent.records.tickets == []
    assert not agent.session.gate.broken
    return verdict


def _intent(module: ModuleType, agent: Agent, order_id: str) -> Intent:
    request = module.Request(user_id=agent.session.user_id, order_id=order_id)
    return Intent(agent.claim, request, "")
