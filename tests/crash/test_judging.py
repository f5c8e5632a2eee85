"""The matrix would see what it is there to see: its judge says no to each wrong ledger."""

from typing import Any

import pytest

from tests.crash.requests import wrong_in_ledger
from tests.crash.table import Boundary, Cell, Death, End, Operation

DONE, REVIEW, REFUSED = End.DONE, End.REVIEW, End.REFUSED
CREATED = ("order_created", "line_added", "order_saved")


def ledger(*kinds: str, number: str = "71724") -> list[dict[str, Any]]:
    return [{"kind": kind, "id": number} for kind in kinds]


def judged(operation: Operation, end: End, effects: list[dict[str, Any]]) -> list[str]:
    boundary = Boundary.UNDO if end is REFUSED else Boundary.RESPONSE_LOST
    return wrong_in_ledger(Cell(operation, boundary, Death.SERVER), end, effects)


@pytest.mark.parametrize(
    ("operation", "end", "effects"),
    [
        (Operation.SUBMIT, DONE, ledger(*CREATED)),
        (Operation.SUBMIT, REVIEW, ledger()),
        (Operation.SUBMIT, REFUSED, ledger("order_created", "order_deleted")),
        (Operation.SUBMIT, REFUSED, ledger()),
        (Operation.SEND, DONE, ledger("order_sent")),
        (Operation.SEND, REVIEW, ledger("order_sent")),
        (Operation.CREATE, DONE, ledger("customer_created")),
        (Operation.DELETE, DONE, ledger("order_deleted")),
    ],
)
def test_what_is_right(operation: Operation, end: End, effects: list[dict[str, Any]]) -> None:
    assert judged(operation, end, effects) == []


@pytest.mark.parametrize(
    ("operation", "end", "effects"),
    [
        (Operation.SUBMIT, DONE, ledger(*CREATED) + ledger("order_created", number="71725")),
        (Operation.SUBMIT, DONE, ledger(*CREATED, "order_deleted")),
        (Operation.SUBMIT, DONE, ledger(*CREATED, "line_added")),
        (Operation.SUBMIT, DONE, ledger("order_created", "line_added")),
        (Operation.SUBMIT, DONE, ledger()),
        (Operation.SUBMIT, REVIEW, ledger("order_created", "order_created")),
        (Operation.SUBMIT, REFUSED, ledger("order_created")),
        (
            Operation.SUBMIT,
            REFUSED,
            ledger("order_created", "order_deleted") + ledger("order_created", number="71725"),
        ),
        (Operation.SEND, DONE, ledger("order_sent", "order_sent")),
        (Operation.SEND, REVIEW, ledger("order_sent", "order_sent")),
        (Operation.CREATE, DONE, ledger()),
        (Operation.DELETE, DONE, ledger("order_deleted", "order_deleted")),
    ],
)
def test_what_is_wrong(operation: Operation, end: End, effects: list[dict[str, Any]]) -> None:
    assert judged(operation, end, effects) != []
