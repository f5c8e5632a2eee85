"""What an operator can look at after a failed attempt: a screenshot and a trace, bounded in size and number.

Typed values are customers' data, so these files are kept like request bodies. Traces hold no headers
and no bodies (law 12): they start after the login, without snapshots.
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog
from playwright.async_api import Error, Page

from server.chromium import uncancelled

_NAME = re.compile(r"[1-9][0-9]{0,8}/(?:page\.png|trace\.zip)", re.ASCII)
_MEDIA_TYPES = {".png": "image/png", ".zip": "application/zip"}

# Seconds for a recording to be thrown away.
STOP_TIMEOUT = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Artifact:
    """A file that an attempt left, named ``<attempt>/<file>``."""

    name: str
    size: int
    media_type: str


@dataclass(frozen=True)
class _Kept:
    """One attempt's folder: when it was written, and its bytes."""

    folder: Path
    written: float
    size: int


class Artifacts:
    """The folder of all that is kept: ``<operation id>/<attempt>/page.png`` and ``trace.zip``.

    Args:
        root: the folder; made when first needed, for this user's eyes only.
        most_attempts: how many attempts are kept; the oldest go first.
        most_bytes: how much they may take together.
        pictures: of which attempts traces hold what the page looked like all along: "always",
            "retries" or "never".
    """

    def __init__(
        self, root: Path, *, most_attempts: int, most_bytes: int, pictures: str = "retries"
    ) -> None:
        self._root = root
        self._pictures = pictures
        self._most_attempts = most_attempts
        self._most_bytes = most_bytes
        self._pruning = asyncio.Lock()

    @asynccontextmanager
    async def kept_on_failure(
        self, page: Page, operation: str, attempt: int
    ) -> AsyncIterator[None]:
        """Record the page; if the body fails, keep how it looked and what was done on it."""
        tracing = page.context.tracing
        filmed = self._pictures == "always" or (self._pictures == "retries" and attempt > 1)
        await tracing.start(screenshots=filmed, snapshots=False, sources=False)
        try:
            yield
        except BaseException:
            folder = self._root / operation / str(attempt)
            for each in (self._root, folder.parent, folder):
                await asyncio.to_thread(each.mkdir, mode=0o700, exist_ok=True)
            await _keep(page, folder)
            async with self._pruning:
                await asyncio.to_thread(self._prune)
            raise
        # A good attempt leaves nothing, and waits for no browser: its answer is saved by now. One that
        # is gone takes the recording along; in one that hangs the next attempt does not begin.
        with suppress(Error, TimeoutError):
            await uncancelled(asyncio.ensure_future(tracing.stop()), STOP_TIMEOUT)

    async def listed(self, operation_id: UUID) -> list[Artifact]:
        """The files of an operation, newest attempt first."""
        return await asyncio.to_thread(self._listed, self._root / str(operation_id))

    async def find(self, operation_id: UUID, name: str) -> Path | None:
        """The file of this name, which comes from outside; None when there is none.

        Only a name that we would have given is looked for, and no link is followed.
        """
        path = self._root / str(operation_id) / name
        if is_artifact_name(name) and await asyncio.to_thread(_is_plain_file, path):
            return path
        return None

    async def operations(self) -> list[UUID]:
        """The operations of which files are kept here."""
        return await asyncio.to_thread(self._operations)

    async def forget(self, operation_id: UUID) -> None:
        """Take all files of an operation away."""
        async with self._pruning:
            await asyncio.to_thread(
                shutil.rmtree, self._root / str(operation_id), ignore_errors=True
            )

    def _operations(self) -> list[UUID]:
        if not self._root.exists():
            return []
        return [UUID(folder.name) for folder in self._root.iterdir() if _is_uuid(folder.name)]

    def _listed(self, folder: Path) -> list[Artifact]:
        found = []
        for path in folder.glob("*/*"):
            name = f"{path.parent.name}/{path.name}"
            with suppress(FileNotFoundError):  # pruned meanwhile
                if is_artifact_name(name) and _is_plain_file(path):
                    found.append(Artifact(name, path.stat().st_size, _MEDIA_TYPES[path.suffix]))
        return sorted(found, key=lambda file: (-int(file.name.partition("/")[0]), file.name))

    def _prune(self) -> None:
        """Take the oldest away until number and size are within bounds; the newest picture stays."""
        kept = sorted(
            (_kept(folder) for folder in self._root.glob("*/*") if folder.is_dir()),
            key=lambda each: each.written,
            reverse=True,
        )
        total = 0
        for place, each in enumerate(kept):
            total += each.size
            if place < self._most_attempts and total <= self._most_bytes:
                continue
            total -= each.size
            if place == 0:  # alone too big: its trace is, a picture is not
                (each.folder / "trace.zip").unlink(missing_ok=True)
                total += _kept(each.folder).size
            else:
                shutil.rmtree(each.folder, ignore_errors=True)
                if not any(each.folder.parent.iterdir()):
                    each.folder.parent.rmdir()
            log.info("artifacts_pruned", attempt=each.folder.name, bytes=each.size)


def is_artifact_name(name: str) -> bool:
    """Whether an attempt can have left a file of this name: ``2/page.png``."""
    return _NAME.fullmatch(name) is not None


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.parent.is_symlink()


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _kept(folder: Path) -> _Kept:
    files = [file.stat() for file in folder.iterdir() if file.is_file()]
    return _Kept(
        folder,
        written=max((file.st_mtime for file in files), default=0.0),
        size=sum(file.st_size for file in files),
    )


async def _keep(page: Page, folder: Path) -> None:
    kept = []
    for name, keep in (
        ("page.png", lambda path: page.screenshot(path=path, timeout=5000)),
        ("trace.zip", lambda path: page.context.tracing.stop(path=path)),
    ):
        try:
            await keep(folder / name)
        except Error as error:
            # The page or its browser is gone: the reason of the failure is the news, not this.
            log.warning("artifact_lost", artifact=name, error=type(error).__name__)
        else:
            kept.append(name)
    log.info("artifacts_kept", artifacts=kept)
