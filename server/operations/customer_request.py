"""What a customer request must be: every field checked, and the form in which it is compared and typed."""

import re
from collections.abc import Iterable, Mapping

from archibald.v1 import bot_pb2 as pb
from server.errors import Violation
from server.identity import canonical_text
from server.operations.italian_codes import is_fiscal_code, is_vat_number
from server.operations.request_fields import (
    REQUIRED,
    Rule,
    at_most,
    choice,
    common,
    markup,
    text,
)

# Names as the ERP's own lists have them (erp-reference §3.3.1, §3.3.4).
NO_DISCOUNT = "N/A"
DELIVERY_MODES = (
    "N/A", "Airenterprise", "Destinatario", "FedEx", "General Logistic Systems Spa", "Mittente",
    "Mototaxi", "Poste Italiane", "UPS - International Express Saver", "UPS Italia",
)  # fmt: skip
LINE_DISCOUNTS = (NO_DISCOUNT, "Discount to get street price")
SECTORS = (
    "concessionari", "Spett. Studio Dentistico", "Spett. Laboratorio Odontotecnico",
)  # fmt: skip
DEFAULT_DELIVERY_MODE = "FedEx"
DEFAULT_PAYMENT_TERMS = "206"

PHONE = re.compile(r"\+[1-9][0-9]{1,15}")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_URL = re.compile(r"(?:https?://)?(?:[A-Za-z0-9_-]+\.)+[A-Za-z]{2,63}(?::[0-9]{1,5})?(?:[/?#]\S*)?")
_ZIP = re.compile(r"[0-9]{5}")
_TERMS = re.compile(r"[0-9]{3}")
_SDI = re.compile(r"[A-Za-z0-9]{7}")
_TEMPORARY = re.compile(r"TEMP-[A-Za-z0-9_-]{1,95}")
_MAX_NOTES = 2000
_MAX_ADDRESSES = 20
_LONGEST_FORM = 254  # of an e-mail address; the other forms are shorter by themselves

_ZIP_CODE = Rule("must be 5 digits: 20121", "deve essere un CAP di 5 cifre: 20121")
_PAYMENT_TERMS = Rule(
    "must be the three digits that the ERP has for them: 206",
    "devono essere le tre cifre che Archibald usa: 206",
)
_WAITING_ROW = Rule(
    "must be the key of a waiting row, TEMP- and letters, digits, - or _, at most 100 characters",
    "deve essere la chiave di una riga in attesa: TEMP- e lettere, cifre, - o _, al massimo 100 caratteri",
)
_VAT_NUMBER = Rule(
    "must be an Italian VAT number: 11 digits, the last of which is the right check digit",
    "deve essere una partita IVA italiana: 11 cifre, l'ultima è la cifra di controllo giusta",
)
_FISCAL_CODE = Rule(
    "must be 16 letters and digits with the right check character, or 11 digits for a company",
    "deve avere 16 caratteri con il carattere di controllo giusto, o 11 cifre per una società",
)
_E_MAIL = Rule("must be an e-mail address", "deve essere un indirizzo e-mail: nome@esempio.it")
_PEC = Rule("must be an e-mail address", "deve essere un indirizzo PEC: nome@pec.esempio.it")
_SDI_CODE = Rule("must be 7 letters or digits: M5UXCR1", "deve avere 7 lettere o cifre: M5UXCR1")
_PHONE = Rule(
    "must be in international form, + and 2 to 16 digits: +390612345678",
    "deve essere in forma internazionale, + e da 2 a 16 cifre: +390612345678",
)
_WEB = Rule(
    "must be a web address: www.example.com", "deve essere un indirizzo web: www.esempio.it"
)


def violations(
    request: pb.CreateCustomerRequest, *, erp_request_validation: bool
) -> list[Violation]:
    """Everything wrong with the request, by field path; empty when it may be accepted."""
    found: list[Violation] = []
    found += common(request)
    found += _name_and_codes(request)
    found += text("street", request.street, longest=200, required=True)
    found += _form("postal_code", request.postal_code, _ZIP, _ZIP_CODE, required=True)
    found += text("postal_code_city", request.postal_code_city, longest=100)
    found += text("postal_code_country", request.postal_code_country, longest=60)
    found += _contacts(request)
    found += _one_of("delivery_mode", request.delivery_mode, DELIVERY_MODES)
    found += _form("payment_terms", request.payment_terms, _TERMS, _PAYMENT_TERMS)
    found += _one_of("line_discount", request.line_discount, LINE_DISCOUNTS)
    found += _one_of("sector", request.sector, SECTORS)
    found += text("attention_to", request.attention_to, longest=100)
    found += text("notes", request.notes, longest=_MAX_NOTES, line_breaks=True)
    found += _addresses(request)
    found += _form(
        "pending_customer_profile",
        request.pending_customer_profile,
        _TEMPORARY,
        _WAITING_ROW,
    )
    if erp_request_validation:
        found += markup("", request)
    return found


def _name_and_codes(request: pb.CreateCustomerRequest) -> Iterable[Violation]:
    yield from text("name", request.name, longest=100, required=True)
    if not request.vat_number:
        yield Violation("vat_number", *REQUIRED)
    elif not is_vat_number(request.vat_number):
        yield Violation("vat_number", *_VAT_NUMBER)
    if not request.fiscal_code:
        yield Violation("fiscal_code", *REQUIRED)
    elif not is_fiscal_code(request.fiscal_code):
        yield Violation("fiscal_code", *_FISCAL_CODE)
    yield from _form("pec", request.pec, _MAIL, _PEC, required=True)
    yield from _form("sdi", request.sdi, _SDI, _SDI_CODE, required=True)


def _contacts(request: pb.CreateCustomerRequest) -> Iterable[Violation]:
    yield from _form("phone", request.phone, PHONE, _PHONE)
    yield from _form("mobile", request.mobile, PHONE, _PHONE)
    yield from _form("email", request.email, _MAIL, _E_MAIL)
    yield from _form("url", request.url, _URL, _WEB)


def _addresses(request: pb.CreateCustomerRequest) -> Iterable[Violation]:
    if len(request.addresses) > _MAX_ADDRESSES:
        yield from at_most("addresses", request.addresses, _MAX_ADDRESSES)
        return
    seen: list[object] = []
    for index, address in enumerate(request.addresses):
        path = f"addresses[{index}]"
        yield from choice(f"{path}.type", address.type, pb.AddressType, required=True)
        yield from text(f"{path}.name", address.name, longest=100)
        yield from text(f"{path}.street", address.street, longest=200, required=True)
        yield from _form(
            f"{path}.postal_code",
            address.postal_code,
            _ZIP,
            _ZIP_CODE,
            required=True,
        )
        yield from text(f"{path}.city", address.city, longest=100)
        canonical = _canonical_address(address)
        if canonical in seen:
            # Two equal rows could not be told apart when a half-entered customer is completed.
            twin = f"addresses[{seen.index(canonical)}]"
            yield Violation(path, f"must differ from {twin}", f"deve essere diverso da {twin}")
        seen.append(canonical)


def _form(
    path: str, value: str, form: re.Pattern[str], rule: Rule, *, required: bool = False
) -> Iterable[Violation]:
    """A value of a fixed form; ``rule`` says which."""
    if required and not value:
        yield Violation(path, *REQUIRED)
    elif value and (len(value) > _LONGEST_FORM or not form.fullmatch(value)):
        yield Violation(path, *rule)


def _one_of(path: str, value: str, names: tuple[str, ...]) -> Iterable[Violation]:
    if value and value not in names:
        known = "; ".join(names)
        yield Violation(path, f"must be one of {known}", f"deve essere uno di {known}")


def canonical(request: pb.CreateCustomerRequest) -> dict[str, object]:
    """The values by which two requests are the same.

    Not the key, ``start_by`` nor ``wait``; nor which row of ours waits, which the ERP never sees.
    """
    return {
        "name": canonical_text(request.name),
        "vat_number": request.vat_number,
        "fiscal_code": request.fiscal_code.upper(),
        "pec": request.pec,
        "sdi": request.sdi.upper(),
        "street": canonical_text(request.street),
        "postal_code": request.postal_code,
        "postal_code_city": canonical_text(request.postal_code_city),
        "postal_code_country": canonical_text(request.postal_code_country),
        "phone": request.phone,
        "mobile": mobile(request),
        "email": request.email,
        "url": request.url,
        "delivery_mode": delivery_mode(request),
        "payment_terms": payment_terms(request),
        "line_discount": line_discount(request),
        "sector": request.sector,
        "attention_to": canonical_text(request.attention_to),
        "notes": canonical_text(request.notes),
        "addresses": [_canonical_address(address) for address in request.addresses],
    }


def _canonical_address(address: pb.CustomerAddress) -> Mapping[str, object]:
    return {
        "type": address.type,
        "name": canonical_text(address.name),
        "street": canonical_text(address.street),
        "postal_code": address.postal_code,
        "city": canonical_text(address.city),
    }


def mobile(request: pb.CreateCustomerRequest) -> str:
    """The mobile phone; the phone where none is given."""
    return request.mobile or request.phone


def delivery_mode(request: pb.CreateCustomerRequest) -> str:
    """The delivery mode's name."""
    return request.delivery_mode or DEFAULT_DELIVERY_MODE


def payment_terms(request: pb.CreateCustomerRequest) -> str:
    """The three digits of the payment terms."""
    return request.payment_terms or DEFAULT_PAYMENT_TERMS


def line_discount(request: pb.CreateCustomerRequest) -> str:
    """The line discount's name."""
    return request.line_discount or NO_DISCOUNT
