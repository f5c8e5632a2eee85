"""Lookups: an editor with a grid that drops down; searched, read over its pages, chosen by mouse."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.erp import grid
from server.erp.grid import Row
from server.erp.inputs import one_input
from server.erp.looks import Look, together
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
(pattern) => {
  const box = inputs(pattern).filter(shown)[0];
  return !box ? null : box.classList.contains('dxeNullText_XafTheme') || box.value === 'Enter text to search...' ? '' : box.value;
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
    """A row of a lookup and the page it stands on; of how many that the filter left."""

    page: int
    pages: int
    row: Row


async def search(
    screen: Screen, step: str, lookup: Lookup, text: str, fields: Sequence[str]
) -> list[Found]:
    """Open the lookup by its arrow and filter it through its search box; empty: show all.

    Returns:
        The rows that the filter left, over all pages.
    """
    searched = Look(_SEARCHED, lookup.search_box, lambda _, held: held)
    opened, name = await screen.see(step, together(_window(lookup), one_input(lookup.input)))
    if opened:
        held = await screen.see(step, searched)
    else:
        await screen.click(step, f"{name.removesuffix('_I')}_B-1")
        held = await screen.quiet_and_see(step, searched, _WINDOW, lookup.window, looks=1)
    if held != text:  # asked for the same again the site sends nothing
        await screen.focus_one(step, lookup.search_box)
        async with screen.callback_of(step, lookup.grid):
            if text:
                await screen.insert(step, text)
            else:
                await screen.key(step, "Delete")
            await screen.key(step, "Enter")
    return await _found(screen, step, lookup, fields)


async def close(screen: Screen, step: str, lookup: Lookup) -> None:
    """Put the lookup's window away by its arrow, nothing being chosen.

    Raises:
        UiDriftError: it stays open.
    """
    opened, name = await screen.see(step, together(_window(lookup), one_input(lookup.input)))
    if opened:
        await screen.click(step, f"{name.removesuffix('_I')}_B-1")
    await screen.quiet(step, f"(pattern) => !({_WINDOW})(pattern)", lookup.window, looks=1)


async def type_to_filter(
    screen: Screen, step: str, lookup: Lookup, text: str, fields: Sequence[str]
) -> list[Found]:
    """Type into the editor itself: its list filters and drops down by itself.

    All but the last character is pasted; the last must be a real key event, else nothing opens
    (erp-reference §2.5).

    Returns:
        The rows that the filter left, over all pages.
    """
    await screen.focus_one(step, lookup.input)
    async with screen.callback_of(step, lookup.grid):
        if text[:-1]:
            await screen.insert(step, text[:-1])
        await screen.type(step, text[-1])
    return await _found(screen, step, lookup, fields)


async def _found(screen: Screen, step: str, lookup: Lookup, fields: Sequence[str]) -> list[Found]:
    look = grid.page(lookup.grid, fields)
    shown = await screen.quiet_and_see(step, look, _WINDOW, lookup.window, looks=1)
    if shown.pages > MOST_PAGES:
        raise UiDriftError(f"{step}: the lookup was not filtered: {shown.pages} pages", step=step)
    first = await grid.page_at(screen, step, lookup.grid, 0, fields, shown=shown)
    found = [Found(0, first.pages, row) for row in first.rows]
    for page in range(1, first.pages):
        shown = await grid.page_at(screen, step, lookup.grid, page, fields)
        found += [Found(page, first.pages, row) for row in shown.rows]
    return found


async def show_row(screen: Screen, step: str, lookup: Lookup, found: Found) -> Row:
    """Turn to the row's page; the row as it stands there, ready to be clicked.

    To be called before anything else is done in the lookup: its one page is as the search has read it.

    Raises:
        UiDriftError: the row is gone.
    """
    if found.pages == 1:
        return found.row
    shown = await grid.page_at(screen, step, lookup.grid, found.page, list(found.row.cells))
    for row in shown.rows:
        if row.key == found.row.key and row.cells == found.row.cells:
            return row
    raise UiDriftError(f"{step}: the row to choose is gone", step=step)


def _window(lookup: Lookup) -> Look[bool]:
    return Look(_WINDOW, lookup.window, lambda _, seen: bool(seen))
