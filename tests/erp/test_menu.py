"""Toolbar actions are known by their names, and their request before they are clicked."""

import pytest

from server.erp import menu, order_form, orders_list
from server.errors import UiDriftError
from tests.erp_agents import Agent, SignIn


@pytest.mark.parametrize("user", ["ikiA0001", "ikiA0010"])
async def test_an_action_is_found_by_name_in_either_language(agent_of: SignIn, user: str) -> None:
    """The same name, whatever the button says; the parameter is the page's own."""
    agent = await agent_of(user)
    await orders_list.open_all_orders(agent.session)
    action = await menu.find_action(agent.session.screen, "step", "New")
    assert action.enabled
    assert action.parameter.endswith(":New:Vertical_mainMenu_Menu:XafCallback")
    send = await menu.find_action(agent.session.screen, "step", "SendOrder")
    assert (send.parameter, bool(send.confirmation)) == ("c0:Vertical$mainMenu:4:XafCallback", True)


async def test_save_and_close_is_the_item_inside_its_group(agent: Agent) -> None:
    """The group's button does what was done last; the item inside is always itself."""
    await orders_list.open_all_orders(agent.session)
    await order_form.open_new(agent.session)
    action = await menu.find_action(agent.session.screen, "step", "SaveAndClose")
    assert action.path == "1i1"


async def test_what_is_not_there_or_disabled_is_drift(agent: Agent) -> None:
    """No neighbour is clicked instead: beside Send stands Clone."""
    screen = agent.session.screen
    await orders_list.open_all_orders(agent.session)
    with pytest.raises(UiDriftError):
        await menu.find_action(screen, "step", "SwitchToEditMode")
    delete = await menu.find_action(screen, "step", "Delete")
    with pytest.raises(UiDriftError, match="disabled"):
        await menu.click_action(screen, "step", delete)
