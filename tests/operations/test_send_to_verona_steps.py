"""An order is sent once, the asked one and no other, and only evidence counts as sent."""

from tests.erp_agents import Agent
from tests.erp_simulator.running import Simulator
from tests.operations.entering import Notes
from tests.operations.existing_orders import OLD, sent


async def only_sent(erp: Simulator, order_id: str) -> None:
    effects = [(e["kind"], e["id"]) for e in await erp.effects() if e["session"] != "human"]
    assert effects == [("order_sent", order_id)]


async def test_a_draft_is_sent_and_its_page_proves_it(agent: Agent, erp: Simulator) -> None:
    """The status follows late; the selected row is ours, though another matches the search."""
    notes = Notes()
    result = await sent(agent, "7.172", notes)
    assert (result.order_id, result.order_record_id) == (OLD, "7.172")
    assert (result.already_sent, result.transfer_status) == (False, "In attesa di approvazione")
    assert result.seen_at.seconds > 0
    assert [(t.kind, t.target) for t in agent.records.tickets] == [("send", OLD)]
    assert notes.facts["transfer_status"] == "In attesa di approvazione"
    assert notes.facts["created"]
    await only_sent(erp, OLD)
    again = await sent(agent, OLD)
    assert again.already_sent
    await only_sent(erp, OLD)
