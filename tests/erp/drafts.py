"""Orders begun on the simulator's form, for the tests of the gate before it."""

from decimal import Decimal
from typing import Any

from server.erp import order_form, orders_list
from server.erp.order_form import Draft, Wanted
from server.erp.session import ErpSession
from server.erp.variants import Item
from tests.erp_simulator.running import Simulator

ALFA = Wanted(key="55202", account="1002001", name="Laboratorio Alfa")
MARKER = "#7ZK4Q2M9XA"


def disc(quantity: int = 2) -> Item:
    """TD1272.314., which has one variant only."""
    return Item(
        path="items[0]",
        article_code="TD1272.314.",
        article_id="",
        content=None,
        quantity=Decimal(quantity),
        discount=None,
        only_at=None,
    )


async def new_form(session: ErpSession) -> order_form.Texts:
    """An empty order form with its marker typed."""
    await orders_list.open_all_orders(session)
    await order_form.open_new(session)
    texts = await order_form.texts_for(session, MARKER, "")
    await order_form.keep_description(session, texts)
    return texts


async def draft(session: ErpSession, wanted: Wanted = ALFA) -> Draft:
    """A new order, for Laboratorio Alfa if nobody else is named."""
    texts = await new_form(session)
    found = await order_form.find_customer(session, wanted)
    customer = await order_form.choose_customer(session, found, texts)
    return Draft(await order_form.draft_id(session), customer, texts)


async def kinds(erp: Simulator) -> dict[str, int]:
    """How often which effect stands in the ledger."""
    found = [effect["kind"] for effect in await erp.effects()]
    return {kind: found.count(kind) for kind in found}


async def clicking(session: ErpSession, ticket: Any, element: str) -> None:
    async with ticket:
        await session.screen.click("test", element)
