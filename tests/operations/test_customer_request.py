"""A customer request at the edge: what is wrong, and where; and what makes two the same."""

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from archibald.v1 import bot_pb2 as pb
from server.operations import customer_request
from server.operations.italian_codes import check_character, is_fiscal_code, is_vat_number
from tests.operations.customers import customer, delivery, full


def paths(request: pb.CreateCustomerRequest, *, markup_refused: bool = False) -> list[str]:
    found = customer_request.violations(request, erp_request_validation=markup_refused)
    return [violation.field for violation in found]


def test_sound_requests_pass() -> None:
    """What is required alone makes a customer; every field may be given."""
    assert paths(customer()) == []
    assert paths(full(), markup_refused=True) == []


def test_an_empty_request_names_everything_at_once() -> None:
    """All violations are told in one answer."""
    assert paths(pb.CreateCustomerRequest()) == [
        "user_id", "name", "vat_number", "fiscal_code", "pec", "sdi", "street", "postal_code",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user_id", "x" * 65),
        ("operation_key", "a\x00b"),
        ("name", " "),
        ("name", "Due\nrighe"),
        ("name", "x" * 101),
        ("vat_number", "01234567890"),
        ("vat_number", "IT01234567897"),
        ("vat_number", "0123456789"),
        ("vat_number", "00000000000"),
        ("vat_number", "0123456789\uff17"),
        ("fiscal_code", "RSSMRA85T10A562X"),
        ("fiscal_code", "RSSMRA85T10A562"),
        ("fiscal_code", "0123456789"),
        ("fiscal_code", "RSSMRA85T10A56\u017fS"),
        ("pec", "studio"),
        ("pec", "studio@pec"),
        ("pec", "a b@pec.it"),
        ("pec", "a@b..it"),
        ("sdi", "M5UXCR"),
        ("sdi", "M5UXCR12"),
        ("sdi", "M5UXCR-"),
        ("street", ""),
        ("postal_code", "2012"),
        ("postal_code", "201211"),
        ("postal_code", "2012A"),
        ("postal_code_city", "x" * 101),
        ("postal_code_country", "x\x07"),
        ("phone", "0612345678"),
        ("phone", "+0612345678"),
        ("phone", "+39 06 12345678"),
        ("phone", "+3"),
        ("phone", "+39061234567890123"),
        ("mobile", "3331234567"),
        ("email", "info"),
        ("url", "studio"),
        ("url", "ftp://studio.example"),
        ("url", "javascript:alert(1)"),
        ("delivery_mode", "Fedex"),
        ("payment_terms", "20"),
        ("payment_terms", "2066"),
        ("line_discount", "63"),
        ("sector", "Dentisti"),
        ("attention_to", "x" * 101),
        ("notes", "x" * 2001),
        ("notes", "a\x0bb"),
        ("pending_customer_profile", "55.261"),
        ("pending_customer_profile", "TEMP-"),
        ("pending_customer_profile", "TEMP-1;2"),
    ],
)
def test_what_is_wrong_is_named(field: str, value: str) -> None:
    """One wrong field is one violation, at its own path."""
    assert paths(full(**{field: value})) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fiscal_code", "rssmra85t10a562s"),
        ("fiscal_code", "RSSMRA85T10A56NH"),
        ("fiscal_code", "01234567897"),
        ("url", "nd.it"),
        ("url", "https://www.studio.example:8080/chi-siamo?x=1"),
        ("phone", "+39"),
        ("sector", "concessionari"),
        ("delivery_mode", "N/A"),
        ("pending_customer_profile", "TEMP-1764000000000"),
        ("notes", "riga\r\nriga"),
    ],
)
def test_what_is_right_passes(field: str, value: str) -> None:
    """The forms that the ERP takes are not refused."""
    assert paths(full(**{field: value})) == []


def test_messages_say_what_is_allowed() -> None:
    """A name from a list is answered with the list."""
    found = customer_request.violations(
        full(sector="Dentisti", delivery_mode="Piccione"), erp_request_validation=False
    )
    told = {violation.field: violation.description for violation in found}
    assert "Poste Italiane" in told["delivery_mode"]
    assert "Spett. Studio Dentistico" in told["sector"]


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (delivery(type=pb.ADDRESS_TYPE_UNSPECIFIED), "addresses[0].type"),
        (delivery(type=99), "addresses[0].type"),
        (delivery(name="x" * 101), "addresses[0].name"),
        (delivery(street=""), "addresses[0].street"),
        (delivery(postal_code=""), "addresses[0].postal_code"),
        (delivery(postal_code="0001"), "addresses[0].postal_code"),
        (delivery(city="a\nb"), "addresses[0].city"),
    ],
)
def test_addresses_are_checked(address: pb.CustomerAddress, field: str) -> None:
    """Each address by its place."""
    assert paths(customer(addresses=[address])) == [field]


def test_equal_addresses_are_refused() -> None:
    """They could not be told apart when a half-entered customer is completed."""
    twice = [delivery(), delivery(street=" Via del Porto 3")]
    assert paths(customer(addresses=twice)) == ["addresses[1]"]
    assert paths(customer(addresses=[delivery(street=f"Via {n}") for n in range(21)])) == [
        "addresses"
    ]


def test_markup_is_refused_where_the_erp_does() -> None:
    """Only with the setting, and inside addresses too."""
    request = customer(notes="a<b>c", addresses=[delivery(name="&#1;")])
    assert paths(request) == []
    assert paths(request, markup_refused=True) == ["notes", "addresses[0].name"]


def test_a_time_out_of_range_is_refused() -> None:
    """As for orders."""
    assert paths(customer(start_by=Timestamp(seconds=10**12))) == ["start_by"]


def test_what_does_not_matter_does_not_differ() -> None:
    """Defaults spelt out, letters of codes, blanks, line ends, our own waiting row and the key."""
    one = customer(
        phone="+390612345678", fiscal_code="rssmra85t10a562s", sdi="m5uxcr1", notes="a\r\nb",
        pending_customer_profile="TEMP-1",
    )  # fmt: skip
    other = customer(
        phone="+390612345678", mobile="+390612345678", fiscal_code="RSSMRA85T10A562S", notes="a\nb ",
        delivery_mode="FedEx", payment_terms="206", line_discount="N/A", operation_key="k",
        name="Studio Dentistico Nuovo ",
    )  # fmt: skip
    assert customer_request.canonical(one) == customer_request.canonical(other)


@pytest.mark.parametrize(
    "more",
    [
        {"name": "Altro"}, {"postal_code": "00020"}, {"sector": "concessionari"},
        {"addresses": [delivery()]}, {"line_discount": "Discount to get street price"},
        {"notes": "x"}, {"mobile": "+391"},
    ],
    ids=str,
)  # fmt: skip
def test_what_matters_differs(more: dict[str, object]) -> None:
    """Another value in any field of the customer's is another request."""
    changed = customer_request.canonical(customer(**more))
    assert changed != customer_request.canonical(customer())


@given(st.text("0123456789", min_size=10, max_size=10), st.integers(0, 10))
def test_one_check_digit_fits_a_vat_number_and_no_wrong_digit(first: str, place: int) -> None:
    """Of the ten check digits exactly one is right; any single digit changed is found."""
    right = [f"{first}{last}" for last in range(10) if is_vat_number(f"{first}{last}")]
    assert len(right) == (first != "0" * 10)
    for number in right:
        digit = str((int(number[place]) + 1) % 10)
        assert not is_vat_number(number[:place] + digit + number[place + 1 :])


@given(
    st.from_regex(
        r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}",
        fullmatch=True,
    )
)
def test_one_check_character_fits_a_fiscal_code(first: str) -> None:
    """Of the twenty-six exactly the computed one is right."""
    right = [one for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if is_fiscal_code(first + one)]
    assert right == [check_character(first)]


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_no_text_breaks_the_checks(one: str, two: str, three: str) -> None:
    """Whatever stands in a field, the answer is a list of violations."""
    request = customer(vat_number=one, fiscal_code=two, url=three, pec=one, phone=two, sdi=three)
    assert all(
        path in pb.CreateCustomerRequest.DESCRIPTOR.fields_by_name for path in paths(request)
    )
