"""What is proposed says no more than was seen, and never takes a class away."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from server.erp import rules as rules_file
from server.erp.rules import Rules
from server.recorder.observation import Class, Observation, Sent
from server.recorder.proposal import propose
from server.recorder.redaction import Redactor, element_name

LIST = tomllib.loads(Path(rules_file.__file__).with_name("requests.toml").read_text("utf-8"))
ORDERS = "/Archibald/SALESTABLE_ListView_Agent/"
FORM = "/Archibald/SALESTABLE_DetailViewAgent/#/?mode"
LINES = "Vertical$v#$MainLayoutEdit$xaf_l#_pg$xaf_l#$xaf_dviSALESLINEs$v#$LE_v#"


def seen(sent: Sent, page: str = FORM, verdict: Class = "READ", *changed: str) -> Observation:
    return Observation(
        sent,
        page,
        verdict,
        passed=verdict != "COMMIT",
        changed=dict.fromkeys(changed, "text 3 abc"),
    )


def loaded(text: str, folder: Path) -> tuple[Rules, dict[str, Any]]:
    path = folder / "requests.toml"
    path.write_text(text, encoding="utf-8")
    return Rules.load(path), tomllib.loads(text)


def test_an_entry_is_split_into_what_was_seen_and_the_rest(tmp_path: Path) -> None:
    """Of several names only the seen one is confirmed; count, page, example and confidence stand by it."""
    save = Sent("action", "ACHFCB#", "Save", "Save:Vertical_mainMenu_Menu")
    proposal = propose(LIST, [seen(save, FORM, "COMMIT")] * 2, "-Pg14u")
    rules, data = loaded(proposal.text, tmp_path)
    assert rules.actions == Rules.load().actions
    entries = [one for one in data["action"] if "SALESTABLE_D" in one["path"]]
    assert [(one["names"], one["confirmed"]) for one in entries] == [
        (["Save"], True), (["SaveAndClose"], False),
    ]  # fmt: skip
    assert "# seen 2 times on SALESTABLE_DetailViewAgent/#/?mode; confidence: high" in proposal.text
    assert "# e.g. action Save Save:Vertical_mainMenu_Menu on ACHFCB# (COMMIT)" in proposal.text


def test_a_write_stays_a_write_whatever_was_seen(tmp_path: Path) -> None:
    """A recording that takes a commit for a reading changes no class, and all kinds stay as they are."""
    observations = [
        seen(Sent("grid", LINES, "UPDATEEDIT")),
        seen(Sent("edit"), FORM, "READ", "CUSTTABLE"),
        seen(Sent("action", "Vertical$mainMenu", "Delete", "1"), ORDERS),
    ]
    rules, data = loaded(propose(LIST, observations, "-Pg14u").text, tmp_path)
    before = Rules.load()
    assert rules.edits["CUSTTABLE"] == before.edits["CUSTTABLE"]
    assert rules.actions == before.actions
    assert rules.kinds == before.kinds
    assert [one["class"] for one in data["grid"] if "UPDATEEDIT" in one["commands"]] == [
        one["class"] for one in LIST["grid"] if "UPDATEEDIT" in one["commands"]
    ]


def test_a_new_build_takes_all_confirmations_back(tmp_path: Path) -> None:
    """A signature is valid for one build of the framework; the same build keeps what it had."""
    add = seen(Sent("grid", LINES, "ADDNEWROW"), FORM, "EDIT")
    first = tomllib.loads(propose(LIST, [add], "-Pg14u").text)
    search = seen(Sent("xaf", "Vertical$SearchAC", "", "0"), ORDERS)
    same = propose(first, [search], "-Pg14u")
    other = propose(first, [search], "-Qh15v")
    assert same.warnings == ()
    assert "-Qh15v" in other.warnings[0]
    rows = [
        one["confirmed"]
        for one in tomllib.loads(same.text)["grid"]
        if "ADDNEWROW" in one["commands"]
    ]
    assert rows[0] is True
    rows = [
        one["confirmed"]
        for one in tomllib.loads(other.text)["grid"]
        if "ADDNEWROW" in one["commands"]
    ]
    assert True not in rows
    rules, _ = loaded(other.text, tmp_path)
    assert rules.framework_build == "-Qh15v"
    assert propose(LIST, [], "").warnings == ("no page told the framework's build",)


def test_what_no_entry_stands_for_is_left_to_a_person(tmp_path: Path) -> None:
    """Unknown requests are remarks, not entries; a change beside others confirms neither of them."""
    observations = [
        seen(Sent("grid", "Vertical$v#$LE_v#", "COLUMNMOVE"), ORDERS, "UNKNOWN"),
        seen(Sent("edit"), FORM, "EDIT", "MANUALDISCOUNT", "LINEDISC"),
    ]
    proposal = propose(
        LIST, observations, "-Pg14u", offered={"CloneOrder": ["orders"]}, only_seen=True
    )
    rules, data = loaded(proposal.text, tmp_path)
    assert "# 1 x grid COLUMNMOVE on Vertical$v#$LE_v# (UNKNOWN)" in proposal.text
    assert "# CloneOrder: orders" in proposal.text
    assert rules.edits == {}
    assert data.get("grid", []) == []


@pytest.mark.parametrize(
    ("value", "kept"),
    [("UPDATEEDIT", True), ("GLP_F", True), ("Rossi", False), ("71723", False), ("", False)],
)
def test_only_words_of_the_grammar_are_kept(value: str, kept: bool) -> None:  # noqa: FBT001
    """Of everything else: kind, length, and a tag that another recording would not give."""
    shape = Redactor().word(value)
    assert (shape == value and value != "") == kept
    if not kept and value:
        assert value not in shape
        assert str(len(value)) in shape.split()
        assert shape != Redactor().word(value)


def test_arguments_and_elements_keep_their_form_only() -> None:
    """Index paths and names of actions are the site's own; ids of elements lose what changes."""
    redactor = Redactor()
    assert redactor.argument("1i0") == "1i0"
    assert redactor.argument("Save:Vertical_mainMenu_Menu") == "Save:Vertical_mainMenu_Menu"
    assert "SALESTABLE" not in redactor.argument("Edit:xafkidemovb.Module.CRMKI.SALESTABLE(90001)")
    assert element_name("Vertical_v6_123456_LE_v6_col2") == "Vertical_v#_LE_v#_col2"
    assert element_name("Mario Rossi") == ""
