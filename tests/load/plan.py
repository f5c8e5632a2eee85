"""What sixty agents ask for: the same for everybody, all of it right, so that only the service is measured."""

from collections.abc import Iterator
from random import Random

from archibald.v1 import bot_pb2 as pb
from server.erp.formats import dotted_id
from tests.erp_simulator import seed as erp
from tests.operations.customers import customer
from tests.soak.house import LOGINS
from tests.soak.plan import UNUSED, Planned, vat_number

AGENTS = tuple(LOGINS)


def rounds(count: int, lines: int, agents: int = len(AGENTS)) -> list[Planned]:
    """So many operations of every agent, in this order: an order, a customer, an order, and so on."""
    return list(_rounds(count, lines, agents))


def orders(word: str, lines: int) -> Iterator[pb.SubmitOrderRequest]:
    """Orders without an end, each of a customer of its own as long as there are some; agent and all are right."""
    random, number = Random(word), 0
    while True:
        number += 1
        request = _order(random, number, AGENTS[0], lines)
        request.pending_order_id = f"{word}-{lines}-{number:04d}"
        yield request


def _rounds(count: int, lines: int, agents: int) -> Iterator[Planned]:
    random, number = Random("load"), 0
    for turn in range(count):
        for user in AGENTS[:agents]:
            number += 1
            if turn % 2:
                name = f"Studio Carico {number:04d}"
                created = customer(user_id=user, name=name, vat_number=vat_number(number))
                yield Planned(number, "create-customer", user, created)
            else:
                yield Planned(number, "submit-order", user, _order(random, number, user, lines))


def _order(random: Random, number: int, user: str, lines: int) -> pb.SubmitOrderRequest:
    of = random.choice([one for one in erp.customers() if one.id not in UNUSED])
    articles = random.sample([one for one in erp.articles() if not one.shy], lines)
    return pb.SubmitOrderRequest(
        user_id=user,
        pending_order_id=f"soak-{number:04d}",
        customer_id=dotted_id(str(of.id)),
        customer_account=of.account,
        customer_name=of.name,
        notes=f"soak {number:04d}",
        items=[
            pb.OrderItem(
                article_code=article.code,
                article_id=str(article.id),
                quantity=str(int(article.multiple)),
                price=str(article.price),
                package_content=str(article.content),
            )
            for article in articles
        ],
    )
