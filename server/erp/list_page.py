"""What the site's list pages share: one object's row, the search box, the filter that hides nothing.

The server keeps filters, searches and pages for its user, across sessions, and the agent may change
them at any time in a window of his own: what a list shows is judged together with its filter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.erp import grid, menu
from server.erp.formats import erp_id
from server.erp.grid import GridPage, Row
from server.erp.list_search import (
    GRID,
    LEFTOVERS,
    SEARCHED,
    clear_leftovers,
    leftovers,
    search_and_see,
)
from server.erp.looks import Look, together
from server.erp.screen import Screen
from server.erp.session import ErpSession
from server.errors import UiDriftError

_COMBO = r"_mainMenu_Menu_ITCNT\d+_xaf_a\d+_Cb$"
# The customers' toolbar has another such box, for the view: the filter stands in the item of that name.
_OWN = """
const filters = (combo) => {
  const places = [];
  for (const menu of controls('_mainMenu_Menu$'))
    for (let i = 0; i < menu.GetItemCount(); i++)
      if (menu.GetItem(i).name === 'SetFilter') places.push(`${menu.name}_ITCNT${i}_`);
  return controls(combo).filter((box) => places.some((place) => box.name.startsWith(place)));
};
"""
_FILTERS = f"""
(combo) => {{ {_OWN} return filters(combo).map((filter) => String(filter.GetValue() ?? '')); }}
"""
# All that decides what the list shows, in one look.
_NARROWED = f"""
(combo) => ({{filters: ({_FILTERS})(combo), left: ({LEFTOVERS})(), searched: ({SEARCHED})()}})
"""
_FILTERED = f"""
({{combo, ending}}) => {{
  {_OWN}
  const found = filters(combo);
  return found.length === 1 && String(found[0].GetValue() ?? '').endsWith(ending);
}}
"""
_SET_FILTER = f"""
({{combo, ending}}) => {{
  {_OWN}
  const filter = filters(combo)[0];
  for (let i = 0; i < filter.GetItemCount(); i++) {{
    const value = String(filter.GetItem(i).value);
    if (value.endsWith(ending)) {{
      filter.SetValue(value);
      // Later, and busy until then: where it posts the whole page, this look would end with the page.
      window.archibaldPosted = true;
      setTimeout(() => {{ window.archibaldPosted = false; filter.RaiseValueChanged(); }}, 200);
      return true;
    }}
  }}
  return false;
}}
"""


@dataclass(frozen=True)
class ListView:
    """A list of an agent's objects; the value of its filter that hides none ends in ``all_ending``.

    The beginning of that value changes with releases (§2.8). ``name`` says in an error which list.
    """

    name: str
    path: str
    all_ending: str


ORDERS = ListView("orders", "SALESTABLE_ListView_Agent", "OrdersAll")
CUSTOMERS = ListView("customers", "CUSTTABLE_ListView_Agent", "All_Customers")


async def open_list(session: ErpSession, step: str, view: ListView) -> str:
    """Open the list as the server has kept it; returns the value of its view filter.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: not exactly one view filter.
    """
    return await session.screen.open_and_see(step, _url(session, view), _FILTER)


async def open_all(session: ErpSession, step: str, view: ListView) -> bool:
    """Open the list under its verified *all* filter, nothing searched, nothing filtered.

    True: the server had kept that filter, and it has not been set now.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: the filter cannot be set, or a leftover search or column filter stays.
    """
    screen = session.screen
    look = together(_FILTER, leftovers())
    chosen, left = await screen.open_and_see(step, _url(session, view), look)
    kept = chosen.endswith(view.all_ending)
    if kept and not left:
        return True
    if not kept:
        parameter = await menu.combo_parameter(screen, step, "SetFilter")
        data = {"combo": _COMBO, "ending": view.all_ending}
        async with session.gate.allow(action="SetFilter", parameter=parameter):
            if not await screen.look(step, _SET_FILTER, data):
                raise UiDriftError(f"{step}: no view filter shows all {view.name}", step=step)
            await screen.quiet(step, _FILTERED, data)
    await clear_leftovers(screen, step)
    await verify_all(session, step, view)
    return kept


async def verify_all(session: ErpSession, step: str, view: ListView, searched: str = "") -> None:
    """See that the list is under its *all* filter and narrowed by nothing, or by this search alone.

    Raises:
        UiDriftError: it is not: what it shows or does not show says nothing.
    """
    await session.screen.see(step, shows_all(view, searched))


def shows_all(view: ListView, searched: str = "") -> Look[None]:
    """What `verify_all` looks at, and raises."""

    def understood(step: str, seen: Any) -> None:
        if not _the_one(step, seen["filters"]).endswith(view.all_ending):
            raise UiDriftError(f"{step}: the view filter is not all {view.name}", step=step)
        left = [str(name) for name in seen["left"]]
        if searched and seen["searched"] == [searched]:
            left = [name for name in left if name != "search"]
        if left:
            raise UiDriftError(
                f"{step}: the list stays narrowed by a {left[0]}; clear it in the ERP", step=step
            )

    return Look(_NARROWED, _COMBO, understood)


async def view_filter(screen: Screen, step: str) -> str:
    """The value of the list's one view filter, as the page has it now."""
    return await screen.see(step, _FILTER)


def _the_one(step: str, filters: Sequence[object]) -> str:
    if len(filters) != 1:
        raise UiDriftError(f"{step}: {len(filters)} view filters where one was expected", step=step)
    return str(filters[0])


_FILTER = Look(_FILTERS, _COMBO, _the_one)


def _url(session: ErpSession, view: ListView) -> str:
    return f"{session.base_url}/{view.path}/"


async def find_row(
    session: ErpSession, step: str, view: ListView, object_id: str, fields: Sequence[str] = ()
) -> Row | None:
    """Search the open list for an object's id (digits) and return its row, never another's.

    The search finds whatever contains the digits, in any column (F9, erp-reference §8.5): ids are
    compared, over all pages of what it found. The grid is left on the row's page. None is no proof
    of absence.

    Raises:
        UiDriftError: the list hides its ID or one of the fields, or its filter changed meanwhile.
    """
    screen = session.screen
    wanted = ("ID", *fields)
    found = None
    shown = await search_and_see(screen, step, object_id, grid.page(GRID, wanted))
    page = await grid.page_at(screen, step, GRID, 0, wanted, shown=shown)
    for index in range(page.pages):
        if index >= grid.MOST_PAGES:
            raise UiDriftError(f"{step}: the search found {page.pages} pages", step=step)
        if index:
            page = await grid.page_at(screen, step, GRID, index, wanted)
        found = row_of(step, page, object_id)
        if found is not None:
            break
    await verify_all(session, step, view, searched=object_id)
    return found


def row_of(step: str, page: GridPage, object_id: str) -> Row | None:
    """The row of a page whose id equals the object's; None if it shows none."""
    own = [row for row in page.rows if row_id(step, row) == object_id]
    if len(own) > 1:
        raise UiDriftError(f"{step}: two rows show one id", step=step)
    return own[0] if own else None


def row_id(step: str, row: Row) -> str:
    """The id of a row in canonical digits: its ID cell and the grid's own key must agree.

    Raises:
        UiDriftError: they do not, or the cell shows no id.
    """
    try:
        digits = erp_id(row.cells["ID"])
    except ValueError:
        raise UiDriftError(f"{step}: the list shows ids of an unknown form", step=step) from None
    if row.key != digits:
        raise UiDriftError(f"{step}: a row's key is not the id that it shows", step=step)
    return digits


async def newest_page(
    session: ErpSession, step: str, view: ListView, fields: Sequence[str]
) -> GridPage:
    """Sort the open list by id, greatest first, and read its first page.

    Its rows must still prove the order (`falling_ids`). What narrows it is looked at before and after.

    Raises:
        UiDriftError: the list hides its ID or one of the fields, or is narrowed by something.
    """
    screen = session.screen
    look = together(shows_all(view), grid.page(GRID, fields))
    _, shown = await screen.see(step, look)
    if not shown.empty:
        await grid.sort_descending(screen, step, GRID, shown.columns["ID"])
        _, shown = await screen.quiet_and_see(step, look)
    if shown.page:
        shown = await grid.page_at(screen, step, GRID, 0, fields, shown=shown)
        await verify_all(session, step, view)
    return shown


def falling_ids(step: str, page: GridPage) -> list[str]:
    """The ids of a page's rows, digits; they must be sorted, greatest first.

    Raises:
        UiDriftError: they are not, or there are none.
    """
    ids = [row_id(step, row) for row in page.rows]
    numbers = [int(digits) for digits in ids]
    if not ids or numbers != sorted(numbers, reverse=True):
        raise UiDriftError(f"{step}: the list is not sorted by id", step=step)
    return ids


async def newest_id(session: ErpSession, step: str, view: ListView) -> str | None:
    """The greatest id that the list shows, digits; None for a list that says it is empty.

    Raises:
        UiDriftError: the list is not sorted by id, or its filter changed meanwhile.
    """
    shown = await newest_page(session, step, view, ["ID"])
    return None if shown.empty else falling_ids(step, shown)[0]
