"""The upper tabs of the order form, by their place: their words differ by language."""

from server.erp.session import ErpSession
from server.errors import UiDriftError

OVERVIEW = 0  # Panoramica, Overview
PRICES = 2  # Prezzi e sconti, Price Discount

# The lower tabs hold the lines; of the two controls the upper one is the other.
_TAB = """
({index}) => {
  const lines = controls('_xaf_dviSALESLINEs_v\\\\d+_\\\\d+_LE_v\\\\d+$');
  if (lines.length !== 1) return null;
  const upper = controls('_xaf_l\\\\d+_pg$').filter((tabs) => !lines[0].name.startsWith(tabs.name + '_'));
  if (upper.length !== 1) return null;
  const active = document.getElementById(`${upper[0].name}_AT${index}`);
  return {link: `${upper[0].name}_T${index}T`, active: shown(active) && active.classList.contains('dxtc-psi')};
}
"""
_ACTIVE = f"(data) => (({_TAB})(data))?.active"


async def open_tab(session: ErpSession, step: str, index: int) -> None:
    """See that the tab is the active one; only another one is clicked (a click on the active posts).

    Raises:
        UiDriftError: the form has no such tab.
    """
    screen = session.screen
    tab = await screen.look(step, _TAB, {"index": index})
    if tab is None:
        raise UiDriftError(f"{step}: the form's upper tabs are not as known", step=step)
    if tab["active"]:
        return
    await screen.click(step, str(tab["link"]))
    await screen.quiet(step, _ACTIVE, {"index": index}, looks=1)
