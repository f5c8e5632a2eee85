"""The find window: a page of its own, in an iframe over the page that asked for it."""

import re
from typing import Any

from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.customer_form import FOUND, object_value
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Column, Grid
from tests.erp_simulator.pages.frame import Answer, FindRequest, Gesture, Page
from tests.erp_simulator.pages.grid_markup import Look, look_of
from tests.erp_simulator.places import PLACES, TERMS
from tests.erp_simulator.sessions import Session, View
from tests.erp_simulator.world import World

FINDER = re.compile(r"\$xaf_(?:dvi)?(PAYMTERMID|LOGISTICSADDRESSZIPCODE)_Edit\$find$")
SEARCH = "FindDialog$SAC$Menu$ITCNT0$xaf_a0$Ed"
COLUMNS = {
    "PAYMTERMID": ("PAYMTERMID", "DESCRIPTION"),
    "LOGISTICSADDRESSZIPCODE": ("ZIPCODE", "CITY", "STATE", "COUNTY", "COUNTRYREGIONID"),
}


class FindPopup(Page):
    """ZIP codes or payment terms, to choose one."""

    template = "find_popup.html"
    prefix = "FindDialog"
    latency = "popup"
    alone = False

    def __init__(self, world: World, session: Session, view: View, request: FindRequest) -> None:
        super().__init__(world, session, view)
        self.request = request
        number = 31 if request.prop == "PAYMTERMID" else 32
        columns = [Column(name, self.t(name)) for name in COLUMNS[request.prop]]
        segments = ("FindDialog", f"v{number}_{view.random}", f"LE_v{number}")
        self.list = Grid(segments, columns, self._records, page_size=20)
        self.search = ""
        self.missed = False
        """Whether the search's text was put there without keys."""

    @property
    def title(self) -> str:
        """The window's caption."""
        return self.t(self.request.prop)

    def context(self) -> dict[str, Any]:
        """The grid."""
        return super().context() | {"list": self.list}

    def _records(self) -> list[dict[str, Any]]:
        if self.missed:
            return []
        if self.request.prop == "PAYMTERMID":
            return [
                {"ID": term.id, "PAYMTERMID": term.code, "DESCRIPTION": term.description}
                for term in TERMS.values()
            ]
        return [
            {"ID": place.id, "ZIPCODE": place.zip, "CITY": place.city, "STATE": place.state,
             "COUNTY": place.county, "COUNTRYREGIONID": place.country}
            for place in PLACES.values()
        ]  # fmt: skip

    def look(self, grid: Grid) -> Look:
        """Rows to choose from, without sums."""
        return look_of(grid, "find", self.language)

    def grids(self) -> list[Grid]:
        """The list."""
        return [self.list]

    def load(self, form: Form) -> None:
        """Take the grid's state."""
        self.list.load(form)
        self.list.focused = str(form.state(self.list.unique_id).get("focusedKey") or "")

    def update(self, url: str = "") -> Answer:  # noqa: ARG002 - a window has no address
        """Render the list again."""
        panel = "FindDialog_UPVSC"
        return Answer({"result": "", "cp": {
            "cpControlsToUpdate": panel, f"cp{panel}": self.fragment(self.body),
        }})  # fmt: skip

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """Search, take the row, or give up."""
        match handler, argument:
            case "FindDialog$SAC", "0":
                return Gesture("popup", lambda _: self._search(form), latency="find")
            case "FindDialog$PopupActions", "0":
                return Gesture("popup", lambda _: self._choose())
            case "FindDialog$PopupActions", "1":
                return Gesture("popup", lambda _: _told({}))
        return None

    def _search(self, form: Form) -> Answer:
        self.search = form.get(SEARCH).strip()
        self.missed = self.search != str(form.state(f"{SEARCH}$State").get("rawValue", "")).strip()
        self.list.search, self.list.page_index, self.list.focused = self.search, 0, ""
        self.list.selected.clear()
        return self.update()

    def _choose(self) -> Answer:
        keys = {str(row["ID"]) for row in self.list.rows()}
        if self.list.focused not in keys:
            return self.update()
        key, prop = int(self.list.focused), self.request.prop
        return _told({
            "finder": self.request.finder, "value": object_value(prop, key),
            "text": FOUND[prop][1][key],
        })  # fmt: skip

    def on_grid(self, grid: Grid, callback: GridCallback, form: Form) -> Gesture | None:  # noqa: ARG002
        """Paging, sorting, filtering, focusing."""

        def run(_: Any) -> Answer:
            if not grid.run(callback):
                raise ValueError(f"unknown command {callback.command}")
            return self.grid_answer(grid)

        return Gesture("popup", run)


def _told(found: dict[str, str]) -> Answer:
    return Answer({"result": "", "cp": {"cpFound": found}})
