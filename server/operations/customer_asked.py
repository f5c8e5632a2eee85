"""What a request asks of the ERP's customer form, and how what the ERP then shows differs from it."""

from collections.abc import Mapping

from archibald.v1 import bot_pb2 as pb
from server.erp.customer_addresses import WantedAddress, missing
from server.erp.customer_form import Wanted
from server.erp.customer_view import FoundCustomer
from server.erp.order_texts import canonical, one_line
from server.erp.places import Place, town_fits
from server.operations import customer_request

# Which field of the request each property of the ERP's is from.
FIELDS: Mapping[str, str] = {
    "NAME": "name",
    "VATNUM": "vat_number",
    "FISCALCODE": "fiscal_code",
    "LEGALEMAIL": "pec",
    "LEGALAUTHORITY": "sdi",
    "STREET": "street",
    "PHONE": "phone",
    "CELLULARPHONE": "mobile",
    "EMAIL": "email",
    "URL": "url",
    "BRASCRMATTENTIONTO": "attention_to",
    "CUSTINFO": "notes",
}
_ADDRESS_TYPES = {
    pb.ADDRESS_TYPE_BUSINESS: "Business",
    pb.ADDRESS_TYPE_INVOICE: "Facture",
    pb.ADDRESS_TYPE_DELIVERY: "Delivery",
    pb.ADDRESS_TYPE_ALTERNATE_DELIVERY: "AlternateDelivery",
}


def wanted_of(request: pb.CreateCustomerRequest, marker: str) -> Wanted:
    """What the form must hold; the name also as the search name, which the VAT check overwrites."""
    texts = texts_of(request, marker)
    return Wanted(
        texts=texts | {"NAMEALIAS": texts["NAME"][:20].strip()},
        place=Place(
            "postal_code",
            request.postal_code,
            one_line(request.postal_code_city),
            one_line(request.postal_code_country),
        ),
        payment_terms=customer_request.payment_terms(request),
        delivery_mode=customer_request.delivery_mode(request),
        line_discount=customer_request.line_discount(request),
        sector=request.sector,
        fields=FIELDS,
    )


def texts_of(request: pb.CreateCustomerRequest, marker: str) -> dict[str, str]:
    """The texts of the form by property; the notes behind our marker and a blank."""
    return {
        "NAME": one_line(request.name),
        "VATNUM": request.vat_number,
        "FISCALCODE": request.fiscal_code.upper(),
        "LEGALEMAIL": request.pec,
        "LEGALAUTHORITY": request.sdi.upper(),
        "STREET": one_line(request.street),
        "PHONE": request.phone,
        "CELLULARPHONE": customer_request.mobile(request),
        "EMAIL": request.email,
        "URL": request.url,
        "BRASCRMATTENTIONTO": one_line(request.attention_to),
        "CUSTINFO": canonical(f"{marker} {canonical(request.notes).strip()}"),
    }


def addresses_of(request: pb.CreateCustomerRequest) -> list[WantedAddress]:
    """The alternate addresses in the request's order."""
    return [
        WantedAddress(
            path=f"addresses[{index}]",
            kind=_ADDRESS_TYPES[one.type],
            name=one_line(one.name),
            street=one_line(one.street),
            place=Place(f"addresses[{index}].postal_code", one.postal_code, one_line(one.city)),
        )
        for index, one in enumerate(request.addresses)
    ]


def differences(
    request: pb.CreateCustomerRequest, marker: str, found: FoundCustomer
) -> list[pb.Difference]:
    """The whole comparison for the result; differences are told, never mended."""
    told = []

    def compare(field: str, asked: str, shown: str) -> None:
        if one_line(asked) != one_line(shown):
            told.append(pb.Difference(field=field, asked=asked, found=shown))

    for name, text in texts_of(request, marker).items():
        shown = found.values[name]
        if name == "CUSTINFO":
            if canonical(text) != canonical(shown):
                told.append(pb.Difference(field="notes", asked=text, found=shown))
        else:
            compare(FIELDS[name], text, shown)
    compare("postal_code", request.postal_code, found.values["LOGISTICSADDRESSZIPCODE"])
    city = found.values["CITY"]
    if request.postal_code_city and not town_fits(request.postal_code_city, city):
        compare("postal_code_city", request.postal_code_city, city)
    # Terms may be shown with their description behind the digits.
    terms = found.values["PAYMTERMID"].split(maxsplit=1)
    compare("payment_terms", customer_request.payment_terms(request), terms[0] if terms else "")
    compare(
        "delivery_mode",
        _none(customer_request.delivery_mode(request)),
        found.values["DLVMODE"],
    )
    compare(
        "line_discount",
        _none(customer_request.line_discount(request)),
        found.values["LINEDISC"],
    )
    if request.sector:
        compare("sector", request.sector, found.values["BUSINESSSECTORID"])
    wanted = addresses_of(request)
    for address in missing(wanted, found.addresses):
        asked = f"{address.kind}: {address.street}, {address.place.postal_code}"
        told.append(pb.Difference(field=address.path, asked=asked, found=""))
    return told


def _none(name: str) -> str:
    return "" if name == customer_request.NO_DISCOUNT else name
