"""One fault against one operation: how the run must end, and what a new session must then read.

A case is a row of a table in `test_*_faults.py`; together they are the table of design §4.6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from server.errors import BotError
from server.operation import Intent, Operation
from server.operations import OPERATIONS
from server.verdicts import Verdict
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import MARKER, Notes
from tests.operations.probing import traces_of
from tests.pairwise import sampled

# What an operation exists for, as the ledger calls it; more than one of them is what must never be.
ENDS = {
    "SubmitOrder": "order_created",
    "SendToVerona": "order_sent",
    "CreateCustomer": "customer_created",
    "DeleteOrder": "order_deleted",
}
# Of the table these run every day; `make matrix` runs all of it.
EVERYDAY = {"F4"}
FAULTS = {f"F{number}" for number in range(1, 20)}  # erp-reference §8.5
# Longer than any answer of the simulator in these tests, and short enough to wait for.
ANSWER_TIMEOUT = 3.0


@dataclass(frozen=True)
class Case:
    """A fault as `/sim/faults` takes it, and what must come of it.

    ``ends`` is the error's class, None for success; ``verdict`` what the probe then finds, None where
    the case leaves nothing to read (the run was refused before anything was written and the probe's
    own tests say the rest). ``never`` may not be in the ledger at all.
    """

    fault: str
    on: str
    ends: type[BotError] | None
    verdict: type[Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    switches: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def __str__(self) -> str:
        extra = "-".join(str(value) for value in self.options.values() if value is not True)
        return "-".join(part for part in (self.fault, self.on, extra, self.note) if part)


@dataclass
class Outcome:
    """What came of a run: its error if it ended with one, its notes, the ledger then, the verdict."""

    error: BotError | None
    result: Any
    notes: Notes
    ledger: Sequence[Mapping[str, Any]]
    verdict: Verdict


async def perform(agent: Agent, operation: Operation, request: Any, notes: Notes) -> Any:
    """Run the operation as recovery does, without the journal."""
    intent = Intent(agent.claim, request, MARKER)
    return await operation.run(agent.session, intent, notes, lambda *_: None)


async def strike(
    agent_of: SignIn, erp: Simulator, name: str, request: Any, case: Case, user: str = "ikiA0001"
) -> Outcome:
    """Run the operation under the fault, then read it back from a new session without the fault."""
    operation = OPERATIONS[name]
    await erp.config(**case.switches)
    agent = await agent_of(user, answer_timeout=ANSWER_TIMEOUT)
    await erp.fault(case.fault, case.on, **{"nth": 1, **case.options})
    notes, error, result = Notes(), None, None
    try:
        result = await perform(agent, operation, request, notes)
    except BotError as ended:
        error = ended
    ledger = await erp.effects()
    await erp.clear_faults()
    await agent.session.context.close()
    reader = await agent_of(user)
    intent = Intent(reader.claim, request, MARKER)
    verdict = await operation.probe(reader.session, intent, traces_of(notes), Notes())
    assert reader.records.tickets == []
    return Outcome(error, result, notes, ledger, verdict)


def judge(name: str, case: Case, outcome: Outcome) -> None:
    """The error's class, the verdict, the ledger: as the case says, and never twice."""
    done = [effect for effect in outcome.ledger if effect["kind"] == ENDS[name]]
    assert len(done) <= 1, outcome.ledger
    if case.ends is None:
        if outcome.error is not None:
            pytest.fail(f"{type(outcome.error).__name__}: {outcome.error}")
        assert len(done) == 1, "success without an effect"
        assert outcome.notes.facts, "success without evidence"
    else:
        assert type(outcome.error) is case.ends, repr(outcome.error)
    assert isinstance(outcome.verdict, case.verdict), outcome.verdict


def untold(cases: Sequence[Case], elsewhere: Mapping[str, str]) -> set[str]:
    """The faults that have neither a case nor a reason; or, which is as wrong, both."""
    struck = {case.fault for case in cases}
    return (FAULTS - struck - elsewhere.keys()) | (struck & elsewhere.keys())


def table(cases: Sequence[Case]) -> list[Any]:
    """The cases as parameters of a test."""
    return sampled(cases, lambda case: case.fault in EVERYDAY)
