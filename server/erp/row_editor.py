"""Rows of a nested grid that are edited in place: their buttons, and how the editing ends."""

from server.erp.screen import Screen
from server.erp.session import ErpSession
from server.errors import UiDriftError

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


async def command(screen: Screen, step: str, pattern: str, name: str) -> str:
    """The id of the grid's button of that command (``AddNew``, ``UpdateEdit``).

    Each row offers the same command: buttons are told apart by their arguments, not by their number.

    Raises:
        UiDriftError: there is none.
    """
    found = await screen.look(step, _COMMAND, {"pattern": pattern, "command": name})
    if not found:
        raise UiDriftError(f"{step}: the grid offers no {name}", step=step)
    return str(found[0])


async def ended(session: ErpSession, step: str, pattern: str) -> str:
    """Wait until the committed row is a row like others; else the ERP's words of refusal."""
    outcome = await session.screen.quiet(
        step, _ENDED, pattern, within=session.timeouts.editing_end, looks=2
    )
    return str(outcome.get("refused", ""))
