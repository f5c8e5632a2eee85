"""The agent's list of orders: opened unfiltered and newest first, for the high-water mark."""

from server.erp import grid, list_page, menu
from server.erp.formats import erp_id
from server.erp.list_page import GRID
from server.erp.session import ErpSession
from server.errors import UiDriftError

STEP = "navigation.ordini"
ALL = "OrdersAll"  # the view filter's value ends so; its beginning changes with releases (§2.8)

_COMBO = r"_mainMenu_Menu_ITCNT\d+_xaf_a\d+_Cb$"
_ALL = {"combo": _COMBO, "ending": ALL}
_FILTERS = "({combo}) => controls(combo).map((filter) => String(filter.GetValue() ?? ''))"
_FILTERED = """
({combo, ending}) => {
  const filters = controls(combo);
  return filters.length === 1 && String(filters[0].GetValue() ?? '').endsWith(ending);
}
"""
_SET_FILTER = """
({combo, ending}) => {
  const filter = controls(combo)[0];
  for (let i = 0; i < filter.GetItemCount(); i++) {
    const value = String(filter.GetItem(i).value);
    if (value.endsWith(ending)) {
      filter.SetValue(value);
      // Later, and busy until then: where it posts the whole page, this look would end with the page.
      window.archibaldPosted = true;
      setTimeout(() => { window.archibaldPosted = false; filter.RaiseValueChanged(); }, 200);
      return true;
    }
  }
  return false;
}
"""


async def open_all_orders(session: ErpSession) -> None:
    """Open the list under the verified *all* filter, nothing searched, nothing filtered.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: the filter cannot be set, or a leftover search or column filter stays.
    """
    screen = session.screen
    await screen.open(STEP, f"{session.base_url}/SALESTABLE_ListView_Agent/")
    seen = await screen.look(STEP, _FILTERS, _ALL)
    if len(seen) != 1:
        raise UiDriftError(f"{STEP}: {len(seen)} view filters where one was expected", step=STEP)
    if not seen[0].endswith(ALL):
        parameter = await menu.combo_parameter(screen, STEP, "SetFilter")
        async with session.gate.allow(action="SetFilter", parameter=parameter):
            if not await screen.look(STEP, _SET_FILTER, _ALL):
                raise UiDriftError(f"{STEP}: there is no view filter for all orders", step=STEP)
            await screen.quiet(STEP, _FILTERED, _ALL)
    await list_page.clear_leftovers(screen, STEP)
    await _verify_unfiltered(session)


async def newest_id(session: ErpSession) -> str | None:
    """The greatest order id that the list shows, digits; None for a list that says it is empty.

    The rows must prove the sorting themselves; filter and columns are looked at before and after.

    Raises:
        UiDriftError: the list is not sorted by id, or its filter changed meanwhile.
    """
    screen = session.screen
    await _verify_unfiltered(session)
    before = await grid.read_page(screen, STEP, GRID, ["ID"])
    if not before.empty:
        await grid.sort_descending(screen, STEP, GRID, before.columns["ID"])
    await grid.go_to_page(screen, STEP, GRID, 0)
    shown = await grid.read_page(screen, STEP, GRID, ["ID"])
    await _verify_unfiltered(session)
    if shown.empty:
        return None
    try:
        ids = [erp_id(row.cells["ID"]) for row in shown.rows]
    except ValueError:
        raise UiDriftError(f"{STEP}: the list shows ids of an unknown form", step=STEP) from None
    numbers = [int(digits) for digits in ids]
    if (
        not ids
        or numbers != sorted(numbers, reverse=True)
        or [row.key for row in shown.rows] != ids
    ):
        raise UiDriftError(f"{STEP}: the list is not sorted by id", step=STEP)
    return ids[0]


async def _verify_unfiltered(session: ErpSession) -> None:
    screen = session.screen
    if not await screen.look(STEP, _FILTERED, _ALL):
        raise UiDriftError(f"{STEP}: the view filter is not all orders", step=STEP)
    if left := await list_page.leftovers(screen, STEP):
        raise UiDriftError(
            f"{STEP}: the list stays narrowed by a {left[0]}; clear it in the ERP",
            step=STEP,
        )
