"""Rows of a nested grid that are edited in place: their buttons, and how the editing ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from server.erp import grid
from server.erp.grid import GridPage
from server.erp.looks import Look, together
from server.erp.screen import Screen
from server.erp.session import ErpSession
from server.errors import UiDriftError

T = TypeVar("T")

_COMMAND = """
({pattern, command}) => {
  const found = controls(pattern);
  if (found.length !== 1) return [];
  return [...document.querySelectorAll('a[data-args]')]
    .filter((link) => link.id.startsWith(found[0].name + '_DXCBtn') && shown(link)
      && link.dataset.args.includes("'" + command + "'"))
    .map((link) => link.id);
}
"""
_ENDED = """
(pattern) => {
  const found = controls(pattern);
  if (found.length !== 1) return null;
  const error = document.getElementById(found[0].name + '_DXEditingErrorRow');
  if (shown(error)) return {refused: error.textContent.trim().slice(0, 200) || 'without a word'};
  return found[0].IsEditing() ? null : {done: true};
}
"""


@dataclass(frozen=True)
class RowRefused:
    """The ERP did not take the row; ``words`` are its own."""

    words: str


def button(pattern: str, name: str) -> Look[str]:
    """The id of the grid's button of that command (``AddNew``, ``UpdateEdit``).

    Each row offers the same command: buttons are told apart by their arguments, not by their number.

    Raises:
        UiDriftError: there is none.
    """

    def understood(step: str, found: Any) -> str:
        if not found:
            raise UiDriftError(f"{step}: the grid offers no {name}", step=step)
        return str(found[0])

    return Look(_COMMAND, {"pattern": pattern, "command": name}, understood)


def add_new(pattern: str, fields: Sequence[str]) -> Look[str]:
    """The id of the button that opens a new row, in a grid that shows the fields and in which none is open.

    Raises:
        UiDriftError: as `grid.page` and `button`; or a row is open.
    """
    closed = grid.page(pattern, fields).then(_no_row_open)
    return together(closed, button(pattern, "AddNew")).then(lambda _, seen: seen[1])


def _no_row_open(step: str, page: GridPage) -> None:
    if page.editing:
        raise UiDriftError(f"{step}: a row is open already", step=step)


async def command(screen: Screen, step: str, pattern: str, name: str) -> str:
    """Look for the grid's button of that command; raises as `button`."""
    return await screen.see(step, button(pattern, name))


async def ended(
    session: ErpSession,
    step: str,
    pattern: str,
    look: Look[T],
) -> T | RowRefused:
    """Wait until the committed row is a row like others; what shows then."""
    sign = f"""
(data) => {{
  const outcome = ({_ENDED})(data[0]);
  return outcome?.done ? {{seen: ({look.read})(data[1])}} : outcome;
}}
"""
    outcome = await session.screen.quiet(
        step, sign, [pattern, look.data], within=session.timeouts.editing_end, looks=2
    )
    if "refused" in outcome:
        return RowRefused(str(outcome["refused"]))
    return look.understood(step, outcome["seen"])
