"""Requests that name an order: one key for one order, and nothing that names none."""

from types import ModuleType
from typing import Any

import pytest

from server.operations import delete_order, send_to_verona

BOTH = pytest.mark.parametrize("module", [send_to_verona, delete_order])


def request(module: ModuleType, order_id: str, **more: str) -> Any:
    return module.Request(user_id="A001", order_id=order_id, **more)


@BOTH
def test_an_order_has_one_key_however_it_is_written(module: ModuleType) -> None:
    """71.723 and 71723 are one key, one target, one request; a caller's own key stands."""
    for spelling in ("71723", "71.723"):
        asked = request(module, spelling)
        assert module.validate(asked, erp_request_validation=True) == []
        assert (module.key(asked), module.target(asked)) == ("71723", "71723")
        assert module.canonical(asked) == {"order_id": "71723"}
        assert module.without_erp(asked) is None
    again = request(module, "71.723", operation_key="di nuovo")
    assert (module.key(again), module.target(again)) == ("di nuovo", "71723")


@BOTH
@pytest.mark.parametrize(
    ("order_id", "told"),
    [
        ("", "required"),
        (" ", "required"),
        ("warehouse-17", "own stock"),
        ("ORDER-1764000000000", "never identified"),
        ("UNKNOWN", "never identified"),
        ("0", "must be an order's id"),
        ("071723", "must be an order's id"),
        ("45.23", "must be an order's id"),
        ("71,723", "must be an order's id"),
        ("71723 ", "must be an order's id"),
        ("71723; DROP", "must be an order's id"),
    ],
)
def test_what_names_no_order_is_refused(module: ModuleType, order_id: str, told: str) -> None:
    """In words that say what is wrong with it."""
    [violation] = module.validate(request(module, order_id), erp_request_validation=False)
    assert violation.field == "order_id"
    assert told in violation.description


@BOTH
def test_a_leftover_of_the_original_proves_nothing(module: ModuleType) -> None:
    """Defect D5: it names no order, and would let a legitimate run skip the ERP; ours is believed."""
    assert module.restore({"success": True, "message": "Order sent"}) is None
    ours = module.restore({"order_id": "71723", "order_record_id": "71.723"})
    assert module.erp_id(ours) == "71723"


@BOTH
def test_steps_rise_to_their_end(module: ModuleType) -> None:
    """In the order in which they are reported; the last ones are named by the operation."""
    percents = [step.percent for step in module.STEPS.values()]
    assert percents == sorted(percents)
    assert list(module.STEPS)[-2:] == ["commit", "complete"]
    assert not module.ONCE
