"""The clerk's hands on the one page: every gesture, by real mouse and keys, failing only as our errors."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from server.erp import at_rest, focus
from server.erp.callbacks import is_callback_of
from server.erp.eyes import Eyes
from server.erp.inputs import one_input
from server.erp.playwright_errors import LateError, our_errors
from server.errors import ErpUnavailableError, UiDriftError

_ID = re.compile(r"[A-Za-z0-9_-]+")


class Screen(Eyes):
    """One page, to be looked at and worked on.

    Elements are named by the full id that a look has just found, never held.
    """

    async def click(self, step: str, element: str) -> None:
        """A real click with the mouse on the element of that id."""
        selector = _selector(step, element)
        # Within a frame a point is not the page's.
        if self._view is self.page and (place := await self.look(step, at_rest.PLACE, element)):
            with our_errors(step):
                await self.bounded(step, self.page.mouse.click(*place), self.timeouts.element)
            if await self.look(step, at_rest.LANDED):
                return
        await self._uncovered(
            step, element, lambda within: self._view.click(selector, timeout=within)
        )

    async def double_click(self, step: str, element: str) -> None:
        """A real double click on the element of that id."""
        selector = _selector(step, element)
        await self._uncovered(
            step, element, lambda within: self._view.dblclick(selector, timeout=within)
        )

    async def _uncovered(
        self, step: str, element: str, gesture: Callable[[float], Awaitable[None]]
    ) -> None:
        """Playwright clicks only what lies on top, and takes its milliseconds to see that it does.

        A notice that covers the target (erp-reference §3.1.8) is put away, and only then is there a
        second try: the first has not clicked anything.
        """
        await self.wait(step, at_rest.IN_VIEW, element, within=self.timeouts.element)
        try:
            with our_errors(step):
                await gesture(min(self.timeouts.element, focus.COVERED) * 1000)
        except LateError:
            await self.look(step, focus.PUT_NOTICES_AWAY)
            with our_errors(step):
                await gesture(self.timeouts.element * 1000)

    async def answer_of_click(self, step: str, element: str, *, within: float) -> int:
        """Click, and return the HTTP status with which the page's POST is answered.

        ``within`` is for the request to leave; the gate, which sends it, bounds its answer.

        Raises:
            ErpUnavailableError: there was no answer.
        """
        with our_errors(step):
            async with self.page.expect_request(
                lambda request: request.method == "POST", timeout=within * 1000
            ) as coming:
                await self.click(step, element)
            answer = await (await coming.value).response()
        if answer is None:
            raise ErpUnavailableError(f"{step}: the ERP did not answer", step=step)
        return answer.status

    async def focus(self, step: str, element: str) -> None:
        """Give an input the focus as the Tab key does, or else by a click, and select what it holds."""
        try:
            await self.wait(
                step, focus.TAKE, element, within=min(self.timeouts.element, focus.COVERED)
            )
        except UiDriftError:
            await self.click_into(step, element)

    async def focus_one(self, step: str, pattern: str) -> str:
        """`focus` the one input that shows and whose id fits the pattern; returns its id.

        Raises:
            UiDriftError: there is none, or more than one.
        """
        within = min(self.timeouts.element, focus.COVERED)
        try:
            return str(await self.wait(step, focus.TAKE_ONE, pattern, within=within))
        except UiDriftError:
            element = await self.see(step, one_input(pattern))
            await self.click_into(step, element)
            return element

    async def click_into(self, step: str, element: str) -> None:
        """Click an input, see that it has the focus, and select what it holds.

        Raises:
            UiDriftError: something else took the focus (erp-reference §3.1.8).
        """
        await self.click(step, element)
        try:
            await self.wait(
                step, focus.HELD, element, within=min(self.timeouts.element, focus.COVERED)
            )
        except UiDriftError:
            await self.click(step, element)
            await self.wait(step, focus.HELD, element, within=self.timeouts.element)

    async def insert(self, step: str, text: str) -> None:
        """Put text where the cursor is, as a paste does: an input event, no key events."""
        with our_errors(step):
            await self.bounded(step, self.page.keyboard.insert_text(text))

    async def key(self, step: str, name: str) -> None:
        """Press one key: a real key event."""
        with our_errors(step):
            await self.bounded(step, self.page.keyboard.press(name))

    async def type(self, step: str, text: str, *, pause: float = 0) -> None:
        """Type with real key events, with a pause in seconds after each."""
        typing = self.page.keyboard.type(text, delay=pause * 1000)
        with our_errors(step):
            await self.bounded(step, typing, len(text) * pause)

    @asynccontextmanager
    async def callback_of(self, step: str, control: str) -> AsyncIterator[None]:
        """The gestures inside must lead to an answered callback of the control whose client id fits the pattern.

        This is the positive sign that a filter's result is the one asked for, not the one before.
        """
        try:
            with our_errors(step):
                async with self.page.expect_event(
                    "requestfinished",
                    predicate=is_callback_of(control),
                    timeout=self.timeouts.callback * 1000,
                ):
                    yield
        except LateError as late:
            raise await self._reason(step, late, self.timeouts.callback) from None


def _selector(step: str, element: str) -> str:
    # The id comes from the page, and goes into a selector: only what an id of the site can be.
    if not _ID.fullmatch(element):
        raise UiDriftError(f"{step}: an element has an id of an unknown form", step=step)
    return f'[id="{element}"]'
