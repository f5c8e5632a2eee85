"""The tabs of a form, by their place: their words differ by language."""

from server.erp.session import ErpSession
from server.erp.timeouts import BROWSER
from server.errors import UiDriftError

# The lower tabs hold the form's nested grid; of the two controls the upper one is the other.
_TAB = """
({index, lower}) => {
  const nested = controls('_xaf_dvi(?:SALESLINEs|ADDRESSes)_v\\\\d+_\\\\d+_LE_v\\\\d+$');
  if (nested.length !== 1) return null;
  const found = controls('_xaf_l\\\\d+_pg$').filter((tabs) => nested[0].name.startsWith(tabs.name + '_') === lower);
  if (found.length !== 1) return null;
  const active = document.getElementById(`${found[0].name}_AT${index}`);
  return {link: `${found[0].name}_T${index}T`, active: shown(active) && active.classList.contains('dxtc-psi')};
}
"""
# How often a tab is clicked that does not open.
_CLICKS = 3
_ACTIVE = f"(data) => (({_TAB})(data))?.active"


async def open_tab(session: ErpSession, step: str, index: int, *, lower: bool = False) -> None:
    """See that the tab is the active one; only another one is clicked (a click on the active posts).

    A click may hit nothing: the page's head shrinks in the instant in which the tab is scrolled into
    view, and moves the tab away under the mouse (seen on a loaded machine). It is made again then.

    Raises:
        UiDriftError: the form has no such tab, or does not open it.
    """
    screen = session.screen
    place = {"index": index, "lower": lower}
    for left in reversed(range(_CLICKS)):
        tab = await screen.look(step, _TAB, place)
        if tab is None:
            raise UiDriftError(f"{step}: the form's tabs are not as known", step=step)
        if tab["active"]:
            return
        await screen.click(step, str(tab["link"]))
        await screen.quiet(step)
        try:
            await screen.wait(step, _ACTIVE, place, within=BROWSER)
        except UiDriftError:
            if not left:
                raise
        else:
            return
