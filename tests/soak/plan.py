"""What is asked of the service in a run: every operation, drawn from the seed beforehand."""

from dataclasses import dataclass
from random import Random
from typing import Any

from google.protobuf.message import Message

from archibald.v1 import bot_pb2 as pb
from server.erp.formats import dotted_id
from server.operations.italian_codes import is_vat_number
from tests.erp_simulator import seed as erp
from tests.erp_simulator.customers import Customer
from tests.erp_simulator.store import Article
from tests.operations.customers import customer, delivery, full
from tests.soak.house import AGENTS

SHARES = {"submit-order": 62, "send-to-verona": 15, "create-customer": 15, "delete-order": 8}
DISCOUNTS = ("", "", "", "10", "35", "12.5")
UNUSED = {erp.FIRST_CUSTOMER + n for n in (erp.CORRUPT, erp.OWNED, erp.INCOMPLETE, erp.BLOCKED)}
EARLIER = 12
"""An order is sent or deleted when so many other operations have been started since its own."""


@dataclass(frozen=True)
class Planned:
    """One operation. Its callers: how many, and how they behave."""

    number: int
    kind: str
    user: str
    request: Message
    of: int | None = None  # the submit-order whose order is sent or deleted
    wrong: str = ""  # why the ERP must refuse it
    second: float | None = None  # seconds after which a second caller uses the same key
    leaves: float | None = None  # seconds after which its caller hangs up, to call again later
    no_wait: bool = False  # the first call asks for no result

    @property
    def name(self) -> str:
        """How logs and reports name it."""
        return f"{self.number:04d} {self.kind} {self.user}"

    def asked(self, order_id: str = "") -> Any:
        """The request, for an order that meanwhile has its number."""
        request = type(self.request)()
        request.CopyFrom(self.request)
        if self.of is not None:
            setattr(request, "order_id", dotted_id(order_id))  # noqa: B010 - two types have it
        return request


class Plan:
    """The operations of a run, in the order of their start."""

    def __init__(self, seed: int, count: int) -> None:
        self._random = Random(f"plan {seed}")
        self._customers = [c for c in erp.customers() if c.id not in UNUSED]
        self._articles = [a for a in erp.articles() if not a.shy]
        self._pairs = [(user, c) for user in AGENTS for c in self._customers]
        self._random.shuffle(self._pairs)
        self._open: list[Planned] = []  # orders that nobody sends or deletes yet
        self.operations: list[Planned] = []
        for number in range(1, count + 1):
            planned = self._next(number)
            self.operations.append(planned)

    def _next(self, number: int) -> Planned:
        random = self._random
        [kind] = random.choices(list(SHARES), list(SHARES.values()))
        ready = [one for one in self._open if one.number <= number - EARLIER]
        if kind in {"send-to-verona", "delete-order"} and ready:
            return self._of_order(number, kind, random.choice(ready))
        if kind == "create-customer":
            return self._create(number)
        return self._submit(number)

    def _behaviour(self) -> dict[str, Any]:
        """One in four callers is not alone, hangs up, or does not wait."""
        random = self._random
        return {
            "second": random.uniform(0, 6) if random.random() < 0.12 else None,
            "leaves": random.uniform(0.2, 5) if random.random() < 0.1 else None,
            "no_wait": random.random() < 0.08,
        }

    # Orders -------------------------------------------------------------------------------------

    def _submit(self, number: int) -> Planned:
        random = self._random
        # Every tenth order is for a customer who has one of this agent's already.
        if self._pairs and random.random() < 0.9:
            user, of = self._pairs.pop()
        else:
            user, of = random.choice(list(AGENTS)), random.choice(self._customers)
        articles = random.sample(self._articles, random.choices((1, 2, 3), (5, 3, 2))[0])
        request = pb.SubmitOrderRequest(
            user_id=user,
            pending_order_id=f"soak-{number:04d}",
            customer_id=dotted_id(str(of.id)),
            customer_account=of.account,
            customer_name=of.name,
            items=[self._item(article) for article in articles],
            notes=f"soak {number:04d}" if random.random() < 0.8 else f"soak {number:04d}\nurgente",
            no_shipping=random.random() < 0.1,
            discount_percent="5" if random.random() < 0.1 else "",
        )
        wrong, chance = "", random.random()
        if chance < 0.02:
            wrong = "an unknown article"
            request.items[-1].CopyFrom(
                pb.OrderItem(
                    article_code="NESSUNO.000.000", quantity="1", price="1", package_content="1"
                )
            )
        elif chance < 0.04:
            wrong = "another price than the ERP's"
            request.on_price_difference = pb.ON_PRICE_DIFFERENCE_REJECT
            request.items[-1].price = "0.01"
        planned = Planned(number, "submit-order", user, request, wrong=wrong, **self._behaviour())
        if not wrong:
            self._open.append(planned)
        return planned

    def _item(self, article: Article) -> pb.OrderItem:
        random = self._random
        item = pb.OrderItem(
            article_code=article.code,
            quantity=str(int(article.multiple) * random.randint(1, 4)),
            price=str(article.price),
            discount=random.choice(DISCOUNTS),
            package_content=str(article.content),
        )
        if random.random() < 0.5:
            item.article_id = str(article.id)
        return item

    def _of_order(self, number: int, kind: str, of: Planned) -> Planned:
        self._open.remove(of)
        kinds: dict[str, Any] = {
            "send-to-verona": pb.SendToVeronaRequest, "delete-order": pb.DeleteOrderRequest,
        }  # fmt: skip
        request = kinds[kind](user_id=of.user)
        return Planned(number, kind, of.user, request, of=of.number, **self._behaviour())

    # Customers ----------------------------------------------------------------------------------

    def _create(self, number: int) -> Planned:
        random = self._random
        user = random.choice(list(AGENTS))
        vat = vat_number(number)
        values = {"user_id": user, "name": f"Studio Prova {number:04d}", "vat_number": vat}
        wrong = ""
        if random.random() < 0.06:
            wrong = "a VAT number in use"
            values["vat_number"] = used_vat(self._customers, random)
        chance = random.random()
        if chance < 0.2:
            request = full(**values)
        elif chance < 0.5:
            request = customer(**values, addresses=[delivery()])
        else:
            request = customer(**values)
        return Planned(number, "create-customer", user, request, wrong=wrong, **self._behaviour())


def vat_number(number: int) -> str:
    """An invented VAT number with its right check digit; the registry knows it."""
    body = f"{1_000_000 + number:07d}001"
    return next(f"{body}{last}" for last in range(10) if is_vat_number(f"{body}{last}"))


def used_vat(customers: list[Customer], random: Random) -> str:
    """A number that a customer has already, and that passes the edge's own check."""
    return random.choice([one.vat for one in customers if is_vat_number(one.vat)])
