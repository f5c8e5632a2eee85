"""How far an order that stands in the ERP is the one that was asked for: what lacks, what is foreign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archibald.v1 import bot_pb2 as pb
from server.erp import order_prices
from server.erp.formats import plain
from server.erp.order_address import holds, same_words
from server.erp.order_lines import Line
from server.erp.order_texts import canonical, one_line
from server.erp.order_view import FoundOrder
from server.operations.order_verification import Asked, asked_lines

# What a draft's transfer status is called, in either language (design §4.4).
DRAFT = frozenset({"modifica", "edit"})


@dataclass(frozen=True)
class Standing:
    """The order against the request.

    ``lines`` and ``header`` name what a draft still lacks (paths of the request, and ``description`` and
    ``line_discount``); ``foreign`` names what stands there and was never asked for.
    """

    lines: tuple[str, ...]
    header: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """All that a draft still lacks."""
        return (*self.lines, *self.header)


def is_draft(found: FoundOrder) -> bool:
    """Whether the order can still be changed."""
    return found.transfer_status.casefold() in DRAFT


def told(found: FoundOrder, shown: Standing) -> str:
    """An order that is not as asked, in words."""
    lacks = f" and lacks {', '.join(shown.missing)}" if shown.missing else ""
    others = f", and holds {', '.join(shown.foreign)}" if shown.foreign else ""
    return f"{found.order_id} is {found.transfer_status}{lacks}{others}"


def standing(
    request: pb.SubmitOrderRequest, found: FoundOrder, *, text: str, description: str
) -> Standing:
    """Compare; ``text`` and ``description`` are what the texts and DESCRIZIONE should hold.

    A field that is as a new draft has it is lacking; with any other value it is somebody else's.
    """
    lines, foreign = lines_between(asked_lines(request), found.lines)
    header: list[str] = []

    def judge(name: str, *, right: bool, untouched: bool) -> None:
        if not right:
            (header if untouched else foreign).append(name)

    shown = canonical(found.description)
    judge("description", right=shown == canonical(description),
          untouched=canonical(description).startswith(shown))  # fmt: skip
    for name, value in (("notes", found.text_internal), ("notes", found.text_external)):
        judge(name, right=canonical(value) == canonical(text), untouched=not value.strip())
    discount = Decimal(request.discount_percent or 0)
    judge("discount_percent", right=found.discount == discount, untouched=not found.discount)
    # Freed by the last saves only; a group, or lines that still feel one, are not the request's doing.
    freed = found.line_discount in order_prices.NONE and all(
        line.discount == line.applied for line in found.lines
    )
    judge("line_discount", right=freed, untouched=True)
    # The customer's own address stands until the last save; which one that is nobody tells us.
    judge("delivery_address", right=_at_address(request, found), untouched=True)
    return Standing(tuple(lines), tuple(dict.fromkeys(header)), tuple(dict.fromkeys(foreign)))


def lines_between(asked: Sequence[Asked], lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    """Both as multisets of article, quantity and typed discount: asked and not there, there and not asked."""
    left, missing = list(lines), []
    # A line without a wish for its discount takes what the others leave.
    for want in sorted(asked, key=lambda one: one.discount is None):
        own = next(_fitting(want, left), None)
        if own is None:
            missing.append(f"items[{want.index}]")
        else:
            left.remove(own)
    return sorted(missing), [f"{plain(line.quantity)} of {line.article_code}" for line in left]


def _fitting(want: Asked, lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if (
            line.article_code == want.article_code
            and line.quantity == want.quantity
            and want.discount in {None, line.applied}
        ):
            yield line


def _at_address(request: pb.SubmitOrderRequest, found: FoundOrder) -> bool:
    asked, shown = request.delivery_address, one_line(found.delivery_address)
    parts = (asked.street, asked.postal_code, asked.city)
    name = found.delivery_name
    return all(holds(shown, part) for part in parts if part.strip()) and (
        not asked.name.strip() or name is None or same_words(asked.name, name)
    )
