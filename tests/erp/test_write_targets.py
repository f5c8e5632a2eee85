"""Which business object a write is for, as the held body proves it."""

import pytest

from server.erp.classify import Armed
from tests.erp.judging import EDIT_PATH, FORM, LIST_PATH, NEW_PATH, judged
from tests.erp.wire_texts import EDITOR, LINES, LIST, XAF, action, grid, state


@pytest.mark.parametrize(
    ("path", "shown_id", "target"),
    [
        (EDIT_PATH, "71.723", "71723"),
        (EDIT_PATH, "71,723", "71723"),
        (EDIT_PATH, "", "71723"),
        (EDIT_PATH, "71.724", ""),  # two places, two ids
        (NEW_PATH, "71.723", "71723"),
        (NEW_PATH, "0", ""),
        (NEW_PATH, "", ""),
    ],
)
def test_a_lines_target_is_its_draft(path: str, shown_id: str, target: str) -> None:
    """The draft's id comes from the form or the path, and is nothing if they differ."""
    fields = {**FORM, f"{EDITOR}$xaf_dviID_Edit": shown_id}
    assert judged(LINES, grid("UPDATEEDIT"), path, fields=fields).target == target


@pytest.mark.parametrize(
    ("keys", "selection", "target"),
    [
        (["3", "2", "1"], "FT", "2"),
        (["3", "2", "1"], "TT", ""),
        (["3", "2", "1"], "", ""),
        (["3", "2", "1"], "U", ""),
        (["3"], "FT", ""),
    ],
)
def test_a_sends_target_is_the_one_selected_row(
    keys: list[str], selection: str, target: str
) -> None:
    """Exactly one T on a key of the page (erp-wire §4); everything else is no target."""
    sent = action("Vertical$mainMenu", "4")
    announced = Armed(kind="send", action="SendOrder", parameter=sent)
    fields = {LIST: state(keys=keys, selection=selection)}
    assert judged(XAF, sent, LIST_PATH, announced, fields).target == target
    two = {**fields, "Vertical$v9_9$LE_v9": state(keys=[], selection="")}
    assert judged(XAF, sent, LIST_PATH, announced, two).target == ""
