"""What is asked of the ERP's form, what differs in what it shows, and the operation's own words; no browser."""

from dataclasses import replace

import pytest

from archibald.v1 import bot_pb2 as pb
from server.erp.customer_addresses import FoundAddress
from server.erp.customer_form import used_by_of
from server.erp.customer_view import FoundCustomer
from server.operations import create_customer
from server.operations.customer_asked import differences, texts_of, wanted_of
from tests.operations.customers import MARKER, VAT, customer, full

FOUND = FoundCustomer(
    "57405",
    texts_of(full(), MARKER)
    | {
        "CITY": "Borgo Finto", "LOGISTICSADDRESSZIPCODE": "00010", "VATLASTCHECKEDDATE": "24/11/2026",
        "PAYMTERMID": "201 BONIF. BANC. VISTA FATTURA", "DLVMODE": "UPS Italia",
        "BUSINESSSECTORID": "Spett. Studio Dentistico",
        "LINEDISC": "Discount to get street price",
    },
    (
        FoundAddress("Facture", "Studio Dentistico Nuovo", "Via Conti 9", "00030", "Villa Esempio"),
        FoundAddress("Delivery", "Magazzino", "Via del  Porto 3", "00020", "CASTEL INVENTATO"),
    ),
)  # fmt: skip


def test_a_customer_as_asked_has_no_differences() -> None:
    """Blanks, case of towns and the terms' description are none; an address's place in the list neither."""
    assert differences(full(), MARKER, FOUND) == []


@pytest.mark.parametrize(
    ("name", "shown", "field"),
    [
        ("NAME", "REGISTRO IMPRESE 7897 S.R.L.", "name"),
        ("STREET", "Studio", "street"),
        ("LEGALAUTHORITY", "", "sdi"),
        ("CUSTINFO", "Chiamare prima\ndi consegnare", "notes"),
        ("CUSTINFO", f"{MARKER} Chiamare prima", "notes"),
        ("LOGISTICSADDRESSZIPCODE", "", "postal_code"),
        ("CITY", "Porto Finto", "postal_code_city"),
        ("PAYMTERMID", "206", "payment_terms"),
        ("DLVMODE", "", "delivery_mode"),
        ("BUSINESSSECTORID", "", "sector"),
        ("LINEDISC", "", "line_discount"),
        ("CELLULARPHONE", "+390612345678", "mobile"),
    ],
)
def test_each_difference_is_told_by_its_field(name: str, shown: str, field: str) -> None:
    """With what was asked and what the ERP shows."""
    found = replace(FOUND, values={**FOUND.values, name: shown})
    [one] = differences(full(), MARKER, found)
    assert (one.field, one.found) == (field, shown)
    assert one.asked != shown


def test_missing_addresses_are_told() -> None:
    """Another type or name is another address; one row stands for one that was asked."""
    [delivery, invoice] = reversed(FOUND.addresses)
    for addresses, fields in (
        ((delivery,), ["addresses[1]"]),
        ((), ["addresses[0]", "addresses[1]"]),
        ((replace(delivery, kind="Business"), invoice), ["addresses[0]"]),
        ((replace(delivery, name="Altro"), invoice), ["addresses[0]"]),
        ((delivery, replace(invoice, name="Altro")), []),  # no name was asked for
    ):
        told = differences(full(), MARKER, replace(FOUND, addresses=addresses))
        assert [one.field for one in told] == fields


def test_what_the_form_must_hold() -> None:
    """The marker before the notes, codes in capitals, the phone also as mobile, defaults by name."""
    wanted = wanted_of(customer(phone="+390612345678", sdi="m5uxcr1", notes=" a\r\nb "), MARKER)
    assert wanted.texts["CUSTINFO"] == f"{MARKER} a\nb"
    assert wanted.texts["LEGALAUTHORITY"] == "M5UXCR1"
    assert wanted.texts["CELLULARPHONE"] == "+390612345678"
    assert wanted.texts["NAMEALIAS"] == "Studio Dentistico Nu"
    assert (wanted.delivery_mode, wanted.payment_terms) == ("FedEx", "206")
    assert (wanted.line_discount, wanted.sector) == ("N/A", "")
    assert wanted_of(customer(), MARKER).texts["CUSTINFO"] == MARKER


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Il numero IVA è già utilizzato dal cliente con ID: 57.405", "57405"),
        ("The VAT number is already used by the customer with ID: 57,405.", "57405"),
        ("IVA validata: non deve essere uguale a 0", ""),
        ("con ID: ", ""),
        ("con ID: 57.40", ""),
    ],
)
def test_the_customer_that_has_a_vat_number_is_named(words: str, number: str) -> None:
    """In both languages, and only as an id can be."""
    assert used_by_of(words) == number


def test_the_operations_own_words() -> None:
    """Key, target, and results that earlier systems saved; one that found no id proves nothing."""
    assert create_customer.key(customer()) == "Studio Dentistico Nuovo"
    assert create_customer.key(customer(operation_key="k")) == "k"
    assert create_customer.target(customer()) == VAT
    restored = create_customer.restore({"customerProfile": "57.405"})
    assert restored == pb.CreateCustomerResult(customer_id="57405", customer_profile="57.405")
    assert create_customer.restore({"customerProfile": "UNKNOWN"}) is None
    assert create_customer.restore({"customer_id": "57405", "marker": MARKER}) == (
        pb.CreateCustomerResult(customer_id="57405", marker=MARKER)
    )


def test_percentages_never_fall() -> None:
    """The steps stand in the order in which they are reported."""
    percents = [step.percent for step in create_customer.STEPS.values()]
    assert percents == sorted(percents)
    assert percents[-1] == 100
