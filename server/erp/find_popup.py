"""The window in which a reference is looked for: a page of its own in a frame (erp-reference §2.7)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Frame

from server.erp import callbacks, editors, grid
from server.erp.grid import Row
from server.erp.inputs import values
from server.erp.looks import together
from server.erp.screen import Screen
from server.erp.session import ErpSession
from server.errors import ErpRejectedError, UiDriftError

GRID = r"^FindDialog_v\d+_\d+_LE_v\d+$"
_BOX = r"^FindDialog_SAC_Menu_ITCNT\d+_xaf_a\d+_Ed_I$"
_OK = "FindDialog_PopupActions_Menu_DXI0_T"
_CANCEL = "FindDialog_PopupActions_Menu_DXI1_T"
_SHOWN = r"""
() => [...document.querySelectorAll('iframe')]
  .some((frame) => shown(frame) && frame.contentDocument?.readyState === 'complete'
    && /[?&]FindPopup=true/i.test(frame.contentDocument.location.search))
"""
_GONE = r"() => ![...document.querySelectorAll('iframe')].some((frame) => /[?&]FindPopup=true/i.test(frame.src))"
_READY = "(pattern) => controls(pattern).length === 1"
_FOCUSED = """
({pattern, key}) => {
  const list = controls(pattern)[0];
  return Boolean(list) && list.GetFocusedRowIndex() >= 0 && String(list.GetRowKey(list.GetFocusedRowIndex())) === key;
}
"""
_TAKEN = f"""
({{editor, key, text}}) => ({_GONE})()
  && inputs(editor + '_find_HDN$').some((input) => input.value.endsWith('(' + key + ')'))
  && inputs(editor + '_find_Edit_I$').filter(shown).some((input) => input.value.trim() === text)
"""


@dataclass(frozen=True)
class Finder:
    """A reference's editor: its name in a form's fields, and a pattern of its ids that ends in ``_Edit``."""

    name: str
    editor: str


@dataclass(frozen=True)
class FindWindow:
    """An open find window; `choose` or `cancel` ends it."""

    session: ErpSession
    step: str
    finder: Finder
    inner: Screen

    async def search(self, text: str, fields: Sequence[str]) -> list[Row]:
        """Search for a text with real keys, and read all that was found.

        Raises:
            UiDriftError: the window is not as we know it.
        """
        step, inner = self.step, self.inner
        box = await inner.focus_one(step, _BOX)
        await inner.type(step, text, pause=self.session.timeouts.key_pause)
        async with inner.callback_of(step, callbacks.PAGE):
            await inner.click(step, f"{box.removesuffix('_I')}_B1")
        look = together(values(_BOX), grid.page(GRID, fields))
        (searched,), shown = await inner.quiet_and_see(step, look, _READY, GRID)
        if searched != text:
            raise UiDriftError(f"{step}: the window was not searched for what was typed", step=step)
        return await grid.read_all(inner, step, GRID, fields, shown=shown)

    async def choose(self, row: Row, text: str, fields: Sequence[str]) -> None:
        """Take a row that the last search found; the form must then hold it and show ``text``.

        Raises:
            UiDriftError: the row is gone, or the form does not take it over.
        """
        step, inner, session = self.step, self.inner, self.session
        element = await self._show(row, fields)
        await inner.click(step, element)
        await inner.quiet(step, _FOCUSED, {"pattern": GRID, "key": row.key}, looks=1)
        baseline = await editors.all_fields(session.screen, step)
        async with session.gate.allow(
            changes={self.finder.name}, baseline=baseline, expect_request=False
        ):
            await inner.click(step, _OK)
            taken = {"editor": self.finder.editor, "key": row.key, "text": text}
            await session.screen.quiet(step, _TAKEN, taken)

    async def cancel(self) -> None:
        """Put the window away, nothing being chosen."""
        await self.inner.click(self.step, _CANCEL)
        await self.session.screen.quiet(self.step, _GONE)

    async def _show(self, row: Row, fields: Sequence[str]) -> str:
        """The row's element, on whatever page of the list it stands."""
        page = await grid.page_at(self.inner, self.step, GRID, 0, fields)
        for number in range(page.pages):
            if number:
                page = await grid.page_at(self.inner, self.step, GRID, number, fields)
            for shown in page.rows:
                if (shown.key, shown.cells) == (row.key, row.cells):
                    return shown.element
        raise UiDriftError(f"{self.step}: the row to choose is gone", step=self.step)


@asynccontextmanager
async def opened(session: ErpSession, step: str, finder: Finder) -> AsyncIterator[FindWindow]:
    """Open the reference's find window by its button.

    Raises:
        UiDriftError: it does not open.
    """
    screen = session.screen
    name = await editors.find(screen, step, f"{finder.editor}_find_Edit_I$")
    await screen.click(step, f"{name.removesuffix('_I')}_B0")
    await screen.wait(step, _SHOWN, within=session.timeouts.callback)
    inner = screen.inside(_frame(session, step))
    await inner.quiet(step, _READY, GRID)
    window = FindWindow(session, step, finder, inner)
    try:
        yield window
    except ErpRejectedError:
        await window.cancel()  # the form is as it was, and may be gone on with
        raise


def _frame(session: ErpSession, step: str) -> Frame:
    found = [one for one in session.page.frames if "FindPopup=true" in one.url]
    if len(found) != 1:
        raise UiDriftError(f"{step}: {len(found)} find windows where one was opened", step=step)
    return found[0]
