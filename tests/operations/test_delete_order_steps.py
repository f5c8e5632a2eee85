"""A draft is deleted, the asked one and no other, and only proof of absence counts as deleted."""

import pytest

from server.errors import ErpRejectedError
from tests.erp_agents import Agent, SignIn, in_english
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


async def test_an_order_that_is_gone_is_a_success_that_says_so(
    agent: Agent, erp: Simulator
) -> None:
    """The newest order, deleted by the agent himself; an English page would say the same."""
    await erp.human("ikiA0001", "delete", order=NEW)
    notes = Notes()
    result = await deleted(agent, "71.723", notes)
    assert (result.order_id, result.already_gone) == (NEW, True)
    assert "3 readings" in notes.facts["absence"]
    assert agent.records.tickets == []


async def test_an_agent_without_orders_has_none_to_delete(agent_of: SignIn, erp: Simulator) -> None:
    """The list says that it is empty, and the customers show: it is not the site that is blind."""
    agent = await agent_of("ikiA0060")
    result = await deleted(agent, NEW)
    assert result.already_gone
    assert await erp.effects() == []


async def test_only_a_draft_is_deleted(agent: Agent, erp: Simulator) -> None:
    """A sent order is refused before anything is written, and stays."""
    await erp.human("ikiA0001", "send", order=NEW)
    await agent.session.page.wait_for_timeout(100)  # the status follows its send late
    with pytest.raises(ErpRejectedError, match="In attesa di approvazione"):
        await deleted(agent, NEW)
    assert agent.records.tickets == []
    assert (await erp.order(NEW))["id"] == NEW


async def test_what_was_selected_before_is_not_deleted(agent: Agent, erp: Simulator) -> None:
    """Two others stay ticked on the server, here and on another page: the asked one goes alone."""
    await in_english(agent)
    await erp.human("ikiA0001", "select", keys=[OLD, "7211"])
    await deleted(agent, NEW)
    assert [(e["kind"], e["id"]) for e in await erp.effects()] == [("order_deleted", NEW)]
