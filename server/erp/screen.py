"""The clerk's eyes and hands on the one page: every look, wait and gesture, failing only as our errors."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, asynccontextmanager
from copy import copy
from itertools import count
from typing import Any, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from server.erp import at_rest, focus, idle
from server.erp.callbacks import is_callback_of
from server.erp.playwright_errors import LateError, our_errors
from server.erp.timeouts import QUIET_LOOKS, Timeouts
from server.erp.trouble import Question, Trouble
from server.errors import BotError, ErpUnavailableError, UiDriftError

T = TypeVar("T")
# Seconds after which a wait looks whether the wire has told of trouble meanwhile.
SLICE = 2.0
_ID = re.compile(r"[A-Za-z0-9_-]+")


class Screen:
    """One page. ``step`` names what is being done, in our words; it is all that an error says.

    Scripts are constants of ours; text from outside enters as ``data`` only. Elements are named by
    the full id that a look has just found, never held.
    """

    def __init__(self, page: Page, timeouts: Timeouts) -> None:
        self.page = page
        self.timeouts = timeouts
        # While nobody is signed in the login page is a page like others; later it is a lost session.
        self.signed_in = False
        self._tokens = count(1)
        # What went wrong on the wire since the page was last as it should be.
        self._trouble = Trouble(page)
        # Where it looks and clicks: the page itself, or a window in it that is a page of its own.
        self._view: Page | Frame = page

    def inside(self, frame: Frame) -> "Screen":
        """The same page, looked at and clicked within one of its frames."""
        inner = copy(self)
        inner._view = frame  # noqa: SLF001
        return inner

    @property
    def path(self) -> str:
        """The path of the page's URL, with its query."""
        return re.sub(r"^[a-z]+://[^/]*", "", self.page.url)

    async def open(self, step: str, url: str) -> None:
        """Go to a page by its URL and wait until it is quiet.

        Raises:
            ErpUnavailableError: the ERP did not answer, or with a server's error.
        """
        try:
            with our_errors(step):
                answer = await self.page.goto(
                    url, wait_until="domcontentloaded", timeout=self.timeouts.page * 1000
                )
        except LateError:
            # Nothing is known of the site yet: a page that does not come is the ERP being away.
            raise ErpUnavailableError(
                f"{step}: the ERP did not answer in time", step=step
            ) from None
        if answer is not None and answer.status >= 500:
            raise ErpUnavailableError(f"{step}: the ERP answered {answer.status}", step=step)
        await self.quiet(step, within=self.timeouts.page)

    async def look(self, step: str, read: str, data: object = None) -> Any:
        """Read once, within a time: a bare evaluate of a blocked page never answers."""
        return await self._wait(step, idle.look_at(read), {"data": data}, self.timeouts.look)

    async def wait(self, step: str, sign: str, data: object = None, *, within: float) -> Any:
        """Wait until the sign is there, quiet or not, and return its value."""
        argument = {"guarded": self.signed_in, "data": data}
        return await self._wait(step, idle.there(sign), argument, within)

    async def quiet(
        self,
        step: str,
        sign: str = "() => true",
        data: object = None,
        *,
        within: float | None = None,
        looks: int = QUIET_LOOKS,
    ) -> Any:
        """Wait until the page is quiet, shows the sign and has nothing planned, or for some looks in a row.

        One look is enough where the sign cannot stand before the gesture's last answer has come.

        Raises:
            ErpUnavailableError: the page is still busy when the time is up.
            UiDriftError: it is quiet, but the sign did not come.
        (Here and in every wait: ErpUnavailableError also when the session has ended.)
        """
        argument = {"token": next(self._tokens), "guarded": self.signed_in, "data": data}
        argument |= {"looks": looks, "poll": self.timeouts.poll * 1000}
        within = self.timeouts.callback if within is None else within
        return await self._wait(step, idle.quiet_until(sign), argument, within)

    async def _wait(self, step: str, script: str, data: object, within: float) -> Any:
        try:
            with our_errors(step):
                seen = await self._in_slices(step, script, data, within)
        except LateError as late:
            raise await self._reason(step, late, within) from None
        if "lost" in seen:
            raise ErpUnavailableError(f"{step}: the ERP has ended the session", step=step)
        self._trouble.reason = ""
        return seen["value"]

    async def _in_slices(self, step: str, script: str, data: object, within: float) -> Any:
        """Wait in slices: after trouble on the wire the rest of the time would be waited for nothing."""
        clock = asyncio.get_running_loop()
        deadline = clock.time() + within
        while True:
            left = deadline - clock.time()
            try:
                return await self._value(step, script, data, min(left, SLICE))
            except PlaywrightTimeoutError:
                if left <= SLICE or self._trouble.reason:
                    raise

    async def _value(self, step: str, script: str, data: object, within: float) -> Any:
        times = {"within": within} | {
            name: getattr(self.timeouts, name) for name in ("poll", "answer", "settle")
        }
        polled = {"argument": data} | {name: time * 1000 for name, time in times.items()}

        async def value() -> Any:
            seen = await self._view.evaluate(idle.polled(script), polled)
            if seen is None:
                raise PlaywrightTimeoutError("the sign did not come")
            return json.loads(seen)

        while True:
            try:
                return await self.bounded(step, value(), within)
            except PlaywrightError as error:
                # A document that is being left takes the value with it: the next one is looked at.
                if "context was destroyed" not in error.message:
                    raise

    async def bounded(self, step: str, call: Coroutine[Any, Any, T], within: float = 0) -> T:
        """Await a call of Playwright's that might never end, without ever cancelling it (law 8).

        A page whose script never ends answers nothing, and even a time-out of Playwright's then hangs
        while it cleans up in the page (measured with 1.65.2). Closing the context ends the call; the
        page is of no use any more.
        """
        task = asyncio.ensure_future(call)
        await asyncio.wait({task}, timeout=within + self.timeouts.look)
        if not task.done():
            await self.page.context.close()
            await asyncio.gather(task, return_exceptions=True)
            raise ErpUnavailableError(
                f"{step}: the page does not answer, its browser context was closed", step=step
            )
        return task.result()

    async def _reason(self, step: str, late: LateError, within: float) -> BotError:
        if self._trouble.reason:
            return ErpUnavailableError(f"{step}: {self._trouble.reason}", step=step)
        try:
            with our_errors(step):
                seen = await self._value(step, idle.BUSY, {"data": None}, self.timeouts.look)
                state = str(seen["value"])
        except LateError:
            state = "the page does not answer"
        if not state:
            return UiDriftError(late.message, step=step, path=self.path)
        return ErpUnavailableError(
            f"{step}: the ERP did not finish within {within:g} s ({state})", step=step
        )

    def accepting(self, text: str) -> AbstractContextManager[Question]:
        """Within the ``with`` one native question of exactly these words is answered with yes."""
        return self._trouble.accepting(text)

    # Gestures ---------------------------------------------------------------------------------

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
        """The gestures inside must lead to an answered callback of the control with that client id.

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
