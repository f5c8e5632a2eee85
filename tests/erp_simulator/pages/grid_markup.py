"""How a grid looks: columns in display order, cells as text, what stands around them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.erp_simulator import formats
from tests.erp_simulator.editors import Editor
from tests.erp_simulator.grids import Column, Grid
from tests.erp_simulator.pages.lookups import shown_cell

LIST_SIZES = (10, 20, 50, 100, 200)
LOOKUP_SIZES = (5, 10, 20, 50, 100, 200)


class ShownRow(NamedTuple):
    """One data row; its visible index counts over all pages."""

    visible_index: int
    key: str
    texts: tuple[str, ...]
    """What its cells show, by column."""
    hits: tuple[tuple[str, str, str] | None, ...]
    """The same before, in and behind what was searched for, where that is found."""
    selected: bool
    focused: bool
    last: bool


@dataclass(frozen=True)
class Look:
    """Everything the grid's template needs."""

    kind: str
    columns: tuple[tuple[int, Column], ...]
    rows: tuple[ShownRow, ...]
    count: str
    """How many rows there are on all pages."""
    sizes: tuple[int, ...]
    page_size: int
    page_index: int
    pages: tuple[int | None, ...]
    sort: tuple[tuple[str, bool], ...]
    filters: tuple[tuple[str, str], ...]
    error: str
    all_selected: bool
    editing_row: dict[int, Editor] | None = None
    editing_key: str = ""
    sums: tuple[tuple[str, str], ...] = ()
    can_add: bool = False
    can_delete: bool = False
    """Whether each row has a button that deletes it."""

    @property
    def filter_row(self) -> bool:
        """Nested lists have none."""
        return self.kind in {"list", "lookup"}


def look_of(grid: Grid, kind: str, language: str, **more: Any) -> Look:
    """The look of the grid's current page; `more` is what not every grid has."""
    columns = [(n, c) for n, c in enumerate(grid.columns) if not c.hidden]
    if grid.display:
        columns = [(n, grid.columns[n]) for n in grid.display]
    page = grid.page()
    start = grid.page_index * grid.page_size
    search = grid.search if kind == "lookup" else ""
    rows = []
    for position, row in enumerate(page):
        key = str(row[grid.key])
        texts = tuple([
            shown_cell(c, row.get(c.field), language) if c.field else "" for _, c in columns
        ])  # fmt: skip
        rows.append(ShownRow(
            start + position, key, texts, tuple([_hit(words, search) for words in texts]),
            key in grid.selected, key == grid.focused, position == len(page) - 1,
        ))  # fmt: skip
    count = len(grid.rows())
    return Look(
        kind, (*columns,), (*rows,), formats.number(count, language, 0),
        sizes=LOOKUP_SIZES if kind == "lookup" else LIST_SIZES,
        page_size=grid.page_size, page_index=grid.page_index,
        pages=(*page_numbers(grid.page_index, grid.page_count(count)),),
        sort=(*grid.sort,), filters=(*grid.filters.items(),), error=grid.error,
        all_selected=bool(rows) and all(row.selected for row in rows), **more,
    )  # fmt: skip


def _hit(words: str, search: str) -> tuple[str, str, str] | None:
    at = words.casefold().find(search.casefold()) if search else -1
    if at < 0:
        return None
    end = at + len(search)
    return words[:at], words[at:end], words[end:]


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


def client_columns(model: tuple[Column, ...], display: tuple[int, ...]) -> list[dict[str, Any]]:
    """The columns as the client's `GetColumn` gives them."""
    shown = display or [n for n, c in enumerate(model) if not c.hidden]
    return [
        {
            "fieldName": column.field,
            "index": index,
            "visible": index in shown,
            "visibleIndex": shown.index(index) if index in shown else -1,
            "caption": column.caption,
            "name": column.name or column.field,
        }
        for index, column in enumerate(model)
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
