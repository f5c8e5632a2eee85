"""Compares an order that was asked for with the order that the ERP shows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archibald.v1 import bot_pb2 as pb
from server.erp.formats import money, plain
from server.erp.order_address import holds, same_words
from server.erp.order_lines import Line
from server.erp.order_texts import canonical, one_line
from server.erp.order_view import FoundOrder


@dataclass(frozen=True)
class Asked:
    """One line that must stand in the ERP; ``index`` is its item's in the request.

    ``discount`` None: not asked for, the ERP's own stands.
    """

    index: int
    article_code: str
    quantity: Decimal
    price: Decimal
    discount: Decimal | None


def asked_lines(request: pb.SubmitOrderRequest) -> list[Asked]:
    """The lines to enter: one per item, without the pieces that come from the agent's own stock."""
    lines = []
    for index, item in enumerate(request.items):
        quantity = Decimal(item.quantity) - Decimal(item.warehouse_quantity or 0)
        if quantity > 0:
            lines.append(
                Asked(
                    index=index,
                    article_code=item.article_code.strip(),
                    quantity=quantity,
                    price=Decimal(item.price),
                    discount=Decimal(item.discount) if item.discount else None,
                )
            )
    return lines


def entered_differences(asked: Sequence[Asked], lines: Sequence[Line]) -> list[pb.Difference]:
    """What stands in the way of a save: article, quantity and typed discount not as asked.

    Lines are a multiset: their order means nothing, and one code may stand on several lines.
    """
    return _line_differences(asked, lines, lambda line: line.applied)


def price_differences(asked: Sequence[Asked], lines: Sequence[Line]) -> list[pb.Difference]:
    """Where the ERP's price is not the request's."""
    differences = []
    for want, line in _pairs(asked, lines, lambda line: line.discount):
        if want is not None and line is not None and want.price != line.price:
            differences.append(
                _difference(f"items[{want.index}].price", money(want.price), money(line.price))
            )
    return differences


def verify(
    request: pb.SubmitOrderRequest, *, text: str, description: str, customer: str, found: FoundOrder
) -> pb.OrderVerification:
    """The whole comparison for the result; differences are told, never mended.

    ``text`` and ``description`` are what was typed into the texts and into DESCRIZIONE, ``customer``
    is how the form showed the chosen customer.
    """
    asked = asked_lines(request)
    differences = []
    if found.customer != customer:
        differences.append(_difference("customer_id", customer, found.customer))
    differences += _line_differences(asked, found.lines, lambda line: line.discount)
    differences += price_differences(asked, found.lines)
    for shown in (found.text_internal, found.text_external):
        if canonical(shown) != canonical(text):
            differences.append(_difference("notes", text, shown))
    if canonical(found.description) != canonical(description):
        differences.append(_difference("notes", description, found.description))
    differences += _address_differences(request.delivery_address, found)
    discount = Decimal(request.discount_percent or 0)
    if found.discount != discount:
        differences.append(_difference("discount_percent", plain(discount), plain(found.discount)))
    if found.gross_amount is not None and found.gross_amount != found.total:
        differences.append(_difference("total", money(found.total), money(found.gross_amount)))
    return pb.OrderVerification(
        differences=differences,
        lines=[
            pb.ErpLine(
                line_number=line.number,
                article_code=line.article_code,
                quantity=plain(line.quantity),
                price=money(line.price),
                discount=plain(line.discount),
                amount=money(line.amount),
                description=line.description,
            )
            for line in found.lines
        ],
        total=money(found.total),
    )


def _address_differences(wanted: pb.DeliveryAddress, found: FoundOrder) -> Iterator[pb.Difference]:
    """The parts of the asked address that the order's does not hold."""
    shown = one_line(found.delivery_address)
    for field in ("street", "postal_code", "city"):
        asked: str = getattr(wanted, field)
        if asked.strip() and not holds(shown, asked):
            yield _difference(f"delivery_address.{field}", asked, shown)
    name = found.delivery_name
    if wanted.name.strip() and name is not None and not same_words(wanted.name, name):
        yield _difference("delivery_address.name", wanted.name, name)


Pair = tuple[Asked | None, Line | None]


def _pairs(
    asked: Sequence[Asked], lines: Sequence[Line], discount_of: Callable[[Line], Decimal]
) -> list[Pair]:
    """Each asked line beside its own, first where all is equal, then by article; the rest alone."""
    open_lines = list(lines)
    partner: dict[int, Line] = {}

    def take(matches: Callable[[Asked, Line], bool]) -> None:
        for place, want in enumerate(asked):
            if place in partner:
                continue
            line = next((line for line in open_lines if matches(want, line)), None)
            if line is not None:
                open_lines.remove(line)
                partner[place] = line

    def same_article(want: Asked, line: Line) -> bool:
        return want.article_code == line.article_code

    def equal(want: Asked, line: Line) -> bool:
        return (
            same_article(want, line)
            and want.quantity == line.quantity
            and want.discount in {None, discount_of(line)}
        )

    # Equal in all first, price included: of two lines of one article each must find its own.
    take(lambda want, line: equal(want, line) and want.price == line.price)
    take(equal)
    take(lambda want, line: same_article(want, line) and want.quantity == line.quantity)
    take(same_article)
    found: list[Pair] = [(want, partner.get(place)) for place, want in enumerate(asked)]
    return [*found, *((None, line) for line in open_lines)]


def _line_differences(
    asked: Sequence[Asked], lines: Sequence[Line], discount_of: Callable[[Line], Decimal]
) -> list[pb.Difference]:
    differences = []
    for want, line in _pairs(asked, lines, discount_of):
        if want is None and line is not None:
            differences.append(_difference("items", "", _name(line.article_code, line.quantity)))
        elif want is not None and line is None:
            name = _name(want.article_code, want.quantity)
            differences.append(_difference(f"items[{want.index}]", name, ""))
        elif want is not None and line is not None:
            path = f"items[{want.index}]"
            if want.quantity != line.quantity:
                differences.append(
                    _difference(f"{path}.quantity", plain(want.quantity), plain(line.quantity))
                )
            # Not asked for, none but the agent's own may be in force: LINEDISC is N/A (decisions.md).
            discount = line.applied if want.discount is None else want.discount
            if discount != discount_of(line):
                differences.append(
                    _difference(f"{path}.discount", plain(discount), plain(discount_of(line)))
                )
    return differences


def _name(article_code: str, quantity: Decimal) -> str:
    return f"{plain(quantity)} of {article_code}"


def _difference(field: str, asked: str, found: str) -> pb.Difference:
    return pb.Difference(field=field, asked=asked, found=found)
