"""Interrupted orders brought to their end as recovery does it, without the journal: read back, then act."""

from dataclasses import dataclass

from archibald.v1 import bot_pb2 as pb
from server.errors import BotError
from server.operation import Intent
from server.operations import submit_order
from server.verdicts import Absent, Inconclusive, Landed, Partial, Traces, Verdict
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import MARKER, Notes, entered
from tests.operations.probing import probed

MOST_ROUNDS = 4


def traced(notes: Notes) -> Traces:
    """The traces that an attempt's notes have left, with whether a page has shown the order."""
    return Traces(
        draft_id=notes.drafts[-1] if notes.drafts else "",
        high_water_mark=notes.marks[-1] if notes.marks else "",
        stood="order_id" in notes.facts,
    )


async def stopped(
    agent_of: SignIn,
    erp: Simulator,
    request: pb.SubmitOrderRequest,
    notes: Notes,
    fault: str,
    on: str,
    *,
    nth: int = 1,
) -> BotError | None:
    """Enter the order until the fault ends it, if it does; the agent's browser is gone afterwards."""
    agent = await agent_of()
    await erp.fault(fault, on, nth=nth)
    error = None
    try:
        await entered(agent, request, notes)
    except BotError as ended:
        error = ended
    await erp.clear_faults()
    await agent.session.context.close()
    return error


@dataclass(frozen=True)
class Recovered:
    """The result at last, the verdicts on the way, and the kinds of the writes that it took."""

    result: pb.SubmitOrderResult
    verdicts: list[Verdict]
    writes: list[str]


async def recovered(
    agent_of: SignIn, request: pb.SubmitOrderRequest, notes: Notes, *, user: str = "ikiA0001"
) -> Recovered:
    """Read back, complete what stands, run what is absent, until it has landed."""
    verdicts: list[Verdict] = []
    writes: list[str] = []
    for _ in range(MOST_ROUNDS):
        verdict = await probed(agent_of, request, traced(notes), user=user, notes=notes)
        verdicts.append(verdict)
        if isinstance(verdict, Landed):
            return Recovered(verdict.result, verdicts, writes)
        assert not isinstance(verdict, Inconclusive), verdict
        agent = await agent_of(user)
        if isinstance(verdict, Absent):
            await entered(agent, request, notes)
        else:
            intent = Intent(agent.claim, request, MARKER)
            result = await submit_order.complete(
                agent.session, intent, verdict.erp_id, notes, lambda *_: None
            )
            assert list(result.verification.differences) == []
        writes += agent.records.kinds
        await agent.session.context.close()
    raise AssertionError(verdicts)


__all__ = ["Partial", "Recovered", "recovered", "stopped", "traced"]
