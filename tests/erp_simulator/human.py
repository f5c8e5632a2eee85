"""What the user does in another window, at once, while somebody else uses the site in its name."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.erp_simulator.languages import VIEW_FILTERS
from tests.erp_simulator.pages import list_actions
from tests.erp_simulator.pages.list_page import ListPage
from tests.erp_simulator.sessions import ListSettings
from tests.erp_simulator.store import Actor, Order
from tests.erp_simulator.world import World

Values = dict[str, Any]


class Human:
    """One user's other client."""

    def __init__(self, world: World, user: str) -> None:
        if user not in world.store.agents:
            raise ValueError(f"no agent {user!r}")
        self._world = world
        self._user = user
        self._actor = Actor(user=user, session="human", request=0)

    def act(self, do: str, values: Values) -> None:
        """Do one thing; ValueError when it makes no sense, or when the ERP refuses it."""
        deeds: dict[str, Callable[[Values], None]] = {
            "edit": self._edit, "send": self._send, "delete": self._delete, "clone": self._clone,
            "filter": self._filter, "search": self._search, "select": self._select,
            "customer": self._customer, "columns": self._columns, "sort": self._sort, "page": self._page,
        }  # fmt: skip
        if do not in deeds:
            raise ValueError(f"nobody does {do!r}; known: {', '.join(deeds)}")
        try:
            deeds[do](values)
        except KeyError as error:
            raise ValueError(f"{do} wants {error}") from error

    # Orders -----------------------------------------------------------------------------------

    def _order(self, values: Values) -> Order:
        order = self._world.store.orders.get(int(values["order"]))
        if order is None or order.user != self._user:
            raise ValueError(f"{self._user} has no order {values['order']}")
        return order

    def _edit(self, values: Values) -> None:
        order, store = self._order(values), self._world.store
        wanted = int(values.get("line", 1))
        line = next((one for one in order.lines if one.linenum == wanted), None)
        if line is None:
            raise ValueError(f"order {order.id} has no line {wanted}")
        line.quantity = Decimal(str(values["quantity"]))
        order.version += 1
        store.record("line_changed", order.id, self._actor, line.linenum, store.line_json(line))
        store.record("order_saved", order.id, self._actor)

    def _send(self, values: Values) -> None:
        self._refused(list_actions.send(self._world, [self._order(values)], self._actor))

    def _delete(self, values: Values) -> None:
        self._refused(list_actions.delete(self._world, [self._order(values)], self._actor))

    def _clone(self, values: Values) -> None:
        self._refused(list_actions.clone(self._world, [self._order(values)], self._actor))

    def _customer(self, values: Values) -> None:
        store, number = self._world.store, int(values["customer"])
        wanted = values.keys() & {"phone", "name", "custinfo"}
        changed: dict[str, Any] = {name: str(values[name]) for name in wanted}
        if number not in store.customers:
            raise ValueError(f"no customer {number}")
        store.customers[number] = replace(store.customers[number], **changed)
        store.record("customer_changed", number, self._actor, fields=changed)

    def _refused(self, key: str) -> None:
        if key:
            raise ValueError(f"refused: {key}")

    # The list ---------------------------------------------------------------------------------

    def _settings(self, values: Values) -> ListSettings:
        return self._world.profile(self._user).of_list(str(values.get("list", "orders")))

    def _pages(self, values: Values) -> Iterator[ListPage]:
        name = str(values.get("list", "orders"))
        for session in self._world.sessions.of(self._user):
            for view in session.views.values():
                if isinstance(view.page, ListPage) and view.page.caption == name:
                    yield view.page

    def _changed(self, values: Values) -> None:
        if self._world.switches.views_are_live:
            for page in self._pages(values):
                page.follow()

    def _filter(self, values: Values) -> None:
        name = str(values["view_filter"])
        if name not in {entry[0] for entry in VIEW_FILTERS}:
            raise ValueError(f"no view filter {name!r}")
        self._world.profile(self._user).view_filter = name
        self._settings(values).page_index = 0
        self._changed(values)

    def _search(self, values: Values) -> None:
        settings = self._settings(values)
        settings.search, settings.page_index = str(values["text"]), 0
        self._changed(values)

    def _columns(self, values: Values) -> None:
        self._settings(values).columns = [str(name) for name in values["columns"]]
        self._changed(values)

    def _sort(self, values: Values) -> None:
        self._settings(values).sort = [(str(values["column"]), bool(values.get("descending")))]
        self._changed(values)

    def _page(self, values: Values) -> None:
        settings = self._settings(values)
        settings.page_index = int(values.get("index", settings.page_index))
        settings.page_size = int(values.get("size", settings.page_size))
        self._changed(values)

    def _select(self, values: Values) -> None:
        keys = {str(key) for key in values["keys"]}
        name = str(values.get("list", "orders"))
        for session in self._world.sessions.of(self._user):
            session.selection(name).update(keys)
        for page in self._pages(values):
            page.list.selected.update(keys)
