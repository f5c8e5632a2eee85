"""What was asked beside what the ERP shows: nothing hidden, nothing invented."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from server.erp.order_lines import Line
from server.erp.order_view import FoundOrder
from server.operations.order_verification import (
    asked_lines,
    entered_differences,
    price_differences,
    verify,
)

MARKER = "#ABCDEFGHJK"


def item(
    code: str, quantity: str, price: str = "10", discount: str = "", **more: Any
) -> pb.OrderItem:
    return pb.OrderItem(
        article_code=code, quantity=quantity, price=price, discount=discount, **more
    )


def line(code: str, quantity: str, price: str = "10", discount: str = "0", number: int = 1) -> Line:
    percent = Decimal(discount)
    amount = Decimal(quantity) * Decimal(price) * (1 - percent / 100)
    return Line(
        key=f"{code}-{number}",
        number=number,
        article_code=code,
        quantity=Decimal(quantity),
        price=Decimal(price),
        discount=percent,
        applied=percent,
        amount=amount,
        description="",
    )


def order(*lines: Line, **more: Any) -> FoundOrder:
    fields: dict[str, Any] = {
        "customer": "1002001", "delivery_address": "Via Esempio 2\n00010 Borgo Finto",
        "description": MARKER, "text_internal": "", "text_external": "", "line_discount": "N/A",
        "transfer_status": "Modifica", "discount": Decimal(0), "gross_amount": None,
        "delivery_name": None,
    } | more  # fmt: skip
    return FoundOrder(order_id="71723", lines=lines, **fields)


def verified(
    request: pb.SubmitOrderRequest, found: FoundOrder, text: str = ""
) -> pb.OrderVerification:
    return verify(request, text=text, description=MARKER, customer="1002001", found=found)


def fields_of(verification: pb.OrderVerification) -> list[str]:
    return [one.field for one in verification.differences]


def test_an_order_as_asked_has_no_differences() -> None:
    """Lines are a multiset: their order in the ERP means nothing."""
    request = pb.SubmitOrderRequest(items=[item("A", "5", "32.46", "63"), item("B", "2", "179.63")])
    found = order(line("B", "2", "179.63"), line("A", "5", "32.46", "63", 2))
    assert fields_of(verified(request, found)) == []


def test_one_code_on_several_lines_finds_each_its_own() -> None:
    """Seven pieces as five and two are two lines, also when they come back the other way round."""
    request = pb.SubmitOrderRequest(items=[item("A", "5", "30"), item("A", "2", "32")])
    found = order(line("A", "2", "32", number=1), line("A", "5", "30", number=2))
    assert fields_of(verified(request, found)) == []


def test_every_deviation_is_named_by_the_requests_field() -> None:
    """Price, quantity and discount are told apart, with both values."""
    request = pb.SubmitOrderRequest(items=[item("A", "5", "10"), item("B", "2", "20", "30")])
    found = order(line("A", "1", "12"), line("B", "2", "20", "20", 2))
    told = {one.field: (one.asked, one.found) for one in verified(request, found).differences}
    assert told == {
        "items[0].quantity": ("5", "1"),
        "items[0].price": ("10.00", "12.00"),
        "items[1].discount": ("30", "20"),
    }


def test_missing_and_foreign_lines_are_told() -> None:
    """A line that is not there, and one that nobody asked for."""
    request = pb.SubmitOrderRequest(items=[item("A", "5")])
    told = [
        (one.field, one.asked, one.found)
        for one in verified(request, order(line("X", "1"))).differences
    ]
    assert told == [("items[0]", "5 of A", ""), ("items", "", "1 of X")]


def test_a_discount_that_was_not_asked_for_is_the_erps_own() -> None:
    """An empty discount leaves the ERP's standing; zero asks for none."""
    found = order(line("A", "5", discount="20"))
    assert fields_of(verified(pb.SubmitOrderRequest(items=[item("A", "5")]), found)) == []
    asked = pb.SubmitOrderRequest(items=[item("A", "5", discount="0")])
    assert fields_of(verified(asked, found)) == ["items[0].discount"]


def test_pieces_from_the_agents_own_stock_are_not_ordered() -> None:
    """A line is reduced by them, and left out when nothing remains; indices stay the request's."""
    request = pb.SubmitOrderRequest(
        items=[item("A", "5", warehouse_quantity="5"), item("B", "5", warehouse_quantity="2")]
    )
    assert [(one.index, one.quantity) for one in asked_lines(request)] == [(1, Decimal(3))]


def test_what_was_typed_decides_before_the_save() -> None:
    """The automatic discount in force is no reason to stop; a typed one not kept is."""
    automatic = Line(**(line("A", "5").__dict__ | {"discount": Decimal(63)}))
    assert (
        entered_differences(asked_lines(pb.SubmitOrderRequest(items=[item("A", "5")])), [automatic])
        == []
    )
    asked = asked_lines(pb.SubmitOrderRequest(items=[item("A", "5", discount="35")]))
    assert [one.field for one in entered_differences(asked, [automatic])] == ["items[0].discount"]


def test_prices_are_compared_as_numbers() -> None:
    """10 and 10,00 are one price; a cent is a difference."""
    asked = asked_lines(pb.SubmitOrderRequest(items=[item("A", "1", "10.0000")]))
    assert price_differences(asked, [line("A", "1", "10.00")]) == []
    assert [one.field for one in price_differences(asked, [line("A", "1", "10.01")])] == [
        "items[0].price"
    ]


@pytest.mark.parametrize(
    ("more", "field"),
    [({"customer": "1002002"}, "customer_id"), ({"text_internal": "altro"}, "notes"),
     ({"text_external": ""}, "notes"), ({"description": "ritira il cliente"}, "notes")],
)  # fmt: skip
def test_customer_and_texts_are_compared(more: dict[str, str], field: str) -> None:
    """Another customer, a lost note, a lost marker: each is a difference."""
    found = order(line("A", "1"), **({"text_internal": "nota", "text_external": "nota"} | more))
    verification = verified(pb.SubmitOrderRequest(items=[item("A", "1")]), found, text="nota")
    assert fields_of(verification) == [field]


def test_the_delivery_address_is_found_in_the_address_shown() -> None:
    """The street asked for must stand in the order's address, whatever its line breaks."""
    request = pb.SubmitOrderRequest(items=[item("A", "1")])
    request.delivery_address.street = "via  esempio 2"
    assert fields_of(verified(request, order(line("A", "1")))) == []
    request.delivery_address.street = "Via Esempio"
    assert fields_of(verified(request, order(line("A", "1")))) == []
    request.delivery_address.street = "Via Altrove 1"
    assert fields_of(verified(request, order(line("A", "1")))) == ["delivery_address.street"]


def test_the_result_holds_the_erps_lines_and_total() -> None:
    """Amounts are decimal strings; the total is rounded half up once, after the order's discount."""
    request = pb.SubmitOrderRequest(items=[item("A", "1", "0.25")], discount_percent="10")
    found = order(line("A", "1", "0.25"), discount=Decimal(10), gross_amount=Decimal("0.23"))
    verification = verified(request, found)
    assert fields_of(verification) == []
    assert verification.total == "0.23"
    assert verification.lines[0].price == "0.25"
    assert verification.lines[0].quantity == "1"


def test_discount_total_and_address_are_compared() -> None:
    """The order's discount, the total that the ERP shows, and each part of the address."""
    request = pb.SubmitOrderRequest(items=[item("A", "1")], discount_percent="5.00")
    request.delivery_address.street = "Via Esempio 2"
    request.delivery_address.postal_code = "00020"
    request.delivery_address.city = "Borgo"
    request.delivery_address.name = "Beta"
    found = order(
        line("A", "1"), discount=Decimal(4), gross_amount=Decimal(10), delivery_name="Alfa"
    )
    assert fields_of(verified(request, found)) == [
        "delivery_address.postal_code",
        "delivery_address.name",
        "discount_percent",
        "total",
    ]


def test_a_street_inside_a_longer_one_is_another() -> None:
    """Via Esempio 2 is not Via Esempio 20."""
    request = pb.SubmitOrderRequest(items=[item("A", "1")])
    request.delivery_address.street = "Via Esempio 2"
    found = order(line("A", "1"), delivery_address="Via Esempio 20\n00010 Borgo Finto")
    assert fields_of(verified(request, found)) == ["delivery_address.street"]


def test_a_discount_that_the_erp_gives_by_itself_is_told() -> None:
    """Not asked for, and LINEDISC is N/A: what is still in force is a difference."""
    request = pb.SubmitOrderRequest(items=[item("A", "1")])
    automatic = replace(line("A", "1"), discount=Decimal(20))
    assert fields_of(verified(request, order(automatic))) == ["items[0].discount"]
