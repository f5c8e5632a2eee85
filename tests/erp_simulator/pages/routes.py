"""From an address to the page that answers it."""

import re
import secrets
import uuid

from starlette.requests import Request

from tests.erp_simulator.pages.frame import (
    BASE,
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

ORDER = re.compile(re.escape(DETAIL) + r"(\d+)/?")


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
    if path in {"/", BASE, f"{BASE}/", f"{BASE}/Default.aspx"}:
        return f"{BASE}/Announcements_ListView/"
    return _inside(world, session, view, path, query.get("NewObject", ""), query.get("mode", ""))


def _inside(
    world: World, session: Session, view: View, path: str, new: str, mode: str
) -> Page | str:
    if path in {LIST, LIST.rstrip("/")}:
        return OrdersList(world, session, view)
    if path in {PRODUCTS, PRODUCTS.rstrip("/")}:
        return ProductsList(world, session, view)
    if path in {DETAIL, DETAIL.rstrip("/")} and new == "true":
        return OrderDetail(world, session, view, None, editing=True)
    order = ORDER.fullmatch(path)
    if order and order[1].isdecimal():
        number = int(order[1])
        stored = world.store.orders.get(number)
        if stored is not None and stored.user == session.user:
            return OrderDetail(world, session, view, number, editing=mode == "Edit")
    for caption, address in NAVIGATION:
        if path.rstrip("/") == address.rstrip("/"):
            return StubPage(world, session, view, caption)
    return f"{BASE}/Error.aspx?e={uuid.UUID(bytes=secrets.token_bytes(16))}"
