"""What lists share: a grid kept as the user left it, the search box, the harmless actions."""

from abc import abstractmethod
from typing import Any

from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Column, Grid, Row
from tests.erp_simulator.pages.frame import Answer, Gesture, Page
from tests.erp_simulator.sessions import ListSettings, Session, View
from tests.erp_simulator.world import World

SEARCH_FIELD = "Vertical$SearchAC$Menu$ITCNT0$xaf_a0$Ed"


class ListPage(Page):
    """A list; page, size, sorting and filters are kept for the user, across sessions."""

    template = "list.html"
    latency = "page:list"
    number = 0
    """The view's number, as in `Vertical_v6_…`."""
    default_sort = ("ID", False)
    searched: tuple[str, ...] = ()
    keeps_search = False

    def __init__(self, world: World, session: Session, view: View) -> None:
        super().__init__(world, session, view)
        self.profile = world.profile(session.user)
        self.settings = self.profile.of_list(self.caption)
        self.list = self._grid()

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
        kept = self.settings
        grid = Grid(
            ("Vertical", f"v{self.number}_{self.view.random}", f"LE_v{self.number}"),
            self.columns(),
            self.records,
            page_size=kept.page_size,
            page_index=kept.page_index,
            sort=kept.sort or [self.default_sort],
            filters=dict(kept.filters),
            search=kept.search,
            searched=self.searched,
        )
        left = getattr(self.world.switches, f"{self.caption}_columns").split()
        if left:
            commands = [n for n, column in enumerate(grid.columns) if not column.field]
            model = [column.field for column in grid.columns]
            grid.display = commands + [model.index(name) for name in left if name in model]
        return grid

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
        self.settings = self.profile.lists[self.caption] = ListSettings()
        self.list = self._grid()
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
        kept.search = grid.search if self.keeps_search else ""
