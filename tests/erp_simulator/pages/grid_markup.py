"""How a grid looks: columns in display order, cells as text, what stands around them."""

from dataclasses import dataclass, field
from typing import Any

from tests.erp_simulator.editors import Editor
from tests.erp_simulator.grids import Column, Grid
from tests.erp_simulator.pages.lookups import shown_cell

LIST_SIZES = (10, 20, 50, 100, 200)
LOOKUP_SIZES = (5, 10, 20, 50, 100, 200)


@dataclass
class Cell:
    """One cell of a data row."""

    column: Column
    index: int
    text: str
    hit: tuple[str, str, str] | None = None


@dataclass
class ShownRow:
    """One data row; `index` is its visible index over all pages."""

    index: int
    key: str
    cells: list[Cell]
    selected: bool
    focused: bool
    last: bool


@dataclass
class Look:
    """Everything the grid's template needs."""

    kind: str
    columns: list[tuple[int, Column]]
    rows: list[ShownRow]
    editing_row: dict[int, Editor] = field(default_factory=dict)
    editing_key: str = ""
    sums: dict[str, str] = field(default_factory=dict)
    sizes: tuple[int, ...] = LIST_SIZES
    can_add: bool = False
    can_delete: bool = False
    """Whether each row has a button that deletes it."""
    pages: list[int | None] = field(default_factory=list)
    all_selected: bool = False

    @property
    def filter_row(self) -> bool:
        """Nested lists have none."""
        return self.kind in {"list", "lookup"}


def look_of(grid: Grid, kind: str, language: str) -> Look:
    """The look of the grid's current page."""
    columns = [(n, c) for n, c in enumerate(grid.columns) if not c.hidden]
    if grid.display:
        columns = [(n, grid.columns[n]) for n in grid.display]
    start = None
    rows = []
    page = grid.page()
    for position, row in enumerate(page):
        start = grid.page_index * grid.page_size
        key = str(row[grid.key])
        cells = [_cell(grid, n, c, row, kind, language) for n, c in columns]
        rows.append(ShownRow(
            start + position, key, cells, key in grid.selected, key == grid.focused,
            position == len(page) - 1,
        ))  # fmt: skip
    return Look(
        kind, columns, rows,
        sizes=LOOKUP_SIZES if kind == "lookup" else LIST_SIZES,
        pages=page_numbers(grid.page_index, grid.page_count(len(grid.rows()))),
        all_selected=bool(rows) and all(row.selected for row in rows),
    )  # fmt: skip


def _cell(
    grid: Grid, index: int, column: Column, row: dict[str, Any], kind: str, language: str
) -> Cell:
    text = shown_cell(column, row.get(column.field), language) if column.field else ""
    hit = None
    if kind == "lookup" and grid.search:
        at = text.casefold().find(grid.search.casefold())
        if at >= 0:
            end = at + len(grid.search)
            hit = (text[:at], text[at:end], text[end:])
    return Cell(column, index, text, hit)


def page_numbers(current: int, count: int) -> list[int | None]:
    """The pager's numbers from 0; None is the gap `…`."""
    if count <= 10:
        return list(range(count))
    near = {n for n in range(current - 3, current + 4) if 0 <= n < count}
    if current < 4:
        near = set(range(7))
    wanted = sorted(near | {0, count - 3, count - 2, count - 1})
    shown: list[int | None] = []
    for number in wanted:
        if shown and shown[-1] is not None and number != shown[-1] + 1:
            shown.append(None)
        shown.append(number)
    return shown


def client_columns(grid: Grid) -> list[dict[str, Any]]:
    """The columns as the client's `GetColumn` gives them."""
    shown = grid.display or [n for n, c in enumerate(grid.columns) if not c.hidden]
    return [
        {
            "fieldName": column.field,
            "index": index,
            "visible": index in shown,
            "visibleIndex": shown.index(index) if index in shown else -1,
            "caption": column.caption,
            "name": column.name or column.field,
        }
        for index, column in enumerate(grid.columns)
    ]


def grid_model(grid: Grid) -> dict[str, Any]:
    """What the client's grid must know of the current page."""
    rows = grid.rows()
    page = grid.page()
    return {
        "cpObjectKeys": {str(n): str(row[grid.key]) for n, row in enumerate(page)},
        "pageIndex": grid.page_index,
        "pageCount": grid.page_count(len(rows)),
        "pageSize": grid.page_size,
        "rowCount": len(rows),
        "visibleStartIndex": grid.page_index * grid.page_size,
        "editState": {"": 0, "new": 2}.get(grid.editing, 1),
        "editKey": grid.editing,
        "selectedWithoutPageRowCount": len(grid.selected - {str(r[grid.key]) for r in page}),
        "cpDisplayTexts": [str(row.get("_text", "")) for row in page],
    }
