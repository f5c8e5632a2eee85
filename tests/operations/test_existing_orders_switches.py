"""Sends and deletions on a site that behaves otherwise than usual, in whatever nobody has recorded."""

from types import ModuleType
from typing import Any

import pytest

from server.errors import UiDriftError
from server.operations import delete_order, send_to_verona
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.existing_orders import NEW, done
from tests.pairwise import sampled_rows

POSTBACK = {
    "postback": "full",
    "selection_notifies": True,
    "search_kept": True,
    "search_columns": "all",
    "initial_filter": "OrdersAll",
}
RENEWED = {
    "renew_ids_after_post": True,
    "notifies_window_close": True,
    "selection_kept": "page",
    "views_are_live": False,
    "renumber": 7,
}
KINDS = {send_to_verona: "order_sent", delete_order: "order_deleted"}


@pytest.mark.parametrize(
    ("module", "switches"),
    sampled_rows(
        [
            (send_to_verona, POSTBACK),
            (send_to_verona, RENEWED),
            (delete_order, POSTBACK),
            (delete_order, RENEWED),
        ],
        lambda row: row == (send_to_verona, POSTBACK),
    ),
    ids=["send-postback", "send-renewed", "delete-postback", "delete-renewed"],
)
async def test_the_order_is_sent_or_deleted_all_the_same(
    agent_of: SignIn, erp: Simulator, module: ModuleType, switches: dict[str, Any]
) -> None:
    """Whole pages instead of callbacks; ids that change with every answer."""
    await erp.config(**switches)
    await done(module, await agent_of(), NEW)
    assert [(e["kind"], e["id"]) for e in await erp.effects()] == [(KINDS[module], NEW)]


async def test_keys_of_another_page_are_not_believed(agent_of: SignIn, erp: Simulator) -> None:
    """A state whose keys are stale does not say which order its T is: nothing is sent."""
    await erp.config(list_stale_keys=True)
    agent = await agent_of()
    with pytest.raises(UiDriftError, match="not exactly the order is selected"):
        await done(send_to_verona, agent, "7172")
    assert agent.records.tickets == []
    assert await erp.effects() == []
