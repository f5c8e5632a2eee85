"""From an address to the page that answers it."""

import re
import secrets
import uuid
from collections.abc import Callable

from starlette.requests import Request

from tests.erp_simulator.pages.customer_detail import CustomerDetail
from tests.erp_simulator.pages.customers_list import CustomersList
from tests.erp_simulator.pages.find_popup import FindPopup
from tests.erp_simulator.pages.frame import (
    BASE,
    CUSTOMER,
    CUSTOMERS,
    DETAIL,
    LIST,
    NAVIGATION,
    PRODUCTS,
    Page,
    login_url,
)
from tests.erp_simulator.pages.login import LoginPage
from tests.erp_simulator.pages.order_detail import OrderDetail
from tests.erp_simulator.pages.orders_list import OrdersList
from tests.erp_simulator.pages.products_list import ProductsList
from tests.erp_simulator.sessions import Session, View
from tests.erp_simulator.world import World

OBJECT = re.compile(f"({re.escape(DETAIL)}|{re.escape(CUSTOMER)})" + r"(\d+)/?")
FIXED: dict[str, Callable[[World, Session, View], Page]] = {
    LIST.rstrip("/"): OrdersList,
    PRODUCTS.rstrip("/"): ProductsList,
    CUSTOMERS.rstrip("/"): CustomersList,
}


class StubPage(Page):
    """A page of the sidebar that nobody needs yet."""

    def __init__(self, world: World, session: Session, view: View, caption: str) -> None:
        super().__init__(world, session, view)
        self.caption = caption


class ErrorPage(Page):
    """Where unhandled errors end."""

    template = "error_page.html"
    caption = "validation"


def page_for(world: World, session: Session, view: View, request: Request) -> Page | str:
    """The page for a GET, or the address to go to instead."""
    path, query = request.url.path, request.query_params
    if path.lower() == f"{BASE}/login.aspx".lower():
        return LoginPage(world, session, view, query.get("ReturnUrl", ""))
    if path == f"{BASE}/Error.aspx":
        return ErrorPage(world, session, view)
    if not session.user:
        target = path + (f"?{request.url.query}" if request.url.query else "")
        target = f"{BASE}/Default.aspx" if path in {"/", BASE, f"{BASE}/"} else target
        return login_url(target)
    if path == f"{BASE}/Default.aspx" and query.get("FindPopup") == "true":
        return _find_popup(world, session, view, query.get("ActionID", ""))
    if path in {"/", BASE, f"{BASE}/", f"{BASE}/Default.aspx"}:
        return f"{BASE}/Announcements_ListView/"
    return _inside(world, session, view, path, query.get("NewObject", ""), query.get("mode", ""))


def _inside(
    world: World, session: Session, view: View, path: str, new: str, mode: str
) -> Page | str:
    made_for = FIXED.get(path.rstrip("/"))
    if made_for is not None:
        return made_for(world, session, view)
    if path in {DETAIL, DETAIL.rstrip("/")} and new == "true":
        return OrderDetail(world, session, view, None, editing=True)
    if path in {CUSTOMER, CUSTOMER.rstrip("/")} and new == "true":
        return CustomerDetail(world, session, view, None, editing=True)
    found = OBJECT.fullmatch(path)
    if found is not None and found[2].isdecimal():
        open_object = _order if found[1] == DETAIL else _customer
        return open_object(world, session, view, int(found[2]), mode) or error_address()
    for caption, address in NAVIGATION:
        if path.rstrip("/") == address.rstrip("/"):
            return StubPage(world, session, view, caption)
    return error_address()


def _order(world: World, session: Session, view: View, number: int, mode: str) -> Page | None:
    orders = world.store.orders if mode == "Edit" else world.shown.orders
    stored = orders.get(number)
    if stored is None or stored.user != session.user:
        return None
    return OrderDetail(world, session, view, number, editing=mode == "Edit")


def _customer(world: World, session: Session, view: View, number: int, mode: str) -> Page | None:
    editing = mode == "Edit"
    customers = world.store.customers if editing else world.shown.customers
    stored = customers.get(number)
    if stored is None or stored.owner not in {"", session.user} or (stored.corrupt and editing):
        return None
    return CustomerDetail(world, session, view, number, editing=editing)


def error_address() -> str:
    """Where unhandled errors end, under a number of their own."""
    return f"{BASE}/Error.aspx?e={uuid.UUID(bytes=secrets.token_bytes(16))}"


def _find_popup(world: World, session: Session, view: View, number: str) -> Page | str:
    for open_view in session.views.values():
        request = open_view.page.finds.get(number)
        if request is not None:
            return FindPopup(world, session, view, request)
    return error_address()
