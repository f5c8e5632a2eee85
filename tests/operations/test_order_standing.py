"""What a draft lacks and what is foreign in it, as multisets; pure."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from archibald.v1 import bot_pb2 as pb
from server.erp.order_lines import Line
from server.erp.order_view import FoundOrder
from server.identity import marker
from server.operation import Claim, Intent
from server.operations.markers import markers_of
from server.operations.order_standing import standing
from tests.operations.entering import MARKER, order

TOLD = f"{MARKER} nota"


def item(code: str, quantity: str, discount: str = "") -> pb.OrderItem:
    return pb.OrderItem(article_code=code, quantity=quantity, discount=discount, price="1")


def line(code: str, quantity: str, applied: str = "0") -> Line:
    percent = Decimal(applied)
    return Line("1", 1, code, Decimal(quantity), Decimal(1), percent, percent, Decimal(1), "")


def found(*lines: Line) -> FoundOrder:
    return FoundOrder(
        order_id="71999",
        customer="1002001",
        delivery_address="Via Esempio 7 00020 Porto Finto",
        delivery_name=None,
        description=TOLD,
        text_internal="nota",
        text_external="nota",
        line_discount="N/A",
        discount=Decimal(0),
        gross_amount=None,
        transfer_status="Modifica",
        lines=lines,
    )


@pytest.mark.parametrize(
    ("asked", "lines", "missing", "foreign"),
    [
        ([item("A", "1"), item("A", "2")], [line("A", "2"), line("A", "1")], [], []),
        ([item("A", "1"), item("A", "1")], [line("A", "1")], ["items[1]"], []),
        ([item("A", "1")], [line("A", "1"), line("A", "1")], [], ["1 of A"]),
        ([item("A", "2")], [line("A", "1")], ["items[0]"], ["1 of A"]),
        ([item("A", "1", "10")], [line("A", "1")], ["items[0]"], ["1 of A"]),
        # The line without a wish leaves the discounted one to the item that asked for it.
        ([item("A", "1"), item("A", "1", "10")], [line("A", "1", "10"), line("A", "1")], [], []),
        ([item("A", "1"), item("B", "1")], [], ["items[0]", "items[1]"], []),
    ],
)
def test_lines_are_a_multiset(
    asked: list[pb.OrderItem], lines: list[Line], missing: list[str], foreign: list[str]
) -> None:
    """Article, quantity and typed discount; their order means nothing, their number does."""
    seen = standing(order(*asked), found(*lines), text="nota", description=TOLD)
    assert (list(seen.lines), list(seen.foreign), seen.header) == (missing, foreign, ())


@pytest.mark.parametrize(
    ("changes", "header", "foreign"),
    [
        ({"description": ""}, ["description"], []),
        ({"description": MARKER[:5]}, ["description"], []),
        ({"description": "altro"}, [], ["description"]),
        ({"text_internal": ""}, ["notes"], []),
        ({"text_external": "altro", "text_internal": "altro"}, [], ["notes"]),
        ({"discount": Decimal(3)}, [], ["discount_percent"]),
        ({"line_discount": "Discount"}, ["line_discount"], []),
        ({"delivery_address": "Via Altra 1"}, ["delivery_address"], []),
    ],
)
def test_a_field_as_new_is_missing_and_another_value_is_foreign(
    changes: dict[str, object], header: list[str], foreign: list[str]
) -> None:
    """Completing may set what nobody has set; what somebody has set is told, not mended."""
    request = order(item("A", "1"), delivery_address=pb.DeliveryAddress(street="Via Esempio 7"))
    shown = replace(found(line("A", "1")), **changes)  # type: ignore[arg-type]
    seen = standing(request, shown, text="nota", description=TOLD)
    assert (list(seen.header), list(seen.foreign), seen.lines) == (header, foreign, ())


def test_earlier_revisions_markers_are_known(claim_of_revision_2: Intent) -> None:
    """An order entered before the request was corrected is ours as well."""
    claim = claim_of_revision_2.claim
    assert markers_of(claim_of_revision_2) == [
        marker(claim.user_id, claim.operation_type, claim.operation_key, revision)
        for revision in (2, 1, 0)
    ]
    assert markers_of(replace(claim_of_revision_2, marker=MARKER)) == [MARKER]


@pytest.fixture
def claim_of_revision_2() -> Intent:

    claim = Claim(uuid4(), 1, "test", "A001", "submit-order", "p-1")
    return Intent(claim, order(), marker("A001", "submit-order", "p-1", 2))
