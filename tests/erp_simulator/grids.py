"""The server's side of a grid: paging, sorting, filtering, selection, chained state."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.erp_simulator.callbacks import GridCallback, MalformedCallbackError
from tests.erp_simulator.forms import Form
from tests.erp_simulator.sessions import StaleStateError

Row = dict[str, Any]

_found: ContextVar[dict[Any, list[Row]] | None] = ContextVar("_found", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Within, nothing changes: an answer asks a grid for its rows ten times, and they are found once."""
    if _found.get() is not None:
        yield
        return
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


class Column(NamedTuple):
    """A column of the model; `index` counts the whole model, hidden columns included."""

    field: str
    caption: str
    kind: str = "text"
    hidden: bool = False
    name: str = ""

    @property
    def align(self) -> str:
        """The class of its cells."""
        return "dx-ar" if self.kind in {"number", "quantity", "money", "percent"} else "dx-al"


@dataclass
class Grid:
    """One grid of an open page."""

    segments: tuple[str, ...]
    columns: list[Column]
    fetch: Callable[[], list[Row]]
    key: str = "ID"
    page_size: int = 20
    page_index: int = 0
    sort: list[tuple[str, bool]] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)
    search: str = ""
    misses: Callable[[Row, str], bool] | None = None
    """Whether the search for a text misses a row that holds it."""
    keeps_keys: bool = False
    """Whether the state's keys stay those of the unfiltered page while a search narrows it."""
    searched: tuple[str, ...] = ()
    """Fields that the search looks into, where those are not all visible ones."""
    words: Callable[[Column, Any], str] | None = None
    """What the search sees of a value; numbers have no separators there."""
    strangers: tuple[int, bool] = (0, False)
    """How many rows that do not match a search shows as well, and whether above the others."""
    strangers_in: str | None = None
    """The search that shows them; None: the next one."""
    selected: set[str] = field(default_factory=set)
    focused: str = ""
    display: list[int] = field(default_factory=list)
    """Model indices of the columns shown, left to right, where that is not the model's order."""
    editing: str = ""
    """`` (none), `new`, or the key of the row in the editor."""
    error: str = ""
    _first_keys: list[str] = field(default_factory=list)
    _tokens: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    """Editor's state and the page's keys by callback state: the newest one, and the one before it,
    which a request that was already on its way, or a repeated one, still carries."""

    @property
    def client_id(self) -> str:
        """The id in the page."""
        return "_".join(self.segments)

    @property
    def unique_id(self) -> str:
        """The name in a body."""
        return "$".join(self.segments)

    def renamed(self, old: str, new: str) -> None:
        """Take over a view's new random number."""
        self.segments = tuple(part.replace(old, new) for part in self.segments)

    # Rows -------------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """All rows under search and filter, sorted; not to be changed."""
        found = _found.get()
        if found is None:
            return self._find()
        asked = id(self), self.search, (*self.filters.items(),), (*self.sort,)
        if asked not in found:
            found[asked] = self._find()
        return found[asked]

    def _find(self) -> list[Row]:
        rows = self.fetch()
        if self.search:
            needle = self.search.casefold()
            looked = self._searched()
            rows = [row for row in rows if any(needle in self._words(c, row) for c in looked)]
            if self.misses:
                rows = [row for row in rows if not self.misses(row, needle)]
        for name, wanted in self.filters.items():
            rows = [row for row in rows if wanted.casefold() in searchable(row.get(name))]
        for name, descending in reversed(self.sort):
            rows.sort(key=lambda row: sortable(row.get(name)), reverse=descending)
        return self._with_strangers(rows) if self.search and self.strangers[0] else rows

    def _with_strangers(self, rows: list[Row]) -> list[Row]:
        if self.strangers_in is None:
            self.strangers_in = self.search
        if self.strangers_in != self.search:
            return rows
        count, above = self.strangers
        known = {row[self.key] for row in rows}
        others = [row for row in self.fetch() if row[self.key] not in known][:count]
        return others + rows if above else rows + others

    def _searched(self) -> list[Column]:
        if self.searched:
            return [column for column in self.columns if column.field in self.searched]
        if self.display:
            return [self.columns[n] for n in self.display if self.columns[n].field]
        return [column for column in self.columns if column.field and not column.hidden]

    def _words(self, column: Column, row: Row) -> str:
        value = row.get(column.field)
        return self.words(column, value).casefold() if self.words else searchable(value)

    def page(self) -> list[Row]:
        """The rows of the current page, which is moved back inside the pages there are."""
        rows = self.rows()
        self.page_index = max(0, min(self.page_index, self.page_count(len(rows)) - 1))
        start = self.page_index * self.page_size
        return rows[start : start + self.page_size]

    def page_count(self, rows: int) -> int:
        """How many pages that many rows fill; one at least."""
        return max(1, -(-rows // self.page_size))

    # State ------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """A new state object for the client; its callback state supersedes the last one."""
        for token in list(self._tokens)[:-1]:
            del self._tokens[token]
        token = secrets.token_urlsafe(900)
        keys = [str(row[self.key]) for row in self.page()]
        self._tokens[token] = (self.editing, keys)
        if not self.search:
            self._first_keys = keys
        picked = "".join("T" if key in self.selected else "F" for key in keys).rstrip("F")
        return {
            "focusedRow": keys.index(self.focused) if self.focused in keys else -1,
            "keys": self._first_keys if self.keeps_keys else keys,
            "callbackState": token,
            "groupLevelState": {},
            "scrollState": [-1, 0],
            "selection": picked,
            "focusedKey": self.focused or None,
            "toolbar": "{}",
            "lastMultiSelectIndex": -1,
            "contextMenu": None,
        }

    def load(self, form: Form) -> None:
        """Take over the posted state: selection of the page it was posted from."""
        state = form.state(self.unique_id)
        token = str(state.get("callbackState", ""))
        if token not in self._tokens:
            raise StaleStateError("callback state")
        # The editor's state travels in the callback state: a repeated body repeats its effect.
        self.editing, keys = self._tokens[token]
        selection = str(state.get("selection", ""))
        if selection == "U":
            self.selected -= set(keys)
        for key, mark in zip(keys, selection.ljust(len(keys), "F"), strict=False):
            if selection and mark == "T":
                self.selected.add(key)
            elif selection:
                self.selected.discard(key)

    def run(self, callback: GridCallback) -> bool:
        """Run a command that only changes what is shown; False when it is not one of those."""
        name, arguments = callback.command, callback.arguments
        match name, arguments:
            case ("" | "REFRESH" | "SELECTION" | "FOCUSEDROW" | "NEXTPAGE" | "PREVPAGE", _):
                self.page_index += {"NEXTPAGE": 1, "PREVPAGE": -1}.get(name, 0)
            case ("PAGERONCLICK", (argument,)):
                self._turn(argument)
            case ("GOTOPAGE", (argument,)):
                self.page_index = whole(argument)
            case ("SORT", (column, _, order, reset)):
                self._sort(self.column(column).field, order, reset == "true")
            case ("APPLYCOLUMNFILTER", (column, wanted)):
                self._filter(self.column(column).field, wanted)
            case ("APPLYSEARCHPANELFILTER", (wanted,)):
                self.search, self.page_index = wanted.strip(), 0
            case ("APPLYFILTER", ("",)):
                self.filters.clear()
                self.search, self.page_index = "", 0
            case ("SELECTROWS", (which,)):
                keys = {str(row[self.key]) for row in self.rows()}
                self.selected -= keys if which == "unallf" else self.selected.copy()
                self.selected |= keys if which == "all" else set()
            case ("SELECTROWSKEY", (mark, *keys)):
                change = self.selected.update if mark == "true" else self.selected.difference_update
                change(keys)
            case _:
                return False
        return True

    def column(self, index: str) -> Column:
        """The column with that model index."""
        position = whole(index)
        if position >= len(self.columns):
            raise MalformedCallbackError("no such column")
        return self.columns[position]

    def _turn(self, argument: str) -> None:
        if argument.startswith("PSP"):
            self.page_size, self.page_index = whole(argument[3:]) or 20, 0
        elif argument == "PBN":
            self.page_index += 1
        elif argument == "PBP":
            self.page_index -= 1
        else:
            self.page_index = whole(argument.removeprefix("PN"))

    def _sort(self, name: str, order: str, reset: bool) -> None:  # noqa: FBT001
        was = dict(self.sort).get(name)
        if reset:
            self.sort = []
        self.sort = [pair for pair in self.sort if pair[0] != name]
        if order != "NONE":
            descending = order == "DSC" if order else was is False
            self.sort.append((name, descending))

    def _filter(self, name: str, wanted: str) -> None:
        self.filters.pop(name, None)
        if wanted:
            self.filters[name] = wanted
        self.page_index = 0


def whole(text: str) -> int:
    """A number in a command."""
    if not text.isdecimal():
        raise MalformedCallbackError(f"bad number {text!r}")
    return int(text)


def searchable(value: Any) -> str:
    """A value as the site's contains-search sees it: numbers without separators."""
    return "" if value is None else str(value).casefold()


def sortable(value: Any) -> tuple[bool, Any]:
    """Empty values first."""
    return (value is not None, value if value is not None else "")
