"""The list of the agent's customers."""

from decimal import Decimal
from typing import Any

from tests.erp_simulator.customer_texts import CUSTOMER_FILTERS, CUSTOMER_VIEWS
from tests.erp_simulator.customers import Customer
from tests.erp_simulator.editors import Editor
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Column
from tests.erp_simulator.languages import DELIVERY_MODES
from tests.erp_simulator.menus import Menu, customer_items
from tests.erp_simulator.pages.customer_columns import customers_columns
from tests.erp_simulator.pages.frame import CUSTOMER, Answer, Gesture, redirect
from tests.erp_simulator.pages.list_page import ListPage
from tests.erp_simulator.sessions import Session, View
from tests.erp_simulator.store import Order
from tests.erp_simulator.world import World

PREFIX = "xaf_xaf_a1"
FILTER_FIELD = "Vertical_mainMenu_Menu_ITCNT7_xaf_a1_Cb_VI"


class CustomersList(ListPage):
    """The customers that are everybody's or the agent's own."""

    caption = "customers"
    number = 12
    object_type = "CUSTTABLE"

    def __init__(self, world: World, session: Session, view: View) -> None:
        super().__init__(world, session, view)
        self.refresh_menu()

    @property
    def row_handler(self) -> str:
        """Who hears of clicks on rows."""
        return f"GVPRCHC{self.view.fast}"

    def columns(self) -> list[Column]:
        """The model's columns."""
        return customers_columns(self.language)

    def refresh_menu(self) -> None:
        """Make the toolbar with the filter as it is now."""
        chosen = PREFIX + self.profile.customer_filter
        views = self._combo("ChangeVariant", ("ITCNT4", "xaf_a0"), CUSTOMER_VIEWS, "xaf_xaf_a0")
        combo = self._combo("SetFilter", ("ITCNT7", "xaf_a1"), CUSTOMER_FILTERS, PREFIX, chosen)
        items = customer_items(self.language, self.title, views, combo)
        self.menu = Menu(items, fast=self.view.fast, hides=(7, 6, 5, 4, 3, 2, 1, 0))

    def _combo(
        self, name: str, place: tuple[str, str], words: tuple[tuple[str, str, str], ...],
        prefix: str, chosen: str = "",
    ) -> Editor:  # fmt: skip
        side = 1 if self.language == "it" else 2
        items = [(prefix + entry[0], entry[side]) for entry in words]
        raw = chosen or items[0][0]
        return Editor(
            prop=name, kind="filter", segments=("Vertical", "mainMenu", "Menu", *place, "Cb"),
            text=dict(items)[raw], raw=raw, items=items,
        )  # fmt: skip

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """The row's actions, or the toolbar's."""
        if handler == self.row_handler:
            return self._row(argument)
        if self.menu is not None and handler == self.menu.handler and argument in {"4", "7"}:
            return Gesture("list", lambda _: self._filter(form))
        actions: dict[str, Gesture] = {
            "New": Gesture("action", lambda _: redirect(f"{CUSTOMER}?NewObject=true")),
            "Edit": Gesture("action", lambda _: self._edit()),
            "SendMessage": Gesture("action", lambda _: self.update()),
        }
        name = self.menu.action(handler, argument) if self.menu else ""
        return actions.get(name) or super().xaf(handler, argument, form)

    def _row(self, argument: str) -> Gesture | None:
        word, _, shown_object = argument.partition(":")
        number = shown_object.partition("CUSTTABLE(")[2].rstrip(")")
        mode = {"ListViewShowObject": "View", "Edit": "Edit"}.get(word)
        if mode is None or not number.isdecimal():
            return None
        return Gesture("action", lambda _: redirect(f"{CUSTOMER}{number}/?mode={mode}"))

    def _edit(self) -> Answer:
        if len(self.list.selected) != 1:
            return self.update()
        return redirect(f"{CUSTOMER}{next(iter(self.list.selected))}/?mode=Edit")

    def _filter(self, form: Form) -> Answer:
        name = form.get(FILTER_FIELD).removeprefix(PREFIX)
        if name in {entry[0] for entry in CUSTOMER_FILTERS}:
            self.profile.customer_filter = name
            self.list.page_index = 0
        self.refresh_menu()
        return self.update()

    # Rows -------------------------------------------------------------------------------------

    def records(self) -> list[dict[str, Any]]:
        """The agent's customers under the filter."""
        user, wanted = self.session.user, self.profile.customer_filter
        owners = {"Exclusiv_customers": {user}, "Free_customers": {""}}.get(wanted, {"", user})
        orders: dict[int, list[Order]] = {}
        for order in self.world.store.orders.values():
            orders.setdefault(order.customer_id, []).append(order)
        customers = self.world.shown.customers.values()
        return [_record(one, orders.get(one.id, [])) for one in customers if one.owner in owners]


def _record(customer: Customer, orders: list[Order]) -> dict[str, Any]:
    return {
        "ID": customer.id, "ACCOUNTNUM": customer.account, "NAME": customer.name,
        "VATNUM": customer.vat, "LEGALEMAIL": customer.legalemail,
        "LEGALAUTHORITY": customer.legalauthority, "FISCALCODE": customer.fiscalcode,
        "DLVMODE.TXT": DELIVERY_MODES[customer.dlvmode], "STREET": customer.street,
        "LOGISTICSADDRESSZIPCODE.ZIPCODE": customer.zip, "CITY": customer.city,
        "PHONE": customer.phone, "CELLULARPHONE": customer.cellularphone,
        "URL": customer.url, "BRASCRMATTENTIONTO": customer.attention,
        "LASTORDERDATE": max((o.created.date() for o in orders), default=None),
        "ORDERCOUNTACT": len(orders), "SALESACT": Decimal(0),
        "ORDERCOUNTPREV": 0, "SALESPREV": Decimal(0), "ORDERCOUNTPREV2": 0,
        "SALESPREV2": Decimal(0), "BUSRELTYPEID.TYPEDESCRIPTION": "",
        "BUSRELTYPEID.TYPEID": "", "EXTERNALACCOUNTNUM": "", "OURACCOUNTNUM": "",
    }  # fmt: skip
