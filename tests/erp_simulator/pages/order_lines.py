"""The lines grid of the order form with its row editor."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.erp_simulator import formats
from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.editors import Editor
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.languages import text
from tests.erp_simulator.object_space import OrderSpace
from tests.erp_simulator.pages.line_columns import (
    ARTICLE,
    DISCOUNT,
    QUANTITY,
    VISIBLE,
    line_columns,
)
from tests.erp_simulator.pages.line_editors import line_record, row_editors
from tests.erp_simulator.pages.lookups import article_grid
from tests.erp_simulator.store import Actor, Line
from tests.erp_simulator.world import World


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
        self.lookup.misses = self._is_missed
        self._row_number = 0  # of the row in the editor, counted over the page's life
        # By column: the text shown now, the one that arrives later, and whether it overwrites.
        self._late: dict[int, tuple[str, str, bool]] = {}

    def _is_missed(self, row: dict[str, Any], needle: str) -> bool:
        exact = needle == str(row["NAME"]).casefold()
        return exact and row["_shy"] and self._world.switches.exact_search_hides_variants

    def show(self, *, editing: bool) -> None:
        """Show the command columns that the page's mode and the order allow."""
        commands = [0]
        if editing and not self.space.locked:
            commands = [0, 1, 2] if self.space.customer else [1]
        self.grid.display = [*commands, *VISIBLE]

    def _rows(self) -> list[dict[str, Any]]:
        return [line_record(self.space, line) for line in self.space.order.lines]

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
        made = row_editors(
            self.space, self.row or self.space.new_line(), self.lookup, self._language,
            (*self.grid.segments, self.prefix), self._world.switches,
        )  # fmt: skip
        for index, editor in made.items():
            editor.row = self._row_number
            if index in self._late:
                editor.text, editor.late, editor.late_wins = self._late[index]
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

    @property
    def article_input(self) -> str:
        """The id of the input for the article."""
        return f"{self.grid.client_id}_{self.prefix}_{ARTICLE}_xaf_INVENTTABLE_Edit_I"

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
        self._late = {}
        if not self.has_editor(form):
            return
        if self.row is None:
            self.row = self.space.new_line()
        article, quantity, discount = self.posted(form)
        if self.article_changed(form):
            self.space.choose_article(self.row, article, actor)
            if self._world.happens(self._world.switches.quantity_reset):
                default = formats.quantity(self.row.quantity, self._language)
                self._late[QUANTITY] = (default, default, True)
            return
        if quantity is not None:
            self.row.quantity = quantity
        if discount is not None:
            self._take_discount(self.row, min(max(discount, Decimal(0)), Decimal(100)))

    def _take_discount(self, row: Line, percent: Decimal) -> None:
        changed, row.manualdiscount = percent != row.manualdiscount, percent
        switches = self._world.switches
        if changed and percent and self._world.happens(switches.discount_transient_zero):
            nothing = formats.percent(Decimal(0), self._language)
            self._late[DISCOUNT] = (nothing, formats.percent(percent, self._language), False)

    # Commands ---------------------------------------------------------------------------------

    def run(self, callback: GridCallback, form: Form, actor: Actor) -> bool:
        """Run a command that edits; False when it is none of those."""
        grid = self.grid
        grid.error, self._late = "", {}
        match callback.command, callback.arguments:
            case "ADDNEWROW", ():
                if self.space.customer is None or self.space.locked:
                    return False
                grid.editing, self.row = "new", self.space.new_line()
                self.lookup.search, self.lookup.page_index = "", 0
                self._row_number += 1
                # A new row stands on the last page.
                grid.page_index = grid.page_count(len(self.space.order.lines)) - 1
            case "STARTEDIT", (key,):
                line = next((x for x in self.space.order.lines if str(x.key) == key), None)
                if line is None or self.space.locked:
                    return False
                grid.editing, self.row = key, replace(line)
                self._row_number += 1
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
