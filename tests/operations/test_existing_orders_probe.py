"""Read-backs of sends and deletions that prove nothing say so, and why."""

import pytest

from server.erp.absence import EMPTY
from server.operations import delete_order, send_to_verona
from server.operations.send_to_verona_steps import FAILED_BEFORE
from server.verdicts import Absent, Inconclusive, Landed
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import Notes
from tests.operations.existing_orders import NEW, OLD, probed

USER = "ikiA0001"


async def test_a_transfer_error_is_landed_unless_it_stood_before(
    agent_of: SignIn, erp: Simulator
) -> None:
    """Reported with a warning; after a second send it needs more than the same error again."""
    await erp.human(USER, "send", order=NEW)
    await erp.verona(NEW, "error")
    notes = Notes()
    landed = await probed(send_to_verona, agent_of, NEW, notes=notes)
    assert isinstance(landed, Landed)
    assert landed.result.transfer_status == "Transfer error"
    assert "Verona has refused" in landed.result.warnings[0]
    assert notes.facts["created"]
    again = await probed(send_to_verona, agent_of, NEW, FAILED_BEFORE)
    assert isinstance(again, Inconclusive)
    assert "as before" in again.reason
    # Nothing of this request had left: the failure is an earlier send's, and the order is to be sent.
    assert isinstance(await probed(send_to_verona, agent_of, NEW, written=False), Absent)


async def test_a_draft_that_no_request_had_left_for_was_not_sent(agent_of: SignIn) -> None:
    """The journal knows that no send had left: then, and only then, a draft proves it."""
    verdict = await probed(send_to_verona, agent_of, NEW, written=False)
    assert isinstance(verdict, Absent)
    assert "Modifica" in verdict.shown
    verdict = await probed(delete_order, agent_of, NEW, OLD, written=False)
    assert verdict == Absent("the order stands as Giornale, Modifica, read 1 times")


@pytest.mark.matrix
async def test_what_somebody_else_did_is_told_as_such(agent_of: SignIn, erp: Simulator) -> None:
    """Sent and deleted by the agent himself, nothing of ours having left: success that says so."""
    await erp.human(USER, "send", order=NEW)
    verdict = await probed(send_to_verona, agent_of, NEW, written=False)
    assert isinstance(verdict, Landed)
    assert verdict.result.already_sent
    await erp.human(USER, "delete", order=OLD)
    verdict = await probed(delete_order, agent_of, OLD, written=False)
    assert isinstance(verdict, Landed)
    assert verdict.result.already_gone


async def test_an_order_that_does_not_open_any_more_proves_no_send(
    agent_of: SignIn, erp: Simulator
) -> None:
    """Gone by another hand: whether it was sent before that nobody can tell."""
    await erp.human(USER, "delete", order=NEW)
    verdict = await probed(send_to_verona, agent_of, NEW)
    assert isinstance(verdict, Inconclusive)
    assert "does not open" in verdict.reason
    # An empty list is no proof where another order stood in it before.
    gone = await probed(delete_order, agent_of, NEW, EMPTY)
    assert isinstance(gone, Landed)


async def test_a_filter_changed_while_absence_is_read_voids_the_reading(
    agent_of: SignIn, erp: Simulator
) -> None:
    """The agent sets another view filter in his own window between two readings."""
    await erp.human(USER, "delete", order=NEW)
    # Neighbour: list, filter, sort; first reading: list, sort; then the second one's list.
    await erp.fault("F16", "list", nth=6, do="filter", view_filter="OrdersEntered")
    verdict = await probed(delete_order, agent_of, NEW, OLD)
    assert isinstance(verdict, Inconclusive)
    assert "filter was changed" in verdict.reason
