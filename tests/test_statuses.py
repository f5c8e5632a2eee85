"""An error as the status that arrives: what every class becomes, and that it always fits."""

from typing import Any

import pytest
from google.rpc import code_pb2, error_details_pb2, status_pb2

from server import errors
from server.errors import BotError, InvalidRequestError, Violation
from server.statuses import MOST_DETAILS, TABLE, status_of

INTERNAL_WORDS = (
    errors.HeldError,
    errors.UnclearError,
    errors.NothingThereError,
    errors.FencedError,
)


def classes(base: type[BotError] = BotError) -> set[type[BotError]]:
    return {base}.union(*(classes(each) for each in base.__subclasses__()))


def detail(status: status_pb2.Status, kind: Any) -> Any:
    [found] = [kind.FromString(each.value) for each in status.details if each.Is(kind.DESCRIPTOR)]
    return found


def test_every_error_has_its_status_or_is_ours_alone() -> None:
    """A new class of errors cannot be forgotten in the table."""
    told = {each for each in classes() if (set(each.__mro__) - {BotError}) & set(TABLE)}
    assert classes() - told - {BotError} == set(INTERNAL_WORDS)


@pytest.mark.parametrize("kind", INTERNAL_WORDS)
def test_what_no_caller_should_hear_is_a_fault_of_ours(kind: type[BotError]) -> None:
    """An inner word at the edge is a bug, and called so."""
    status = status_of(kind("inner"))
    assert status.code == code_pb2.INTERNAL
    assert detail(status, error_details_pb2.ErrorInfo).reason == "INTERNAL"


def test_a_subclass_is_told_as_its_base() -> None:
    """A lost browser is an ERP that could not be reached, for a caller."""
    status = status_of(errors.BrowserLostError("the page is gone"))
    assert status.code == code_pb2.UNAVAILABLE
    assert detail(status, error_details_pb2.ErrorInfo).reason == "ERP_DOWN"


@pytest.mark.parametrize("text", ["x" * 20_000, "\U0001f600" * 20_000, "è" * 20_000])
def test_whatever_is_said_arrives(text: str) -> None:
    """Long texts are cut on a character: gRPC would drop the whole status."""
    for kind in TABLE:
        if kind is InvalidRequestError:
            violations = [
                Violation(f"items[{n}].notes", text[:150], text[:150]) for n in range(300)
            ]
            error: BotError = InvalidRequestError(violations)
        else:
            error = kind(text, fields=text, operation_key=text)
        status = status_of(error)
        assert status.ByteSize() <= MOST_DETAILS, kind
        assert len(status.message.encode()) <= 500


def test_violations_that_do_not_fit_are_counted() -> None:
    """In the order in which they were found, and none is lost without a word."""
    violations = [
        Violation(f"items[{n}]", "must be x" * 10, "deve essere x" * 10) for n in range(200)
    ]
    bad = detail(status_of(InvalidRequestError(violations)), error_details_pb2.BadRequest)
    *told, rest = bad.field_violations
    assert [each.field for each in told] == [f"items[{n}]" for n in range(len(told))]
    assert rest.description == f"{200 - len(told)} more violations are not listed here"
    assert rest.localized_message.message == f"altri {200 - len(told)} errori non sono elencati qui"
    few = detail(status_of(InvalidRequestError(violations[:3])), error_details_pb2.BadRequest)
    assert [each.field for each in few.field_violations] == ["items[0]", "items[1]", "items[2]"]
