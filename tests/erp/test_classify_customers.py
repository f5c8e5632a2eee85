"""What requests of the customer's form are: its save by the VAT number or id, what posts by itself."""

import pytest

from server.erp.classify import Armed, Verdict
from server.erp.content import mismatches
from tests.erp.judging import IMMEDIATE, RULES, judged
from tests.erp.wire_texts import XAF, action, grid

NEW = "/Archibald/CUSTTABLE_DetailView/?NewObject=true"
EDIT = "/Archibald/CUSTTABLE_DetailView/57405/?ScrollPosition=0_0&mode=Edit"
FORM_ID = "Vertical$v21_11111111$MainLayoutEdit$xaf_l44_pg$xaf_l63"
ADDRESSES = f"{FORM_ID}$xaf_dviADDRESSes$v23_22222222$LE_v23"
VAT = "01234567897"
HELD = {
    "ID": "0", "VATNUM": VAT, "NAME": "Alfa", "FISCALCODE": VAT, "CUSTINFO": "#ABC nota",
}  # fmt: skip
SAVE = action("Vertical$mainMenu", "1i0")
NAMES = frozenset({"VATNUM", "VATVALIDE", "NAME", "NAMEALIAS", "VATADDRESS"})


def form(**values: str) -> dict[str, str]:
    return {f"{FORM_ID}$xaf_dvi{name}_Edit": value for name, value in (HELD | values).items()}


def saving(
    path: str, *, kind: str = "customer-save", action_name: str = "Save", **more: str
) -> Verdict:
    announced = Armed(kind=kind, action=action_name, parameter=SAVE, baseline=HELD)
    fields = form(**{name: value for name, value in more.items() if name != "tick"})
    if "tick" in more:
        fields["Vertical$ErrorInfo$Ch"] = more["tick"]
    return judged(XAF, SAVE, path, announced, fields)


@pytest.mark.parametrize(
    ("path", "shown_id", "target"),
    [(NEW, "0", VAT), (NEW, "", VAT), (NEW, "57.405", "57405"), (EDIT, "57.405", "57405"),
     (EDIT, "0", "57405"), (EDIT, "57.406", "")],
)  # fmt: skip
def test_a_saves_target_is_the_id_and_before_it_the_vat_number(
    path: str, shown_id: str, target: str
) -> None:
    """A form that names two customers is nobody's."""
    verdict = saving(path, ID=shown_id)
    assert (verdict.word, verdict.kind, verdict.target) == ("WRITE", "customer-save", target)


def test_only_save_in_place_is_a_customers_save() -> None:
    """*Salva e chiudi* and *Salva e nuovo* have no kind there; an order's save has its own."""
    for name in ("SaveAndClose", "SaveAndNew", "Delete", "Merge"):
        verdict = saving(NEW, action_name=name)
        assert verdict.word == "WRITE"
        assert verdict.kind in {"menu", "delete"}
    order = "/Archibald/SALESTABLE_DetailViewAgent/71723/?mode=Edit"
    assert saving(order).kind == "save"


@pytest.mark.parametrize(
    ("kind", "tick", "wrong"),
    [
        ("customer-save", "U", []),
        ("customer-save", "C", ["kind", "ErrorInfo (ticked)"]),
        ("customer-save-ignoring", "C", []),
        ("customer-save-ignoring", "U", ["kind", "ErrorInfo (not ticked)"]),
    ],
)
def test_ignored_warnings_need_a_ticket_of_their_own(
    kind: str, tick: str, wrong: list[str]
) -> None:
    """The tick makes another write of the save; neither ticket serves for the other."""
    verdict = saving(NEW, kind=kind, tick=tick)
    baseline = HELD | {"ErrorInfo": tick}
    announced = Armed(kind=kind, action="Save", parameter=SAVE, baseline=baseline)
    found = mismatches(verdict, announced, VAT, {"VATNUM": VAT}, RULES.kinds[kind])
    assert [name for name in found if not name.endswith("(changed)")] == wrong


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"NAME": "REGISTRO", "NAMEALIAS": "REGISTRO", "VATVALIDE": "Y"}, "PASS"),
        ({}, "PASS"),
        ({"STREET": "Via Altra"}, "UNKNOWN"),
        ({"CUSTTABLE": "1"}, "WRITE"),
    ],
)
def test_what_the_vat_check_posts_by_itself(values: dict[str, str], word: str) -> None:
    """It passes while it changes nothing but what was announced."""
    standing = Armed(changes=NAMES, baseline=HELD)
    assert judged(XAF, IMMEDIATE, NEW, standing, form(**values)).word == word


def test_a_row_of_the_addresses_is_a_write_of_its_customer() -> None:
    """Opening and leaving one is not; its editors are told apart from the customer's own."""
    fields = form(ID="57.405") | {f"{ADDRESSES}$editnew_3$xaf_STREET_Edit": "Via del Porto 3"}
    verdict = judged(ADDRESSES, grid("UPDATEEDIT"), EDIT, fields=fields)
    assert (verdict.word, verdict.kind, verdict.target) == ("WRITE", "address", "57405")
    assert verdict.fields["address.STREET"] == "Via del Porto 3"
    for word in ("ADDNEWROW", "CANCELEDIT"):
        assert judged(ADDRESSES, grid(word), EDIT, fields=fields).word == "PASS"
    assert judged(ADDRESSES, grid("DELETEROW", "1"), EDIT, fields=fields).word == "UNKNOWN"
