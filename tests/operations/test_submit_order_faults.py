"""Every fault that can touch submit-order: how the run ends, what is read back, and never two orders."""

import pytest

from server.errors import (
    ErpRejectedError,
    ErpUnavailableError,
    OutcomeUnknownError,
    UiDriftError,
)
from server.verdicts import Absent, Inconclusive, Landed, Partial
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import burs, disc, order
from tests.operations.striking import Case, judge, strike, table, untold

REQUEST = order(burs(discount="12.5"), disc(), notes="nota")

LATE = {"persist_on": "save", "header_persists_on": "save"}
CASES = [
    Case("F1", "save", OutcomeUnknownError, Landed),
    Case("F2", "save", OutcomeUnknownError, Landed, {"seconds": 30}),
    # The lines' commits have kept all there is: only the save's own mark is missing.
    Case("F3", "save", ErpRejectedError, Landed),
    Case("F3", "save", ErpRejectedError, Inconclusive, switches=LATE, note="late"),
    Case("F3", "line", ErpRejectedError, Partial),
    Case("F4", "save", None, Landed),
    Case("F4", "save", UiDriftError, Inconclusive, switches=LATE, note="late"),
    Case("F5", "line", ErpUnavailableError, Partial),
    Case("F6", "line", OutcomeUnknownError, Partial, {"how": "answer"}),
    Case("F6", "line", UiDriftError, Partial, {"how": "editing"}),
    Case("F7", "line", None, Landed, {"text": "avviso"}),
    Case("F8", "save", None, Landed, {"seconds": 1}),
    Case("F9", "search", None, Landed),
    Case("F10", "page", None, Landed, {"english": True, "nth": None}),
    Case("F11", "customer", None, Landed, {"customer": "1002001"}),
    Case("F12", "save", UiDriftError, Partial),
    Case("F13", "page", ErpUnavailableError, Absent, {"nth": 2}),
    Case("F13", "line", ErpUnavailableError, Partial),
    Case("F13", "save", None, Landed, {"how": "slow"}),
    Case("F15", "line", ErpUnavailableError, Partial),
    Case("F16", "save", None, Landed, {"do": "filter", "view_filter": "OrdersEntered"}),
    Case("F16", "save", ErpRejectedError, Inconclusive, {"do": "delete", "order": 71724}),
    Case(
        "F16",
        "save",
        ErpRejectedError,
        Inconclusive,
        {"do": "edit", "order": 71724, "quantity": "7"},
    ),
    Case("F16", "save", ErpRejectedError, Landed, {"do": "send", "order": 71724}),
    Case("F18", "save", None, Partial, {"how": "truncated"}),
    Case("F19", "save", OutcomeUnknownError, Landed),
]


@pytest.mark.parametrize("case", table(CASES), ids=str)
async def test_a_fault_never_makes_two(agent_of: SignIn, erp: Simulator, case: Case) -> None:
    """Error class and verdict of design §4.4 and §4.6; a success has its effect and its evidence."""
    judge("SubmitOrder", case, await strike(agent_of, erp, "SubmitOrder", REQUEST, case))


# Why a fault has no case here.
ELSEWHERE = {
    "F14": "an order's form opens no customer",
    "F17": "Verona approves what was sent, and this operation leaves drafts",
}


def test_every_fault_is_struck_or_has_a_reason() -> None:
    """None of F1 to F19 is left out in silence."""
    assert untold(CASES, ELSEWHERE) == set()
