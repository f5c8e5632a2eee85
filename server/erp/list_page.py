"""What the site's list pages share: their grid, the search box, and what an agent left narrowing them."""

from server.erp import editors, grid
from server.erp.screen import Screen
from server.errors import UiDriftError

GRID = r"^Vertical_v\d+_\d+_LE_v\d+$"

# The server keeps searches and column filters for its user, across sessions (§2.8, incident 43).
_SEARCH = r"_SearchAC_Menu_ITCNT\d+_xaf_a\d+_Ed_I$"
_SEARCHED = r"() => controls('_SearchAC_Menu_ITCNT\\d+_xaf_a\\d+_Ed$').map((box) => String(box.GetValue() ?? ''))"
_LEFTOVERS = r"""
() => {
  const left = [];
  for (const box of controls('_SearchAC_Menu_ITCNT\\d+_xaf_a\\d+_Ed$')) if (box.GetValue()) left.push('search');
  for (const input of inputs('^Vertical_v\\d+_\\d+_LE_v\\d+_DXFREditorcol\\d+_I$'))
    if (input.value && !input.classList.contains('dxeNullText_XafTheme')) left.push('column filter');
  return left;
}
"""


async def leftovers(screen: Screen, step: str) -> list[str]:
    """What narrows the list beside its view filter: ``search``, ``column filter``."""
    return [str(name) for name in await screen.look(step, _LEFTOVERS)]


async def clear_leftovers(screen: Screen, step: str) -> None:
    """Take away the searches and column filters that the agent has left in the list."""
    left = await leftovers(screen, step)
    if "column filter" in left:
        await grid.clear_filter(screen, step, GRID)
    if "search" in left:
        await search(screen, step, "")


async def search(screen: Screen, step: str, text: str) -> None:
    """Search the list for a text through its toolbar; empty: show all.

    Raises:
        UiDriftError: the box does not show the text that was searched for.
    """
    await editors.fill(screen, step, _SEARCH, text)
    async with screen.callback_of(step, "globalCallbackControl"):
        await screen.key(step, "Enter")
    await screen.quiet(step)
    if await screen.look(step, _SEARCHED) != [text]:
        raise UiDriftError(f"{step}: the list was not searched for what was typed", step=step)
