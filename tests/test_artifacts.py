"""What failed attempts leave is bounded: the oldest go, and the newest picture always stays."""

import os
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import Browser, Page

from server.artifacts import Artifacts
from tests.erp_agents import chromium

__all__ = ["chromium"]


async def fail(page: Page, artifacts: Artifacts, operation: str, attempt: int) -> None:
    async with artifacts.kept_on_failure(page, operation, attempt):
        await page.set_content("<h1>Ordini</h1>")
        raise ZeroDivisionError


async def failed(browser: Browser, artifacts: Artifacts, operation: str, attempt: int) -> None:
    """One attempt that fails on a page of its own."""
    context = await browser.new_context()
    try:
        page = await context.new_page()
        with pytest.raises(ZeroDivisionError):
            await fail(page, artifacts, operation, attempt)
    finally:
        await context.close()


def names(root: Path) -> Sequence[str]:
    return sorted(str(file.relative_to(root)) for file in root.rglob("*") if file.is_file())


def older(root: Path, attempt: str, seconds: int) -> None:
    for file in (root / attempt).iterdir():
        os.utime(file, (seconds, seconds))


async def test_the_oldest_attempts_go(chromium: Browser, tmp_path: Path) -> None:
    """Of three attempts two are kept, for their owner's eyes only; a good attempt leaves nothing."""
    root = tmp_path / "artifacts"
    artifacts = Artifacts(root, most_attempts=2, most_bytes=100_000_000)
    context = await chromium.new_context()
    async with artifacts.kept_on_failure(await context.new_page(), "good", 1):
        pass
    await context.close()
    assert not root.exists()
    await failed(chromium, artifacts, "one", 1)
    older(root, "one/1", 1)
    await failed(chromium, artifacts, "two", 1)
    older(root, "two/1", 2)
    await failed(chromium, artifacts, "two", 2)
    assert names(root) == ["two/1/page.png", "two/1/trace.zip", "two/2/page.png", "two/2/trace.zip"]
    assert not (root / "one").exists()
    assert {oct(folder.stat().st_mode & 0o777) for folder in (root, root / "two" / "2")} == {
        "0o700"
    }


@pytest.mark.parametrize(
    ("pictures", "filmed"),
    [("always", {1, 2}), ("retries", {2}), ("never", set())],
    ids=["always", "retries", "never"],
)
async def test_which_attempts_are_filmed(
    chromium: Browser, tmp_path: Path, pictures: str, filmed: set[int]
) -> None:
    """By default an attempt is filmed once one has failed; actions and the last look are there always."""
    artifacts = Artifacts(tmp_path, most_attempts=9, most_bytes=100_000_000, pictures=pictures)
    for attempt in (1, 2):
        await failed(chromium, artifacts, "one", attempt)
        with ZipFile(tmp_path / "one" / str(attempt) / "trace.zip") as trace:
            members = trace.namelist()
        assert "trace.trace" in members
        assert any(name.endswith(".jpeg") for name in members) == (attempt in filmed)


async def test_what_is_too_big_goes_but_not_the_newest_picture(
    chromium: Browser, tmp_path: Path
) -> None:
    """Bytes are bounded too: older attempts go, and of one that is too big alone the trace does."""
    root = tmp_path / "artifacts"
    artifacts = Artifacts(root, most_attempts=9, most_bytes=1)
    await failed(chromium, artifacts, "one", 1)
    older(root, "one/1", 1)
    await failed(chromium, artifacts, "two", 1)
    assert names(root) == ["two/1/page.png"]
