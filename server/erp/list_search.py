"""A list page's search box: asked, seen to have been answered, and cleared with what else narrows the list."""

from typing import Any, TypeVar

from server.erp import callbacks, editors, grid
from server.erp.looks import Look, together
from server.erp.screen import Screen
from server.errors import UiDriftError

T = TypeVar("T")

GRID = r"^Vertical_v\d+_\d+_LE_v\d+$"

# The server keeps searches and column filters for its user, across sessions (§2.8, incident 43).
_BOX = r"_SearchAC_Menu_ITCNT\d+_xaf_a\d+_Ed_I$"
SEARCHED = r"() => controls('_SearchAC_Menu_ITCNT\\d+_xaf_a\\d+_Ed$').map((box) => String(box.GetValue() ?? ''))"
LEFTOVERS = r"""
() => {
  const left = [];
  for (const box of controls('_SearchAC_Menu_ITCNT\\d+_xaf_a\\d+_Ed$')) if (box.GetValue()) left.push('search');
  for (const input of inputs('^Vertical_v\\d+_\\d+_LE_v\\d+_DXFREditorcol\\d+_I$'))
    if (input.value && !input.classList.contains('dxeNullText_XafTheme')) left.push('column filter');
  return left;
}
"""


def leftovers() -> Look[list[str]]:
    """What narrows the list beside its view filter: ``search``, ``column filter``."""
    return Look(LEFTOVERS, None, lambda _, left: [str(name) for name in left])


async def clear_leftovers(screen: Screen, step: str) -> None:
    """Take away the searches and column filters that the agent has left in the list."""
    left = await screen.see(step, leftovers())
    if "column filter" in left:
        await grid.clear_filter(screen, step, GRID)
    if "search" in left:
        await search(screen, step, "")


async def search(screen: Screen, step: str, text: str) -> None:
    """Search the list for a text through its toolbar; empty: show all.

    Raises:
        UiDriftError: the box does not show the text that was searched for.
    """
    await _ask_for(screen, step, text)
    await screen.quiet_and_see(step, _searched_for(text))


async def search_and_see(screen: Screen, step: str, text: str, look: Look[T]) -> T:
    """`search`, and what the list shows then."""
    await _ask_for(screen, step, text)
    _, seen = await screen.quiet_and_see(step, together(_searched_for(text), look))
    return seen


async def _ask_for(screen: Screen, step: str, text: str) -> None:
    await editors.fill(screen, step, _BOX, text)
    async with screen.callback_of(step, callbacks.PAGE):
        await screen.key(step, "Enter")


def _searched_for(text: str) -> Look[None]:
    def understood(step: str, seen: Any) -> None:
        if seen != [text]:
            raise UiDriftError(f"{step}: the list was not searched for what was typed", step=step)

    return Look(SEARCHED, None, understood)
