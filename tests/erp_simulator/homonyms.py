"""Customers and articles that are easily taken for others."""

from dataclasses import replace

from tests.erp_simulator.world import World

TWIN = "H"  # the prefix under which an article has a twin


def add_customer(world: World, wanted: str) -> None:
    """Add a customer with the name of another, found by id or account, and without an account."""
    customers = world.store.customers
    model = next((c for c in customers.values() if wanted in {str(c.id), c.account}), None)
    if model is None:
        raise ValueError(f"no customer {wanted!r}")
    number = world.store.next_customer_id()
    customers[number] = replace(
        model, id=number, account="", vat=f"8{number:010d}", line_percent=model.line_percent,
        addresses=tuple(
            replace(address, id=world.store.next_address_id()) for address in model.addresses
        ),
    )  # fmt: skip


def add_article(world: World, code: str) -> None:
    """Add to an article a twin with another prefix, and a variant that an exact search may miss."""
    articles = world.store.articles
    model = next((a for a in articles.values() if a.code == code), None)
    if model is None:
        raise ValueError(f"no article {code!r}")
    for twin in (
        replace(model, code=TWIN + code, name=TWIN + model.name),
        replace(model, package="K9", content=7, multiple=model.multiple * 7, shy=True),
    ):
        number = max(articles) + 1
        articles[number] = replace(twin, id=number)
