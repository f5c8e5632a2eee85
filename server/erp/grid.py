"""Grids: found by their client control, columns by field name, a page read in one look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.erp.looks import Look
from server.erp.screen import Screen
from server.errors import UiDriftError

# Of all columns only those with a field that are shown have data cells, and these stand last in a
# row, in the order of visibleIndex; command cells (3 on the lines, 2 on lists) stand before them.
FIND = """
const grid = (pattern) => {
  const found = controls(pattern).filter((control) => typeof control.GetColumnCount === 'function');
  return found.length === 1 ? found[0] : null;
};
"""
_PAGE = f"""
(pattern) => {{
  {FIND}
  const table = grid(pattern);
  if (!table) return null;
  const columns = [];
  for (let i = 0; i < table.GetColumnCount(); i++) {{
    const column = table.GetColumn(i);
    if (column.fieldName && column.visible !== false && column.visibleIndex >= 0)
      columns.push({{field: column.fieldName, index: column.index, place: column.visibleIndex}});
  }}
  columns.sort((one, other) => one.place - other.place);
  const start = table.name + '_DXDataRow';
  const rows = [...document.querySelectorAll('tr[id]')]
    .filter((row) => row.id.startsWith(start) && /^\\d+$/.test(row.id.slice(start.length)))
    .map((row) => ({{
      id: row.id, key: table.GetRowKey(Number(row.id.slice(start.length))),
      cells: [...row.cells].map((cell) => cell.textContent),
    }}));
  return {{
    name: table.name, columns, rows, page: table.GetPageIndex(), pages: table.GetPageCount(),
    empty: document.getElementById(table.name + '_DXEmptyRow') !== null, editing: table.IsEditing(),
  }};
}}
"""
_DO = f"(data) => {{ {FIND} const table = grid(data.pattern); if (!table) return false; %s; return true; }}"
_GO_TO = _DO % "table.GotoPage(data.page)"
_SORT = _DO % "table.SortBy(data.column, 'DSC', true, 0)"
_CLEAR = _DO % "table.ClearFilter()"
_AT = f"(data) => {{ {FIND} return grid(data.pattern)?.GetPageIndex() === data.page; }}"

MOST_PAGES = 60  # of 20 lines each: six times the 200 items that a request may hold


@dataclass(frozen=True)
class Row:
    """One data row: its element's id, its key, and its cells' texts by field name."""

    element: str
    key: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class GridPage:
    """The page of a grid that shows now. ``empty`` is the grid's own word, not a lack of rows."""

    name: str
    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    page: int
    pages: int
    empty: bool
    editing: bool


def page(pattern: str, fields: Sequence[str]) -> Look[GridPage]:
    """The grid whose control's name fits the pattern; ``fields`` must be among its columns.

    Raises:
        UiDriftError: not exactly one such grid, a column hidden by its user, rows of another shape,
            or neither rows nor the grid's sign of being empty.
    """
    return Look(_PAGE, pattern, lambda step, seen: _page(step, seen, fields))


async def read_page(screen: Screen, step: str, pattern: str, fields: Sequence[str]) -> GridPage:
    """Read the page of a grid; raises as `page`."""
    return await screen.see(step, page(pattern, fields))


def _page(step: str, seen: Any, fields: Sequence[str]) -> GridPage:
    if seen is None:
        raise UiDriftError(f"{step}: not exactly one grid where one was expected", step=step)
    columns = {column["field"]: column["index"] for column in seen["columns"]}
    if missing := [name for name in fields if name not in columns]:
        names = ", ".join(missing)
        raise UiDriftError(
            f"{step}: the grid does not show {names}; show it again in the ERP", step=step
        )
    rows = []
    for row in seen["rows"]:
        cells = [str(cell).replace("\xa0", " ").strip() for cell in row["cells"]]
        if len(cells) < len(columns):
            raise UiDriftError(
                f"{step}: a row has fewer cells than the grid has columns", step=step
            )
        named = dict(zip(columns, cells[-len(columns) :], strict=True))
        rows.append(Row(element=str(row["id"]), key=str(row["key"]), cells=named))
    if not rows and not seen["empty"] and not seen["editing"]:
        raise UiDriftError(f"{step}: the grid shows neither rows nor that it has none", step=step)
    return GridPage(
        name=str(seen["name"]),
        columns=columns,
        rows=tuple(rows),
        page=int(seen["page"]),
        pages=max(1, int(seen["pages"])),
        empty=bool(seen["empty"]),
        editing=bool(seen["editing"]),
    )


async def go_to_page(screen: Screen, step: str, pattern: str, page: int) -> None:
    """Turn to a page, counted from 0: where a grid was left is kept by the server (§2.8)."""
    data = {"pattern": pattern, "page": page}
    if await screen.look(step, _AT, data):
        return
    await _do(screen, step, _GO_TO, data)
    await screen.quiet(step, _AT, data)


async def page_at(
    screen: Screen,
    step: str,
    pattern: str,
    number: int,
    fields: Sequence[str],
    *,
    shown: GridPage | None = None,
) -> GridPage:
    """A page by its number, read: the grid is turned to it only if another one shows.

    ``shown``: the page that shows, where it has just been read.

    Raises:
        UiDriftError: as `page`.
    """
    shown = shown or await read_page(screen, step, pattern, fields)
    if shown.page == number:
        return shown
    await go_to_page(screen, step, pattern, number)
    return await read_page(screen, step, pattern, fields)


async def sort_descending(screen: Screen, step: str, pattern: str, column: int) -> None:
    """Sort by a column (its model index), greatest first, until that is answered.

    The rows of the page, when it is quiet again, must prove it.
    """
    async with screen.callback_of(step, pattern):
        await _do(screen, step, _SORT, {"pattern": pattern, "column": column})


async def clear_filter(screen: Screen, step: str, pattern: str) -> None:
    """Take away what the grid's own filter row narrows."""
    async with screen.callback_of(step, pattern):
        await _do(screen, step, _CLEAR, {"pattern": pattern})
    await screen.quiet(step)


async def read_all(
    screen: Screen,
    step: str,
    pattern: str,
    fields: Sequence[str],
    *,
    shown: GridPage | None = None,
) -> list[Row]:
    """The rows of all pages, from the first on; leaves the grid on the last page.

    ``shown``: the page that shows, where it has just been read.

    Raises:
        UiDriftError: as `page`; or a key was seen twice, a page was read again as another one.
    """
    first = await page_at(screen, step, pattern, 0, fields, shown=shown)
    rows = list(first.rows)
    if first.pages > MOST_PAGES:
        raise UiDriftError(f"{step}: the grid has {first.pages} pages", step=step)
    for number in range(1, first.pages):
        rows.extend((await page_at(screen, step, pattern, number, fields)).rows)
    if len({row.key for row in rows}) != len(rows):
        raise UiDriftError(f"{step}: a row shows on two pages", step=step)
    return rows


async def _do(screen: Screen, step: str, script: str, data: object) -> None:
    if not await screen.look(step, script, data):
        raise UiDriftError(f"{step}: not exactly one grid where one was expected", step=step)
