"""What became of a saved form: left for the list, or refused; a page in between is neither."""

import pytest

from server.erp import order_save
from server.errors import ErpRejectedError
from tests.erp_agents import Agent
from tests.erp_simulator.running import Simulator

# The page is still on its way, and says only at its end what was wrong.
SAYS_IT_LATE = """
() => {
  const label = document.querySelector('.ErrorLabel'), panel = document.createElement('div');
  panel.className = 'dxlp';
  panel.style = 'width: 9px; height: 9px';
  document.body.append(panel);
  label.style.display = 'none';
  setTimeout(() => { label.style.display = ''; panel.remove(); }, 300);
}
"""


async def test_the_error_page_is_no_list(agent: Agent, erp: Simulator) -> None:
    """The form has gone there, too; what the page says is waited for, and is a refusal."""
    await agent.session.screen.open("step", f"{erp.base_url}/Error.aspx")
    await agent.session.page.evaluate(SAYS_IT_LATE)
    with pytest.raises(ErpRejectedError, match="refused to save"):
        await order_save.left(agent.session)


async def test_the_list_is_where_a_saved_form_is_left_for(agent: Agent, erp: Simulator) -> None:
    """Its address is enough: what the list shows does not tell of the order."""
    await agent.session.screen.open("step", f"{erp.base_url}/SALESTABLE_ListView_Agent/")
    await order_save.left(agent.session)
