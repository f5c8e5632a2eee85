"""What the order's page shows: new, view and edit."""

from typing import Any

from tests.erp_simulator.editors import (
    GROUPS,
    LINKS,
    PRICE_FIELDS,
    Editor,
    Field,
    choices,
    chosen,
    shown,
)  # fmt: skip
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.menus import Menu, edit_items, line_items, view_items
from tests.erp_simulator.object_space import OrderSpace
from tests.erp_simulator.pages.frame import Page
from tests.erp_simulator.pages.grid_markup import Look, look_of
from tests.erp_simulator.pages.lookups import address_grid, customer_grid
from tests.erp_simulator.pages.order_lines import LinesGrid
from tests.erp_simulator.pages.slips import slips_grid
from tests.erp_simulator.sessions import Session, View, new_random
from tests.erp_simulator.store import Actor
from tests.erp_simulator.world import World

SAVES = {"Save": "save", "SaveAndClose": "save_and_close", "SaveAndNew": "save_and_close"}


class OrderPage(Page):
    """One order in one page, as it is rendered."""

    template = "order_detail.html"
    latency = "page:detail"

    def __init__(self, world: World, session: Session, view: View, order_id: int | None, *,
                 editing: bool) -> None:  # fmt: skip
        super().__init__(world, session, view)
        self.space = OrderSpace(world, session.user, order_id, reading=not editing)
        self.editing = editing
        self.new = order_id is None
        self.upper_tab = self.lower_tab = 0
        self.shown_address = 0
        form = self.form_segments
        lines = (
            *form,
            "xaf_l489_pg",
            "xaf_l495",
            "xaf_dviSALESLINEs",
            f"v17_{new_random()}",
            "LE_v17",
        )
        self.lines = LinesGrid(world, self.space, lines, session.language)
        place = (*form, "xaf_l489_pg", "xaf_l499", "xaf_dviCUSTPACKINGSLIPJOURs")
        self.slips = slips_grid(
            (*place, f"v18_{new_random()}", "LE_v18"), self.space, session.language
        )
        self.lookups = {
            "CUSTTABLE": customer_grid((), world.store, session.language, session.user),
            "DELIVERYPOSTALADDRESS": address_grid((), self.space, session.language),
        }
        self.refresh_menu()

    @property
    def form_segments(self) -> tuple[str, ...]:
        """Where the form's ids begin."""
        layout = "MainLayoutEdit" if self.editing else "MainLayoutView"
        return ("Vertical", f"v16_{self.view.random}", layout)

    @property
    def changeable(self) -> bool:
        """Whether fields and lines can be edited."""
        return self.editing and not self.space.locked

    def refresh_menu(self) -> None:
        """Make the toolbar for what the page is now."""
        if not self.editing:
            self.menu = Menu(view_items(self.language, self.title), fast=self.view.fast)
            return
        switches, profile = self.world.switches, self.world.profile(self.session.user)
        items = edit_items(
            self.language, self.title,
            root=profile.save_action if switches.save_root == "last" else "Save",
            existing=not self.new, deletable=not self.new,
        )  # fmt: skip
        if self.space.locked:
            # Nothing to delete: the separator before it stands before its neighbour.
            items = [item for item in items if item.name != "Delete"]
            for item in items:
                item.group = item.group or item.name == "Validate"
                item.enabled = item.enabled and item.name != "ResetViewSettings"
        by_name = frozenset(SAVES) if switches.save_form == "name" else frozenset()
        self.menu = Menu(items, fast=self.view.fast, by_name=by_name)

    # What the templates see -------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        """The form's editors and the lines."""
        return super().context() | {
            "editors": self.shown_editors,
            "groups": GROUPS,
            "prices": PRICE_FIELDS,
            "lines": self.lines,
            "slips": self.slips,
            "links": LINKS,
        }

    def shown_editors(self, specs: tuple[Field, ...]) -> list[Editor]:
        """The editors of a group, about to be seen: what they show is what later changes."""
        self.shown_address = self.space.order.address_id
        return [self.editor(spec) for spec in specs]

    def editor(self, spec: Field) -> Editor:
        """The editor of a field as it stands now."""
        language = self.state_language if spec.kind == "enum" else self.language
        words, raw = shown(self.space, spec, language, editing=self.editing)
        part = "Edit" if self.editing else "View"
        editor = Editor(
            prop=spec.prop,
            kind=spec.kind,
            segments=(*self.form_segments, *spec.layout.split("."), f"xaf_dvi{spec.prop}_{part}"),
            label=self.t(spec.prop),
            text=words,
            raw=raw,
            enabled=spec.editable and self.changeable,
            immediate=self.world.switches.is_immediate(spec.prop),
        )
        if spec.prop == "PURCHORDERFORMNUM":
            editor.max_length = self.world.switches.text_length
        if spec.kind in {"enum", "reference"}:
            editor.items, editor.raw = choices(spec, language), chosen(spec, raw)
        if spec.kind == "lookup":
            grid = self.lookups[spec.prop]
            grid.keeps_keys = self.world.switches.stale_keys
            grid.segments, grid.focused = (*editor.segments, "DDD", "gv"), str(raw)
            editor.grid, editor.null_text = grid, "N/A"
        return editor

    def look(self, grid: Grid) -> Look:
        """The lines have commands, sums and a row editor."""
        if grid is self.slips:
            return look_of(grid, "slips", self.language)
        if grid is not self.lines.grid:
            return super().look(grid)
        self.lines.show(editing=self.editing)
        can_add = self.changeable and self.space.customer is not None
        return look_of(
            grid, "lines", self.language, sums=(*self.lines.sums.items(),), can_add=can_add,
            can_delete=can_add and self.world.switches.line_delete == "row",
            editing_row=self.lines.editors() if grid.editing else None, editing_key=grid.editing,
        )  # fmt: skip

    def lines_menu(self) -> Menu:
        """The lines' own toolbar."""
        items = line_items(
            self.language, self.t("sales_lines"),
            editable=self.changeable and self.space.customer is not None,
            deletes=self.world.switches.line_delete == "toolbar",
        )  # fmt: skip
        return Menu(items, fast=self.view.fast, nested=self.lines.grid.segments[:-2])

    def grids(self) -> list[Grid]:
        """The lines and the lookups' grids."""
        return [self.lines.grid, self.lines.lookup, self.slips, *self.lookups.values()]

    def lose_lines(self, actor: Actor) -> None:
        """Forget the order's lines."""
        self.space.lose_lines(actor)

    def cut_text(self, length: int, actor: Actor) -> None:
        """Cut the description."""
        self.space.cut_description(length, actor)

    # Posts ------------------------------------------------------------------------------------

    def load(self, form: Form) -> None:
        """Take the grids' states and the tabs."""
        for grid in self.grids():
            if form.has(grid.unique_id):
                grid.load(form)
        self.upper_tab = self.tab(form, "xaf_l37_pg", self.upper_tab)
        self.lower_tab = self.tab(form, "xaf_l489_pg", self.lower_tab)
