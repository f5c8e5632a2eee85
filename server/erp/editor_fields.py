"""Gives the editors of a posted form, or of a page, their canonical names and compares two of them.

Names (erp-wire §1.1, §2.4): the property's own name for its value (``PURCHORDERFORMNUM``), and
``<property>.<part>`` for its twins: ``key`` (focused key of a lookup's grid), ``text`` (what a combo
shows beside its value), ``raw`` (``rawValue`` of the ``$State`` twin), ``list`` (value of a list box).
Editors in a row of a nested grid carry its collection in front: ``line.QTYORDERED``. A field that is
neither an editor nor known housekeeping is kept as ``?<normalised name>``, so that a change in it shows.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from server.erp.formats import number
from server.erp.looks import Look
from server.erp.wire_grid import WireError, normalise_id, parse_grid_state, parse_state
from server.errors import UiDriftError

Fields = Mapping[str, str]

_PARTS = ("key", "text", "raw", "list", "other")

# What the framework keeps for itself: no editor's value (erp-wire §1.1, §2.4, §2.5). Names with `_`.
_HOUSEKEEPING = re.compile(
    r"__[A-Z]+\d*|Sc_[xy]Pos|ClientServerParams|DXScript|DXCss"
    r"|Vertical_(?:mainMenu|SAC|SearchAC)_Menu|Vertical_NC_NB|.*_(?:ToolBar|ObjectsCreation)_Menu"
    r"|.*_LE_v\d+|.*_pg|.*_LE_v\d+_DX\w+|.*_EditorClientInfo"
)
_COLLECTION = re.compile(r".*_dvi(?P<collection>[A-Za-z0-9]+)_v\d+_\d+_LE_v\d+_edit(?:new|\d+)_")
_EDITOR = re.compile(
    r"(?:.*_)?(?:edit(?:new|\d+)_\d+_xaf_|xaf_dvi)(?P<property>[A-Za-z0-9]+)_Edit(?P<rest>(?:_.*)?)"
)
_TOOLBAR = (
    (
        re.compile(r"Vertical_mainMenu_Menu_ITCNT(?P<item>\d+)_xaf_a\d+_Cb(?P<rest>(?:_.*)?)"),
        "SetFilter",
    ),
    (re.compile(r"Vertical_SearchAC_Menu_ITCNT\d+_xaf_a\d+_Ed(?P<rest>(?:_.*)?)"), "Search"),
    (re.compile(r"(?:.*_)?ErrorInfo_Ch(?P<rest>(?:_.*)?)"), "ErrorInfo"),
)
_BOX = re.compile(r"SetFilter\d+")
_COLLECTIONS = {"SALESLINEs": "line", "ADDRESSes": "address"}

# Part of an editor by what follows `_Edit`; None: geometry of drop-downs, search boxes, texts of the
# validation: nobody's value. An unknown rest is the part `other`, which counts as a change.
_RESTS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (re.compile(r""), "value"),
    (re.compile(r"_(?:find_|dropdown_DD_)?State|_find_Edit_State"), "raw"),
    (re.compile(r"_DDD_gv"), "key"),
    (re.compile(r"(?:_dropdown_DD)?_VI|_find_HDN"), "chosen"),
    (re.compile(r"_dropdown_DD|_find_Edit"), "text"),
    (re.compile(r"(?:_dropdown_DD)?_DDD_L"), "list"),
    (re.compile(r"(?:_dropdown_DD)?_DDD(?:_L)?_?State|_EditorClientInfo|_DDD_gv_.+"), None),
)

# As WebForms collects a form for a callback: disabled ones too, buttons and nameless ones never.
COLLECT = """() => {
  const form = document.forms[0];
  const found = [];
  for (const element of form ? form.elements : []) {
    if (!element.name || ['password', 'button', 'submit', 'reset', 'image', 'file'].includes(element.type))
      continue;
    if (['checkbox', 'radio'].includes(element.type) && !element.checked)
      continue;
    if (['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName))
      found.push([element.name, element.value]);
  }
  return found;
}"""


def canonical_fields(raw: Mapping[str, str]) -> dict[str, str]:
    """The editors of a form in canonical names; WireError for states that cannot be read."""
    found: dict[str, str] = {}
    chosen: dict[str, str] = {}
    for name, value in raw.items():
        place = _place(name.replace("$", "_"))
        if place is None:
            continue
        editor, part = place
        if part == "chosen":
            _put(chosen, editor, value)
        elif part == "value":
            _put(found, editor, value)
        elif part == "key":
            _put(found, f"{editor}.key", parse_grid_state(value).focused_key if value else "")
        elif part == "raw":
            shown = parse_state(value).get("rawValue") if value else None
            if shown is not None:
                _put(found, f"{editor}.raw", str(shown))
        else:
            _put(found, f"{editor}.{part}", value)
    for editor, value in chosen.items():
        # A combo's value travels apart from its text; the value is what the server takes.
        if editor in found:
            found[f"{editor}.text"] = found[editor]
        found[editor] = value
    return _only_filter(found)


def _only_filter(found: dict[str, str]) -> dict[str, str]:
    """The one box of a toolbar is the view filter; of several none is called so."""
    boxes = {name.partition(".")[0] for name in found if _BOX.match(name)}
    if len(boxes) != 1:
        return found
    return {
        _BOX.sub("SetFilter", name) if _BOX.match(name) else name: v for name, v in found.items()
    }


def changed(before: Fields, after: Fields) -> frozenset[str]:
    """The properties whose value or twin differs between two readings of one form."""
    names = set()
    for name in before.keys() | after.keys():
        old, new = before.get(name, ""), after.get(name, "")
        if plain(old) == plain(new):
            continue
        if name.endswith(".raw") and _raw_follows(name, before, after):
            continue
        names.add(property_of(name))
    return frozenset(names)


def warnings_ignored(fields: Fields) -> bool:
    """Whether *Ignora avvisi* is ticked: the save would go over what the ERP warns of."""
    return fields.get("ErrorInfo", "").upper() == "C"


def property_of(name: str) -> str:
    """The property that a canonical name belongs to: ``line.INVENTTABLE.key`` -> ``line.INVENTTABLE``."""
    head, _, part = name.rpartition(".")
    return head if head and part in _PARTS else name


def lookup_property(control: str) -> str | None:
    """The property whose drop-down grid ``control`` is (``…_Edit$DDD$gv``), or None."""
    place = _place(control.replace("$", "_"))
    return place[0] if place is not None and place[1] == "key" else None


def plain(text: str) -> str:
    """One form for equal texts: NFC, LF as line end, no blanks at the end (design §4.1)."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unified).rstrip()


def form() -> Look[Fields]:
    """The page's editors as its next request would post them: the baseline for one gesture.

    Raises:
        UiDriftError: the page holds two different values for one field, or an unreadable state.
    """
    return Look(COLLECT, None, lambda _, pairs: fields_of(pairs))


def fields_of(pairs: Iterable[tuple[str, str]]) -> Fields:
    """The editors of a form that holds these names and values.

    Raises:
        UiDriftError: as `form`.
    """
    fields: dict[str, str] = {}
    for name, value in pairs:
        if fields.setdefault(name, value) != value:
            raise UiDriftError("the form holds two values for one field", field=normalise_id(name))
    try:
        return canonical_fields(fields)
    except WireError as error:
        raise UiDriftError("the form cannot be read", seen=str(error)) from None


@lru_cache(maxsize=4096)  # the same names come with every request of a page
def _place(name: str) -> tuple[str, str] | None:
    """Property and part of a field whose ``$`` are ``_``; None for housekeeping."""
    for pattern, editor in _TOOLBAR:
        if match := pattern.fullmatch(name):
            # A toolbar may hold several boxes; which of them is the filter, a form does not say.
            item = match.groupdict().get("item", "")
            return _part(f"{editor}{item}", match["rest"])
    if match := _EDITOR.fullmatch(name):
        nested = _COLLECTION.match(name)
        editor = match["property"]
        if nested:
            collection = nested["collection"]
            editor = f"{_COLLECTIONS.get(collection, collection)}.{editor}"
        return _part(editor, match["rest"])
    if _HOUSEKEEPING.fullmatch(name):
        return None
    return f"?{normalise_id(name)}", "value"


def _part(editor: str, rest: str) -> tuple[str, str] | None:
    for pattern, part in _RESTS:
        if pattern.fullmatch(rest):
            return None if part is None else (editor, part)
    return editor, "other"


def _put(into: dict[str, str], name: str, value: str) -> None:
    if into.setdefault(name, value) != value:
        raise WireError(f"two values for {name}")


def _raw_follows(name: str, before: Fields, after: Fields) -> bool:
    """A ``rawValue`` may appear, vanish or say its own editor's text in the server's spelling.

    It is written when a request begins, so that a baseline taken just before may lack it.
    """
    if name not in before or name not in after:
        return True
    raw, shown = after[name], after.get(property_of(name), "")
    if plain(raw) == plain(shown):
        return True
    try:
        return number(raw) == number(shown)
    except ValueError:
        return False
