"""The order's page: new, view and edit."""

from collections.abc import Callable
from typing import Any

from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.editors import (
    FIELDS,
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
from tests.erp_simulator.menus import Menu, edit_items, view_items
from tests.erp_simulator.object_space import OrderSpace
from tests.erp_simulator.pages.frame import DETAIL, LIST, Answer, Gesture, Page, redirect
from tests.erp_simulator.pages.grid_markup import Look, look_of
from tests.erp_simulator.pages.lookups import address_grid, customer_grid, run_lookup
from tests.erp_simulator.pages.order_fields import read_fields
from tests.erp_simulator.pages.order_lines import LinesGrid
from tests.erp_simulator.sessions import Session, View, new_random
from tests.erp_simulator.store import Actor
from tests.erp_simulator.world import World

SAVES = {"Save": "save", "SaveAndClose": "save_and_close", "SaveAndNew": "save_and_close"}
LINE_COMMANDS = {"ADDNEWROW": "add_line", "STARTEDIT": "add_line", "CANCELEDIT": "field",
                 "UPDATEEDIT": "line", "DELETEROW": "line"}  # fmt: skip


class OrderDetail(Page):
    """One order in one page."""

    template = "order_detail.html"
    latency = "page:detail"

    def __init__(self, world: World, session: Session, view: View, order_id: int | None, *,
                 editing: bool) -> None:  # fmt: skip
        super().__init__(world, session, view)
        self.space = OrderSpace(world, session.user, order_id)
        self.editing = editing
        self.new = order_id is None
        self.upper_tab = self.lower_tab = 0
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
        self.lookups = {
            "CUSTTABLE": customer_grid((), world.store, session.language),
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
            items = [item for item in items if item.name != "Delete"]
        by_name = frozenset(SAVES) if switches.save_form == "name" else frozenset()
        self.menu = Menu(items, fast=self.view.fast, by_name=by_name)

    # What the templates see -------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        """The form's editors and the lines."""
        return super().context() | {
            "editors": lambda specs: [self.editor(spec) for spec in specs],
            "groups": GROUPS,
            "prices": PRICE_FIELDS,
            "lines": self.lines,
            "links": LINKS,
        }

    def editor(self, spec: Field) -> Editor:
        """The editor of a field as it stands now."""
        words, raw = shown(self.space, spec, self.language, editing=self.editing)
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
            editor.items, editor.raw = choices(spec, self.language), chosen(spec, raw)
        if spec.kind == "lookup":
            grid = self.lookups[spec.prop]
            grid.segments, grid.focused = (*editor.segments, "DDD", "gv"), str(raw)
            editor.grid, editor.null_text = grid, "N/A"
        return editor

    def look(self, grid: Grid) -> Look:
        """The lines have commands, sums and a row editor."""
        if grid is not self.lines.grid:
            return super().look(grid)
        self.lines.show(editing=self.editing)
        look = look_of(grid, "lines", self.language)
        look.sums = self.lines.sums
        look.can_add = self.changeable and self.space.customer is not None
        if grid.editing:
            look.editing_row, look.editing_key = self.lines.editors(), grid.editing
        return look

    def grids(self) -> list[Grid]:
        """The lines and the lookups' grids."""
        return [self.lines.grid, self.lines.lookup, *self.lookups.values()]

    # Posts ------------------------------------------------------------------------------------

    def load(self, form: Form) -> None:
        """Take the grids' states and the tabs."""
        for grid in self.grids():
            if form.has(grid.unique_id):
                grid.load(form)
        self.upper_tab = _tab(form, "xaf_l37_pg", self.upper_tab)
        self.lower_tab = _tab(form, "xaf_l489_pg", self.lower_tab)

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """An immediate post, or an action of the toolbar."""
        if not handler and not argument:
            return self._immediate(form)
        name = self.menu.action(handler, argument) if self.menu else ""
        if name in SAVES and self.editing:
            return Gesture(
                "save",
                lambda actor: self._save(name, form, actor),
                writes=True,
                latency=SAVES[name],
            )
        page = f"{DETAIL}{self.space.order.id}/"
        actions: dict[str, Callable[[], Answer]] = {
            "New": lambda: redirect(f"{DETAIL}?NewObject=true"),
            "SwitchToEditMode": lambda: redirect(f"{page}?mode=Edit"),
            "Cancel": lambda: redirect(LIST if self.new else f"{page}?mode=View"),
            "Refresh": self._reload,
            "ResetViewSettings": self.update,
            "Validate": self.update,
            "PreviousObject": lambda: self._neighbour(-1),
            "NextObject": lambda: self._neighbour(1),
        }
        action = actions.get(name)
        return Gesture("action", lambda _: action()) if action else None

    def _immediate(self, form: Form) -> Gesture | None:
        if not self.changeable:
            return None
        customer = self._posted_key("CUSTTABLE", form)
        if customer and customer != self.space.order.customer_id:
            return Gesture(
                "customer", lambda actor: self._choose_customer(customer, form, actor), writes=True
            )
        if self.lines.article_changed(form):
            writes = self.world.switches.persist_on == "article" and not self.space.durable
            return Gesture(
                "article", lambda actor: self._choose_article(form, actor), writes=writes
            )
        return Gesture("field", lambda actor: self._take(form, actor))

    def _posted_key(self, prop: str, form: Form) -> int:
        name = self.editor(FIELDS[prop]).unique_id
        focused = str(form.state(f"{name}$DDD$gv").get("focusedKey") or "")
        return int(focused) if focused.isdecimal() and form.get(name).strip() else 0

    def _choose_customer(self, customer: int, form: Form, actor: Actor) -> Answer:
        read_fields(self, form)
        if customer not in self.world.store.customers:
            self.errors = [self.t("customer_empty")]
            return self.update()
        self.errors = []
        self.space.choose_customer(customer, actor)
        self.lookups["CUSTTABLE"].search = ""
        return self.update()

    def _choose_article(self, form: Form, actor: Actor) -> Answer:
        read_fields(self, form)
        self.lines.load(form, actor)
        return self.update(self._keyed_url(form))

    def _take(self, form: Form, actor: Actor) -> Answer:
        read_fields(self, form)
        address = self._posted_key("DELIVERYPOSTALADDRESS", form)
        if self.space.customer and address in {a.id for a in self.space.customer.addresses}:
            self.space.order.address_id = address
        self.lines.load(form, actor)
        return self.update()

    def _keyed_url(self, form: Form) -> str:
        scroll = f"{_digits(form.get('Sc$xPos'))}_{_digits(form.get('Sc$yPos'))}"
        return f"{DETAIL}{self.space.order.id}/?ScrollPosition={scroll}&mode=Edit"

    def _save(self, name: str, form: Form, actor: Actor) -> Answer:
        read_fields(self, form)
        if self.space.customer is None:
            self.errors = [self.t("customer_empty")]
            return self.update()
        self.errors = []
        if not self.space.locked:
            self.space.save(actor)
        self.world.profile(self.session.user).save_action = name
        if name == "SaveAndNew":
            return redirect(f"{DETAIL}?NewObject=true")
        if name == "SaveAndClose":
            if self.world.switches.save_and_close_lands == "list":
                return redirect(LIST)
            return redirect(f"{DETAIL}{self.space.order.id}/?mode=View")
        self.new = False
        self.upper_tab = 0  # after a save the page returns to its first tab
        self.refresh_menu()
        return self.update(self._keyed_url(form))

    def _reload(self) -> Answer:
        if self.space.durable:
            self.space.order = self.world.store.copy_of(self.space.order.id)
        self.lines.grid.editing, self.lines.row = "", None
        return self.update()

    def _neighbour(self, step: int) -> Answer:
        numbers = sorted(order.id for order in self.world.store.orders_of(self.session.user))
        here = numbers.index(self.space.order.id) if self.space.order.id in numbers else 0
        other = numbers[max(0, min(here + step, len(numbers) - 1))]
        return redirect(f"{DETAIL}{other}/?mode={'Edit' if self.editing else 'View'}")

    def on_grid(self, grid: Grid, callback: GridCallback, form: Form) -> Gesture | None:
        """Commands of the lines grid and of the lookups."""
        if grid is not self.lines.grid:
            return self._on_lookup(grid, callback)
        if callback.command in LINE_COMMANDS:
            if not self.changeable:
                return None
            what = LINE_COMMANDS[callback.command]
            return Gesture(
                what, lambda actor: self._line(callback, form, actor), writes=what == "line"
            )
        return Gesture("list", lambda _: self._shown(grid, callback))

    def _on_lookup(self, grid: Grid, callback: GridCallback) -> Gesture:
        def run(_: Actor) -> Answer:
            if not run_lookup(grid, callback):
                return self._shown(grid, callback)
            return self.grid_answer(grid)

        return Gesture("lookup", run)

    def _shown(self, grid: Grid, callback: GridCallback) -> Answer:
        if not grid.run(callback):
            raise ValueError(f"unknown command {callback.command}")
        return self.grid_answer(grid)

    def _line(self, callback: GridCallback, form: Form, actor: Actor) -> Answer:
        read_fields(self, form)
        if not self.lines.run(callback, form, actor):
            raise ValueError(f"command {callback.command} is impossible now")
        return self.grid_answer(self.lines.grid)


def _tab(form: Form, control: str, before: int) -> int:
    for name in form.names():
        if name.endswith(f"${control}"):
            index = form.state(name).get("activeTabIndex", before)
            return index if isinstance(index, int) else before
    return before


def _digits(text: str) -> str:
    return text if text.isdecimal() else "0"
