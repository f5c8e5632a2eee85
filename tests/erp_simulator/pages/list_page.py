"""What lists share: a grid kept as the user left it, the search box, the harmless actions."""

from abc import abstractmethod
from decimal import Decimal
from typing import Any

from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Column, Grid, Row, searchable
from tests.erp_simulator.pages.frame import Answer, Gesture, Page
from tests.erp_simulator.pages.lookups import shown_cell
from tests.erp_simulator.sessions import ListSettings, Session, View
from tests.erp_simulator.world import World

PDF = b"%PDF-1.4\n%%EOF\n"
SEARCH_FIELD = "Vertical$SearchAC$Menu$ITCNT0$xaf_a0$Ed"


class ListPage(Page):
    """A list; page, size, sorting and filters are kept for the user, across sessions."""

    template = "list.html"
    latency = "page:list"
    number = 0
    """The view's number, as in `Vertical_v6_…`."""
    object_type = "SALESTABLE"
    """What a row is, in the name of its object."""
    default_sort = ("ID", False)
    searched: tuple[str, ...] = ()
    keeps_search = False

    def __init__(self, world: World, session: Session, view: View) -> None:
        super().__init__(world, session, view)
        self.profile = world.profile(session.user)
        self.list = self._grid()
        self.follow()

    @property
    def settings(self) -> ListSettings:
        """How the user left the list."""
        return self.profile.of_list(self.caption)

    @property
    def search(self) -> str:
        """What the search box shows."""
        return self.list.search

    @property
    def row_handler(self) -> str:
        """Who hears of clicks on rows: nobody."""
        return ""

    @abstractmethod
    def columns(self) -> list[Column]:
        """The columns of the model."""

    @abstractmethod
    def records(self) -> list[Row]:
        """All rows."""

    def _grid(self) -> Grid:
        grid = Grid(
            ("Vertical", f"v{self.number}_{self.view.random}", f"LE_v{self.number}"),
            self.columns(),
            self.records,
            words=self._words,
            keeps_keys=self.world.switches.list_stale_keys,
        )
        if self.world.switches.selection_kept == "session":
            grid.selected = self.session.selection(self.caption)
        return grid

    def follow(self) -> None:
        """Show the list as the user left it, in whatever client."""
        kept, grid = self.settings, self.list
        grid.page_size, grid.page_index = kept.page_size, kept.page_index
        grid.sort = list(kept.sort) or [self.default_sort]
        grid.filters, grid.search = dict(kept.filters), kept.search
        grid.searched = self.searched or self._searched()
        grid.display = []
        left = kept.columns or getattr(self.world.switches, f"{self.caption}_columns", "").split()
        if left:
            commands = [n for n, column in enumerate(grid.columns) if not column.field]
            model = [column.field for column in grid.columns]
            grid.display = commands + [model.index(name) for name in left if name in model]

    def _searched(self) -> tuple[str, ...]:
        wanted = self.world.switches.search_columns
        if wanted == "visible":
            return ()
        if wanted == "all":
            return tuple(column.field for column in self.list.columns if column.field)
        return tuple(wanted.split())

    def _words(self, column: Column, value: Any) -> str:
        if isinstance(value, int | Decimal) or value is None:
            return searchable(value)
        return shown_cell(column, value, self.language)

    def context(self) -> dict[str, Any]:
        """The grid."""
        return super().context() | {"list": self.list}

    def grids(self) -> list[Grid]:
        """The list's grid."""
        return [self.list]

    def load(self, form: Form) -> None:
        """Take the grid's state: the selection comes with every body."""
        self.list.load(form)

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """Search, refresh, or back to the view as it was made."""
        if (handler, argument) == ("Vertical$SearchAC", "0"):
            return Gesture("list", lambda _: self._search(form))
        name = self.menu.action(handler, argument) if self.menu else ""
        if name == "Refresh":
            return Gesture("list", lambda _: self.update())
        if name == "Export":
            return Gesture("export", lambda _: Answer(download=PDF))
        if name == "ResetViewSettings":
            return Gesture("list", lambda _: self._reset())
        return None

    def _search(self, form: Form) -> Answer:
        wanted = form.get(SEARCH_FIELD).strip()
        self.list.search = "" if wanted == self.t("search") else wanted
        self.list.page_index = 0
        self._keep()
        return self.update()

    def _reset(self) -> Answer:
        self.profile.lists[self.caption] = ListSettings()
        self.follow()
        return self.update()

    def on_grid(self, grid: Grid, callback: GridCallback, form: Form) -> Gesture | None:  # noqa: ARG002
        """Paging, sorting, filtering, selecting."""

        def run(_: Any) -> Answer:
            if not grid.run(callback):
                raise ValueError(f"unknown command {callback.command}")
            answer = self.grid_answer(grid)
            self._keep()
            return answer

        return Gesture("list", run)

    def _keep(self) -> None:
        grid, kept = self.list, self.settings
        kept.page_size, kept.page_index = grid.page_size, grid.page_index
        kept.sort, kept.filters = list(grid.sort), dict(grid.filters)
        keeps = self.keeps_search or self.world.switches.search_kept
        kept.search = grid.search if keeps else ""
