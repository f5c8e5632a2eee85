"""What an order request must be: every field checked, and brought to the form in which it is compared."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from archibald.v1.bot_pb2 import OnPriceDifference, OrderItem, SubmitOrderRequest
from server.errors import Violation
from server.identity import canonical_decimal, canonical_text
from server.operations.request_fields import (
    Rule,
    at_most,
    choice,
    common,
    erp_id,
    markup,
    name,
    text,
)

_DECIMAL = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_MAX_PIECES = Decimal(999_999)
_MAX_PRICE = Decimal("999999.9999")
# Amounts must fit our NUMERIC(14,4), or the local transaction could fail for ever (design §4.1).
_MAX_TOTAL = Decimal("9999999999.99")
_MAX_ITEMS = 200
_MAX_SOURCES = 100
_MAX_NOTES = 2000

_ONE_ITEM = Rule("must hold at least one item", "deve contenere almeno un articolo")
_TOO_DEAR = Rule(
    f"must cost at most {_MAX_TOTAL} in all", f"devono costare in tutto al massimo {_MAX_TOTAL}"
)
_PIECES = Rule(
    f"must be a whole number from 1 to {_MAX_PIECES}, as a decimal string",
    f"deve essere un numero intero da 1 a {_MAX_PIECES}",
)
_ABOVE_ZERO = Rule("must be greater than 0", "deve essere maggiore di 0")
_TOO_MUCH_STOCK = Rule(
    "must not be more than the item's quantity", "non deve superare la quantità dell'articolo"
)
_WRONG_SUM = Rule("must add up to warehouse_quantity", "devono dare in somma warehouse_quantity")


def violations(request: SubmitOrderRequest, *, erp_request_validation: bool) -> list[Violation]:
    """Everything wrong with the request, by field path; empty when it may be accepted."""
    found: list[Violation] = []
    found += common(request)
    found += name("pending_order_id", request.pending_order_id, longest=100, required=True)
    found += erp_id("customer_id", request.customer_id)
    found += text("customer_account", request.customer_account, longest=20)
    found += text("customer_name", request.customer_name, longest=200, required=True)
    found += _number("discount_percent", request.discount_percent, Decimal(100), places=2)
    found += text("notes", request.notes, longest=_MAX_NOTES, line_breaks=True)
    found += _number("target_total_with_vat", request.target_total_with_vat, _MAX_TOTAL, places=4)
    if request.HasField("delivery_address"):
        address = request.delivery_address
        found += text("delivery_address.street", address.street, longest=200, required=True)
        found += text("delivery_address.postal_code", address.postal_code, longest=20)
        found += text("delivery_address.city", address.city, longest=100)
        found += text("delivery_address.name", address.name, longest=200)
    found += choice("on_price_difference", request.on_price_difference, OnPriceDifference)
    if not request.items:
        found.append(Violation("items", *_ONE_ITEM))
    elif len(request.items) > _MAX_ITEMS:
        # Nothing of so many is looked at: the answer would be as long as the request.
        return [*found, *at_most("items", request.items, _MAX_ITEMS)]
    for index, item in enumerate(request.items):
        found += _item(f"items[{index}]", item)
    if erp_request_validation:
        found += markup("", request)
    if not found and _gross(request) > _MAX_TOTAL:
        found.append(Violation("items", *_TOO_DEAR))
    return found


def _gross(request: SubmitOrderRequest) -> Decimal:
    return sum((Decimal(item.quantity) * Decimal(item.price) for item in request.items), Decimal(0))


def ordered_pieces(item: OrderItem) -> Decimal:
    """Pieces that the ERP is asked for: those that do not come from the agent's own stock."""
    return Decimal(item.quantity) - Decimal(item.warehouse_quantity or 0)


def canonical(request: SubmitOrderRequest) -> dict[str, object]:
    """The values by which two requests are the same: not the key, ``start_by`` nor ``wait``."""
    address = request.delivery_address
    return {
        "pending_order_id": canonical_text(request.pending_order_id),
        "customer_id": request.customer_id.replace(".", ""),
        "customer_account": canonical_text(request.customer_account),
        "customer_name": canonical_text(request.customer_name),
        "items": [_canonical_item(item) for item in request.items],
        "discount_percent": canonical_decimal(request.discount_percent) or "0",
        "notes": canonical_text(request.notes),
        "no_shipping": request.no_shipping,
        "delivery_address": {
            "street": canonical_text(address.street),
            "postal_code": canonical_text(address.postal_code),
            "city": canonical_text(address.city),
            "name": canonical_text(address.name),
        },
        "target_total_with_vat": canonical_decimal(request.target_total_with_vat),
        # Unspecified is the default, REPORT: one request, spelt in two ways.
        "on_price_difference": request.on_price_difference or 1,
    }


def _canonical_item(item: OrderItem) -> Mapping[str, object]:
    return {
        "article_code": canonical_text(item.article_code),
        "article_id": canonical_text(item.article_id),
        "description": canonical_text(item.description),
        "quantity": canonical_decimal(item.quantity),
        "price": canonical_decimal(item.price),
        "discount": canonical_decimal(
            item.discount
        ),  # empty: the ERP's own stands, which 0 may not be
        "package_content": canonical_decimal(item.package_content),
        "warehouse_quantity": canonical_decimal(item.warehouse_quantity) or "0",
        "warehouse_sources": [
            {
                "warehouse_item_id": source.warehouse_item_id,
                "box_name": canonical_text(source.box_name),
                "quantity": canonical_decimal(source.quantity),
            }
            for source in item.warehouse_sources
        ],
    }


def _item(path: str, item: OrderItem) -> Iterable[Violation]:
    yield from text(f"{path}.article_code", item.article_code, longest=60, required=True)
    yield from erp_id(f"{path}.article_id", item.article_id)
    yield from text(f"{path}.description", item.description, longest=200)
    yield from _pieces(f"{path}.quantity", item.quantity, required=True)
    yield from _number(f"{path}.price", item.price, _MAX_PRICE, places=4, required=True)
    yield from _number(f"{path}.discount", item.discount, Decimal(100), places=2)
    yield from _pieces(f"{path}.package_content", item.package_content)
    if item.warehouse_quantity and item.warehouse_quantity.strip("0"):
        yield from _pieces(f"{path}.warehouse_quantity", item.warehouse_quantity)
    yield from [*_sources(path, item)] or _stock(path, item)


def _sources(path: str, item: OrderItem) -> Iterable[Violation]:
    if len(item.warehouse_sources) > _MAX_SOURCES:
        yield from at_most(f"{path}.warehouse_sources", item.warehouse_sources, _MAX_SOURCES)
        return
    for index, source in enumerate(item.warehouse_sources):
        inner = f"{path}.warehouse_sources[{index}]"
        yield from text(f"{inner}.box_name", source.box_name, longest=100)
        yield from _pieces(f"{inner}.quantity", source.quantity, required=True)
        if source.warehouse_item_id < 1:
            yield Violation(f"{inner}.warehouse_item_id", *_ABOVE_ZERO)


def _stock(path: str, item: OrderItem) -> Iterable[Violation]:
    """The pieces from the agent's own stock, against the pieces of the line."""
    if not _DECIMAL.fullmatch(item.warehouse_quantity or "0") or not _DECIMAL.fullmatch(
        item.quantity
    ):
        return  # told already
    if ordered_pieces(item) < 0:
        yield Violation(f"{path}.warehouse_quantity", *_TOO_MUCH_STOCK)
    sources = sum((Decimal(source.quantity) for source in item.warehouse_sources), Decimal(0))
    if item.warehouse_sources and sources != Decimal(item.warehouse_quantity or 0):
        yield Violation(f"{path}.warehouse_sources", *_WRONG_SUM)


def _pieces(path: str, value: str, *, required: bool = False) -> Iterable[Violation]:
    """A whole number of pieces, greater than zero."""
    if not value:
        if required:
            yield Violation(path, *_PIECES)
    elif not _DECIMAL.fullmatch(value):
        yield Violation(path, *_PIECES)
    else:
        number = Decimal(value)
        if number != number.to_integral_value() or not 1 <= number <= _MAX_PIECES:
            yield Violation(path, *_PIECES)


def _number(
    path: str, value: str, largest: Decimal, *, places: int, required: bool = False
) -> Iterable[Violation]:
    if not value and not required:
        return
    if (
        not _DECIMAL.fullmatch(value)
        or Decimal(value) > largest
        or len(canonical_decimal(value).partition(".")[2]) > places
    ):
        yield Violation(
            path,
            f"must be a decimal string from 0 to {largest} with at most {places} decimals, like 12.50",
            f"deve essere un numero da 0 a {largest} con al massimo {places} decimali, scritto come 12.50",
        )
