"""Shows on a terminal where an operation is."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from archibald.v1 import bot_pb2


class Language(StrEnum):
    """Languages of the steps' labels."""

    IT = "it"
    EN = "en"


WAITING = {Language.IT: "In attesa del server", Language.EN: "Waiting for the server"}
DONE = {Language.IT: "Fatto", Language.EN: "Done"}


def language_of(environment: Mapping[str, str]) -> Language:
    """The language of the user's locale; English where it is not Italian."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return Language.IT if locale.lower().startswith("it") else Language.EN


class ProgressBar:
    """A bar on standard error while the block runs; nothing at all where nobody can see one."""

    def __init__(self, language: Language, *, wanted: bool) -> None:
        console = Console(stderr=True)
        # Asked of the stream itself: rich can be talked into colours in a pipe by the environment.
        visible = wanted and sys.stderr.isatty() and console.is_interactive
        self._language = language
        self._stepped = False
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not visible,
            redirect_stdout=False,  # the result's place
        )
        self._task = self._progress.add_task(WAITING[language], total=100)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, progress: bot_pb2.Progress) -> None:
        """Move the bar to where the operation is."""
        label = progress.label_it if self._language is Language.IT else progress.label_en
        self._stepped = True
        self._progress.update(
            self._task, completed=progress.percent, description=escape(label or progress.step)
        )

    def finish(self) -> None:
        """Fill the bar; a result that came without any step must not leave it waiting."""
        self._progress.update(self._task, completed=100)
        if not self._stepped:
            self._progress.update(self._task, description=DONE[self._language])

    def note(self, text: str) -> None:
        """Write a line above the bar, on standard error."""
        self._progress.console.print(escape(text), highlight=False, soft_wrap=True)
