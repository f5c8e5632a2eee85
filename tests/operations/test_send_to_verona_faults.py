"""Every fault that can touch send-to-verona: how the run ends, what is read back, and never two sends."""

import pytest

from archibald.v1 import bot_pb2 as pb
from server.errors import (
    ErpRejectedError,
    ErpUnavailableError,
    OutcomeUnknownError,
    UiDriftError,
)
from server.verdicts import Inconclusive, Landed
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.existing_orders import NEW
from tests.operations.striking import Case, judge, strike, table, untold

REQUEST = pb.SendToVeronaRequest(user_id="A0001", order_id=NEW)
ORDER = {"order": int(NEW)}
FILTER = {"do": "filter", "view_filter": "OrdersToday"}

# The 3rd request of the list is the search for the order.
CASES = [
    Case("F1", "send", OutcomeUnknownError, Landed),
    Case("F2", "send", OutcomeUnknownError, Landed, {"seconds": 30}),
    Case("F3", "send", ErpRejectedError, Inconclusive),
    Case("F4", "send", OutcomeUnknownError, Inconclusive),
    Case("F5", "list", ErpUnavailableError, Inconclusive, {"nth": 3}),
    Case("F5", "send", OutcomeUnknownError, Inconclusive),
    Case("F6", "send", OutcomeUnknownError, Landed, {"how": "answer"}),
    Case("F7", "list", None, Landed, {"nth": 3}),
    Case("F8", "send", None, Landed, {"seconds": 1}),
    Case("F9", "list", None, Landed, {"how": "first", "nth": 3}),
    Case("F10", "page", None, Landed, {"english": True, "prefix": "xaf_a2", "nth": None}),
    Case("F13", "send", OutcomeUnknownError, Inconclusive),
    Case("F15", "send", OutcomeUnknownError, Inconclusive),
    # The agent, in another window: changes the filter, sends, edits the order himself.
    Case("F16", "list", UiDriftError, Inconclusive, FILTER | {"nth": 3}),
    Case("F16", "send", None, Landed, {"do": "send", **ORDER}),
    Case("F16", "send", OutcomeUnknownError, Inconclusive, {"do": "delete", **ORDER}),
    Case("F16", "send", None, Landed, {"do": "edit", **ORDER, "quantity": "7"}),
    Case("F17", "page", None, Landed, {"do": "approve", **ORDER, "nth": 3}),
    Case("F19", "send", OutcomeUnknownError, Landed),
]


@pytest.mark.parametrize("case", table(CASES), ids=str)
async def test_a_fault_never_sends_twice(agent_of: SignIn, erp: Simulator, case: Case) -> None:
    """Error class and verdict of design §4.4 and §4.6; a success has its effect and its evidence."""
    outcome = await strike(agent_of, erp, "SendToVerona", REQUEST, case)
    judge("SendToVerona", case, outcome)
    if isinstance(outcome.error, ErpRejectedError):
        assert outcome.error.nothing_left


# Why a fault has no case here.
ELSEWHERE = {
    "F11": "an order is found by its id, which has no homonym",
    "F12": "nothing with lines is saved",
    "F14": "no customer is opened",
    "F18": "no marker is typed",
}


def test_every_fault_is_struck_or_has_a_reason() -> None:
    """None of F1 to F19 is left out in silence."""
    assert untold(CASES, ELSEWHERE) == set()
