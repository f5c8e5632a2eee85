"""Which of an article's variants an item means: one article is sold in several packages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.erp.formats import erp_id, number, plain
from server.erp.lookup import Found
from server.errors import ErpRejectedError, UiDriftError

# The columns of the article's lookup that decide (erp-reference §3.1.4).
FIELDS = ("NAME", "PACKAGE", "CONTENT", "MULTIPLEQTY")


@dataclass(frozen=True)
class Item:
    """One asked line. ``article_id`` may be empty; ``content`` and ``discount`` None = not said.

    ``only_at`` is the price but for which the line is not wanted; None = at whatever the ERP's is.
    """

    article_code: str
    article_id: str
    quantity: Decimal
    content: Decimal | None
    discount: Decimal | None
    only_at: Decimal | None


def choose_variant(item: Item, found: Sequence[Found]) -> Found:
    """The variant named by id, else by package content, else the only one whose multiple fits.

    The lookup finds whatever contains the code (``H379.104.014`` for ``379.104.014``, incident 23):
    only rows whose name is the code are looked at.

    Raises:
        ErpRejectedError: none fits, or several do; the variants seen are listed.
    """
    own = [variant for variant in found if variant.row.cells["NAME"] == item.article_code.strip()]
    if not own:
        raise ErpRejectedError(f"the ERP has no article {item.article_code}")
    if item.article_id:
        fitting = [variant for variant in own if variant.row.key == _digits(item.article_id)]
    elif item.content is not None:
        fitting = [variant for variant in own if _number(variant, "CONTENT") == item.content]
    else:
        fitting = [variant for variant in own if _divides(variant, item.quantity)]
    if len(fitting) == 1:
        return fitting[0]
    seen = ", ".join(
        f"{variant.row.cells['PACKAGE']} (id {variant.row.key}, content "
        f"{plain(_number(variant, 'CONTENT'))}, multiple {plain(_number(variant, 'MULTIPLEQTY'))})"
        for variant in own
    )
    count = "several variants fit" if fitting else "no variant fits"
    raise ErpRejectedError(
        f"{item.article_code}, quantity {plain(item.quantity)}: {count}; seen: {seen}"
    )


def _digits(article_id: str) -> str:
    try:
        return erp_id(article_id)
    except ValueError:
        return article_id


def _divides(variant: Found, quantity: Decimal) -> bool:
    multiple = _number(variant, "MULTIPLEQTY")
    return multiple > 0 and quantity % multiple == 0


def _number(variant: Found, field: str) -> Decimal:
    try:
        return number(variant.row.cells[field])
    except ValueError:
        raise UiDriftError(f"the article's lookup shows no number in {field}") from None
