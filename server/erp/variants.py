"""Which of an article's variants an item means: one article is sold in several packages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.erp.formats import erp_id, plain
from server.errors import ErpRejectedError


@dataclass(frozen=True)
class Item:
    """One asked line; ``path`` names it in the request. ``article_id`` may be empty.

    ``content`` and ``discount`` None = not said; ``only_at`` is the price but for which the line is not
    wanted, None = at whatever the ERP's is; ``variants`` are the ids of all the article's variants, as far
    as they are known.
    """

    path: str
    article_code: str
    article_id: str
    quantity: Decimal
    content: Decimal | None
    discount: Decimal | None
    only_at: Decimal | None
    variants: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Variant:
    """One package of one article as a list of the ERP shows it; None: the list does not show it."""

    key: str
    code: str
    package: str | None
    content: Decimal | None
    multiple: Decimal | None

    def __str__(self) -> str:
        """How a refusal lists it."""
        told = [f"id {self.key}"]
        if self.content is not None:
            told.append(f"content {plain(self.content)}")
        if self.multiple is not None:
            told.append(f"multiple {plain(self.multiple)}")
        return f"{self.package or 'variant'} ({', '.join(told)})"


def choose_variant(item: Item, found: Sequence[Variant]) -> Variant | None:
    """The variant named by id, else by package content, else the only one whose multiple fits.

    A search finds whatever contains the code (``H379.104.014`` for ``379.104.014``, incident 23): only
    rows whose name is the code are looked at. None: the list does not show what decides.

    Raises:
        ErpRejectedError: none fits, or several do; the variants seen are listed.
    """
    own = [variant for variant in found if variant.code == item.article_code]
    if not own:
        raise ErpRejectedError(f"{item.path}: the ERP has no article {item.article_code}")
    fitting = _fitting(item, own)
    if fitting is None:
        return None
    if len(fitting) == 1:
        return fitting[0]
    seen = ", ".join(str(variant) for variant in own)
    count = "several variants fit" if fitting else "no variant fits"
    raise ErpRejectedError(
        f"{item.path}: {item.article_code}, quantity {plain(item.quantity)}: {count}; seen: {seen}"
    )


def _fitting(item: Item, own: Sequence[Variant]) -> list[Variant] | None:
    if item.article_id:
        return [variant for variant in own if variant.key == _digits(item.article_id)]
    if item.content is not None:
        if any(variant.content is None for variant in own):
            return None
        return [variant for variant in own if variant.content == item.content]
    if any(variant.multiple is None for variant in own):
        return None
    return [variant for variant in own if _divides(variant, item.quantity)]


def _digits(article_id: str) -> str:
    try:
        return erp_id(article_id)
    except ValueError:
        return article_id


def _divides(variant: Variant, quantity: Decimal) -> bool:
    return bool(variant.multiple and variant.multiple > 0 and quantity % variant.multiple == 0)
