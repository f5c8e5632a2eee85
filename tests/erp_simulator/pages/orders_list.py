"""The list of the agent's orders."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.editors import Editor
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.languages import LINE_DISCOUNTS, VIEW_FILTERS, enum_text
from tests.erp_simulator.menus import Menu, list_items
from tests.erp_simulator.pages import list_actions
from tests.erp_simulator.pages.frame import DETAIL, Answer, Gesture, Page, redirect
from tests.erp_simulator.pages.list_columns import orders_columns
from tests.erp_simulator.sessions import Session, View
from tests.erp_simulator.store import Actor, Order
from tests.erp_simulator.world import World

FILTER_PREFIX = "xaf_xaf_a1ListViewSalesTable"
FILTER_FIELD = "Vertical_mainMenu_Menu_ITCNT8_xaf_a1_Cb_VI"
SEARCH_FIELD = "Vertical$SearchAC$Menu$ITCNT0$xaf_a0$Ed"

Action = Callable[[World, list[Order], Actor], str]
ACTIONS: dict[str, tuple[str, Action]] = {
    "Delete": ("delete", list_actions.delete),
    "SendOrder": ("send", list_actions.send),
    "CloneOrder": ("clone", list_actions.clone),
}


class OrdersList(Page):
    """The orders list; what it shows is kept for the user, across sessions."""

    template = "orders_list.html"
    latency = "page:list"

    def __init__(self, world: World, session: Session, view: View) -> None:
        super().__init__(world, session, view)
        self.profile = world.profile(session.user)
        self.search = ""
        self.list = Grid(
            ("Vertical", f"v6_{view.random}", "LE_v6"),
            orders_columns(session.language),
            self._records,
            page_size=self.profile.page_size,
            page_index=self.profile.page_index,
            sort=self.profile.sort or [("ID", True)],
            filters=dict(self.profile.filters),
        )
        self.refresh_menu()

    def refresh_menu(self) -> None:
        """Make the toolbar with the filter as it is now."""
        side = 1 if self.language == "it" else 2
        words = {entry[0]: entry[side] for entry in VIEW_FILTERS}
        combo = Editor(
            prop="SetFilter",
            kind="filter",
            segments=("Vertical", "mainMenu", "Menu", "ITCNT8", "xaf_a1", "Cb"),
            text=words[self.profile.view_filter],
            raw=FILTER_PREFIX + self.profile.view_filter,
            items=[(FILTER_PREFIX + name, caption) for name, caption in words.items()],
        )
        self.menu = Menu(list_items(self.language, self.title, combo), fast=self.view.fast)

    def context(self) -> dict[str, Any]:
        """The grid."""
        return super().context() | {"list": self.list}

    def grids(self) -> list[Grid]:
        """The list's grid."""
        return [self.list]

    def load(self, form: Form) -> None:
        """Take the grid's state: the selection comes with every body."""
        self.list.load(form)

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """Search, the row's actions, or the toolbar's."""
        if (handler, argument) == ("Vertical$SearchAC", "0"):
            return Gesture("list", lambda _: self._search(form))
        if handler == f"GVPRCHC{self.view.fast}":
            return self._row(argument)
        if handler == self.menu.handler and argument == "8":  # type: ignore[union-attr]
            return Gesture("list", lambda _: self._filter(form))
        name = self.menu.action(handler, argument) if self.menu else ""
        if name in ACTIONS:
            what, act = ACTIONS[name]
            return Gesture(what, lambda actor: self._act(act, actor), writes=True)
        actions: dict[str, Gesture] = {
            "New": Gesture("action", lambda _: redirect(f"{DETAIL}?NewObject=true")),
            "Edit": Gesture("action", lambda _: self._edit()),
            "Refresh": Gesture("list", lambda _: self.update()),
            "ResetViewSettings": Gesture("list", lambda _: self.update()),
        }
        return actions.get(name)

    def _act(self, act: Action, actor: Actor) -> Answer:
        orders = self.world.store.orders
        mine = [orders[int(key)] for key in sorted(self.list.selected) if int(key) in orders]
        refused = act(self.world, [o for o in mine if o.user == self.session.user], actor)
        if refused:
            return self.refuse(self.t(refused))
        self.list.selected.clear()
        return self.update()

    def _row(self, argument: str) -> Gesture | None:
        word, _, shown_object = argument.partition(":")
        number = shown_object.partition("SALESTABLE(")[2].rstrip(")")
        mode = {"ListViewShowObject": "View", "Edit": "Edit"}.get(word)
        if mode is None or not number.isdecimal():
            return None
        return Gesture("action", lambda _: redirect(f"{DETAIL}{number}/?mode={mode}"))

    def _edit(self) -> Answer:
        if len(self.list.selected) != 1:
            return self.update()
        return redirect(f"{DETAIL}{next(iter(self.list.selected))}/?mode=Edit")

    def _search(self, form: Form) -> Answer:
        self.search = form.get(SEARCH_FIELD).strip()
        if self.search == self.t("search"):
            self.search = ""
        self.list.search, self.list.page_index = self.search, 0
        return self.update()

    def _filter(self, form: Form) -> Answer:
        name = form.get(FILTER_FIELD).removeprefix(FILTER_PREFIX)
        if name in {entry[0] for entry in VIEW_FILTERS}:
            self.profile.view_filter = name
            self.list.page_index = 0
        self.refresh_menu()
        return self.update()

    def on_grid(self, grid: Grid, callback: GridCallback, form: Form) -> Gesture | None:  # noqa: ARG002
        """Paging, sorting, filtering, selecting."""

        def run(_: Any) -> Answer:
            if not grid.run(callback):
                raise ValueError(f"unknown command {callback.command}")
            answer = self.grid_answer(grid)
            profile = self.profile
            profile.page_size, profile.page_index = grid.page_size, grid.page_index
            profile.sort, profile.filters = list(grid.sort), dict(grid.filters)
            return answer

        return Gesture("list", run)

    # Rows -------------------------------------------------------------------------------------

    def _records(self) -> list[dict[str, Any]]:
        orders = self.world.store.orders_of(self.session.user)
        passes, today = FILTERS[self.profile.view_filter], datetime.now(UTC).date()
        return [self._record(order) for order in orders if passes(order, today)]

    def _record(self, order: Order) -> dict[str, Any]:
        store, language = self.world.store, self.language
        customer = store.customers[order.customer_id]
        address = next(
            (a for a in customer.addresses if a.id == order.address_id), customer.addresses[0]
        )
        return {
            "ID": order.id, "SALESID": order.salesid, "CUSTACCOUNT": customer.account,
            "SALESNAME": customer.name, "DELIVERYNAME": address.name,
            "DLVADDRESS": f"{address.street}\n{address.zip} {address.city}",
            "CREATEDDATETIME": order.created, "DELIVERYDATE": order.deliverydate,
            "PURCHORDERFORMNUM": order.purchorderformnum, "CUSTOMERREF": order.customerref,
            "SALESSTATUS": enum_text("salesstatus", order.salesstatus, language),
            "SALESTYPE": enum_text("salestype", order.salestype, language),
            "DOCUMENTSTATUS": enum_text("documentstatus", order.documentstatus, language),
            "SALESORIGINID.DESCRIPTION": "Agent",
            "TRANSFERSTATUS": enum_text("transferstatus", order.transferstatus, language),
            "TRANSFERREDDATE": order.transferred, "COMPLETEDDATE": order.completed,
            "QUOTE": enum_text("quote", order.quote, language),
            "MANUALDISCOUNT": order.manualdiscount, "GROSSAMOUNT": order.total,
            "AmountTotal": order.total, "SAMPLEORDER": order.sampleorder, "EMAIL": customer.email,
            "CREATEDBY": order.user, "TEXTEXTERNAL": order.textexternal,
            "TEXTINTERNAL": order.textinternal, "VATNUM": customer.vat,
            "LINEDISC.NAME": LINE_DISCOUNTS[order.linedisc],
        }  # fmt: skip


FILTERS: dict[str, Callable[[Order, date], bool]] = {
    "OrdersAll": lambda _order, _today: True,
    "OrdersToday": lambda order, today: order.created.date() == today,
    "OrdersThisWeek": lambda order, today: (
        order.created.date() >= today - timedelta(days=today.weekday())
    ),
    "OrdersThisMonth": lambda order, today: order.created.date() >= today.replace(day=1),
    "OrdersEntered": lambda order, _today: order.transferstatus == 0,
    "OrdersCompleted": lambda order, _today: order.completed is not None,
    "OrdersApprovalRM": lambda order, _today: order.transferstatus == 1,
    "OrdersTransferred": lambda order, _today: order.transferstatus == 2,
    "Quote": lambda order, _today: order.quote == 1,
}
