"""What the field has reported of the site: each is mended and proved, or nothing is saved."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from server.erp import order_address, order_lines, order_save, order_view
from server.erp.order_address import WantedAddress
from server.erp.order_form import Wanted
from server.errors import BotError, ErpRejectedError
from server.operations import order_saving
from server.operations.order_result import warnings_of
from tests.erp.drafts import disc as one_disc
from tests.erp.drafts import draft
from tests.erp_agents import Agent
from tests.erp_simulator.running import Simulator
from tests.operations.entering import burs, disc, entered, order, saved
from tests.pairwise import sampled, sampled_rows

OTHER = pb.DeliveryAddress(street="Viale Prova 7", city="Porto Finto")
BETA: dict[str, Any] = {
    "customer_id": "55207", "customer_account": "1002006", "customer_name": "Laboratorio Beta",
}  # fmt: skip
FAMILY, PRICE = "8959KR.314.018", "11.86"


async def arrived(agent: Agent, erp: Simulator, request: pb.SubmitOrderRequest) -> dict[str, Any]:
    """Enter the order; it must be as asked, and is returned as the ERP stores it."""
    ran = await entered(agent, request)
    assert list(ran.result.verification.differences) == []
    assert len(await erp.effects("order_created")) == 1
    assert len(await erp.effects("line_added")) == len(request.items)
    stored: dict[str, Any] = await erp.order(ran.result.order_id)
    assert sorted(
        (line["article_code"], line["quantity"], line["manualdiscount"]) for line in stored["lines"]
    ) == sorted((one.article_code, one.quantity, one.discount or "0") for one in request.items)
    assert stored["purchorderformnum"].startswith("#")
    return stored


@pytest.mark.parametrize(
    "switches",
    sampled(
        [
            {"discount_transient_zero": 1.0},
            {"line_resets_address": True, "stale_keys": False},
            {"postback": "full", "focus_lost": 1.0, "customer_callback_clears_description": True},
            {"focus_lost": 1.0},
            {"customer_callback_clears_description": True},
            {"line_resets_address": False},
        ],
        lambda switches: "postback" in switches,
    ),
    ids=str,
)
async def test_a_mishap_is_mended(agent: Agent, erp: Simulator, switches: dict[str, Any]) -> None:
    """Focus, discount, marker or address go astray once: they are set again, and the order is as asked."""
    await erp.config(**switches)
    request = order(
        burs("10", discount="12.5"), disc(), notes="nota", delivery_address=OTHER, **BETA
    )
    stored = await arrived(agent, erp, request)
    assert stored["address_id"] == 552071


@pytest.mark.parametrize("often", sampled([0.5, 1.0], lambda often: often < 1))
async def test_a_quantity_that_falls_back_never_becomes_a_wrong_order(
    agent: Agent, erp: Simulator, often: float
) -> None:
    """The default quantity comes back late: entered again and again, or the attempt ends unsaved."""
    await erp.config(quantity_reset=often)
    request = order(burs("10", discount="12.5"), disc("3"))
    try:
        await arrived(agent, erp, request)
    except BotError:
        assert await erp.effects("order_saved") == []
        wrong = [
            one for one in await erp.effects("line_added") if one["fields"]["quantity"] in "15"
        ]
        assert wrong == []


@pytest.mark.parametrize("on", sampled(["customer", "field", "lookup"], lambda on: on == "field"))
async def test_a_window_over_the_target_is_put_away(agent: Agent, erp: Simulator, on: str) -> None:
    """A notice covers what is clicked next (F7): it is hidden, and nothing was clicked meanwhile."""
    await erp.fault("F7", on, once=True)
    await arrived(agent, erp, order(burs("10", discount="5"), disc()))


async def test_lines_that_vanish_are_not_saved(agent: Agent, erp: Simulator) -> None:
    """The ERP loses the lines on a late callback (F12): the comparison ends the attempt."""
    await erp.fault("F12", "field", nth=2)
    with pytest.raises(BotError, match="lines are not as asked"):
        await entered(agent, order(burs("10"), discount_percent="5"))
    assert await erp.effects("order_saved") == []


async def test_an_order_discount_that_loses_lines_is_not_saved(
    agent: Agent, erp: Simulator
) -> None:
    """The lines are read again after the discount: they have gone, so nothing is saved."""
    await erp.config(order_discount_loses_lines=True)
    with pytest.raises(BotError, match="lines are not as asked"):
        await entered(agent, order(burs(), disc(), discount_percent="5"))
    assert await erp.effects("order_saved") == []


def ids_of(articles: list[dict[str, Any]], code: str) -> dict[str, str]:
    """The ids of an article's variants, by their package's content."""
    return {str(one["content"]): str(one["id"]) for one in articles if one["code"] == code}


@pytest.mark.parametrize(
    ("item", "content"),
    sampled_rows(
        [
            ({"quantity": "10", "package_content": "5"}, "5"),
            ({"quantity": "5", "by_id": "5"}, "5"),
            ({"quantity": "3"}, "1"),
        ],
        lambda row: "by_id" in row[0],
    ),
)
async def test_a_variant_that_the_exact_search_hides_is_found(
    agent: Agent, erp: Simulator, item: dict[str, str], content: str
) -> None:
    """The line's lookup shows one package of two for the whole code: the family shows them both."""
    await erp.config(exact_search_hides_variants=True)
    ids = ids_of(await erp.articles(), FAMILY)
    more = {"article_id": ids[item["by_id"]]} if "by_id" in item else {}
    fields: dict[str, Any] = {name: value for name, value in item.items() if name != "by_id"} | more
    whole = pb.OrderItem(
        article_code="A100S.000", quantity="1", price="7.40"
    )  # found by A100S only
    asked = order(pb.OrderItem(article_code=FAMILY, price=PRICE, **fields), whole)
    stored = await arrived(agent, erp, asked)
    assert stored["lines"][0]["article_id"] == ids[content]


async def test_hidden_variants_count_where_several_fit(agent: Agent, erp: Simulator) -> None:
    """Ten pieces fit both packages: refused with both, before anything is written."""
    await erp.config(exact_search_hides_variants=True)
    item = pb.OrderItem(article_code=FAMILY, quantity="10", price=PRICE)
    with pytest.raises(ErpRejectedError, match=r"items\[0\].*several.*K3 .*K2 "):
        await entered(agent, order(item))
    assert await erp.effects() == []


@pytest.mark.parametrize(
    "columns",
    sampled(
        ["NAME ID", "ID NAME PACKAGE MULTIPLEQTY", "SEARCHNAME NAME DESCRIPTION ID"],
        lambda columns: columns == "NAME ID",
    ),
)
async def test_hidden_columns_of_the_products_decide_nothing(
    agent: Agent, erp: Simulator, columns: str
) -> None:
    """The line's own lookup decides between the packages then, also behind an exact search."""
    await erp.config(products_columns=columns, exact_search_hides_variants=True)
    item = pb.OrderItem(article_code=FAMILY, quantity="10", package_content="5", price=PRICE)
    ids = ids_of(await erp.articles(), FAMILY)
    stored = await arrived(agent, erp, order(item, burs("10")))
    assert {line["article_id"] for line in stored["lines"]} == {ids["5"], "88002"}


async def test_the_name_of_the_product_must_show(agent: Agent, erp: Simulator) -> None:
    """Without its name nothing is known of an article: the site is not as we know it."""
    await erp.config(products_columns="ID DESCRIPTION")
    with pytest.raises(BotError) as raised:
        await entered(agent, order())
    assert raised.value.reason == "UI_DRIFT"
    assert await erp.effects() == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ({"street": "Viale Prova 7"}, "2 of"),
        ({"street": "Viale Prova 70"}, "0 of"),
        ({"street": "Viale Prova"}, "0 of"),
        ({"street": "Viale Prova 7", "postal_code": "00099"}, "0 of"),
        ({"street": "Viale Prova 7", "city": "Colle Finto", "name": "Altro"}, "0 of"),
    ],
)
async def test_an_address_that_is_none_or_several_is_refused(
    agent: Agent, erp: Simulator, address: dict[str, str], told: str
) -> None:
    """One address must fit in all that was asked; how many did is told, before any line or save."""
    request = order(disc(), delivery_address=pb.DeliveryAddress(**address), **BETA)
    with pytest.raises(ErpRejectedError, match=told):
        await entered(agent, request)
    assert await saved(erp) == []


async def test_the_main_address_may_be_asked_for(agent: Agent, erp: Simulator) -> None:
    """The address that stands already is kept, whatever the blanks and capitals of the request."""
    address = pb.DeliveryAddress(
        street="VIA  esempio 7", postal_code="00020", name="laboratorio beta"
    )
    stored = await arrived(agent, erp, order(disc(), delivery_address=address, **BETA))
    assert stored["address_id"] == 552070


@pytest.mark.matrix
async def test_both_twins_of_a_code_are_ordered_side_by_side(agent: Agent, erp: Simulator) -> None:
    """379 and H379 in one order, each twice: every line holds its own article (incident 23)."""
    articles = await erp.articles()
    ids, twin = ids_of(articles, "379.104.014"), ids_of(articles, "H379.104.014")["1"]
    request = order(
        pb.OrderItem(article_code="379.104.014", quantity="2", price="18.90", article_id=ids["1"]),
        pb.OrderItem(article_code="H379.104.014", quantity="1", price="21.15"),
        pb.OrderItem(article_code="379.104.014", quantity="5", price="18.90", package_content="5"),
        pb.OrderItem(article_code="H379.104.014", quantity="4", price="21.15", discount="63"),
    )
    stored = await arrived(agent, erp, request)
    assert sorted((line["article_id"], line["quantity"]) for line in stored["lines"]) == sorted(
        [(twin, "1"), (twin, "4"), (ids["1"], "2"), (ids["5"], "5")]
    )


async def test_an_address_that_a_line_undoes_is_set_again(agent: Agent, erp: Simulator) -> None:
    """A line's callback takes the chosen address back: before the save it is chosen once more."""
    session = agent.session
    wanted = WantedAddress("Viale Prova 7", "", "Porto Finto", "")
    entered_draft = await draft(session, Wanted("55207", "1002006", "Laboratorio Beta"))
    first = await order_lines.add_line(session, entered_draft, one_disc(2), {})
    chosen = await order_address.choose(session, wanted)
    assert await order_address.is_kept(session, chosen)
    await order_lines.add_line(session, entered_draft, one_disc(3), {first.key: first})
    assert not await order_address.is_kept(session, chosen)
    request = order(disc("2"), disc("3"), delivery_address=OTHER, **BETA)
    ready = replace(entered_draft, address_key=chosen.key)
    await order_saving.ready(session, ready, request, (wanted, chosen))
    await order_save.save_and_close(session, ready)
    assert (await erp.order(ready.order_id))["address_id"] == 552071


def test_a_line_discount_that_stays_is_warned_of() -> None:
    """After three rounds lines may still carry what the ERP gives: never silently."""
    line = order_lines.Line(
        "1", 1, "A", Decimal(1), Decimal(1), Decimal(20), Decimal(0), Decimal(1), ""
    )
    found = order_view.FoundOrder(
        order_id="1",
        customer="",
        delivery_address="",
        delivery_name=None,
        description="",
        text_internal="",
        text_external="",
        line_discount="N/A",
        discount=Decimal(0),
        gross_amount=None,
        transfer_status="",
        lines=(line, replace(line, key="2", number=2, discount=Decimal(0))),
    )
    [warning] = warnings_of(found)
    assert "lines 1 still" in warning
    assert len(warnings_of(replace(found, line_discount="Discount to get street price"))) == 2
