"""How far an order has come, by the words of both languages, and never by a placeholder."""

import pytest

from server.erp.order_state import OrderState
from server.erp.order_status import is_journal, transfer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Modifica", "draft"),
        (" edit ", "draft"),
        ("Transfer  error", "failed"),
        ("In attesa di approvazione", "sent"),
        ("Approvel_regionalmanager", "sent"),
        ("Trasferito", "sent"),
    ],
)
def test_a_status_is_read_in_both_languages(text: str, code: str) -> None:
    """What is neither draft nor failure is a later state."""
    assert transfer(text) == code


def test_a_blank_status_is_none() -> None:
    """A field that was not read must not look like a state."""
    with pytest.raises(ValueError, match="no transfer status"):
        transfer(" \n")
    assert is_journal("Giornale")
    assert is_journal("JOURNAL")
    assert not is_journal("Sales order")


@pytest.mark.parametrize(
    ("status", "sales_id", "transferred", "sent", "draft"),
    [
        ("Modifica", "", "", False, True),
        ("Modifica", "-", "01/01/1900", False, True),
        ("Modifica", "", "1/1/0001", False, True),
        ("Modifica", "ORD/26005662", "", True, False),
        ("Edit", "", "3/28/2026 6:24:57 AM", True, False),
        ("Transfer error", "", "", True, False),
    ],
)
def test_a_number_or_a_date_shows_a_send_too(
    status: str, sales_id: str, transferred: str, *, sent: bool, draft: bool
) -> None:
    """A placeholder is neither: an order called sent that was not would never be sent."""
    state = OrderState(
        "71723", transfer(status), status, "Giornale", sales_id, transferred, "24/11/2026"
    )
    assert (state.sent, state.is_draft) == (sent, draft)
