"""Absence is proved by a list that shows what must be there, and by nothing less."""

from collections.abc import Callable

from server.erp.absence import Proved, Seen, Unproved, neighbour, prove_absent
from server.erp.grid import Row
from server.erp.list_page import ORDERS
from tests.erp_agents import Agent
from tests.erp_simulator.running import Simulator

STEP = "verify"


def is_order(order_id: str) -> Callable[[Row], bool]:
    def ours(row: Row) -> bool:
        return row.key == order_id

    return ours


async def test_what_is_there_is_seen_and_what_is_not_is_proved_absent(
    agent: Agent, erp: Simulator
) -> None:
    """An order two pages down shows; an id between two others does not, beside its neighbour."""
    session = agent.session
    ids = sorted((int(order["id"]) for order in await erp.orders("ikiA0001")), reverse=True)
    there = ids[25]
    missing = next(number - 1 for number in ids[22:] if number - 1 not in ids)
    control = await neighbour(session, STEP, ORDERS, str(missing))
    assert control == str(max(number for number in ids if number < missing))
    shown = await prove_absent(
        session, STEP, ORDERS, ours=is_order(str(there)), control=str(ids[26])
    )
    assert isinstance(shown, Seen)
    assert [row.key for row in shown.rows] == [str(there)]
    gone = await prove_absent(session, STEP, ORDERS, ours=is_order(str(missing)), control=control)
    assert isinstance(gone, Proved)
    assert control in gone.shown
    unknown = str(missing)  # a control that is not there itself: the list may hide more than it
    unproved = await prove_absent(session, STEP, ORDERS, ours=is_order("1"), control=unknown)
    assert isinstance(unproved, Unproved)
    assert agent.records.tickets == []
