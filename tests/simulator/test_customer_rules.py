"""A customer's working copy and what becomes of it, without a browser."""

from typing import Any

import pytest

from tests.erp_simulator.customer_space import CustomerSpace
from tests.erp_simulator.customers import Address
from tests.erp_simulator.places import PLACES, TERMS
from tests.erp_simulator.seed import CORRUPT, FIRST_CUSTOMER, OWNED
from tests.erp_simulator.store import Actor
from tests.erp_simulator.switches import Switches
from tests.erp_simulator.world import World

ACTOR = Actor(user="ikiA0001", session="here", request=1)
COMPLETE = {
    "name": "Studio Inventato", "vat": "12345678901", "street": "Via Prova 1", "zip_id": 4001,
    "fiscalcode": "12345678901", "legalemail": "pec@studio.example", "legalauthority": "ABC1234",
}  # fmt: skip


def _space(customer: int | None = None, user: str = "ikiA0001", **switches: Any) -> CustomerSpace:
    return CustomerSpace(World(**switches), user, customer, editing=True)


def _world(space: CustomerSpace) -> World:
    return space._world


def _kinds(space: CustomerSpace) -> list[str]:
    return [effect["kind"] for effect in _world(space).store.effects]


def test_the_seed_has_what_find_windows_need() -> None:
    """A code of several cities, ten terms of payment and more, customers of every kind."""
    assert len([place for place in PLACES.values() if place.zip == "00080"]) == 4
    assert {"001", "008", "009", "010", "206"} < {term.code for term in TERMS.values()}
    assert len(TERMS) >= 10
    customers = World().store.customers
    assert customers[FIRST_CUSTOMER + CORRUPT].corrupt
    assert customers[FIRST_CUSTOMER + OWNED].owner == "ikiA0002"
    assert {c.incomplete for c in customers.values()} == {True, False}
    assert {c.blocked for c in customers.values()} == {0, 2}


def test_every_rule_is_told() -> None:
    """An empty customer breaks nine rules, of which the VAT check's is a warning; formats too."""
    space = _space()
    assert space.broken_rules() == {
        "NAME": "error", "VATNUM": "error", "VATVALIDE": "warning", "STREET": "error",
        "LOGISTICSADDRESSZIPCODE": "error", "FISCALCODE": "error", "LEGALEMAIL": "error",
        "LEGALAUTHORITY": "error",
    }  # fmt: skip
    space.take(**COMPLETE)
    space.take(phone="06123", cellularphone="+0123", url="kein url")
    assert set(space.broken_rules()) == {"VATVALIDE", "PHONE", "CELLULARPHONE", "URL"}
    space.take(phone="+39061", cellularphone="", url="nd.it")
    space.check_vat(0)
    assert set(space.broken_rules()) == {"LOGISTICSADDRESSZIPCODE"}  # the check took it away


def test_how_grave_a_rule_is_can_be_switched() -> None:
    """Switch `customer_rules`: a warning becomes an error, an error a warning or nothing."""
    space = _space(customer_rules="VATVALIDE=error STREET=warning NAME=off")
    broken = space.broken_rules()
    assert (broken["VATVALIDE"], broken["STREET"]) == ("error", "warning")
    assert "NAME" not in broken
    for wrong in ("STREET", "STREET=bad", "SHOE=error"):
        with pytest.raises(ValueError, match="customer_rules"):
            Switches().change({"customer_rules": wrong})


def test_a_save_makes_a_customer() -> None:
    """Nothing is stored before it; then number, owner, own address, and the whole as an effect."""
    space = _space()
    space.take(**COMPLETE)
    assert _kinds(space) == []
    space.save(ACTOR)
    store = _world(space).store
    made = store.customers[57_400]
    assert (made.owner, made.account, made.namealias) == ("ikiA0001", "", "Studio Inventato")
    assert [(one.kind, one.city) for one in made.addresses] == [("Business", "Borgo Finto")]
    assert _kinds(space) == ["customer_created"]
    assert store.effects[0]["fields"]["fiscalcode"] == "12345678901"
    assert made in store.customers_of("ikiA0001")
    assert made not in store.customers_of("ikiA0002")
    space.save(ACTOR)
    assert _kinds(space) == ["customer_created"]
    space.take(phone="+391", linedisc=223)
    space.save(ACTOR)
    assert store.effects[-1]["kind"] == "customer_changed"
    assert set(store.effects[-1]["fields"]) == {"phone", "linedisc", "street_price", "line_percent"}


def test_a_vat_number_is_unique_over_all() -> None:
    """Also against a customer that the agent does not see; the number is written as usual."""
    other = World().store.customers[FIRST_CUSTOMER + OWNED]
    space = _space()
    space.take(vat=other.vat)
    assert space.vat_used("it").endswith("già utilizzato dal cliente con ID: 55.251")
    assert space.vat_used("en").endswith("already used by the customer with ID: 55,251")
    assert _space(FIRST_CUSTOMER).vat_used("it") == ""


@pytest.mark.parametrize(
    ("overwrites", "name", "city"),
    [("NAME NAMEALIAS LOGISTICSADDRESSZIPCODE", "REGISTRO IMPRESE 8901 S.R.L.", ""),
     ("NAMEALIAS", "Studio Inventato", "Borgo Finto")],
)  # fmt: skip
def test_late_answers_of_the_check(overwrites: str, name: str, city: str) -> None:
    """Switches `vat_overwrites`, `vat_callbacks`: what was typed meanwhile goes, or stays."""
    space = _space(vat_overwrites=overwrites, vat_callbacks=1)
    space.take(vat="12345678901")
    space.check_vat(0)
    space.take(name="Studio Inventato", zip_id=4001)
    assert space.checks_left == 1
    space.late_answer()
    assert (space.customer.name, space.customer.city, space.checks_left) == (name, city, 0)
    assert space.customer.namealias == "REGISTRO IMPRESE 890"
    assert "Stato:ATTIVA" in space.customer.vataddress


def test_without_late_answers_what_is_typed_stays() -> None:
    """Switch `vat_callbacks`: 0 makes the check one answer; an unknown number is not valid."""
    space = _space(vat_callbacks=0)
    space.take(vat="91234567890", name="Studio Inventato")
    space.check_vat(0)
    space.take(zip_id=4001)
    space.late_answer()
    assert (space.customer.vatvalide, space.customer.vataddress) == (0, "")
    assert (space.customer.name, space.customer.city) == ("Studio Inventato", "Borgo Finto")


@pytest.mark.parametrize("persists_on", ["row", "save"])
def test_when_an_address_is_durable(persists_on: str) -> None:
    """Switch `address_persists_on`: at the row's commit, or at the save."""
    space = _space(FIRST_CUSTOMER + 1, address_persists_on=persists_on)
    space.commit_address(Address(0, "Delivery", "Altrove", "Via Altra 2", "", ""), ACTOR)
    stored = _world(space).store.customers[FIRST_CUSTOMER + 1].addresses
    early = persists_on == "row"
    assert (_kinds(space), len(stored)) == ((["address_added"], 2) if early else ([], 1))
    space.save(ACTOR)
    assert _kinds(space) == ["address_added"]
    address = space.alternates[0]
    space.commit_address(Address(address.id, "Delivery", "Altrove", "Via Terza 3", "", ""), ACTOR)
    space.remove_address(address.id, ACTOR)
    space.save(ACTOR)
    assert _kinds(space) == (
        ["address_added", "address_changed", "address_removed"]
        if early
        else ["address_added", "address_removed"]
    )


def test_somebody_elses_change_is_a_conflict() -> None:
    """A save of another object over it is noticed; merging lets what was typed stand."""
    mine = _space(FIRST_CUSTOMER)
    theirs = CustomerSpace(_world(mine), "ikiA0002", FIRST_CUSTOMER, editing=True)
    mine.commit_address(Address(0, "Delivery", "", "Via Altra 2", "", ""), ACTOR)
    assert not mine.conflicts
    assert theirs.conflicts
    theirs.merge()
    assert not theirs.conflicts
