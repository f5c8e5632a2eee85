"""The grid of a customer's alternate addresses with its row editor."""

import re
from dataclasses import replace
from typing import Any

from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.customer_form import object_value
from tests.erp_simulator.customer_space import CustomerSpace
from tests.erp_simulator.customers import Address, located
from tests.erp_simulator.editors import Editor
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.languages import ADDRESS_KINDS, text
from tests.erp_simulator.pages.customer_columns import (
    ADDRESS_COLUMNS,
    ADDRESS_COMMANDS,
    address_columns,
)
from tests.erp_simulator.places import PLACES
from tests.erp_simulator.store import Actor
from tests.erp_simulator.switches import Switches

NUMBERED = re.compile(r"\((\d+)\)$")
ATTRIBUTES = {"TYPE": "kind", "NAME": "name", "STREET": "street", "LOGISTICSADDRESSZIPCODE": "zip",
              "CITY": "city", "COUNTY": "county", "STATE": "state",
              "COUNTRYREGIONID": "country"}  # fmt: skip
TYPED = ("NAME", "STREET", "CITY")
ZIP = "LOGISTICSADDRESSZIPCODE"


class AddressesGrid:
    """The grid, the row in its editor, and what the row's editors post."""

    def __init__(self, space: CustomerSpace, segments: tuple[str, ...], language: str,
                 switches: Switches) -> None:  # fmt: skip
        self._language = language
        self._switches = switches
        self.space = space
        self.grid = Grid(segments, address_columns(language), self._rows, page_size=20)
        self.row: Address | None = None

    def show(self, *, editing: bool) -> None:
        """Show the command columns that the page's mode allows."""
        commands = list(ADDRESS_COMMANDS) if editing else [0]
        self.grid.display = [*commands, *ADDRESS_COLUMNS]

    def _rows(self) -> list[dict[str, Any]]:
        return [self._record(address) for address in self.space.alternates]

    def _record(self, address: Address) -> dict[str, Any]:
        record: dict[str, Any] = {"ID": address.id}
        for prop, attribute in ATTRIBUTES.items():
            record[prop] = getattr(address, attribute)
        record["TYPE"] = self._kind(address.kind)
        return record

    def _kind(self, kind: str) -> str:
        return ADDRESS_KINDS[kind][0 if self._language == "it" else 1]

    # The row's editors ------------------------------------------------------------------------

    @property
    def prefix(self) -> str:
        """`editnew`, or `edit0` for the first row of the page."""
        if self.grid.editing == "new":
            return "editnew"
        keys = [str(row["ID"]) for row in self.grid.page()]
        return f"edit{keys.index(self.grid.editing) if self.grid.editing in keys else 0}"

    def editors(self) -> dict[int, Editor]:
        """The editors of the row, by model column."""
        row = self.row or self._new_row()
        immediate = self._switches.customer_immediate.split()
        made: dict[int, Editor] = {}
        for index, (prop, _, _) in ADDRESS_COLUMNS.items():
            value = getattr(row, ATTRIBUTES[prop])
            editor = Editor(
                prop=prop, kind="text",
                segments=(*self.grid.segments, f"{self.prefix}_{index}", f"xaf_{prop}_Edit"),
                text=value, raw=value, enabled=prop in {*TYPED, "TYPE", ZIP},
                immediate=f"address.{prop}" in immediate, max_length=60,
            )  # fmt: skip
            if prop == "TYPE":
                editor.kind, editor.text = "enum", self._kind(value)
                editor.items = [(kind, self._kind(kind)) for kind in ADDRESS_KINDS]
            elif prop == ZIP:
                editor.kind, editor.null_text = "find", "N/A"
                editor.raw = object_value(ZIP, row.zip_id)
                editor.items = [(object_value(ZIP, 0), "")]
            made[index] = editor
        return made

    def _new_row(self) -> Address:
        return Address(0, "Business", self.space.customer.name, "", "", "")

    def load(self, form: Form) -> None:
        """Take the posted values into the row; a new ZIP brings its city."""
        if not self.grid.editing:
            return
        row = self.row or self._new_row()
        names = {
            prop: f"{index}$xaf_{prop}_Edit" for index, (prop, _, _) in ADDRESS_COLUMNS.items()
        }
        base = f"{self.grid.unique_id}${self.prefix}_"
        if not form.has(base + names["STREET"]):
            return
        values: dict[str, Any] = {
            ATTRIBUTES[prop]: form.get(base + names[prop]).strip() for prop in TYPED
        }
        kind = form.get((base + names["TYPE"]).replace("$", "_") + "_VI")
        values["kind"] = kind if kind in ADDRESS_KINDS else row.kind
        numbered = NUMBERED.search(form.get(base + names[ZIP] + "$find$HDN"))
        zip_id = int(numbered[1]) if numbered else 0
        if zip_id != row.zip_id:
            values |= located(PLACES.get(zip_id))
        self.row = replace(row, **values)

    # Commands ---------------------------------------------------------------------------------

    def run(self, callback: GridCallback, form: Form, actor: Actor) -> bool:
        """Run a command that edits; False when it is none of those."""
        grid = self.grid
        grid.error = ""
        match callback.command, callback.arguments:
            case "ADDNEWROW", ():
                grid.editing, self.row = "new", self._new_row()
                grid.page_index = grid.page_count(len(self.space.alternates)) - 1
            case "STARTEDIT", (key,):
                row = next((x for x in self.space.alternates if str(x.id) == key), None)
                if row is None:
                    return False
                grid.editing, self.row = key, row
            case "CANCELEDIT", ():
                grid.editing, self.row = "", None
            case "UPDATEEDIT", ():
                self._update(form, actor)
            case "DELETEROW", (key,):
                self.space.remove_address(int(key), actor)
            case _:
                return False
        return True

    def _update(self, form: Form, actor: Actor) -> None:
        self.load(form)
        if self.row is not None and not self.row.street:
            self.grid.error = text("address_street", self._language)
            return
        if self.row is not None and self.grid.editing:
            self.space.commit_address(self.row, actor)
        self.grid.editing, self.row = "", None
