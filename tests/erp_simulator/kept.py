"""Parts of pages that are kept: what they show decides all of them but the names of their controls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from tests.erp_simulator.editors import Editor, Shape
from tests.erp_simulator.grids import Column, Grid
from tests.erp_simulator.languages import text
from tests.erp_simulator.menus import Menu
from tests.erp_simulator.pages.grid_markup import Look, client_columns
from tests.erp_simulator.rendering import ENVIRONMENT, script_json

# What stands in a kept part for the page's own names; nobody types such characters.
PLACE, FAST = "\x7fplace\x7f", "\x7ffast\x7f"


def cell(editor: Editor, language: str, fast: str, links: frozenset[str] | None) -> Markup:
    """An editor on a form with its caption; `links` are those of a page that is only read."""
    return _placed(_cell(editor.shape(PLACE), language, links), editor.segments[:-1], fast)


def row_editor(editor: Editor, language: str, fast: str) -> Markup:
    """An editor in a grid's row."""
    return _placed(_row_editor(editor.shape(PLACE), language), editor.segments[:-1], fast)


def table(grid: Grid, look: Look, language: str) -> Markup:
    """A grid's main table, while none of its rows is edited."""
    return _placed(_table(look, language), grid.segments)


def columns(grid: Grid) -> Markup:
    """The columns as the client's grid is told of them."""
    return _columns((*grid.columns,), (*grid.display,))


def menu(menu: Menu | None, language: str, fast: str) -> Markup:
    """A toolbar."""
    if menu is None:
        return Markup()
    shape = (menu.client_id, menu.css, menu.hides, *[item.shape() for item in menu.items])
    return Markup(_menu(_Shaped(shape, menu), language, fast))


@dataclass(frozen=True)
class _Shaped:
    """A toolbar, which its shape alone tells from others."""

    shape: tuple[Any, ...]
    menu: Menu = field(compare=False)


def _placed(made: str, segments: tuple[str, ...], fast: str = "") -> Markup:
    placed = made.replace(f"{PLACE}_", "_".join((*segments, "")))
    placed = placed.replace(f"{PLACE}$", "$".join((*segments, "")))
    return Markup(placed.replace(FAST, fast))


@lru_cache(maxsize=2048)
def _cell(shape: Shape, language: str, links: frozenset[str] | None) -> str:
    return _render("kept_cell.html", language, e=shape, links=links)


@lru_cache(maxsize=512)
def _row_editor(shape: Shape, language: str) -> str:
    return _render("kept_editor.html", language, e=shape)


@lru_cache(maxsize=128)
def _table(look: Look, language: str) -> str:
    return _render("grid_table.html", language, shown=look, id=PLACE, name=PLACE)


@lru_cache(maxsize=128)
def _menu(shaped: _Shaped, language: str, fast: str) -> str:
    return _render("menu.html", language, menu=shaped.menu, fast=fast)


@lru_cache(maxsize=64)
def _columns(model: tuple[Column, ...], display: tuple[int, ...]) -> Markup:
    return script_json(client_columns(model, display))


def _render(template: str, language: str, **values: Any) -> str:
    # Nothing else of a page may be seen from here: all that is seen must be in the key.
    return ENVIRONMENT.get_template(template).render(
        {"language": language, "t": _words(language), "fast": FAST} | values
    )


@lru_cache(maxsize=4)
def _words(language: str) -> Callable[[str], str]:
    return lambda key: text(key, language)


ENVIRONMENT.globals |= {
    "kept_cell": cell, "kept_row_editor": row_editor, "kept_table": table, "kept_columns": columns,
    "kept_menu": menu,
}  # fmt: skip
