"""The rules that every request shares, and that each is said in both languages."""

import time

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from archibald.v1 import bot_pb2, operations_pb2
from server.errors import Violation
from server.operations import customer_request, order_named, order_request
from server.operations.request_fields import common, strangers
from tests.end_to_end.parts import order
from tests.operations.customers import customer

DAY = 86_400


def named(**fields: object) -> bot_pb2.DeleteOrderRequest:
    request = bot_pb2.DeleteOrderRequest(user_id="A001", order_id="71723")
    request.MergeFrom(bot_pb2.DeleteOrderRequest(**fields))  # type: ignore[arg-type]  # by name
    return request


def paths(request: object) -> list[str]:
    return [violation.field for violation in common(request)]


@pytest.mark.parametrize("seconds", [-DAY, 0, DAY, 300 * DAY, 6000 * 365 * DAY])
def test_a_time_is_taken(seconds: int) -> None:
    """Past ones too: that is an operation that has expired. A far one means that there is no haste."""
    assert paths(named(start_by=Timestamp(seconds=int(time.time()) + seconds))) == []


def test_the_beginning_of_all_times_is_taken() -> None:
    """A time of which a caller has set nothing at all is one that has passed."""
    assert paths(named(start_by=Timestamp())) == []


@pytest.mark.parametrize(
    "stamp",
    [
        Timestamp(seconds=-1),
        Timestamp(seconds=221_845_392_000),
        Timestamp(seconds=2**63 - 1),
        Timestamp(seconds=-(2**63)),
        Timestamp(seconds=1_900_000_000 - 10 * 366 * DAY, nanos=-1),
        Timestamp(seconds=int(time.time()), nanos=1_000_000_000),
    ],
)
def test_a_time_that_nobody_means_is_refused(stamp: Timestamp) -> None:
    """Odd nanoseconds were once an internal error, far years ones that the database could not give back."""
    assert paths(named(start_by=stamp)) == ["start_by"]


@pytest.mark.parametrize("wait", [3, 99, -1])
def test_a_choice_that_does_not_exist_is_refused(wait: int) -> None:
    """It was once taken for the default."""
    assert paths(named(wait=wait)) == ["wait"]
    request = order(on_price_difference=wait)
    assert [
        each.field for each in order_request.violations(request, erp_request_validation=False)
    ] == ["on_price_difference"]


@pytest.mark.parametrize("value", [" A001", "A001 ", "\u00a0A001"])
def test_blanks_around_a_name_are_refused(value: str) -> None:
    """They would make another agent, another key, another order of it."""
    assert paths(named(user_id=value)) == ["user_id"]
    assert paths(named(operation_key=value)) == ["operation_key"]
    found = order_request.violations(order(pending_order_id=value), erp_request_validation=False)
    assert [each.field for each in found] == ["pending_order_id"]


@pytest.mark.parametrize("value", ["a\nb", "a\x85b", "a\u2028b", "\0", "\x7f"])
def test_what_breaks_a_line_or_controls_is_refused(value: str) -> None:
    """A single line is one, whatever the alphabet calls its end."""
    assert paths(named(operation_key=value)) == ["operation_key"]


@pytest.mark.parametrize(
    "value", ["0", "00", "071", "0.123", "1.23", "1.2345", "\uff11", "1e3", "9" * 13]
)
def test_what_is_no_id_of_the_erp_is_refused(value: str) -> None:
    """One that begins with 0 passed once, and could then neither be looked up nor written in our tables."""
    request = order(customer_id=value)
    request.items[0].article_id = value
    found = order_request.violations(request, erp_request_validation=False)
    assert [each.field for each in found] == ["customer_id", "items[0].article_id"]
    one = named(order_id=value)
    one.order_id = value
    assert [each.field for each in order_named.validate(one, erp_request_validation=False)] == [
        "order_id"
    ]


def test_fields_that_nobody_knows_are_refused_at_any_depth() -> None:
    """The path is that of the message which holds them; sound requests hold none."""
    assert list(strangers(order())) == []
    request = order()
    request.items[1].MergeFromString(b"\x98\x06\x01")
    request.MergeFromString(b"\xfa\x3f\x02hi\xfa\x3f\x02ho")
    assert [(each.field, each.description) for each in strangers(request)] == [
        ("", "holds a field 1023 that this version does not know"),
        ("items[1]", "holds a field 99 that this version does not know"),
    ]
    for _ in range(2000):  # a list that nobody looks through
        request.items.add()
    del request.items[1]
    request.DiscardUnknownFields()
    assert list(strangers(request)) == []
    request.items[-1].MergeFromString(b"\x98\x06\x01")
    assert [each.field for each in strangers(request)] == [""]
    decision = operations_pb2.ResolveOperationRequest(landed=operations_pb2.Landed(erp_id="1"))
    decision.landed.MergeFromString(b"\x98\x06\x01")
    assert [each.field for each in strangers(decision)] == ["landed"]


def test_too_many_are_not_looked_at_one_by_one() -> None:
    """The answer stays short and quick, however long the request."""
    many = order()
    del many.items[:]
    for _ in range(50_000):
        many.items.add()
    began = time.perf_counter()
    assert [
        each.field for each in order_request.violations(many, erp_request_validation=False)
    ] == ["items"]
    assert time.perf_counter() - began < 0.5
    boxes = order()
    for _ in range(101):
        boxes.items[0].warehouse_sources.add()
    found = order_request.violations(boxes, erp_request_validation=False)
    assert [each.field for each in found] == ["items[0].warehouse_sources"]


def wrong_in_every_way() -> list[Violation]:
    """Whatever the edge can say of an order, a customer and an order's name."""
    bad = order(customer_id="x", discount_percent="x", notes="\0", target_total_with_vat="-1")
    bad.items[0].quantity = bad.items[1].price = "x"
    bad.items.add(quantity="1", price="1", warehouse_quantity="2")
    broken = customer(
        name="x" * 101, vat_number="1", fiscal_code="1", pec="x", sdi="x", postal_code="x", phone="x",
        email="x", url="x", delivery_mode="x", payment_terms="x", line_discount="x", sector="x",
        pending_customer_profile="x", notes="<b>", wait=9,
    )  # fmt: skip
    broken.start_by.seconds = -1
    broken.addresses.add()
    return [
        *order_request.violations(bad, erp_request_validation=True),
        *order_request.violations(bot_pb2.SubmitOrderRequest(), erp_request_validation=False),
        *customer_request.violations(broken, erp_request_validation=True),
        *customer_request.violations(bot_pb2.CreateCustomerRequest(), erp_request_validation=False),
        *(v for value in ("", "x", "UNKNOWN", "warehouse-1")
          for v in order_named.validate(bot_pb2.SendToVeronaRequest(order_id=value), erp_request_validation=False)),
    ]  # fmt: skip


def test_everything_is_said_in_both_languages() -> None:
    """An agent's screen can show what is wrong without a dictionary."""
    found = wrong_in_every_way()
    assert len({violation.description for violation in found}) > 25
    for violation in found:
        assert violation.description_it
        assert violation.description_it != violation.description
    it = {violation.field: violation.description_it for violation in found}
    assert it["vat_number"] == "è obbligatorio"
    assert it["items[2].warehouse_quantity"] == "non deve superare la quantità dell'articolo"
