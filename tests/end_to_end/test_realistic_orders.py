"""Ten realistic orders, from one line to forty, equal to the cent in the ERP and in our tables."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest

from archibald.v1 import bot_pb2
from tests.end_to_end.parts import USER, Bot
from tests.erp_simulator.running import Simulator
from tests.pairwise import sampled

SEED = 20261124
LINES = (1, 2, 2, 3, 3, 4, 5, 6, 7, 40)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def realistic_order(
    random: Random, number: int, customers: list[dict[str, Any]], articles: list[dict[str, Any]]
) -> bot_pb2.SubmitOrderRequest:
    """An order as the agents write them: packages, a discount here and there, notes, another address."""
    customer = random.choice(customers)
    request = bot_pb2.SubmitOrderRequest(
        user_id=USER,
        pending_order_id=f"order-{number}",
        customer_id=customer["id"],
        customer_account=customer["account"],
        customer_name=customer["name"],
        notes=random.choice(
            ["", "Consegnare dopo le 15", "Citofono \u00abRossi\u00bb\nsecondo piano \U0001f600"]
        ),
        no_shipping=random.random() < 0.3,
        discount_percent=random.choice(["", "", "3", "2.50", "10"]),
    )
    for article in random.sample(articles, LINES[number]):
        packages = random.randint(1, 4)
        request.items.add(
            article_code=article["code"],
            article_id=article["id"],
            quantity=str(int(Decimal(article["multiple"])) * packages),
            price=article["price"],
            discount=random.choice(["", "", "5", "12.5", "63"]),
        )
    others = customer["addresses"][1:]
    if others and random.random() < 0.5:
        address = others[0]
        request.delivery_address.street = address["street"]
        request.delivery_address.postal_code = address["zip"]
        request.delivery_address.city = address["city"]
    return request


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "number",
    sampled(range(len(LINES)), lambda number: LINES[number] == 7),
    ids=lambda number: f"{LINES[number]}-lines",
)
async def test_it_is_equal_to_the_cent_everywhere(bot: Bot, sim: Simulator, number: int) -> None:
    """Lines, amounts and totals are the same in the ERP's store, order_records and order_articles."""
    random = Random(SEED + number)
    # A customer whose name nobody shares, and codes that no other code contains: the rest is tested apart.
    everyone = await sim.customers()
    names = Counter(customer["name"] for customer in everyone)
    customers = [one for one in everyone if names[one["name"]] == 1 and one["account"]]
    request = realistic_order(random, number, customers, await sim.articles())

    result = await bot.client.submit_order(request)

    assert [str(one) for one in result.verification.differences] == []
    stored = await sim.order(result.order_id)
    asked = [
        (item.article_id, Decimal(item.quantity), Decimal(item.price), Decimal(item.discount or 0))
        for item in request.items
    ]
    assert Counter(
        (
            line["article_id"],
            Decimal(line["quantity"]),
            Decimal(line["price"]),
            Decimal(line["lineperc"]),
        )
        for line in stored["lines"]
    ) == Counter(asked)
    amounts = [cents(quantity * price * (1 - off / 100)) for _, quantity, price, off in asked]
    total = cents(sum(amounts, Decimal(0)) * (1 - Decimal(request.discount_percent or 0) / 100))
    assert sorted(Decimal(line["amount"]) for line in stored["lines"]) == sorted(amounts)
    assert Decimal(stored["total"]) == total

    [head] = await bot.rows("order_records")
    assert (head["id"], Decimal(head["total_amount"])) == (result.order_record_id, total)
    rows = sorted(await bot.rows("order_articles"), key=lambda row: row["line_number"])
    assert [row["line_amount"] for row in rows] == amounts
    assert [row["article_code"] for row in rows] == [item.article_code for item in request.items]
