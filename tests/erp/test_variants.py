"""Which variant an item means is decided by the ERP's own row, or refused with what was seen."""

from decimal import Decimal

import pytest

from server.erp.variants import Item, Variant, choose_variant
from server.errors import ErpRejectedError


def variant(
    key: str, package: str, content: int | None, multiple: int | None, name: str = "A.1"
) -> Variant:
    return Variant(key, name, package, decimal(content), decimal(multiple))


def decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


ONE, FIVE = variant("1", "K3", 1, 1), variant("2", "K2", 5, 5)
DOTTED = variant("88003", "K9", 9, 9)
OTHER = variant("3", "K1", 5, 5, name="HA.1")


def item(quantity: int, article_id: str = "", content: int | None = None) -> Item:
    return Item(
        path="items[0]",
        article_code="A.1",
        article_id=article_id,
        quantity=Decimal(quantity),
        content=decimal(content),
        discount=None,
        only_at=None,
    )


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (item(5, article_id="1", content=5), ONE),  # the id rules
        (item(5, content=5), FIVE),
        (item(5, article_id="88.003"), DOTTED),
        (item(7), ONE),  # the only one whose multiple divides
    ],
)
def test_id_then_content_then_multiple(asked: Item, chosen: Variant) -> None:
    """The caller's own word first, arithmetic last (incident 25)."""
    assert choose_variant(asked, [OTHER, ONE, FIVE, DOTTED]) is chosen


@pytest.mark.parametrize(
    "asked",
    [item(5), item(5, article_id="3"), item(5, content=10)],
    ids=["several", "id", "content"],
)
def test_none_or_several_are_refused_with_what_was_seen(asked: Item) -> None:
    """The refusal lists the variants of this article and none of another."""
    with pytest.raises(ErpRejectedError) as raised:
        choose_variant(asked, [OTHER, ONE, FIVE])
    assert "K3 (id 1, content 1, multiple 1)" in raised.value.message
    assert "id 3" not in raised.value.message


def test_an_article_that_only_contains_the_code_is_another() -> None:
    """A list with foreign rows only has no such article (incident 23)."""
    with pytest.raises(ErpRejectedError, match="no article"):
        choose_variant(item(5), [OTHER])


def test_what_decides_may_be_hidden() -> None:
    """Columns that the agent has hidden decide nothing: no guess, and no refusal either."""
    hidden = [variant("1", "K3", None, None), variant("2", "K2", None, None)]
    assert choose_variant(item(5), hidden) is None
    assert choose_variant(item(5, content=5), hidden) is None
    assert choose_variant(item(5, article_id="2"), hidden) is hidden[1]
