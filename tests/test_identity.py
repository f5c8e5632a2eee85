"""Fingerprints, differences and markers."""

import pytest

from archibald.v1 import bot_pb2
from server.identity import differing_fields, fingerprint, marker
from server.operations import order_request


def order(**changes: object) -> bot_pb2.SubmitOrderRequest:
    request = bot_pb2.SubmitOrderRequest(
        user_id="A001",
        pending_order_id="p-1",
        customer_id="55.261",
        customer_name="Studio Dentistico Esempio",
        items=[bot_pb2.OrderItem(article_code="H129.104", quantity="5", price="12.5")],
        notes="prima riga\nseconda",
    )
    request.MergeFrom(bot_pb2.SubmitOrderRequest(**changes))  # type: ignore[arg-type]  # by name
    return request


def test_one_request_in_two_spellings_has_one_fingerprint() -> None:
    """A retry is honest whatever the spelling of its numbers, line breaks, ids and waits."""
    other = order()
    other.customer_id = "55261"
    other.items[0].price = "12.50"
    other.items[0].quantity = "5.0"
    other.notes = "prima riga\r\nseconda "
    other.wait = bot_pb2.WAIT_NONE
    other.start_by.FromSeconds(1_800_000_000)
    other.on_price_difference = bot_pb2.ON_PRICE_DIFFERENCE_REPORT
    one, two = order_request.canonical(order()), order_request.canonical(other)
    assert fingerprint(one) == fingerprint(two)
    assert differing_fields(one, two) == []


def test_composed_and_decomposed_letters_are_one() -> None:
    """Text is compared in NFC."""
    one = order_request.canonical(order(customer_name="Caffe\u0300"))
    two = order_request.canonical(order(customer_name="Caff\u00e8"))
    assert fingerprint(one) == fingerprint(two)


def test_differences_are_named_by_path_and_never_by_value() -> None:
    """The caller of a reused key hears which fields differ."""
    other = order()
    other.items[0].quantity = "6"
    other.notes = "altro"
    names = differing_fields(order_request.canonical(order()), order_request.canonical(other))
    assert names == ["items[0].quantity", "notes"]


def test_the_order_of_items_matters() -> None:
    """Item order is kept: it is the order of the lines."""
    one, two = order(), order()
    more = bot_pb2.OrderItem(article_code="TD1272.314.", quantity="2", price="179.63")
    one.items.append(more)
    two.items.insert(0, more)
    assert fingerprint(order_request.canonical(one)) != fingerprint(order_request.canonical(two))


@pytest.mark.parametrize(
    "other",
    [
        ("A002", "submit-order", "p-1", 1),
        ("A001", "delete-order", "p-1", 1),
        ("A001", "submit-order", "p-2", 1),
        ("A001", "submit-order", "p-1", 2),
        ("A001s", "ubmit-order", "p-1", 1),
    ],
)
def test_a_marker_names_one_revision_of_one_key(other: tuple[str, str, str, int]) -> None:
    """Another agent, type, key or revision has another marker; the parts cannot run together."""
    mine = marker("A001", "submit-order", "p-1", 1)
    assert mine == marker("A001", "submit-order", "p-1", 1)
    assert len(mine) == 11
    assert mine.startswith("#")
    assert set(mine[1:]) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert mine != marker(*other)
