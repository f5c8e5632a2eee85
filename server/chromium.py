"""Starts Chromium through Playwright so that browser and driver die with us, whatever happens to us."""

import asyncio
import itertools
import os
import shutil
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import playwright
import structlog
from playwright.async_api import Browser, CDPSession, Error, Playwright, async_playwright

from server.processes import Family, GuardianError, RunFolder, run_folder

START_TIMEOUT = 30  # seconds; the driver takes 0.4, a browser 0.1
CLOSE_TIMEOUT = (
    5  # seconds for an orderly end; a browser with 60 contexts takes 1, a frozen one for ever
)
COMMANDS = ("chromium-headless-shell", "chromium")  # half the memory and twice as fast: the first
PROGRAMS = Path("/usr/lib/chromium")  # Debian's commands are scripts around the programs here
NODE_VARIABLE = "PLAYWRIGHT_NODEJS_PATH"
ARGUMENTS = (
    "--lang=it-IT",
    # With it page.close() hangs after a navigation by the page itself (playwright#42068).
    "--disable-features=RenderDocument",
)
# Then a page asks for no picture at all, and lays itself out as if all were still on their way.
WITHOUT_IMAGES = ("--blink-settings=imagesEnabled=false",)
# Of several --disable-features Chromium obeys the last, so ours would undo all of Playwright's, among
# them the one against turning http into https. This makes one list of them.
MERGE_FEATURES = """\
features=
for argument; do
    case $argument in --disable-features=*) features=${features:+$features,}${argument#*=} ;; esac
done
set -- "$@" "--disable-features=$features"\
"""

OnStarted = Callable[[Family], Awaitable[None]]

log = structlog.get_logger(__name__)
T = TypeVar("T")
_environment = asyncio.Lock()  # one driver at a time is started under a changed environment


class ChromiumMissingError(Exception):
    """There is no Chromium to run; the message says where it was looked for and how to get one."""


class GuardedBrowser:
    """A Playwright browser with the processes behind it, its own and the driver's."""

    def __init__(self, browser: Browser, family: Family, driver: Family) -> None:
        self.browser = browser
        self.family = family
        self.driver = driver
        self._cdp: CDPSession | None = None

    def is_alive(self) -> bool:
        """Whether it runs. Playwright's `is_connected()` stays True when the driver was killed."""
        return self.family.is_led() and self.driver.is_led()

    async def answers(self, within: float) -> bool:
        """Whether the browser itself says something in time; a frozen one is alive and does not."""
        try:
            await uncancelled(asyncio.ensure_future(self.ask()), within)
        except (TimeoutError, Error):
            return False
        return True

    async def ask(self) -> None:
        """Ask the browser itself for its version; to be bounded by the caller, never cancelled."""
        if self._cdp is None:
            self._cdp = await self.browser.new_browser_cdp_session()
        await self._cdp.send("Browser.getVersion")

    async def close(self) -> None:
        """Closes it, by force if it does not answer; returns when every process is proved dead."""
        try:
            await uncancelled(asyncio.ensure_future(self.browser.close()), CLOSE_TIMEOUT)
        except TimeoutError:
            log.warning("browser did not close in time; killing it", pid=self.family.pid)
        except Error:
            log.info("browser was gone before its close", pid=self.family.pid)
        finally:
            await self.family.end()

    async def kill(self) -> None:
        """Kills it at once; returns when every process is proved dead. Pending calls of its pages raise."""
        await self.family.end()


class GuardedDriver:
    """Playwright's driver, started at the first launch and again when it has died; launches browsers."""

    def __init__(
        self, chromium: str | None, folder: RunFolder, on_started: OnStarted, *, images: bool
    ) -> None:
        self._chromium = chromium
        self._arguments = ARGUMENTS if images else ARGUMENTS + WITHOUT_IMAGES
        self._folder = folder
        self._on_started = on_started
        self._turn = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._driver: Family | None = None
        self._numbers = itertools.count(1)

    async def launch(self) -> GuardedBrowser:
        """Launches a browser, to be closed or killed by the caller. To be called in the main thread.

        Raises:
            ChromiumMissingError: there is none on this machine.
            GuardianError: browser or driver cannot be guarded here.
            TimeoutError: browser or driver did not start in time.
            playwright.async_api.Error: Chromium ended while starting; the message holds its output.
            Exception: whatever ``on_started`` raised; nothing was left running.
        """
        async with self._turn:
            driver, driving = await self._running_driver()
            self._folder.forget_dead()
        name = f"chromium-{next(self._numbers)}"
        program = find_chromium(self._chromium, Path(driver.chromium.executable_path))
        call = driver.chromium.launch(
            executable_path=self._folder.wrapper(
                name, program, session=False, before=MERGE_FEATURES
            ),
            args=self._arguments,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        browser, family = await self._start(call, name)
        return GuardedBrowser(browser, family, driving)

    async def close(self) -> None:
        """Ends the driver and whatever it started; returns when all of it is proved dead."""
        async with self._turn:
            await self._stop()

    async def _running_driver(self) -> tuple[Playwright, Family]:
        if self._playwright is not None:
            if self._driver is not None and self._driver.is_led():
                return self._playwright, self._driver
            log.warning("the browser driver died; starting another")
            await self._stop()
        if threading.current_thread() is not threading.main_thread():
            raise GuardianError(
                "a browser has to be started from the main thread, or it would die with the other one"
            )
        name = f"driver-{next(self._numbers)}"
        wrapper = self._folder.wrapper(name, _node(), session=True)
        started, self._driver = await self._start(_start_playwright(wrapper), name)
        self._playwright = started
        return started, self._driver

    async def _start(self, call: Coroutine[Any, Any, T], name: str) -> tuple[T, Family]:
        """Waits for a start and tells of it. One that takes too long, or that nobody hears of, is killed."""
        starting = asyncio.ensure_future(call)
        try:
            started = await uncancelled(starting, START_TIMEOUT)
            family = self._started(name)
            await self._on_started(family)
        except BaseException:
            self._kill(name)
            starting.add_done_callback(lambda _: self._kill(name))
            raise
        return started, family

    def _started(self, name: str) -> Family:
        family = self._folder.family(name)
        if family is None:
            raise GuardianError(f"{name} did not say who it is")
        return family

    def _kill(self, name: str) -> None:
        family = self._folder.family(name)
        if family is not None:
            family.kill()

    async def _stop(self) -> None:
        stopping, self._playwright, self._driver = self._playwright, None, None
        try:
            if stopping is not None:
                await uncancelled(asyncio.ensure_future(stopping.stop()), CLOSE_TIMEOUT)
        except TimeoutError:
            log.warning("the browser driver did not stop in time; killing it")
        finally:
            for family in self._folder.families():
                await family.end()
            self._folder.forget_dead()


async def tell_nobody(_: Family) -> None:
    """For a browser that writes nothing: nobody has to know of it."""


@asynccontextmanager
async def guarded_driver(
    chromium: str | None,
    run_dir: Path,
    on_started: OnStarted = tell_nobody,
    *,
    images: bool = True,
) -> AsyncIterator[GuardedDriver]:
    """A driver that launches browsers, with a private folder below `run_dir`; all of it is dead at the end.

    `chromium` is the setting: a path or a command, None for whatever is found. `on_started` is told of
    every driver and browser before it is used. Without `images` pages load no pictures. Folders that killed runs left in `run_dir` are removed.
    """
    with run_folder(run_dir) as folder:
        driver = GuardedDriver(chromium, folder, on_started, images=images)
        try:
            yield driver
        finally:
            await driver.close()


@asynccontextmanager
async def guarded_browser(
    chromium: str | None, run_dir: Path, *, images: bool = True
) -> AsyncIterator[Browser]:
    """One browser, for those who need no second; as `guarded_driver`."""
    async with guarded_driver(chromium, run_dir, images=images) as driver:
        launched = await driver.launch()
        try:
            yield launched.browser
        finally:
            await launched.close()


def find_chromium(setting: str | None, own: Path | None = None) -> Path:
    """The Chromium to run: the setting, chromium-headless-shell, chromium, then Playwright's `own` download.

    Raises:
        ChromiumMissingError: none of them can be run, or the setting cannot.
    """
    for command in (setting,) if setting else COMMANDS:
        found = shutil.which(command)
        if found is not None:
            return _program(Path(found))
    if setting:
        raise ChromiumMissingError(f"ARCHIBALD_CHROMIUM names {setting}, which cannot be run")
    if own is not None and own.exists():
        return own
    raise ChromiumMissingError(
        f"no {', no '.join(COMMANDS)} and none of Playwright's own: run `make setup` as root "
        "(apt-get install chromium-headless-shell), or set ARCHIBALD_CHROMIUM to the path of a Chromium"
    )


def _program(found: Path) -> Path:
    """The program behind a script: a script that waits for its child would die alone."""
    with found.open("rb") as file:
        is_script = file.read(2) == b"#!"
    behind = PROGRAMS / found.name
    return behind if is_script and behind.exists() else found


def _node() -> Path:
    """The Node.js that runs Playwright's driver: the one set by its own variable, else its own."""
    given = os.environ.get(NODE_VARIABLE)
    return Path(given) if given else Path(playwright.__file__).parent / "driver" / "node"


async def _start_playwright(node: Path) -> Playwright:
    async with _environment:
        before = os.environ.get(NODE_VARIABLE)
        os.environ[NODE_VARIABLE] = str(node)
        try:
            return await async_playwright().start()
        finally:
            del os.environ[NODE_VARIABLE]
            if before is not None:
                os.environ[NODE_VARIABLE] = before


async def uncancelled(call: asyncio.Future[T], timeout: float) -> T:  # noqa: ASYNC109 - see below
    """Waits for a call of Playwright and never cancels it: a cancelled one may still have its effect.

    Raises:
        TimeoutError: it has not ended; it goes on, and its outcome is nobody's.
    """
    call.add_done_callback(lambda done: done.cancelled() or done.exception())
    ended, _ = await asyncio.wait({call}, timeout=timeout)
    if not ended:
        raise TimeoutError(f"no answer from the browser within {timeout} s")
    return call.result()
