"""The clerk's eyes on the one page: every look and every wait, failing only as our errors."""

import asyncio
import json
import re
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from copy import copy
from itertools import count
from typing import Any, Self, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from server.erp import idle
from server.erp.looks import Look
from server.erp.playwright_errors import LateError, our_errors
from server.erp.timeouts import QUIET_LOOKS, Timeouts
from server.erp.trouble import Question, Trouble
from server.errors import BotError, ErpUnavailableError, UiDriftError

T = TypeVar("T")
# Seconds after which a wait looks whether the wire has told of trouble meanwhile.
SLICE = 2.0


class Eyes:
    """One page. ``step`` names what is being done, in our words; it is all that an error says.

    Scripts are constants of ours; text from outside enters as ``data`` only.
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

    def inside(self, frame: Frame) -> Self:
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
        await self._go_to(step, url)
        await self.quiet(step, within=self.timeouts.page)

    async def open_and_see(self, step: str, url: str, look: Look[T]) -> T:
        """`open`, and what the page shows once it is quiet."""
        await self._go_to(step, url)
        return await self.quiet_and_see(step, look, within=self.timeouts.page)

    async def _go_to(self, step: str, url: str) -> None:
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

    async def look(self, step: str, read: str, data: object = None) -> Any:
        """Read once, within a time: a bare evaluate of a blocked page never answers."""
        return await self._wait(step, idle.look_at(read), {"data": data}, self.timeouts.look)

    async def see(self, step: str, look: Look[T]) -> T:
        """`look` at something, and understand it."""
        return look.understood(step, await self.look(step, look.read, look.data))

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

    async def quiet_and_see(
        self,
        step: str,
        look: Look[T],
        sign: str = "() => true",
        data: object = None,
        *,
        within: float | None = None,
        looks: int = QUIET_LOOKS,
    ) -> T:
        """`quiet`, and what shows in the very look that found the page so."""
        both = f"(data) => ({sign})(data[0]) ? [({look.read})(data[1])] : null"
        seen = await self.quiet(step, both, [data, look.data], within=within, looks=looks)
        return look.understood(step, seen[0])

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
