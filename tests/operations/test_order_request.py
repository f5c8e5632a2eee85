"""An order request at the edge: what is wrong, and where."""

import pytest

from archibald.v1 import bot_pb2
from server.operations import submit_order


def order() -> bot_pb2.SubmitOrderRequest:
    return bot_pb2.SubmitOrderRequest(
        user_id="A001",
        pending_order_id="p-1",
        customer_id="55261",
        customer_name="Studio Dentistico Esempio",
        items=[bot_pb2.OrderItem(article_code="H129.104", quantity="5", price="12.50")],
    )


def paths(request: bot_pb2.SubmitOrderRequest, *, markup_refused: bool = False) -> list[str]:
    found = submit_order.validate(request, erp_request_validation=markup_refused)
    return [violation.field for violation in found]


def test_a_sound_order_passes() -> None:
    """Required fields alone make an order."""
    assert paths(order()) == []


def test_an_empty_request_names_everything_at_once() -> None:
    """All violations are told in one answer."""
    assert paths(bot_pb2.SubmitOrderRequest()) == [
        "user_id",
        "pending_order_id",
        "customer_name",
        "items",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", ""),
        ("quantity", "0"),
        ("quantity", "1.5"),
        ("quantity", "-1"),
        ("quantity", "1e3"),
        ("quantity", "\uff11"),
        ("quantity", "1000000"),
        ("price", ""),
        ("price", "-1"),
        ("price", "1,50"),
        ("price", "1.23456"),
        ("price", "NaN"),
        ("discount", "101"),
        ("discount", "100.01"),
        ("discount", "12.345"),
        ("article_code", ""),
        ("article_code", "A\tB"),
        ("article_code", "A\x00B"),
        ("article_id", "H129"),
        ("description", "x" * 201),
        ("package_content", "0"),
        ("warehouse_quantity", "-1"),
    ],
)
def test_a_wrong_item_is_named_by_its_path(field: str, value: str) -> None:
    """The path leads to the field; nothing else is complained of."""
    request = order()
    request.items.append(request.items[0])
    setattr(request.items[1], field, value)
    assert paths(request) == [f"items[1].{field}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user_id", "A" * 65),
        ("operation_key", "k" * 201),
        ("pending_order_id", "a\nb"),
        ("customer_id", "5.5261"),
        ("customer_id", "ORDER-1771000000000"),
        ("customer_name", " "),
        ("notes", "x" * 2001),
        ("notes", "bell \x07"),
        ("discount_percent", "100.5"),
        ("target_total_with_vat", "-3"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: str) -> None:
    """The same for the order's own fields."""
    request = order()
    setattr(request, field, value)
    assert paths(request) == [field]


def test_an_order_too_large_for_our_tables_is_refused() -> None:
    """What could make the local transaction fail for ever is stopped before the ERP."""
    request = order()
    request.items[0].quantity, request.items[0].price = "999999", "999999.99"
    assert paths(request) == ["items"]


@pytest.mark.parametrize("value", ["12.50", "12.5", "00012.500", "0", "100"])
def test_decimals_may_be_spelt_freely(value: str) -> None:
    """Trailing and leading zeros mean nothing."""
    request = order()
    request.items[0].discount = value
    assert paths(request) == []


def stocked(quantity: str, *sources: str) -> bot_pb2.SubmitOrderRequest:
    request = order()
    request.items[0].warehouse_quantity = quantity
    for index, pieces in enumerate(sources, start=1):
        request.items[0].warehouse_sources.add(
            warehouse_item_id=index, box_name=f"Scatola {index}", quantity=pieces
        )
    return request


def test_pieces_from_stock_must_fit_the_item_and_their_sources() -> None:
    """No more than the item has, and exactly what the boxes give."""
    assert paths(stocked("2", "1", "1")) == []
    assert paths(stocked("5", "5")) == []
    assert paths(stocked("6")) == ["items[0].warehouse_quantity"]
    assert paths(stocked("2", "1")) == ["items[0].warehouse_sources"]
    assert paths(stocked("2", "0")) == ["items[0].warehouse_sources[0].quantity"]


def test_an_order_served_whole_from_stock_has_nothing_to_do_in_the_erp() -> None:
    """Its result is known at once; one piece that must be ordered makes it an order."""
    result = submit_order.without_erp(stocked("5"))
    assert result is not None
    assert result.order_id == "warehouse-p-1"
    assert submit_order.without_erp(stocked("4")) is None


@pytest.mark.parametrize("text", ["<script>", "a </b>", "<!-- x", "<?php", "&#39;"])
def test_markup_is_refused_where_the_erp_would_refuse_it(text: str) -> None:
    """With the setting on, by path, in every text; with it off it is plain text."""
    request = order()
    request.notes = text
    request.items[0].description = text
    assert paths(request) == []
    assert paths(request, markup_refused=True) == ["items[0].description", "notes"]


def test_what_only_looks_odd_is_no_markup() -> None:
    """ASP.NET lets a < before a blank or a digit pass, and an ampersand."""
    request = order()
    request.notes = "3 < 4 <5 A&B \u00e8 \U0001f600 \"virgolette\" 'apici'"
    assert paths(request, markup_refused=True) == []
