"""What posts from the order's page do."""

from collections.abc import Callable
from dataclasses import replace

from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.pages.frame import DETAIL, LIST, Answer, Gesture, redirect
from tests.erp_simulator.pages.list_actions import delete
from tests.erp_simulator.pages.list_page import PDF
from tests.erp_simulator.pages.lookups import run_lookup
from tests.erp_simulator.pages.order_fields import posted_key, read_fields
from tests.erp_simulator.pages.order_page import SAVES, OrderPage
from tests.erp_simulator.store import Actor

LINE_COMMANDS = {"ADDNEWROW": "add_line", "STARTEDIT": "add_line", "CANCELEDIT": "field",
                 "UPDATEEDIT": "line", "DELETEROW": "line"}  # fmt: skip


class OrderDetail(OrderPage):
    """One order in one page."""

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """An immediate post, or an action of the toolbar."""
        if not handler and not argument:
            return self._immediate(form)
        nested = self.lines_menu().action(handler, argument)
        if nested:
            return self._nested(nested)
        name = self.menu.action(handler, argument) if self.menu else ""
        if name in SAVES and self.editing:
            return Gesture(
                "save",
                lambda actor: self._save(name, form, actor),
                writes=True,
                latency=SAVES[name],
            )
        if name == "Delete" and self.space.durable:
            return Gesture("delete", self._delete, writes=True)
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

    def _nested(self, name: str) -> Gesture | None:
        if name == "Export":
            return Gesture("export", lambda _: Answer(download=PDF))
        if name == "ResetViewSettings":
            return Gesture("action", lambda _: self.update())
        by_toolbar = self.world.switches.line_delete == "toolbar"
        if name == "Delete" and self.changeable and by_toolbar:
            return Gesture("line", self._delete_lines, writes=True)
        return None

    def _delete_lines(self, actor: Actor) -> Answer:
        if self.space.changed_meanwhile:
            return self.refuse(self.t("changed_meanwhile"))
        for key in sorted(self.lines.grid.selected):
            self.space.remove_line(int(key), actor)
        self.lines.grid.selected.clear()
        return self.update()

    def _immediate(self, form: Form) -> Gesture | None:
        if not self.changeable:
            return None
        customer = posted_key(self, "CUSTTABLE", form)
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

    def _choose_customer(self, customer: int, form: Form, actor: Actor) -> Answer:
        read_fields(self, form, actor)
        if customer not in self.world.store.customers:
            self.errors = [self.t("customer_empty")]
            return self.update()
        self.errors = []
        self.space.choose_customer(customer, actor)
        self.lookups["CUSTTABLE"].search = ""
        return self.update()

    def _choose_article(self, form: Form, actor: Actor) -> Answer:
        read_fields(self, form, actor)
        self.lines.load(form, actor)
        self.space.reset_address()
        answer = self.update(self._keyed_url(form))
        answer.payload["cp"]["cpBlur"] = self._focus_goes_elsewhere()
        return answer

    def _take(self, form: Form, actor: Actor) -> Answer:
        read_fields(self, form, actor)
        before = replace(self.lines.row) if self.lines.row else None
        self.lines.load(form, actor)
        if self.lines.row != before:
            self.space.reset_address()
        return self.update()

    def _keyed_url(self, form: Form) -> str:
        return f"{DETAIL}{self.space.order.id}/?ScrollPosition={self.scroll(form)}&mode=Edit"

    def _save(self, name: str, form: Form, actor: Actor) -> Answer:
        read_fields(self, form, actor)
        if self.space.customer is None:
            self.errors = [self.t("customer_empty")]
            return self.update()
        self.errors = []
        if self.space.changed_meanwhile:
            return self.refuse(self.t("changed_meanwhile"))
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
        return self.settled(self._keyed_url(form))

    def _delete(self, actor: Actor) -> Answer:
        order = self.world.store.orders.get(self.space.order.id)
        refused = delete(self.world, [order] if order else [], actor)
        return self.refuse(self.t(refused)) if refused else redirect(LIST)

    def _reload(self) -> Answer:
        if self.space.durable:
            self.space.order = self.world.store.copy_of(self.space.order.id)
        self.lines.grid.editing, self.lines.row = "", None
        return self.settled()

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
        read_fields(self, form, actor)
        if callback.command in {"UPDATEEDIT", "DELETEROW"} and self.space.changed_meanwhile:
            return Answer({"error": {"message": self.t("changed_meanwhile"), "data": ""}})
        if not self.lines.run(callback, form, actor):
            raise ValueError(f"command {callback.command} is impossible now")
        self.space.reset_address()
        cp = {}
        if callback.command == "ADDNEWROW" and not self._focus_goes_elsewhere():
            cp["cpFocus"] = self.lines.article_input
        return self.grid_answer(self.lines.grid, **cp)

    def _focus_goes_elsewhere(self) -> bool:
        return self.world.happens(self.world.switches.focus_lost)
