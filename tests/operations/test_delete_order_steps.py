"""A draft is deleted, the asked one and no other, and only proof of absence counts as deleted."""

from tests.erp_agents import Agent
from tests.erp_simulator.running import Simulator
from tests.operations.entering import Notes
from tests.operations.existing_orders import NEW, OLD, deleted


async def test_a_draft_is_deleted_and_its_neighbour_stays(agent: Agent, erp: Simulator) -> None:
    """7.172 and 71.723 both match the search for 7172."""
    await erp.human("ikiA0001", "page", index=0, size=200)
    notes = Notes()
    result = await deleted(agent, OLD, notes)
    assert (result.order_id, result.order_record_id, result.already_gone) == (OLD, "7.172", False)
    assert [(t.kind, t.target) for t in agent.records.tickets] == [("delete", OLD)]
    assert "3 readings" in notes.facts["absence"]
    effects = [(e["kind"], e["id"]) for e in await erp.effects()]
    assert effects == [("order_deleted", OLD)]
    assert (await erp.order(NEW))["id"] == NEW
