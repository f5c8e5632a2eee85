"""The editors of a line's row: what they are and what they show."""

from decimal import Decimal
from typing import Any

from tests.erp_simulator import formats
from tests.erp_simulator.editors import Editor
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.object_space import OrderSpace
from tests.erp_simulator.pages.line_columns import ARTICLE, DISCOUNT, QUANTITY, VISIBLE
from tests.erp_simulator.store import Line
from tests.erp_simulator.switches import Switches


def line_record(space: OrderSpace, line: Line) -> dict[str, Any]:
    """A line as the grid knows it."""
    article = space.article(line.article_id)
    return {
        "ID": line.key, "LINENUM": Decimal(line.linenum),
        "INVENTTABLE.NAME": article.code if article else "", "QTYORDERED": line.quantity,
        "SALESPRICE": line.price, "LINEPERCENT": line.lineperc,
        "MANUALDISCOUNT": line.manualdiscount, "LINEAMOUNT": line.amount,
        "BRASNETPRICE": "", "NAME": article.name if article else "",
    }  # fmt: skip


def row_editors(
    space: OrderSpace, row: Line, lookup: Grid, language: str, place: tuple[str, ...],
    switches: Switches,
) -> dict[int, Editor]:  # fmt: skip
    """The editors by model column; `place` is the grid's segments and the row's prefix."""
    shown = line_record(space, row)
    *grid, prefix = place
    made: dict[int, Editor] = {}
    for index, (name, kind, _, _) in VISIBLE.items():
        prop = name.split(".", maxsplit=1)[0]
        editor = Editor(
            prop=prop, kind="spin",
            segments=(*grid, f"{prefix}_{index}", f"xaf_{prop}_Edit"),
            enabled=index in {ARTICLE, DISCOUNT, QUANTITY},
            immediate=switches.is_immediate(f"line.{prop}"),
        )  # fmt: skip
        if index == ARTICLE:
            _fill_lookup(editor, row, shown[name], lookup)
            lookup.keeps_keys = switches.stale_keys
        elif kind in {"text", "check"}:
            editor.kind, editor.text = ("label" if kind == "text" else kind), shown[name]
        else:
            _fill_number(editor, index, kind, shown[name] if row.article_id else None, language)
        made[index] = editor
    return made


def _fill_lookup(editor: Editor, row: Line, code: str, lookup: Grid) -> None:
    editor.kind, editor.text, editor.null_text = "lookup", code, "N/A"
    editor.raw = row.article_id or ""
    editor.grid = lookup
    lookup.segments = (*editor.segments, "DDD", "gv")
    lookup.focused = str(editor.raw)


def _fill_number(
    editor: Editor, index: int, kind: str, value: Decimal | None, language: str
) -> None:
    value = value or Decimal(0)  # an empty row shows nothing yet, not even its line number
    editor.raw = formats.plain(value)
    if index == QUANTITY:
        editor.text = formats.quantity(value, language)
    elif kind == "percent":
        editor.kind, editor.text = "percent", formats.percent(value, language)
    else:
        editor.text = (formats.money if kind == "money" else formats.number)(value, language)
