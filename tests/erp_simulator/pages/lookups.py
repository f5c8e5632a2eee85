"""The grids inside lookup editors: customers, addresses, articles."""

from collections.abc import Callable
from typing import Any

from tests.erp_simulator import formats
from tests.erp_simulator.callbacks import GridCallback, parse_lookup
from tests.erp_simulator.grids import Column, Grid
from tests.erp_simulator.object_space import OrderSpace
from tests.erp_simulator.store import Store


def customer_grid(segments: tuple[str, ...], store: Store, language: str, user: str) -> Grid:
    """The customers an agent can choose."""
    it = language == "it"
    columns = [
        Column("ACCOUNTNUM", "PROFILO CLIENTE" if it else "CUSTOMER PROFILE"),
        Column("NAME", "NOME" if it else "NAME"),
        Column("STREET", "VIA:" if it else "STREET:"),
        Column("ZIP", "CAP" if it else "ZIP"),
        Column("CITY", "CITTÀ" if it else "CITY"),
        Column("BRASCRMATTENTIONTO", "ALL'ATTENZIONE DI:" if it else "ATTENTION TO:"),
        Column("OURACCOUNTNUM", "IL NOSTRO NUMERO DI CONTO" if it else "OUR ACCOUNT NUMBER"),
    ]

    def fetch() -> list[dict[str, Any]]:
        return [
            {
                "ID": customer.id, "ACCOUNTNUM": customer.account, "NAME": customer.name,
                "STREET": customer.addresses[0].street, "ZIP": customer.addresses[0].zip,
                "CITY": customer.addresses[0].city, "BRASCRMATTENTIONTO": customer.attention,
                "OURACCOUNTNUM": "", "_text": customer.account or customer.name,
            }
            for customer in store.customers_of(user)
        ]  # fmt: skip

    return Grid(segments, columns, fetch, page_size=20, sort=[("ACCOUNTNUM", False)])


def address_grid(segments: tuple[str, ...], space: OrderSpace, language: str) -> Grid:
    """The addresses of the order's customer."""
    it = language == "it"
    columns = [
        Column("NAME", "NOME" if it else "NAME"),
        Column("STREET", "VIA:" if it else "STREET:"),
        Column("ZIPCODE", "CAP" if it else "ZIP"),
        Column("CITY", "CITTÀ" if it else "CITY"),
        Column("TYPE", "TIPO" if it else "TYPE"),
    ]

    def fetch() -> list[dict[str, Any]]:
        customer = space.customer
        return [
            {
                "ID": address.id, "NAME": address.name, "STREET": address.street,
                "ZIPCODE": address.zip, "CITY": address.city, "TYPE": address.kind,
                "_text": address.kind,
            }
            for address in (customer.addresses if customer else ())
        ]  # fmt: skip

    return Grid(segments, columns, fetch, page_size=20)


def article_grid(segments: tuple[str, ...], store: Store, language: str) -> Grid:
    """All variants of all articles."""
    it = language == "it"
    columns = [
        Column("FIGURE", "FIGURA:" if it else "FIGURE:"),
        Column("SHANK", "GAMBA" if it else "SHANK"),
        Column("SIZE", "GRANDEZZA" if it else "SIZE"),
        Column("IMAGE", "IMMAGINE:" if it else "IMAGE:", "image"),
        Column("CONTENT", "CONTENUTO DELL'IMBALLAGGIO" if it else "PACKAGE CONTENT", "number"),
        Column("PACKAGE", "PACCO" if it else "PACKAGE"),
        Column("NAME", "NOME DELLA RICERCA" if it else "SEARCH NAME"),
        Column("MULTIPLEQTY", "QTÀ MULTIPLI:" if it else "MULTIPLE QTY:", "quantity"),
    ]

    def fetch() -> list[dict[str, Any]]:
        return [
            {
                "ID": article.id, "FIGURE": article.figure, "SHANK": article.shank,
                "SIZE": article.size, "IMAGE": "", "CONTENT": article.content,
                "PACKAGE": article.package, "NAME": article.code, "MULTIPLEQTY": article.multiple,
                "_text": article.code, "_shy": article.shy,
            }
            for article in store.articles.values()
        ]  # fmt: skip

    return Grid(segments, columns, fetch, page_size=5)


def run_lookup(grid: Grid, callback: GridCallback) -> bool:
    """Run a lookup's own command: filter, apply, cancel; False when it is none."""
    if callback.command != "CUSTOMCALLBACK" or len(callback.arguments) != 1:
        return False
    word, text = parse_lookup(callback.arguments[0])
    match word:
        case "GLP_F":
            grid.search, grid.page_index, grid.focused = text.strip(), 0, ""
        case "GLP_AC":
            grid.focused = text
        case "GLP_AIC":  # leaving the editor confirms the first row of what was typed
            grid.search, grid.page_index = text.strip(), 0
            page = grid.page() if grid.search else []
            grid.focused = str(page[0][grid.key]) if page else ""
        case "GLP_CC":
            grid.search, grid.page_index = "", 0
        case _:
            return False
    return True


def shown_cell(column: Column, value: Any, language: str) -> str:
    """A cell's text."""
    if value is None or value == "":
        return ""
    write = CELLS.get(column.kind)
    return write(value, language) if write else str(value)


CELLS: dict[str, Callable[[Any, str], str]] = {
    "quantity": formats.number,
    "integer": lambda value, language: formats.number(value, language, 0),
    "number": lambda value, language: formats.number(value, language, 0),
    "money": formats.money,
    "percent": formats.percent,
    "date": formats.day,
    "moment": formats.moment,
}
