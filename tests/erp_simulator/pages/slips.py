"""The packing slips of an order that was delivered."""

from typing import Any

from tests.erp_simulator.grids import Column, Grid
from tests.erp_simulator.object_space import OrderSpace

COLUMNS = (
    ("PDF", "FATTURA PDF", "INVOICE PDF", "text"),
    ("PACKINGSLIPID", "DOCUMENTO DI TRASPORTO:", "PACKING SLIP:", "text"),
    ("DELIVERYDATE", "DATA DI CONSEGNA", "DELIVERY DATE", "date"),
    ("DELIVERYNAME", "NOME DI CONSEGNA", "DELIVERY NAME", "text"),
    ("DLVADDRESS", "NOME DI CONSEGNA", "DELIVERY NAME", "lines"),
    ("QTY", "QUANTITÀ", "QUANTITY", "quantity"),
    ("CUSTOMERREF", "RIFERIMENTO CLIENTE", "CUSTOMER REFERENCE", "text"),
    ("PURCHORDERFORMNUM", "DESCRIZIONE:", "DESCRIPTION:", "text"),
    ("TRACKINGNUMBER", "NUMERO DI TRACCIABILITÀ", "TRACKING NUMBER", "text"),
    ("DLVTERM", "TERMINI DI CONSEGNA:", "TERMS OF DELIVERY:", "text"),
    ("DLVMODE", "MODALITÀ DI CONSEGNA", "MODE OF DELIVERY", "text"),
)


def slips_grid(segments: tuple[str, ...], space: OrderSpace, language: str) -> Grid:
    """The grid: one slip for an order with a document, else none."""
    side = 1 if language == "it" else 2
    columns = [Column(entry[0], entry[side], entry[3]) for entry in COLUMNS]

    def fetch() -> list[dict[str, Any]]:
        order, customer = space.order, space.customer
        if customer is None or not order.documentstatus:
            return []
        address = next((a for a in customer.addresses if a.id == order.address_id), None)
        return [{
            "ID": order.id, "PACKINGSLIPID": f"PS/26{order.id % 1_000_000:06d}",
            "DELIVERYDATE": order.deliverydate,
            "DELIVERYNAME": address.name if address else "",
            "DLVADDRESS": f"{address.street}\n{address.zip} {address.city}" if address else "",
            "QTY": sum(line.quantity for line in order.lines),
            "CUSTOMERREF": order.customerref, "PURCHORDERFORMNUM": order.purchorderformnum,
            "TRACKINGNUMBER": f"{order.id:010d}", "DLVMODE": str(order.dlvmode),
        }]  # fmt: skip

    return Grid(segments, columns, fetch, page_size=20)
