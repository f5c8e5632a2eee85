"""What a held send or deletion must prove: one order, ours, under the filter that hides nothing."""

import pytest

from server.erp.classify import Armed
from server.erp.content import mismatches, missing_content
from tests.erp.judging import EDIT_PATH, LIST_PATH, RULES, judged
from tests.erp.wire_texts import LIST, XAF, action, grid, state

ALL = "xaf_xaf_a1ListViewSalesTableOrdersAll"
COMBO = "Vertical_mainMenu_Menu_ITCNT8_xaf_a1_Cb"
ACTIONS = {"send": ("SendOrder", "4"), "delete": ("Delete", "1")}


def body(selection: str, chosen: str) -> dict[str, str]:
    return {
        LIST: state(keys=["71723", "7172"], selection=selection),
        COMBO.replace("_mainMenu_Menu_ITCNT8_", "$mainMenu$Menu$ITCNT8$").replace(
            "_Cb", "$Cb"
        ): "x",
        f"{COMBO}_VI": chosen,
    }


def wrong(kind: str, fields: dict[str, str], path: str = LIST_PATH) -> list[str]:
    """What the gate holds against a body, for a ticket that names 7172 under the *all* filter."""
    name, index = ACTIONS[kind]
    sent = action("Vertical$mainMenu", index)
    armed = Armed(kind=kind, action=name, parameter=sent)
    verdict = judged(XAF, sent, path, armed, fields)
    assert verdict.word == "WRITE"
    return mismatches(verdict, armed, "7172", {"SetFilter": ALL}, RULES.kinds[kind])


@pytest.mark.parametrize("kind", ["send", "delete"])
def test_exactly_the_order_under_the_filter_that_hides_nothing(kind: str) -> None:
    """One T on our key, and the filter's value; anything else is refused by name."""
    assert wrong(kind, body("FT", ALL)) == []
    assert wrong(kind, body("T", ALL)) == ["target"]
    assert wrong(kind, body("TT", ALL)) == ["target"]
    assert wrong(kind, body("U", ALL)) == ["target"]
    other = "xaf_xaf_a1ListViewSalesTableOrdersToday"
    assert wrong(kind, body("FT", other)) == ["SetFilter", "SetFilter (not all)"]
    assert missing_content(RULES.kinds[kind], {}) == ["SetFilter"]


def test_a_deletion_on_the_orders_own_page_is_none_of_ours() -> None:
    """No filter, no selection: what the list must prove, that page cannot."""
    found = wrong("delete", {}, EDIT_PATH.replace("71723", "7172"))
    assert found == ["SetFilter", "SetFilter (not all)"]


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (("SELECTROWS", "unall"), "PASS"),
        (("SELECTROWS", "all"), "UNKNOWN"),
        (("SELECTROWS",), "UNKNOWN"),
        (("SELECTROWS", "unall", "all"), "UNKNOWN"),
    ],
)
def test_rows_are_only_ever_unselected_all_at_once(words: tuple[str, ...], word: str) -> None:
    """Selecting all would let a later send take every order."""
    assert judged(LIST, grid(*words), LIST_PATH, fields={}).word == word
