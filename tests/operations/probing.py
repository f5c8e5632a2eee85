"""Orders whose entering is interrupted, and what a new session reads of them afterwards."""

import pytest

from archibald.v1 import bot_pb2 as pb
from server.errors import BotError
from server.operation import Intent
from server.operations.submit_order import probe
from server.verdicts import Traces, Verdict
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import MARKER, Notes, entered


async def interrupted(
    agent: Agent, erp: Simulator, request: pb.SubmitOrderRequest, fault: str, on: str, nth: int = 1
) -> Traces:
    """Enter the order, really, until the fault ends it; what the journal then knows of it."""
    await erp.fault(fault, on, nth=nth)
    notes = Notes()
    with pytest.raises(BotError):
        await entered(agent, request, notes)
    await erp.clear_faults()
    await agent.session.context.close()
    return traces_of(notes)


def traces_of(notes: Notes) -> Traces:
    """The traces that an attempt's notes have left."""
    return Traces(
        draft_id=notes.drafts[-1] if notes.drafts else "",
        high_water_mark=notes.marks[-1] if notes.marks else "",
    )


async def probed(
    agent_of: SignIn,
    request: pb.SubmitOrderRequest,
    traces: Traces,
    *,
    user: str = "ikiA0001",
    notes: Notes | None = None,
) -> Verdict:
    """What a new session reads; it must not write, and must leave the gate whole."""
    agent = await agent_of(user)
    intent = Intent(agent.claim, request, MARKER)
    verdict = await probe(agent.session, intent, traces, notes or Notes())
    assert agent.records.tickets == []
    assert not agent.session.gate.broken
    return verdict
