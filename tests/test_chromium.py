"""Laws of the guard around Chromium: it dies with us, survives signals to our group, and can be proved dead."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Error, Route

from server import chromium
from server.chromium import guarded_browser, guarded_driver
from server.processes import Family, GuardianError
from tests.conditions import WAIT, until

# Owns a browser. Told to end, it goes on with its page as a server does that drains.
OWNER = """
import asyncio, json, signal, sys
from pathlib import Path
from server.chromium import guarded_driver

async def main():
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with guarded_driver(None, Path(sys.argv[1])) as driver:
        launched = await driver.launch()
        page = await launched.browser.new_page()
        folders = [str(folder) for folder in Path(sys.argv[1]).glob("run-*")]
        print(json.dumps({"browser": launched.family.pid, "driver": driver._driver.pid, "folders": folders}), flush=True)
        await told.wait()
        await page.goto("data:text/html,<h1>drained</h1>")
        print(await page.inner_text("h1"), flush=True)

asyncio.run(main())
"""


class Owner:
    """A process of its own group and session that owns a browser."""

    def __init__(self, run_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWNER, run_dir],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        facts: dict[str, Any] = json.loads(self.line())
        self.folders = [Path(folder) for folder in facts["folders"]]
        self.families = [self._family(facts["driver"]), self._family(facts["browser"])]

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    @staticmethod
    def _family(pid: int) -> Family:
        family = Family.of(pid)
        assert family is not None
        return family


@contextmanager
def owner(run_dir: Path) -> Iterator[Owner]:
    owning = Owner(run_dir)
    try:
        yield owning
    finally:
        owning.kill()


def names(run_dir: Path, pattern: str) -> set[str]:
    """Of what lies in the folders of its runs."""
    return {path.name for path in run_dir.glob(f"run-*/{pattern}")}


@pytest.mark.parametrize("frozen", ["nothing", "browser"])
async def test_everything_dies_with_an_owner_that_is_killed(tmp_path: Path, frozen: str) -> None:
    """SIGKILL of the server leaves neither driver nor browser, even when the browser is frozen."""
    with owner(tmp_path) as owning:
        assert all(family.members() for family in owning.families)
        if frozen == "browser":
            os.kill(owning.families[1].pid, signal.SIGSTOP)
    await until(
        lambda: not any(family.members() for family in owning.families), "driver and browser to die"
    )


async def test_what_was_frozen_as_a_whole_dies_at_the_next_start(tmp_path: Path) -> None:
    """Stopped children cannot notice that the browser died; the next server of the folder ends them."""
    with owner(tmp_path) as owning:
        for pid in owning.families[1].members():
            os.kill(pid, signal.SIGSTOP)
    await until(lambda: not owning.families[1].is_led(), "the browser itself to die")
    async with guarded_driver(None, tmp_path):
        await until(lambda: not owning.families[1].members(), "its children to die")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_to_the_whole_group_leaves_time_to_drain(
    tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C and a service manager's SIGTERM reach the server alone; then it ends with nothing left."""
    with owner(tmp_path) as owning:
        os.killpg(owning.process.pid, number)
        assert owning.line() == "drained\n"
        assert await asyncio.to_thread(owning.process.wait, WAIT) == 0
        assert not any(family.members() for family in owning.families)
        assert not any(folder.exists() for folder in owning.folders)


async def test_folders_of_killed_runs_go_at_the_next_start(tmp_path: Path) -> None:
    """A killed browser's profile holds cookies; a living server's folder is not touched."""
    with owner(tmp_path) as living:
        with owner(tmp_path) as killed:
            (left,) = set(killed.folders) - set(living.folders)
            assert list((left / "tmp").glob("playwright*"))
        assert left.exists()
        async with guarded_driver(None, tmp_path):
            assert not left.exists()
            assert all(folder.exists() for folder in living.folders)


async def test_a_browser_can_be_replaced(tmp_path: Path) -> None:
    """After a kill pending calls raise, the death is proved, and the same driver launches another."""
    async with guarded_driver(None, tmp_path) as driver:
        first = await driver.launch()
        page = await first.browser.new_page()
        pending = asyncio.ensure_future(page.wait_for_selector("#never"))
        await first.kill()
        assert first.family.members() == []
        assert not first.is_alive()
        with pytest.raises(Error):
            await pending
        second = await driver.launch()
        assert second.is_alive()
        assert await (await second.browser.new_page()).evaluate("1 + 1") == 2
    assert second.family.members() == []


async def test_a_dead_driver_is_replaced(tmp_path: Path) -> None:
    """Its browsers die with it, which Playwright does not tell, and the next launch starts another."""
    async with guarded_driver(None, tmp_path) as driver:
        first = await driver.launch()
        assert driver._driver is not None
        driver._driver.kill()
        await until(lambda: not first.is_alive(), "the browser to die with its driver")
        left = names(tmp_path, "tmp/*")
        assert left  # a profile, with cookies
        second = await driver.launch()
        assert await (await second.browser.new_page()).evaluate("1 + 1") == 2
        assert not left & names(tmp_path, "tmp/*")
        await first.close()


async def test_replaced_browsers_leave_no_files(tmp_path: Path) -> None:
    """Closed or killed, a server that replaces browsers for months has no more of them than at first."""
    async with guarded_driver(None, tmp_path) as driver:
        counted = []
        for end in ("close", "kill", "close", "kill"):
            launched = await driver.launch()
            counted.append(len(names(tmp_path, "*")))
            await getattr(launched, end)()
        assert len(set(counted)) == 1


@pytest.mark.parametrize("frozen", ["browser", "driver"])
async def test_a_frozen_browser_is_closed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frozen: str
) -> None:
    """A close that gets no answer is bounded and ends in a kill."""
    monkeypatch.setattr(chromium, "CLOSE_TIMEOUT", 0.3)
    async with guarded_driver(None, tmp_path) as driver:
        launched = await driver.launch()
        await launched.browser.new_page()
        assert driver._driver is not None
        os.kill(launched.family.pid if frozen == "browser" else driver._driver.pid, signal.SIGSTOP)
        await launched.close()
        assert launched.family.members() == []
        driving = driver._driver
    assert driving.members() == []


async def test_a_launch_nobody_waits_for_leaves_no_browser(tmp_path: Path) -> None:
    """Cancelled at any moment, it neither cancels Playwright's call nor leaves what that call starts."""
    async with guarded_driver(None, tmp_path) as driver:
        await (await driver.launch()).close()
        folder = driver._folder.path
        for delay in (0, 0.01, 0.02, 0.05):
            launching = asyncio.ensure_future(driver.launch())
            await asyncio.sleep(delay)
            launching.cancel()
            await asyncio.wait({launching})
        await until(
            lambda: len(list(folder.glob("chromium-*.pid"))) > 1, "an abandoned launch to show"
        )
        living = await driver.launch()
        assert driver._driver is not None
        await until(
            lambda: _children(driver._driver) == [living.family.pid], "abandoned browsers to die"
        )


def _children(driver: Family | None) -> list[int]:
    assert driver is not None
    return [int(pid) for pid in _proc(driver.pid, f"task/{driver.pid}/children").split()]


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


async def test_playwrights_own_switches_stay(tmp_path: Path) -> None:
    """Chromium obeys the last list of disabled features only; ours is added to Playwright's."""
    async with guarded_driver(None, tmp_path) as driver:
        launched = await driver.launch()
        arguments = _proc(launched.family.pid, "cmdline").split("\0")
    features = [argument for argument in arguments if argument.startswith("--disable-features=")][
        -1
    ]
    assert {"RenderDocument", "HttpsUpgrades"} <= set(features.partition("=")[2].split(","))
    assert "--lang=it-IT" in arguments


async def test_every_driver_and_browser_is_told_of_before_it_is_used(tmp_path: Path) -> None:
    """In the order of their start; and what nobody could be told of is not left running."""
    told: list[Family] = []

    async def tell(family: Family) -> None:
        assert family.members()
        told.append(family)
        if len(told) == 3:
            raise GuardianError("nobody listens")

    async with guarded_driver(None, tmp_path, tell) as driver:
        launched = await driver.launch()
        assert told == [launched.driver, launched.family]
        with pytest.raises(GuardianError):
            await driver.launch()
        await until(lambda: not told[2].members(), "the browser nobody knows of to die")
        assert launched.is_alive()


async def test_the_programs_get_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our settings, which hold keys and passwords, are in the environment of neither driver nor browser."""
    monkeypatch.setenv("ARCHIBALD_SECRET_KEY", "not-for-chromium")
    async with guarded_driver(None, tmp_path) as driver:
        launched = await driver.launch()
        assert driver._driver is not None
        for pid in (driver._driver.pid, *launched.family.members()):
            assert "not-for-chromium" not in _proc(pid, "environ")
    assert "PLAYWRIGHT_NODEJS_PATH" not in os.environ


async def test_one_browser_for_those_who_need_no_second(tmp_path: Path) -> None:
    """The short form gives Playwright's browser and leaves nothing."""
    async with guarded_browser(None, tmp_path) as browser:
        assert await (await browser.new_page()).evaluate("1 + 1") == 2
    assert os.listdir(tmp_path) == ["lock"]  # noqa: PTH208 - a list to compare


@pytest.mark.parametrize("images", [True, False])
async def test_pages_load_pictures_only_when_told_to(tmp_path: Path, *, images: bool) -> None:
    """Without pictures none is asked for, neither by an element nor by a style; what is behind them is loaded."""
    asked = []

    async def answer(route: Route) -> None:
        asked.append((route.request.resource_type, route.request.url.rpartition("/")[2]))
        await route.fulfill(status=200, body="")

    async with guarded_browser(None, tmp_path, images=images) as browser:
        page = await browser.new_page()
        await page.route("**/*", answer)
        await page.goto("http://127.0.0.1:9/page")
        await page.set_content(
            "<img src=a.png><p style='background: url(b.png)'>text</p><script src=c.js></script>"
        )
    pictures = [("image", "a.png"), ("image", "b.png")] if images else []
    assert sorted(asked) == [("document", "page"), *pictures, ("script", "c.js")]
