"""The list of the agent's orders."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.erp_simulator.editors import Editor
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Column
from tests.erp_simulator.languages import LINE_DISCOUNTS, VIEW_FILTERS, enum_text
from tests.erp_simulator.menus import Menu, list_items
from tests.erp_simulator.pages import list_actions
from tests.erp_simulator.pages.frame import DETAIL, Answer, Gesture, redirect
from tests.erp_simulator.pages.list_columns import orders_columns
from tests.erp_simulator.pages.list_page import ListPage
from tests.erp_simulator.store import Actor, Order
from tests.erp_simulator.world import World

FILTER_PREFIX = "xaf_xaf_a1ListViewSalesTable"
FILTER_FIELD = "Vertical_mainMenu_Menu_ITCNT8_xaf_a1_Cb_VI"

Action = Callable[[World, list[Order], Actor], str]
ACTIONS: dict[str, tuple[str, Action]] = {
    "Delete": ("delete", list_actions.delete),
    "SendOrder": ("send", list_actions.send),
    "CloneOrder": ("clone", list_actions.clone),
}


class OrdersList(ListPage):
    """The orders list; what it shows is kept for the user, across sessions."""

    number = 6
    default_sort = ("ID", True)

    def follow(self) -> None:
        """Show the user's view, the filter with it."""
        super().follow()
        self.view_filter = self.profile.view_filter
        self.refresh_menu()

    @property
    def row_handler(self) -> str:
        """Who hears of clicks on rows."""
        return f"GVPRCHC{self.view.fast}"

    def columns(self) -> list[Column]:
        """The model's columns."""
        return orders_columns(self.language)

    def refresh_menu(self) -> None:
        """Make the toolbar with the filter as it is now."""
        side = 1 if self.language == "it" else 2
        words = {entry[0]: entry[side] for entry in VIEW_FILTERS}
        combo = Editor(
            prop="SetFilter",
            kind="filter",
            segments=("Vertical", "mainMenu", "Menu", "ITCNT8", "xaf_a1", "Cb"),
            text=words[self.view_filter],
            raw=FILTER_PREFIX + self.view_filter,
            items=[(FILTER_PREFIX + name, caption) for name, caption in words.items()],
        )
        items = list_items(self.language, self.title, combo)
        self.menu = Menu(items, fast=self.view.fast, hides=(8, 7, 6, 4, 3, 2, 1, 5, 0))

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """The row's actions, or the toolbar's."""
        if handler == self.row_handler:
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
        }
        return actions.get(name) or super().xaf(handler, argument, form)

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

    def _filter(self, form: Form) -> Answer:
        name = form.get(FILTER_FIELD).removeprefix(FILTER_PREFIX)
        if name in {entry[0] for entry in VIEW_FILTERS}:
            self.view_filter = self.profile.view_filter = name
            self.list.page_index = 0
        self.refresh_menu()
        return self.update()

    # Rows -------------------------------------------------------------------------------------

    def records(self) -> list[dict[str, Any]]:
        """The agent's orders under the view filter."""
        user = self.session.user
        orders = [order for order in self.world.shown.orders.values() if order.user == user]
        passes, today = FILTERS[self.view_filter], datetime.now(UTC).date()
        return [self._record(order) for order in orders if passes(order, today)]

    def _record(self, order: Order) -> dict[str, Any]:
        language, total = self.state_language, order.total
        customer = self.world.store.customers[order.customer_id]
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
            "TRANSFERSTATUS": enum_text("transferstatus", order.shown_status, language),
            "TRANSFERREDDATE": order.transferred, "COMPLETEDDATE": order.completed,
            "QUOTE": enum_text("quote", order.quote, language),
            "MANUALDISCOUNT": order.manualdiscount, "GROSSAMOUNT": total,
            "AmountTotal": total, "SAMPLEORDER": order.sampleorder, "EMAIL": customer.email,
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
    "OrdersEntered": lambda order, _today: order.shown_status == 0,
    "OrdersCompleted": lambda order, _today: order.completed is not None,
    "OrdersApprovalRM": lambda order, _today: order.shown_status == 1,
    "OrdersTransferred": lambda order, _today: order.shown_status == 2,
    "Quote": lambda order, _today: order.quote == 1,
}
