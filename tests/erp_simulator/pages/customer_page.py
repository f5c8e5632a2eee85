"""What the customer's page shows: new, view and edit."""

from typing import Any

from tests.erp_simulator.customer_form import (
    FIELDS,
    GROUPS,
    LENGTHS,
    LINKS,
    PRICE_FIELDS,
    choices,
    object_value,
    shown,
)
from tests.erp_simulator.customer_space import CustomerSpace
from tests.erp_simulator.editors import Editor, Field
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.languages import ENUMS
from tests.erp_simulator.menus import Menu, edit_items, view_items
from tests.erp_simulator.pages.customer_addresses import NUMBERED, AddressesGrid
from tests.erp_simulator.pages.frame import Page
from tests.erp_simulator.pages.grid_markup import Look, look_of
from tests.erp_simulator.sessions import Session, View, new_random
from tests.erp_simulator.world import World

SAVES = {"Save": "save", "SaveAndClose": "save_and_close", "SaveAndNew": "save_and_close"}
ABSENT = {"Delete", "Validate"}  # a customer has no such buttons
UPPER = ("tab.main", "delivery_times", "tab.crm", "tab.other", "price_discount")
LOWER = ("tab.sales", "tab.slips", "tab.invoices", "tab.addresses")


class CustomerPage(Page):
    """One customer in one page, as it is rendered."""

    template = "customer_detail.html"
    caption = "customers"
    latency = "page:detail"

    def __init__(self, world: World, session: Session, view: View, customer_id: int | None, *,
                 editing: bool) -> None:  # fmt: skip
        super().__init__(world, session, view)
        self.space = CustomerSpace(world, session.user, customer_id, editing=editing)
        self.editing = editing
        self.new = customer_id is None
        self.upper_tab = self.lower_tab = 0
        place = (
            *self.form_segments, "xaf_l1504_pg", "xaf_l1550", "xaf_dviADDRESSes",
            f"v23_{new_random()}", "LE_v23",
        )  # fmt: skip
        self.addresses = AddressesGrid(self.space, place, session.language, world.switches)
        self.refresh_menu()

    @property
    def form_segments(self) -> tuple[str, ...]:
        """Where the form's ids begin."""
        layout = "MainLayoutEdit" if self.editing else "MainLayoutView"
        return ("Vertical", f"v21_{self.view.random}", layout)

    def refresh_menu(self) -> None:
        """Make the toolbar for what the page is now."""
        if not self.editing:
            self.menu = Menu(view_items(self.language, self.title), fast=self.view.fast)
            return
        switches, profile = self.world.switches, self.world.profile(self.session.user)
        items = edit_items(
            self.language, self.title,
            root=profile.save_action if switches.save_root == "last" else "Save",
            existing=not self.new, deletable=False,
        )  # fmt: skip
        items = [item for item in items if item.name not in ABSENT]
        by_name = frozenset(SAVES) if switches.save_form == "name" else frozenset()
        self.menu = Menu(items, fast=self.view.fast, by_name=by_name)

    # What the templates see -------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        """The form's editors and the addresses."""
        return super().context() | {
            "editors": lambda specs: [self.editor(spec) for spec in specs],
            "groups": GROUPS,
            "prices": PRICE_FIELDS,
            "addresses": self.addresses,
            "links": LINKS,
            "upper_tabs": UPPER,
            "lower_tabs": LOWER,
            "escapes": self.world.switches.escape_leaves_form,
            "late": self.world.switches.vat_callback_ms if self.space.checks_left else 0,
        }

    def editor(self, spec: Field) -> Editor:
        """The editor of a field as it stands now."""
        words, raw = shown(self.space.customer, spec, self.language, editing=self.editing)
        part = "Edit" if self.editing else "View"
        editor = Editor(
            prop=spec.prop,
            kind=spec.kind,
            segments=(*self.form_segments, *spec.layout.split("."), f"xaf_dvi{spec.prop}_{part}"),
            label=self.t(spec.prop),
            text=words,
            raw=raw,
            enabled=spec.editable and self.editing,
            immediate=spec.prop in self.world.switches.customer_immediate.split(),
            max_length=LENGTHS.get(spec.prop, 0),
        )
        if spec.kind == "reference":
            editor.items = choices(spec.prop)
        elif spec.kind == "enum":
            side = 0 if self.language == "it" else 1
            editor.items = [(words[1], words[side]) for words in ENUMS[spec.enum]]
        elif spec.kind == "find":
            editor.null_text, editor.items = "N/A", [(object_value(spec.prop, 0), "")]
        return editor

    def look(self, grid: Grid) -> Look:
        """The addresses have commands and a row editor."""
        self.addresses.show(editing=self.editing)
        return look_of(
            grid, "lines", self.language, can_add=self.editing,
            editing_row=self.addresses.editors() if grid.editing else None,
            editing_key=grid.editing,
        )  # fmt: skip

    def grids(self) -> list[Grid]:
        """The addresses."""
        return [self.addresses.grid]

    # Posts ------------------------------------------------------------------------------------

    def load(self, form: Form) -> None:
        """Take the grid's state, the tabs and the tick."""
        if form.has(self.addresses.grid.unique_id):
            self.addresses.grid.load(form)
        self.upper_tab = self.tab(form, "xaf_l44_pg", self.upper_tab)
        self.lower_tab = self.tab(form, "xaf_l1504_pg", self.lower_tab)
        self.ignored = form.get("Vertical$ErrorInfo$Ch") == "C"

    def posted(self, form: Form) -> dict[str, Any]:
        """What the body holds of the editable fields, by attribute."""
        values: dict[str, Any] = {}
        for spec in FIELDS.values():
            if not spec.editable:
                continue
            editor = self.editor(spec)
            name = {
                "reference": f"{editor.client_id}_dropdown_DD_VI",
                "find": f"{editor.unique_id}$find$HDN",
            }.get(spec.kind, editor.unique_id)
            if not form.has(name):
                continue
            value = form.get(name)
            if spec.kind in {"reference", "find"}:
                numbered = NUMBERED.search(value)
                values[spec.attribute] = int(numbered[1]) if numbered else 0
            else:
                words = value.replace("\r\n", "\n").strip()
                values[spec.attribute] = words[: editor.max_length or None]
        return values
