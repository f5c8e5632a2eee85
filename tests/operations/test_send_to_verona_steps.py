"""An order is sent once, the asked one and no other, and only evidence counts as sent."""

import pytest

from server.errors import ErpRejectedError, OutcomeUnknownError, UiDriftError
from server.operations.send_to_verona_steps import FAILED_BEFORE
from tests.erp_agents import Agent, in_english
from tests.erp_simulator.running import Simulator
from tests.operations.entering import Notes
from tests.operations.existing_orders import NEW, OLD, sent


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


async def test_an_english_page_that_asks_in_a_window(agent: Agent, erp: Simulator) -> None:
    """Edit is Modifica, 71,723 is 71723, and the question is a window of the page's own."""
    await erp.config(send_confirm="popup")
    result = await sent(await in_english(agent), NEW)
    assert result.transfer_status == "Approvel_regionalmanager"
    await only_sent(erp, NEW)


async def test_what_was_selected_before_is_not_sent(agent: Agent, erp: Simulator) -> None:
    """The server still has two orders ticked, on this page and on another: they are unticked."""
    other = [o["id"] for o in await erp.orders("ikiA0001") if o["transferstatus"] == "Edit"][-1]
    assert other not in {OLD, NEW}
    await erp.human("ikiA0001", "select", keys=[NEW, other])
    await sent(agent, OLD)
    await only_sent(erp, OLD)


async def test_a_list_of_the_agents_own_making(agent: Agent, erp: Simulator) -> None:
    """Columns moved, the status hidden, sorted by name: the order is found; without ID it is not."""
    await erp.human("ikiA0001", "columns", columns=["SALESNAME", "CREATEDDATETIME", "ID"])
    await erp.human("ikiA0001", "sort", column="SALESNAME")
    await sent(agent, OLD)
    await only_sent(erp, OLD)
    await erp.human("ikiA0001", "columns", columns=["SALESNAME", "TRANSFERSTATUS"])
    with pytest.raises(UiDriftError, match="does not show ID; show it again"):
        await sent(agent, NEW)
    assert agent.records.kinds == ["send"]


async def test_a_question_of_other_words_is_not_answered_with_yes(
    agent: Agent, erp: Simulator
) -> None:
    """The page announces one question and asks another: nothing is sent."""
    await agent.session.page.add_init_script(
        "const ask = window.confirm; window.confirm = (text) => ask.call(window, text + ' All of them?');"
    )
    with pytest.raises(UiDriftError, match="asked something else"):
        await sent(agent, NEW)
    assert agent.records.tickets == []
    assert await erp.effects() == []


async def test_an_order_found_sent_is_a_success_that_says_so(agent: Agent, erp: Simulator) -> None:
    """Approved by Verona meanwhile: its sales number is told, and nothing is written."""
    await erp.human("ikiA0001", "send", order=NEW)
    await erp.verona(NEW, "approve")
    result = await sent(agent, NEW)
    assert (result.already_sent, result.transfer_status) == (True, "Trasferito")
    assert result.sales_id.startswith("ORD/")
    assert agent.records.tickets == []
    with pytest.raises(ErpRejectedError, match=r"no order 79\.999"):
        await sent(agent, "79999")


@pytest.mark.parametrize(("order_id", "words"), [("7211", "incompleti"), ("7213", "linee")])
async def test_what_the_erp_refuses_leaves_nothing(
    agent: Agent, erp: Simulator, order_id: str, words: str
) -> None:
    """The ERP's own words, after the order was read back as a draft."""
    with pytest.raises(ErpRejectedError, match=words) as refused:
        await sent(agent, order_id)
    assert refused.value.nothing_left
    assert agent.records.kinds == ["send"]
    assert await erp.effects() == []


async def test_a_transfer_error_is_sent_again(agent: Agent, erp: Simulator) -> None:
    """If the ERP lets it; another Transfer error would be no evidence of this send."""
    await erp.human("ikiA0001", "send", order=NEW)
    await erp.verona(NEW, "error")
    notes = Notes()
    with pytest.raises(ErpRejectedError, match="refused to send"):
        await sent(agent, NEW, notes)
    assert notes.marks == [FAILED_BEFORE]
    await erp.config(second_send="accepted")
    # Approved while its page is read after the send: the 3rd page, after its own and the list.
    await erp.fault("F17", "page", nth=3, do="approve", order=int(NEW))
    result = await sent(agent, NEW)
    assert (result.already_sent, result.transfer_status) == (False, "Trasferito")
    assert agent.records.kinds == ["send", "send"]


async def test_a_send_that_never_shows_is_not_called_sent(agent: Agent, erp: Simulator) -> None:
    """Its status lags for longer than we wait: nobody knows, and nothing is sent again."""
    await erp.config(send_lag_ms=1_000_000)
    with pytest.raises(OutcomeUnknownError, match="still shows as not sent"):
        await sent(agent, NEW)
    assert agent.records.kinds == ["send"]
    await only_sent(erp, NEW)
