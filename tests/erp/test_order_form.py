"""The form of a new order: the marker is on it before anything can exist, and stays."""

from server.erp import editors, order_form, orders_list
from tests.erp_agents import Agent
from tests.erp_simulator.running import Simulator

MARKER = "#7ZK4Q2M9XA"
DESCRIPTION = r"_xaf_dviPURCHORDERFORMNUM_Edit_I$"


async def opened(agent: Agent) -> None:
    await orders_list.open_all_orders(agent.session)
    await order_form.open_new(agent.session)


async def test_the_description_is_cut_to_what_the_field_takes(agent: Agent, erp: Simulator) -> None:
    """The input's own limit counts; the marker always stands whole."""
    await erp.config(text_length=20)
    await opened(agent)
    texts = await order_form.texts_for(agent.session, MARKER, "una nota lunga")
    assert texts.description == f"{MARKER} una nota"
    await order_form.keep_description(agent.session, texts)
    assert await editors.text(agent.session.screen, "step", DESCRIPTION) == texts.description


async def test_a_marker_that_is_gone_is_typed_again(agent: Agent) -> None:
    """A callback has brought an old value back: the next gate must not go without the marker."""
    await opened(agent)
    texts = await order_form.texts_for(agent.session, MARKER, "nota")
    await order_form.keep_texts(agent.session, texts)
    await agent.session.page.evaluate(
        "document.querySelector('[id$=\"_xaf_dviPURCHORDERFORMNUM_Edit_I\"]').value = 'vecchio'; 0"
    )
    await order_form.keep_texts(agent.session, texts)
    for name in ("PURCHORDERFORMNUM", "TEXTINTERNAL", "TEXTEXTERNAL"):
        shown = await editors.text(agent.session.screen, "step", rf"_xaf_dvi{name}_Edit_I$")
        assert shown == (texts.description if name == "PURCHORDERFORMNUM" else "nota")


async def test_a_search_text_is_only_a_text(agent: Agent) -> None:
    """A name with quotes and brackets finds the one customer of that name or nobody."""
    await opened(agent)
    wanted = order_form.Wanted(key="", account="", name="Centro Mi & Ni")
    customers = [
        row.row.cells["NAME"] for row in [await order_form.find_customer(agent.session, wanted)]
    ]
    assert customers == ["Centro Mi & Ni"]
    assert agent.records.tickets == []
