"""What lists and pages still show when the ERP serves yesterday's state for a while."""

import time
from copy import deepcopy

from tests.erp_simulator.customers import Customer
from tests.erp_simulator.store import Order, Store


class Shown:
    """Orders and customers as they are read: the stored ones, or for a while those of before."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._orders: dict[int, Order] = {}
        self._customers: dict[int, Customer] = {}
        self._until = 0.0

    def freeze(self, seconds: float) -> None:
        """Show what is stored now for so many seconds, whatever is written."""
        self._orders = deepcopy(self._store.orders)
        self._customers = dict(self._store.customers)
        self._until = time.monotonic() + seconds

    @property
    def _frozen(self) -> bool:
        return time.monotonic() < self._until

    @property
    def orders(self) -> dict[int, Order]:
        """The orders."""
        return self._orders if self._frozen else self._store.orders

    @property
    def customers(self) -> dict[int, Customer]:
        """The customers."""
        return self._customers if self._frozen else self._store.customers
