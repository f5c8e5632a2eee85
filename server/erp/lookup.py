"""Lookups: an editor with a grid that drops down; searched, read over its pages, chosen by mouse."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.erp import editors, grid
from server.erp.grid import Row
from server.erp.screen import Screen
from server.errors import UiDriftError

MOST_PAGES = 40  # of a filtered lookup; more means that the filter did not work

_WINDOW = """
(pattern) => {
  const test = new RegExp(pattern);
  return [...document.querySelectorAll('[id$="_DDD_PW-1"]')].some((item) => test.test(item.id) && shown(item));
}
"""
# An empty search box holds its null text as its value (erp-screens §4).
_SEARCHED = """
(id) => {
  const box = document.getElementById(id);
  return box.classList.contains('dxeNullText_XafTheme') || box.value === 'Enter text to search...' ? '' : box.value;
}
"""


@dataclass(frozen=True)
class Lookup:
    """A lookup by the stable end of its ids; ``editor`` is a pattern that ends in ``_Edit``."""

    editor: str

    @property
    def input(self) -> str:
        """Pattern of the text input's id."""
        return f"{self.editor}_I$"

    @property
    def grid(self) -> str:
        """Pattern of the drop-down grid's name."""
        return f"{self.editor}_DDD_gv$"

    @property
    def search_box(self) -> str:
        """Pattern of the drop-down's search box."""
        return f"{self.editor}_DDD_gv_DXSE_I$"

    @property
    def window(self) -> str:
        """Pattern of the drop-down window."""
        return f"{self.editor}_DDD_PW-1$"


CUSTOMER = Lookup("_xaf_dviCUSTTABLE_Edit")
ADDRESS = Lookup("_xaf_dviDELIVERYPOSTALADDRESS_Edit")
ARTICLE = Lookup(r"_edit(?:new|\d+)_\d+_xaf_INVENTTABLE_Edit")


@dataclass(frozen=True)
class Found:
    """A row of a lookup and the page it stands on."""

    page: int
    row: Row


async def search(screen: Screen, step: str, lookup: Lookup, text: str) -> None:
    """Open the lookup by its arrow and filter it through its search box; empty: show all."""
    if not await screen.look(step, _WINDOW, lookup.window):
        name = await editors.find(screen, step, lookup.input)
        await screen.click(step, f"{name.removesuffix('_I')}_B-1")
        await screen.quiet(step, _WINDOW, lookup.window, looks=1)
    box = await editors.find(screen, step, lookup.search_box)
    if await screen.look(step, _SEARCHED, box) == text:
        return  # asked for the same again the site sends nothing
    await screen.focus(step, box)
    async with screen.callback_of(step, await grid.control_of(screen, step, lookup.grid)):
        if text:
            await screen.insert(step, text)
        else:
            await screen.key(step, "Delete")
        await screen.key(step, "Enter")
    await screen.quiet(step, _WINDOW, lookup.window, looks=1)


async def close(screen: Screen, step: str, lookup: Lookup) -> None:
    """Put the lookup's window away by its arrow, nothing being chosen.

    Raises:
        UiDriftError: it stays open.
    """
    if await screen.look(step, _WINDOW, lookup.window):
        name = await editors.find(screen, step, lookup.input)
        await screen.click(step, f"{name.removesuffix('_I')}_B-1")
    await screen.quiet(step, f"(pattern) => !({_WINDOW})(pattern)", lookup.window, looks=1)


async def type_to_filter(screen: Screen, step: str, lookup: Lookup, text: str) -> None:
    """Type into the editor itself: its list filters and drops down by itself.

    All but the last character is pasted; the last must be a real key event, else nothing opens
    (erp-reference §2.5).
    """
    await screen.focus(step, await editors.find(screen, step, lookup.input))
    async with screen.callback_of(step, await grid.control_of(screen, step, lookup.grid)):
        if text[:-1]:
            await screen.insert(step, text[:-1])
        await screen.type(step, text[-1])
    await screen.quiet(step, _WINDOW, lookup.window, looks=1)


async def read_found(
    screen: Screen, step: str, lookup: Lookup, fields: Sequence[str]
) -> list[Found]:
    """The rows that the filter left, over all pages."""
    first = await grid.read_page(screen, step, lookup.grid, fields)
    if first.pages > MOST_PAGES:
        raise UiDriftError(f"{step}: the lookup was not filtered: {first.pages} pages", step=step)
    if first.page:
        first = await grid.page_at(screen, step, lookup.grid, 0, fields)
    found = [Found(0, row) for row in first.rows]
    for page in range(1, first.pages):
        shown = await grid.page_at(screen, step, lookup.grid, page, fields)
        found += [Found(page, row) for row in shown.rows]
    return found


async def show_row(screen: Screen, step: str, lookup: Lookup, found: Found) -> Row:
    """Turn to the row's page; the row as it stands there now, ready to be clicked."""
    shown = await grid.page_at(screen, step, lookup.grid, found.page, list(found.row.cells))
    for row in shown.rows:
        if row.key == found.row.key and row.cells == found.row.cells:
            return row
    raise UiDriftError(f"{step}: the row to choose is gone", step=step)
