"""A session's working copy of a customer: what is typed, checked, and made durable."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.erp_simulator import formats
from tests.erp_simulator.customers import Address, Customer, located, registry_block
from tests.erp_simulator.languages import text
from tests.erp_simulator.places import PLACES
from tests.erp_simulator.store import Actor
from tests.erp_simulator.world import World

PHONE = re.compile(r"\+[1-9]\d{1,15}")
URL = re.compile(r"(https?://)?([\w-]+\.)+[a-z]{2,}(/\S*)?", re.IGNORECASE)
EMPTY = ("NAME", "VATNUM", "STREET", "FISCALCODE", "LEGALEMAIL", "LEGALAUTHORITY")
ATTRIBUTES = {"NAME": "name", "VATNUM": "vat", "STREET": "street", "FISCALCODE": "fiscalcode",
              "LEGALEMAIL": "legalemail", "LEGALAUTHORITY": "legalauthority"}  # fmt: skip
UNKNOWN_TO_REGISTRY = "9"
"""VAT numbers that begin so are in no registry."""
NOBODY = Customer(
    id=0, account="", name="", vat="", email="", attention="", line_percent=Decimal(0),
    street_price=False, dlvmode=0, addresses=(),
)  # fmt: skip


class CustomerSpace:
    """A customer being viewed or edited by one page."""

    def __init__(self, world: World, user: str, customer_id: int | None, *, editing: bool) -> None:
        self._world = world
        self._store = world.store
        self._user = user
        known = self._store.customers if editing else world.shown.customers
        self.customer = NOBODY if customer_id is None else known[customer_id]
        self._base = self._store.customers.get(self.customer.id)
        self._zip_before = 0
        self.checks_left = 0
        """How many answers of the VAT check are still to come."""

    @property
    def durable(self) -> bool:
        """Whether another session could read the customer."""
        return self.customer.id in self._store.customers

    @property
    def alternates(self) -> tuple[Address, ...]:
        """The addresses beside its own."""
        return self.customer.addresses[1:]

    @property
    def conflicts(self) -> bool:
        """Whether somebody has changed the customer since it was read."""
        return self.durable and self._store.customers[self.customer.id] != self._base

    def merge(self) -> None:
        """Let what was typed stand over what somebody else has changed."""
        self._base = self._store.customers.get(self.customer.id)

    def reload(self) -> None:
        """Forget what was not saved."""
        self.customer = self._store.customers.get(self.customer.id, NOBODY)
        self.merge()
        self.checks_left = 0

    def take(self, **values: Any) -> None:
        """Take what was typed; a new name also becomes the search name."""
        before = self.customer
        if "zip_id" in values:
            values |= located(PLACES.get(values["zip_id"]))
        if "linedisc" in values:
            values["street_price"] = bool(values.pop("linedisc"))
            values["line_percent"] = Decimal(20 if values["street_price"] else 0)
            if values["street_price"] == before.street_price:
                values["line_percent"] = before.line_percent
        alias = values.get("namealias", before.namealias)
        if values.get("name", before.name) != before.name and alias == before.namealias:
            values["namealias"] = values["name"][:20]
        self.customer = replace(before, **values)

    # The VAT check ----------------------------------------------------------------------------

    def vat_user(self) -> Customer | None:
        """The other customer with the same VAT number, whoever may see it."""
        vat = self.customer.vat
        others = (one for one in self._store.customers.values() if one.id != self.customer.id)
        return next((one for one in others if vat and one.vat == vat), None)

    def vat_used(self, language: str) -> str:
        """The words for a VAT number that has another user; empty when it has none."""
        user = self.vat_user()
        if user is None:
            return ""
        return text("vat_used", language, id=formats.number(user.id, language, 0))

    def check_vat(self, zip_before: int) -> None:
        """Ask the registry; its first answer comes at once, the others late."""
        self._zip_before = zip_before
        self.checks_left = self._world.switches.vat_callbacks if self.customer.vat else 0
        self.registry_answers()

    def late_answer(self) -> None:
        """One of the late answers."""
        if self.checks_left > 0:
            self.checks_left -= 1
            self.registry_answers()

    def registry_answers(self) -> None:
        """What the registry knows goes over what the form holds."""
        vat = self.customer.vat
        if not vat:
            self.customer = replace(self.customer, vatvalide=0, vataddress="", vatchecked=None)
            return
        overwritten = self._world.switches.vat_overwrites.split()
        known = not vat.startswith(UNKNOWN_TO_REGISTRY)
        values: dict[str, Any] = {
            "vatvalide": int(known), "vatchecked": datetime.now(UTC).date(), "vataddress": "",
        }  # fmt: skip
        if known:
            name = registry_name(vat)
            place = list(PLACES.values())[sum(map(ord, vat)) % len(PLACES)]
            values["vataddress"] = registry_block(name, "Via del Registro 1", place)
            if "NAME" in overwritten:
                values["name"] = name
            if "NAMEALIAS" in overwritten:
                values["namealias"] = name[:20]
        if "LOGISTICSADDRESSZIPCODE" in overwritten:
            values |= {"zip_id": self._zip_before, **located(PLACES.get(self._zip_before))}
        self.customer = replace(self.customer, **values)

    # Saving -----------------------------------------------------------------------------------

    def broken_rules(self) -> dict[str, str]:
        """The properties whose rule is broken, each with how grave that is."""
        customer = self.customer
        broken = {prop for prop in EMPTY if not getattr(customer, ATTRIBUTES[prop]).strip()}
        if not customer.zip_id:
            broken.add("LOGISTICSADDRESSZIPCODE")
        if not customer.vatvalide:
            broken.add("VATVALIDE")
        for prop, value, pattern in (
            ("PHONE", customer.phone, PHONE), ("CELLULARPHONE", customer.cellularphone, PHONE),
            ("URL", customer.url, URL),
        ):  # fmt: skip
            if value and not pattern.fullmatch(value):
                broken.add(prop)
        grave = self._world.switches.gravities
        return {prop: kind for prop, kind in grave.items() if prop in broken and kind != "off"}

    def save(self, actor: Actor) -> None:
        """Make everything durable; a new customer gets its number and its owner."""
        new = not self.durable
        if new:
            self.customer = replace(
                self.customer, id=self._store.next_customer_id(), owner=self._user
            )
        own = self._own_address()
        self.customer = replace(self.customer, addresses=(own, *self.alternates))
        before = self._store.customers.get(self.customer.id)
        self._store.customers[self.customer.id] = self._base = self.customer
        self._record(before, actor)

    def cut_info(self, length: int, actor: Actor) -> None:
        """Leave only the beginning of the stored notes."""
        stored = self._store.customers.get(self.customer.id)
        if stored is not None:
            stored = replace(stored, custinfo=stored.custinfo[:length])
            self._store.customers[stored.id] = self._base = self.customer = stored
            self._store.record("text_cut", stored.id, actor, fields={"custinfo": stored.custinfo})

    def _own_address(self) -> Address:
        customer = self.customer
        old = customer.addresses[0] if customer.addresses else None
        place = located(PLACES.get(customer.zip_id))
        number = old.id if old else self._store.next_address_id()
        return Address(number, "Business", customer.name, customer.street, **place)

    def _record(self, before: Customer | None, actor: Actor) -> None:
        store, customer = self._store, self.customer
        after = {
            name: v for name, v in store.customer_json(customer).items() if name != "addresses"
        }
        if before is None:
            store.record("customer_created", customer.id, actor, fields=after)
        else:
            old = store.customer_json(before)
            changed = {name: value for name, value in after.items() if old[name] != value}
            if changed:
                store.record("customer_changed", customer.id, actor, fields=changed)
        self._record_addresses(before, actor)

    def _record_addresses(self, before: Customer | None, actor: Actor) -> None:
        known = {one.id: one for one in before.addresses} if before else {}
        for address in self.alternates:
            if address != known.get(address.id):
                kind = "address_changed" if address.id in known else "address_added"
                self._store.record(kind, self.customer.id, actor, fields=vars(address))
        left = {address.id for address in self.customer.addresses}
        for number in [number for number in known if number not in left]:
            self._store.record("address_removed", self.customer.id, actor,
                               fields={"id": number})  # fmt: skip

    def commit_address(self, address: Address, actor: Actor) -> None:
        """Take an alternate address into the customer; durable now or at the save."""
        if not address.id:
            address = replace(address, id=self._store.next_address_id())
            addresses = (*self.customer.addresses, address)
        else:
            addresses = tuple(
                address if old.id == address.id else old for old in self.customer.addresses
            )
        self._keep_addresses(addresses, actor)

    def remove_address(self, number: int, actor: Actor) -> None:
        """Take an alternate address out of the customer."""
        self._keep_addresses(
            tuple(one for one in self.customer.addresses if one.id != number), actor
        )

    def _keep_addresses(self, addresses: tuple[Address, ...], actor: Actor) -> None:
        self.customer = replace(self.customer, addresses=addresses)
        if self._world.switches.address_persists_on == "row":
            before = self._store.customers[self.customer.id]
            changed = replace(before, addresses=addresses)
            if not self.conflicts:
                self._base = changed
            self._store.customers[before.id] = changed
            self._record_addresses(before, actor)


def registry_name(vat: str) -> str:
    """The name under which the registry knows a VAT number."""
    return f"REGISTRO IMPRESE {vat[-4:]} S.R.L."
