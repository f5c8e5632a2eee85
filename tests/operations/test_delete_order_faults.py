"""Every fault that can touch delete-order: how the run ends, what is read back, and nothing but the order is gone."""

import pytest

from archibald.v1 import bot_pb2 as pb
from server.errors import (
    ErpRejectedError,
    OutcomeUnknownError,
    UiDriftError,
)
from server.verdicts import Absent, Inconclusive, Landed
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.existing_orders import NEW
from tests.operations.striking import Case, judge, strike, table, untold

REQUEST = pb.DeleteOrderRequest(user_id="A0001", order_id=NEW)
ORDER = {"order": int(NEW)}
FILTER = {"do": "filter", "view_filter": "OrdersToday"}

# The 4th request of the list is the search for the order.
CASES = [
    Case("F1", "delete", OutcomeUnknownError, Landed),
    Case("F2", "delete", OutcomeUnknownError, Landed, {"seconds": 30}),
    Case("F3", "delete", ErpRejectedError, Absent),
    Case("F4", "delete", OutcomeUnknownError, Absent),
    Case("F5", "delete", OutcomeUnknownError, Absent),
    Case("F6", "delete", OutcomeUnknownError, Landed, {"how": "answer"}),
    Case("F7", "list", None, Landed, {"nth": 4}),
    Case("F8", "delete", None, Landed, {"seconds": 1}),
    Case("F9", "list", None, Landed, {"how": "first", "nth": 4}),
    Case("F10", "page", None, Landed, {"english": True, "prefix": "xaf_a2", "nth": None}),
    Case("F13", "delete", OutcomeUnknownError, Absent),
    Case("F15", "delete", OutcomeUnknownError, Absent),
    # The agent, in another window: deletes, sends the order himself, changes the filter.
    Case("F16", "delete", None, Landed, {"do": "delete", **ORDER}),
    Case("F16", "delete", ErpRejectedError, Inconclusive, {"do": "send", **ORDER}),
    Case("F16", "list", UiDriftError, Absent, FILTER | {"nth": 4}),
    Case("F19", "delete", OutcomeUnknownError, Landed),
]


@pytest.mark.parametrize("case", table(CASES), ids=str)
async def test_a_fault_never_deletes_twice(agent_of: SignIn, erp: Simulator, case: Case) -> None:
    """Error class and verdict of design §4.4 and §4.6; a success has its effect and its evidence."""
    outcome = await strike(agent_of, erp, "DeleteOrder", REQUEST, case)
    judge("DeleteOrder", case, outcome)
    if isinstance(outcome.error, ErpRejectedError):
        assert outcome.error.nothing_left


# Why a fault has no case here.
ELSEWHERE = {
    "F11": "an order is found by its id, which has no homonym",
    "F12": "nothing with lines is saved",
    "F14": "no customer is opened",
    "F17": "Verona approves what was sent, and what was sent is not deleted: F16 sends it meanwhile",
    "F18": "no marker is typed",
}


def test_every_fault_is_struck_or_has_a_reason() -> None:
    """None of F1 to F19 is left out in silence."""
    assert untold(CASES, ELSEWHERE) == set()
