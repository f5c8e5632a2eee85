"""Invented agents, customers, articles and orders that a fresh ERP begins with."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from tests.erp_simulator.customers import Customer, address_at, located, registry_block
from tests.erp_simulator.places import place_of
from tests.erp_simulator.store import Agent, Article, Line, Order, Store

FIRST_CUSTOMER = 55_201
FIRST_ARTICLE = 88_001
NEXT_ORDER = 71_723
CORRUPT, OWNED, INCOMPLETE, BLOCKED = 13, 50, 51, 52
"""Which customers cannot be edited, belong to one agent, lack fiscal data, are blocked."""
LONG_ORDERS = {71_717: 25, 71_711: 40}
"""Drafts of the first agent with more than one page of lines."""
LONG_ORDER = next(iter(LONG_ORDERS))
SHOPS = ("Studio Dentistico", "Laboratorio", "Centro", "Dott.", "Ambulatorio")
NAMES = (
    "Alfa", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Teta", "Iota", "Kappa",
    "Lambda", "Mi & Ni", "Csi",
)  # fmt: skip
TOWNS = (
    ("00010", "Borgo Finto"), ("00020", "Castel Inventato"), ("00030", "Villa Esempio"),
    ("00040", "Monte Prova"), ("00050", "Rocca Fittizia"),
)  # fmt: skip
FAMILIES = ("H129FSQ", "H1SML34", "DCB12BA", "94011F", "379", "H379", "8959KR", "K6974", "KP6801")
SHANKS = ("104", "204", "314")


def seeded_store() -> Store:
    """The same ERP every time, dated relative to today."""
    random = Random(20)
    store = Store(agents(), customers(), articles())
    for order in orders(store, random):
        store.seed_order(order)
    return store


def agents() -> list[Agent]:
    """Sixty agents; every tenth works in English."""
    return [
        Agent(
            user=f"ikiA{n:04d}",
            password=f"pw-ikiA{n:04d}",
            language="en" if n % 10 == 0 else "it",
            code=f"A{n:03d}",
        )
        for n in range(1, 61)
    ]


def customers() -> list[Customer]:
    """Sixty-five customers: homonyms, also without account, discounts of 20 and 63 percent."""
    made = []
    for n in range(65):
        name = f"{SHOPS[n % 5]} {NAMES[n // 5]}"
        if n in {61, 63}:  # two pairs of homonyms: 60/61 and 62/63
            name = f"{SHOPS[(n - 1) % 5]} {NAMES[(n - 1) // 5]}"
        made.append(_customer(n, name))
    return made


def _customer(n: int, name: str) -> Customer:
    number = FIRST_CUSTOMER + n
    place = place_of(*TOWNS[n % 5])
    home = f"Via Esempio {n + 1}"
    addresses = [address_at(place, number * 10, "Business", name, home)]
    street = f"Viale Prova {n + 1}"
    if n % 3 == 0:
        port = place_of("00060", "Porto Finto")
        addresses.append(address_at(port, number * 10 + 1, "Delivery", name, street))
    if n % 6 == 0:  # the same street once more, in another town
        hill = place_of("00070", "Colle Finto")
        addresses.append(address_at(hill, number * 10 + 2, "AlternateDelivery", name, street))
    street_price = n % 2 == 0
    return Customer(
        id=number,
        account="" if n in {3, 63} else str(1_002_000 + n),
        name=name,
        vat=f"{90_000_000_000 + n}",
        email=f"ordini{n}@cliente.example",
        attention="",
        line_percent=Decimal(63 if n == 6 else 20) if street_price else Decimal(0),
        street_price=street_price,
        dlvmode=9,
        addresses=tuple(addresses),
        corrupt=n == CORRUPT,
        namealias=name[:20],
        vatvalide=1,
        vatchecked=date(2026, 2, 7),
        vataddress=registry_block(name, home, place),
        fiscalcode=f"{90_000_000_000 + n}",
        legalemail=f"pec{n}@pec.example",
        legalauthority=f"FNT{n:04d}",
        street=home,
        **located(place),
        phone=f"+3900{n:07d}",
        cellularphone=f"+3933{n:08d}",
        url=f"cliente{n}.example",
        sector=n % 4,
        paymterm=46,
        pricegroup=2,
        blocked=2 if n == BLOCKED else 0,
        incomplete=n == INCOMPLETE,
        owner="ikiA0002" if n == OWNED else "",
    )


def articles() -> list[Article]:
    """More than 250 variants of some 140 articles, some codes with a trailing dot or a blank."""
    made: list[Article] = []

    def add(
        code: str, name: str, price: str, packages: tuple[tuple[str, int], ...], hidden: str = ""
    ) -> None:
        figure, _, rest = code.partition(".")
        shank, _, size = rest.partition(".")
        for package, content in packages:
            made.append(Article(
                id=FIRST_ARTICLE + len(made), code=code, figure=figure, shank=shank,
                size=size.strip(), package=package, content=content, multiple=Decimal(content),
                price=Decimal(price), name=f"{code} {name}", shy=package in hidden.split(),
            ))  # fmt: skip

    add("H129FSQ.104.023", "FRESA CT", "32.46", (("K3", 1), ("K2", 5)))
    add("TD1272.314.", "DISCO DIA", "179.63", (("K3", 1),))
    add("GPPR06.000. S1", "GOMMINO", "12.10", (("K1", 1),))
    add("ZZ99.104.023", "STRUMENTO DI PROVA", "17.64", (("K1", 1), ("K2", 5), ("K3", 10)))
    add("Spese di trasporto K3", "SPESE", "15.45", (("K3", 1),))
    packagings = ((("K1", 1),), (("K3", 1), ("K2", 5)), (("K1", 1), ("K2", 5), ("K3", 10)))
    for n in range(130):
        code = f"{FAMILIES[n % 9]}.{SHANKS[n // 9 % 3]}.{n // 9 + 10:03d}"
        shy = code == "8959KR.314.018"  # its exact code finds K3 only
        add(
            code, f"STRUMENTO {n + 1}", f"{5 + n * 7 % 180}.{n * 37 % 100:02d}",
            packagings[1 if shy else n % 3], hidden="K2" if shy else "",
        )  # fmt: skip
    # An H twin above its namesake, and an article of which an exact search shows nothing.
    add("H379.104.014", "FRESA H", "21.15", (("K3", 1),))
    add("379.104.014", "FRESA", "18.90", (("K3", 1), ("K2", 5)))
    add("A100S.000", "SPAZZOLA", "7.40", (("K1", 1),), hidden="K1")
    return made


def orders(store: Store, random: Random) -> list[Order]:
    """Over 400 orders: many of the first agent, three of the others, none of the last."""
    users = list(store.agents)
    owners = [users[0]] * 300 + [user for user in users[1:-1] for _ in range(3)]
    random.shuffle(owners)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    made: list[Order] = []
    for back, owner in enumerate(owners):
        # Recent orders lie close together, so that every date filter has something to show.
        created = now - timedelta(minutes=37 * (back + 1) + back * back * 2)
        made.append(_order(store, random, NEXT_ORDER - 1 - back, owner, created, draft=back < 40))
    return made


def _order(store: Store, random: Random, number: int, user: str, created: datetime, *,
           draft: bool) -> Order:  # fmt: skip
    customer = random.choice([c for c in store.customers.values() if not c.corrupt])
    order = Order(
        id=number, user=user, customer_id=customer.id, created=created,
        deliverydate=next_working_day(created.date()), saved=True,
        address_id=customer.addresses[0].id, dlvemail=customer.email, dlvmode=customer.dlvmode,
        purchorderformnum=random.choice(("", "", "", "ritira il cliente", "urgente")),
    )  # fmt: skip
    count = LONG_ORDERS.get(number) or random.choice((1, 1, 2, 3, 5))
    for linenum in range(1, count + 1):
        article = random.choice(list(store.articles.values()))
        order.lines.append(Line(
            key=store.next_line_key(), linenum=linenum, article_id=article.id,
            quantity=article.multiple * random.randint(1, 4), price=article.price,
            automatic=Decimal(0), manualdiscount=Decimal(random.choice((0, 0, 10, 35))),
        ))  # fmt: skip
    if not draft:
        order.salesid = f"ORD/26{number % 1_000_000:06d}"
        order.salestype, order.salesstatus = 1, random.choice((1, 2, 3))
        order.documentstatus, order.transferstatus = 1, 2
        order.transferred = order.completed = created.date()
    elif number % 9 == 0:
        order.transferstatus = 1
    return order


def next_working_day(today: date) -> date:
    """The ERP's proposal for a delivery: tomorrow, or Monday over a weekend."""
    tomorrow = today + timedelta(days=1)
    return tomorrow + timedelta(days=(7 - tomorrow.weekday()) % 7 if tomorrow.weekday() > 4 else 0)
