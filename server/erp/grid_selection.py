"""The rows that are ticked in a grid: seen on all pages, cleared, and set by a real click on one."""

from dataclasses import dataclass

from server.erp import grid
from server.erp.grid import Row
from server.erp.screen import Screen
from server.erp.wire_grid import WireError, parse_grid_state
from server.errors import UiDriftError

# The state field is what the next body carries: it is named by the grid's unique id, with `$`.
_STATE = f"""
(pattern) => {{
  {grid.FIND}
  const table = grid(pattern);
  if (!table) return null;
  const fields = [...document.forms[0].elements].filter((field) => field.name.replaceAll('$', '_') === table.name);
  return {{
    count: table.GetSelectedRowCount(), elsewhere: table.selectedWithoutPageRowCount ?? 0,
    states: fields.map((field) => field.value),
  }};
}}
"""
_COUNT = (
    f"(data) => {{ {grid.FIND} return grid(data.pattern)?.GetSelectedRowCount() === data.count; }}"
)
_UNSELECT = f"(pattern) => {{ {grid.FIND} const table = grid(pattern); if (!table) return false; table.UnselectRows(); return true; }}"
# The box in the row's command cell; its id ends in the row's index, or in `_D` behind it (§2.6).
_BOX = """
(id) => document.getElementById(id)
  ?.querySelector('td.dxgvCommandColumn_XafTheme [id*="_DXSelBtn"]')?.id ?? null
"""


@dataclass(frozen=True)
class Selection:
    """``keys`` are ticked on the page that shows, ``elsewhere`` counts those on other pages."""

    keys: tuple[str, ...]
    elsewhere: int

    @property
    def empty(self) -> bool:
        """Whether nothing at all is ticked."""
        return not self.keys and not self.elsewhere


async def read_selection(screen: Screen, step: str, pattern: str) -> Selection:
    """What is ticked, as the grid's next body will carry it (erp-wire §4).

    Raises:
        UiDriftError: the state cannot be read, or the grid itself counts otherwise.
    """
    seen = await screen.look(step, _STATE, pattern)
    if seen is None or len(seen["states"]) != 1:
        raise UiDriftError(f"{step}: the grid's selection cannot be read", step=step)
    try:
        state = parse_grid_state(seen["states"][0])
    except WireError as error:
        raise UiDriftError(
            f"{step}: the grid's selection cannot be read: {error}", step=step
        ) from None
    if len(state.selection) > len(state.keys):
        raise UiDriftError(f"{step}: the grid's selection is longer than its page", step=step)
    marks = zip(state.keys, state.selection, strict=False)  # shorter than the page: the rest is F
    keys = tuple(key for key, mark in marks if mark == "T")
    if int(seen["count"]) != len(keys) + int(seen["elsewhere"]):
        raise UiDriftError(f"{step}: the grid counts other rows than it has ticked", step=step)
    return Selection(keys, int(seen["elsewhere"]))


async def clear_selection(screen: Screen, step: str, pattern: str) -> bool:
    """Untick whatever the server still had ticked for its user, on all pages; whether there was any.

    Raises:
        UiDriftError: something stays ticked.
    """
    if (await read_selection(screen, step, pattern)).empty:
        return False
    async with screen.callback_of(step, pattern):
        if not await screen.look(step, _UNSELECT, pattern):
            raise UiDriftError(f"{step}: not exactly one grid where one was expected", step=step)
    await screen.quiet(step)
    if not (await read_selection(screen, step, pattern)).empty:
        raise UiDriftError(f"{step}: rows selected before cannot be unselected", step=step)
    return True


async def select_row(screen: Screen, step: str, pattern: str, row: Row) -> None:
    """Tick one row by a real click in its command cell; a second click would untick it.

    Raises:
        UiDriftError: the row has no box, or the grid does not take the click.
    """
    box = await screen.look(step, _BOX, row.element)
    if box is None:
        raise UiDriftError(f"{step}: the row has no box to tick", step=step)
    await screen.click(step, str(box))
    data = {"pattern": pattern, "count": 1}
    await screen.quiet(step, _COUNT, data, within=screen.timeouts.element)
