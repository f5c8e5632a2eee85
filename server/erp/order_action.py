"""What the toolbar does to ONE selected order of the list: found, ticked, proved, confirmed."""

from server.erp import error_panel, grid_selection, list_page, menu
from server.erp.focus import COVERED
from server.erp.gestures import heard
from server.erp.grid import Row
from server.erp.grid_selection import Selection
from server.erp.list_page import ORDERS
from server.erp.list_search import GRID
from server.erp.menu import MenuAction
from server.erp.session import ErpSession
from server.erp.trouble import Question
from server.errors import ErpUnavailableError, UiDriftError

_POPUP = """
() => {
  const windows = [...document.querySelectorAll('div[id$="_ConfirmPopup_PW-1"]')].filter(shown);
  if (windows.length > 1) return {many: true};
  if (windows.length === 1) {
    const ok = [...windows[0].querySelectorAll('a[id$="_ConfirmPopup_btnOk"]')].filter(shown);
    return {text: windows[0].textContent, ok: ok.length === 1 ? ok[0].id : ''};
  }
  return busy() ? {sent: true} : null;
}
"""


async def select(session: ErpSession, step: str, row: Row) -> None:
    """In the list that was searched for an order: tick its row, and nothing else, on any page.

    Raises:
        UiDriftError: the row does not show any more, or another selection stays beside it.
    """
    screen = session.screen
    found: Row | None = row
    if await grid_selection.clear_selection(screen, step, GRID):
        # Clearing has drawn the page again.
        found = await list_page.find_row(session, step, ORDERS, row.key)
    if found is None:
        raise UiDriftError(f"{step}: the list does not show the order any more", step=step)
    await grid_selection.select_row(screen, step, GRID, found)
    await _verify_selection(session, step, row.key)


async def confirm(session: ErpSession, step: str, kind: str, name: str, order_id: str) -> None:
    """Click the action of that name for the selected order, and answer its question with yes, once.

    What became of it only a fresh look at the order can say.

    Raises:
        UiDriftError: selection, filter, action or question are not as they must be; not written.
        OutcomeUnknownError: it may have been written, nobody knows.
    """
    screen = session.screen
    if said := await error_panel.told(screen, step):
        # An old refusal could not be told from a new one afterwards.
        raise UiDriftError(f"{step}: the list shows an error: {said}", step=step)
    await heard(lambda: _confirm(session, step, kind, name, order_id))


async def refusal(session: ErpSession, step: str) -> str:
    """What the ERP says against it; "" if nothing, or if its page does not come to rest."""
    try:
        return await error_panel.told(session.screen, step)
    except (ErpUnavailableError, UiDriftError):
        return ""


async def _confirm(session: ErpSession, step: str, kind: str, name: str, order_id: str) -> None:
    screen = session.screen
    await list_page.verify_all(session, step, ORDERS, searched=order_id)
    await _verify_selection(session, step, order_id)
    action = await menu.find_action(screen, step, name)
    with screen.accepting(action.confirmation) as question:
        async with session.gate.write(
            kind,
            order_id,
            action=action.name,
            parameter=action.parameter,
            content={"SetFilter": await list_page.view_filter(screen, step)},
        ):
            await menu.click_action(screen, step, action)
            await _answer(session, step, action, question)


async def _answer(session: ErpSession, step: str, action: MenuAction, question: Question) -> None:
    """Say yes to the words that the page has announced for the action, and to no others."""
    if question.other:
        raise UiDriftError(f"{step}: the ERP asked something else", seen=question.other)
    if question.accepted or not action.confirmation:
        return
    # No native question: a window of the page's own may ask (erp-reference §2.6).
    try:
        seen = await session.screen.wait(step, _POPUP, within=COVERED)
    except UiDriftError:
        return  # nothing was heard: the gate knows whether anything was sent
    if seen.get("sent"):
        return
    if _words(action.confirmation) not in _words(str(seen.get("text", ""))) or not seen.get("ok"):
        raise UiDriftError(
            f"{step}: the ERP asked something else", seen=_words(str(seen.get("text", "")))[:200]
        )
    await session.screen.click(step, seen["ok"])


async def _verify_selection(session: ErpSession, step: str, order_id: str) -> None:
    found = await grid_selection.read_selection(session.screen, step, GRID)
    if found != Selection((order_id,), 0):
        raise UiDriftError(
            f"{step}: not exactly the order is selected",
            seen=f"{len(found.keys)} here, {found.elsewhere} on other pages",
        )


def _words(text: str) -> str:
    return " ".join(text.split())
