"""Shows on a terminal where an operation is."""

import logging
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
    BOTH = "both"

    def of(self, italian: str, english: str) -> str:
        """A text in this language; where both are wanted, English beside the Italian."""
        if self is Language.BOTH and italian and english:
            return f"{italian} · {english}"
        return (english or italian) if self is Language.EN else (italian or english)


WAITING = ("In attesa del server", "Waiting for the server")
DONE = ("Fatto", "Done")


def language_of(environment: Mapping[str, str]) -> Language:
    """Italian for a user whose locale is; for others English beside it, since agents speak Italian."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return Language.IT if locale.lower().startswith("it") else Language.BOTH


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
            BarColumn(bar_width=20 if language is Language.BOTH else 40),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not visible,
            redirect_stdout=False,  # the result's place
        )
        self._task = self._progress.add_task(language.of(*WAITING), total=100)

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
        label = self._language.of(progress.label_it, progress.label_en)
        self._stepped = True
        self._progress.update(
            self._task, completed=progress.percent, description=escape(label or progress.step)
        )

    def finish(self) -> None:
        """Fill the bar; a result that came without any step must not leave it waiting."""
        self._progress.update(self._task, completed=100)
        if not self._stepped:
            self._progress.update(self._task, description=self._language.of(*DONE))

    def note(self, text: str) -> None:
        """Write a line above the bar, on standard error."""
        self._progress.console.print(escape(text), highlight=False, soft_wrap=True)


class Notes(logging.Handler):
    """Shows a person, above the bar, that the client is trying again."""

    def __init__(self, bar: ProgressBar, *, wanted: bool) -> None:
        super().__init__(logging.INFO)
        self._bar = bar
        self._wanted = wanted
        self._logger = logging.getLogger("archibald_client")

    def __enter__(self) -> None:
        if self._wanted:
            self._logger.setLevel(logging.INFO)
            self._logger.addHandler(self)

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Write what the client logs above the bar."""
        self._bar.note(record.getMessage())
