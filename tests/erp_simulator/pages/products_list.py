"""The list of products: every package variant of every article."""

from typing import Any

from tests.erp_simulator.grids import Column
from tests.erp_simulator.menus import Menu, read_items
from tests.erp_simulator.pages.list_page import ListPage
from tests.erp_simulator.sessions import Session, View
from tests.erp_simulator.store import Article
from tests.erp_simulator.world import World

COLUMNS = (
    ("ID", "ID ARTICOLO", "ITEM ID", "integer"),
    ("NAME", "NOME ARTICOLO:", "ITEM NAME:", "text"),
    ("DESCRIPTION", "DESCRIZIONE:", "DESCRIPTION:", "text"),
    ("PACKAGE", "PACCO", "PACKAGE", "text"),
    ("PACKAGECONTENT", "CONTENUTO DELL'IMBALLAGGIO", "PACKAGE CONTENT", "number"),
    ("LOWESTQTY", "QTÀ MINIMA:", "LOWEST QTY:", "quantity"),
    ("MULTIPLEQTY", "QTÀ MULTIPLI:", "MULTIPLE QTY:", "quantity"),
    ("HIGHESTQTY", "QTÀ MASSIMA:", "HIGHEST QTY:", "quantity"),
    ("SEARCHNAME", "NOME DELLA RICERCA", "SEARCH NAME", "text"),
)


class ProductsList(ListPage):
    """The products; page, size and search stay as the user left them."""

    caption = "products"
    number = 9
    searched = ("NAME", "DESCRIPTION", "SEARCHNAME", "ID")
    keeps_search = True

    def __init__(self, world: World, session: Session, view: View) -> None:
        super().__init__(world, session, view)
        items = read_items(session.language, self.title)
        self.menu = Menu(items, fast=view.fast, hides=(2, 1, 0))

    def columns(self) -> list[Column]:
        """The model's columns, all visible."""
        side = 1 if self.language == "it" else 2
        return [Column(entry[0], entry[side], entry[3]) for entry in COLUMNS]

    def records(self) -> list[dict[str, Any]]:
        """One row a variant."""
        return [_record(article) for article in self.world.store.articles.values()]


def _record(article: Article) -> dict[str, Any]:
    return {
        "ID": article.id, "NAME": article.code, "DESCRIPTION": article.name,
        "PACKAGE": article.package, "PACKAGECONTENT": article.content,
        "LOWESTQTY": article.multiple, "MULTIPLEQTY": article.multiple,
        "HIGHESTQTY": article.multiple * 1000, "SEARCHNAME": article.code,
    }  # fmt: skip
