"""Judges requests from the order form and the orders list, for the tables of what they are."""

from collections.abc import Mapping

from server.erp.classify import Armed, Verdict, classify
from server.erp.rules import Rules
from tests.erp.wire_texts import CUSTOMER_GRID, EDITOR, LINES, action, callback, focused

RULES = Rules.load()
LIST_PATH = "/Archibald/SALESTABLE_ListViewAgent_Tables/"
NEW_PATH = "/Archibald/SALESTABLE_DetailViewAgent/?NewObject=true"
EDIT_PATH = "/Archibald/SALESTABLE_DetailViewAgent/71723/?mode=Edit"
LOGIN_PATH = "/Archibald/Login.aspx?ReturnUrl=%2fArchibald"
IMMEDIATE = action("", "")
FORM = {
    f"{EDITOR}$xaf_dviID_Edit": "71.723",
    f"{EDITOR}$xaf_dviCUSTTABLE_Edit": "1002328",
    CUSTOMER_GRID: focused("55261"),
    f"{EDITOR}$xaf_dviTEXTINTERNAL_Edit": "UPDATEEDIT GB|13;10|UPDATEEDIT;",
    f"{LINES}$editnew_25$xaf_QTYORDERED_Edit": "5,00 ",
}
BASELINE = {
    "ID": "71.723",
    "CUSTTABLE": "1002328",
    "CUSTTABLE.key": "55261",
    "TEXTINTERNAL": "UPDATEEDIT GB|13;10|UPDATEEDIT;",
    "line.QTYORDERED": "5,00 ",
}


def judged(
    control: str,
    parameter: str,
    path: str = EDIT_PATH,
    armed: Armed | None = None,
    fields: Mapping[str, str] = FORM,
) -> Verdict:
    return classify("POST", path, callback(control, parameter, fields), RULES, armed)


def armed(*changes: str, kind: str | None = None) -> Armed:
    return Armed(kind=kind, changes=frozenset(changes), baseline=BASELINE)
