"""Customer requests, for the tests of create-customer."""

from typing import Any

from archibald.v1 import bot_pb2 as pb

MARKER = "#7ZK4Q2M9XA"
VAT = "01234567897"  # invented; its check digit is right


def delivery(**more: Any) -> pb.CustomerAddress:
    fields: dict[str, Any] = {
        "type": pb.ADDRESS_TYPE_DELIVERY, "name": "Magazzino", "street": "Via del Porto 3",
        "postal_code": "00020", "city": "Castel Inventato",
    } | more  # fmt: skip
    return pb.CustomerAddress(**fields)


def customer(**more: Any) -> pb.CreateCustomerRequest:
    """A customer with what is required, and nothing else."""
    fields: dict[str, Any] = {
        "user_id": "A001", "name": "Studio Dentistico Nuovo", "vat_number": VAT,
        "fiscal_code": "01234567897", "pec": "studio@pec.example.it", "sdi": "M5UXCR1",
        "street": "Via Nuova 12", "postal_code": "00010",
    } | more  # fmt: skip
    return pb.CreateCustomerRequest(**fields)


def full(**more: Any) -> pb.CreateCustomerRequest:
    """A customer with every field and two more addresses."""
    fields: dict[str, Any] = {
        "fiscal_code": "RSSMRA85T10A562S", "postal_code_city": "Borgo Finto",
        "postal_code_country": "IT", "phone": "+390612345678", "mobile": "+393331234567",
        "email": "info@studio.example", "url": "www.studio.example", "delivery_mode": "UPS Italia",
        "payment_terms": "201", "line_discount": "Discount to get street price",
        "sector": "Spett. Studio Dentistico", "attention_to": "Dott.ssa Prova",
        "notes": "Chiamare prima\ndi consegnare",
        "addresses": [
            delivery(),
            delivery(type=pb.ADDRESS_TYPE_INVOICE, name="", street="Via Conti 9",
                     postal_code="00030", city="Villa Esempio"),
        ],
    } | more  # fmt: skip
    return customer(**fields)
