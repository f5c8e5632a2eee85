"""The lines grid of the order form with its row editor."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.erp_simulator import formats
from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.editors import Editor
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Column, Grid
from tests.erp_simulator.languages import text
from tests.erp_simulator.object_space import OrderSpace
from tests.erp_simulator.pages.lookups import article_grid
from tests.erp_simulator.store import Actor, Line
from tests.erp_simulator.world import World

ARTICLE, DISCOUNT, QUANTITY = 12, 23, 25  # model columns of the editors
VISIBLE: dict[int, tuple[str, str, str, str]] = {  # model index: field, kind, Italian, English
    14: ("LINENUM", "quantity", "LINEA:", "LINE:"),
    12: ("INVENTTABLE.NAME", "text", "NOME ARTICOLO:", "ITEM NAME:"),
    25: ("QTYORDERED", "quantity", "QTÀ ORDINATA", "QTY ORDERED"),
    27: ("SALESPRICE", "money", "UNITÀ DI PREZZO:", "UNIT PRICE:"),
    16: ("LINEPERCENT", "percent", "SCONTO %:", "DISCOUNT %:"),
    23: ("MANUALDISCOUNT", "percent", "APPLICA SCONTO %:", "APPLY DISCOUNT %:"),
    15: ("LINEAMOUNT", "money", "IMPORTO DELLA LINEA", "LINE AMOUNT"),
    5: ("BRASNETPRICE", "check", "PREZZO NETTO:", "NET PRICE:"),
    24: ("NAME", "text", "NOME", "NAME"),
}
COMMANDS = {0: "select", 1: "inline", 2: "edit"}
HIDDEN = {3: "ID", 6: "CREATEDBY", 7: "CREATEDDATETIME", 11: "INVENTTABLE.ID", 13: "LINEDISC",
          17: "MODIFIEDBY", 26: "REMAINSALESFINANCIAL"}  # fmt: skip
MODEL_COLUMNS = 28


def line_columns(language: str) -> list[Column]:
    """The model's columns; the visible ones stand in another order than the model."""
    side = 2 if language == "it" else 3
    columns = [Column(HIDDEN.get(n, f"FIELD{n}"), "", hidden=True) for n in range(MODEL_COLUMNS)]
    for index, words in VISIBLE.items():
        columns[index] = Column(words[0], words[side], words[1])
    for index, kind in COMMANDS.items():
        columns[index] = Column("", "", kind, name=f"{kind.title()}CommandColumn")
    return columns


class LinesGrid:
    """The grid, the row in its editor, and what the row's editors post."""

    def __init__(
        self, world: World, space: OrderSpace, segments: tuple[str, ...], language: str
    ) -> None:
        self._world = world
        self._language = language
        self.space = space
        self.grid = Grid(segments, line_columns(language), self._rows, page_size=20)
        self.row: Line | None = None
        self.lookup = article_grid((), world.store, language)

    def show(self, *, editing: bool) -> None:
        """Show the command columns that the page's mode and the order allow."""
        commands = [0]
        if editing and not self.space.locked:
            commands = [0, 1, 2] if self.space.customer else [1]
        self.grid.display = [*commands, *VISIBLE]

    def _rows(self) -> list[dict[str, Any]]:
        return [self._record(line) for line in self.space.order.lines]

    def _record(self, line: Line) -> dict[str, Any]:
        article = self.space.article(line.article_id)
        return {
            "ID": line.key, "LINENUM": Decimal(line.linenum),
            "INVENTTABLE.NAME": article.code if article else "", "QTYORDERED": line.quantity,
            "SALESPRICE": line.price, "LINEPERCENT": line.lineperc,
            "MANUALDISCOUNT": line.manualdiscount, "LINEAMOUNT": line.amount,
            "BRASNETPRICE": "", "NAME": article.name if article else "",
        }  # fmt: skip

    @property
    def sums(self) -> dict[str, str]:
        """The footer: committed rows only."""
        lines = self.space.order.lines
        quantity = sum((line.quantity for line in lines), Decimal(0))
        amount = sum((line.amount for line in lines), Decimal(0))
        return {
            "LINENUM": f"Count={len(lines)}",
            "QTYORDERED": "Sum=" + formats.number(quantity, self._language),
            "LINEAMOUNT": "Sum=" + formats.money(amount, self._language),
        }

    # The row's editors ------------------------------------------------------------------------

    @property
    def prefix(self) -> str:
        """`editnew`, or `edit0` for the first row of the page."""
        if self.grid.editing == "new":
            return "editnew"
        keys = [str(row["ID"]) for row in self.grid.page()]
        return f"edit{keys.index(self.grid.editing) if self.grid.editing in keys else 0}"

    def editors(self) -> dict[int, Editor]:
        """The editors of the row, by model column."""
        row = self.row or self.space.new_line()
        shown = self._record(row)
        article = self.space.article(row.article_id)
        made: dict[int, Editor] = {}
        for index, (name, kind, _, _) in VISIBLE.items():
            prop = name.split(".", maxsplit=1)[0]
            editor = Editor(
                prop=prop, kind="spin",
                segments=(*self.grid.segments, f"{self.prefix}_{index}", f"xaf_{prop}_Edit"),
                enabled=index in {ARTICLE, DISCOUNT, QUANTITY},
                immediate=self._world.switches.is_immediate(f"line.{prop}"),
            )  # fmt: skip
            if index == ARTICLE:
                editor.kind, editor.text, editor.null_text = "lookup", shown[name], "N/A"
                editor.raw = article.id if article else ""
                editor.grid = self.lookup
                self.lookup.segments = (*editor.segments, "DDD", "gv")
                self.lookup.focused = str(editor.raw)
            elif index == QUANTITY:
                editor.text, editor.raw = (
                    formats.quantity(row.quantity, self._language),
                    formats.plain(row.quantity),
                )
            elif kind == "percent":
                editor.kind, editor.raw = "percent", formats.plain(shown[name])
                editor.text = formats.percent(shown[name], self._language)
            elif kind in {"money", "quantity"}:
                # An empty row shows no line number yet.
                value = shown[name] if article else Decimal(0)
                editor.raw = formats.plain(value)
                editor.text = (formats.money if kind == "money" else formats.number)(
                    value, self._language
                )
            else:
                editor.kind, editor.text, editor.raw = (
                    ("label" if kind == "text" else kind),
                    shown[name],
                    "",
                )
            made[index] = editor
        return made

    def posted(self, form: Form) -> tuple[int, Decimal | None, Decimal | None]:
        """Article, quantity and discount as the row's editors posted them."""
        base = f"{self.grid.unique_id}${self.prefix}_"
        state = form.state(f"{base}{ARTICLE}$xaf_INVENTTABLE_Edit$DDD$gv")
        focused = str(state.get("focusedKey") or "")
        article = int(focused) if focused.isdecimal() else 0
        if not form.get(f"{base}{ARTICLE}$xaf_INVENTTABLE_Edit").strip():
            article = 0
        quantity = formats.parse_number(
            form.get(f"{base}{QUANTITY}$xaf_QTYORDERED_Edit"), self._language
        )
        discount = formats.parse_number(
            form.get(f"{base}{DISCOUNT}$xaf_MANUALDISCOUNT_Edit"), self._language
        )
        return article, quantity, discount

    def has_editor(self, form: Form) -> bool:
        """Whether the body carries the row's editors."""
        return bool(self.grid.editing) and form.has(
            f"{self.grid.unique_id}${self.prefix}_{ARTICLE}$xaf_INVENTTABLE_Edit"
        )

    def article_changed(self, form: Form) -> bool:
        """Whether the body holds another article than the row."""
        if not self.has_editor(form) or self.row is None:
            return False
        article = self.posted(form)[0]
        return article != self.row.article_id and article in self._world.store.articles

    def load(self, form: Form, actor: Actor) -> None:
        """Take the posted values into the row; a new article brings its own quantity."""
        if not self.has_editor(form):
            return
        if self.row is None:
            self.row = self.space.new_line()
        article, quantity, discount = self.posted(form)
        if self.article_changed(form):
            self.space.choose_article(self.row, article, actor)
            return
        if quantity is not None:
            self.row.quantity = quantity
        if discount is not None:
            self.row.manualdiscount = min(max(discount, Decimal(0)), Decimal(100))

    # Commands ---------------------------------------------------------------------------------

    def run(self, callback: GridCallback, form: Form, actor: Actor) -> bool:
        """Run a command that edits; False when it is none of those."""
        grid = self.grid
        grid.error = ""
        match callback.command, callback.arguments:
            case "ADDNEWROW", ():
                if self.space.customer is None or self.space.locked:
                    return False
                grid.editing, self.row = "new", self.space.new_line()
                self.lookup.search, self.lookup.page_index = "", 0
                # A new row stands on the last page.
                grid.page_index = grid.page_count(len(self.space.order.lines)) - 1
            case "STARTEDIT", (key,):
                line = next((x for x in self.space.order.lines if str(x.key) == key), None)
                if line is None or self.space.locked:
                    return False
                grid.editing, self.row = key, replace(line)
            case "CANCELEDIT", ():
                grid.editing, self.row = "", None
            case "UPDATEEDIT", ():
                self._update(form, actor)
            case "DELETEROW", (key,) if not self.space.locked:
                self.space.remove_line(int(key), actor)
            case _:
                return False
        return True

    def _update(self, form: Form, actor: Actor) -> None:
        if not self.has_editor(form):
            self.grid.editing, self.row = "", None
            return
        if self.row is None:  # the body is repeated: so is its effect
            self.row = self.space.new_line()
        article, quantity, discount = self.posted(form)
        if article and self.space.article(article) and article != self.row.article_id:
            self.space.choose_article(self.row, article, actor)
        if quantity:
            self.row.quantity = quantity
        self.row.manualdiscount = discount or Decimal(0)
        self.grid.error = self._refusal(self.row, article)
        if not self.grid.error:
            self.space.commit_line(self.row, actor)
            self.grid.editing, self.row = "", None

    def _refusal(self, row: Line, article_id: int) -> str:
        article = self.space.article(article_id)
        if article is None:
            return text("article_empty", self._language)
        if row.quantity <= 0 or (
            self._world.switches.check_multiples and row.quantity % article.multiple
        ):
            multiple = formats.number(article.multiple, self._language)
            return text("quantity_wrong", self._language, multiple=multiple)
        return ""
