"""What posts from the customer's page do."""

from collections.abc import Callable
from typing import Any

from tests.erp_simulator.callbacks import GridCallback
from tests.erp_simulator.customer_form import FIELDS
from tests.erp_simulator.forms import Form
from tests.erp_simulator.grids import Grid
from tests.erp_simulator.pages.customer_page import SAVES, CustomerPage
from tests.erp_simulator.pages.find_popup import FINDER
from tests.erp_simulator.pages.frame import (
    CUSTOMER,
    CUSTOMERS,
    Answer,
    FindRequest,
    Gesture,
    redirect,
)
from tests.erp_simulator.store import Actor

ADDRESS_COMMANDS = {"ADDNEWROW": "add_address", "STARTEDIT": "add_address", "CANCELEDIT": "field",
                    "UPDATEEDIT": "address", "DELETEROW": "address"}  # fmt: skip
LATE_POST = "CheckVAT|4|5|1true"
MERGE = "Vertical$MergePopup"


class CustomerDetail(CustomerPage):
    """One customer in one page."""

    def xaf(self, handler: str, argument: str, form: Form) -> Gesture | None:
        """An immediate post, or an action of the toolbar or of a window."""
        if not handler and not argument:
            return self._immediate(form) if self.editing else None
        if (handler, argument) == (MERGE, "0"):
            return Gesture("merge", lambda _: self._merge())
        name = self.menu.action(handler, argument) if self.menu else ""
        if name in SAVES and self.editing:
            return Gesture(
                "save",
                lambda actor: self._save(name, form, actor),
                writes=True,
                latency=SAVES[name],
            )
        page = f"{CUSTOMER}{self.space.customer.id}/"
        actions: dict[str, Callable[[], Answer]] = {
            "New": lambda: redirect(f"{CUSTOMER}?NewObject=true"),
            "SwitchToEditMode": lambda: redirect(f"{page}?mode=Edit"),
            "Cancel": lambda: redirect(CUSTOMERS if self.new else f"{page}?mode=View"),
            "Refresh": self._reload,
            "ResetViewSettings": self.update,
            "PreviousObject": lambda: self._neighbour(-1),
            "NextObject": lambda: self._neighbour(1),
        }
        action = actions.get(name)
        return Gesture("action", lambda _: action()) if action else None

    # Immediate posts --------------------------------------------------------------------------

    def _immediate(self, form: Form) -> Gesture:
        if LATE_POST in form.get("ClientServerParams"):
            return Gesture("late", lambda _: self._late_answer(form), latency="field")
        if self.posted(form).get("vat") != self.space.customer.vat:
            return Gesture("field", lambda _: self._check_vat(form), latency="vat")
        return Gesture("field", lambda _: self._take(form))

    def _take(self, form: Form) -> Answer:
        self._take_values(form)
        return self.update()

    def _take_values(self, form: Form) -> None:
        values = self.posted(form)
        for prop in self.world.switches.wipes_on_blur.split():
            values.pop(FIELDS[prop].attribute, None)
        self.space.take(**values)
        self.addresses.load(form)

    def _check_vat(self, form: Form) -> Answer:
        zip_before = self.space.customer.zip_id
        self._take_values(form)
        used = self.space.vat_used(self.language)
        if used:
            self.space.take(vat="")
            return self.refuse(used)
        self.space.check_vat(zip_before)
        return self.update()

    def _late_answer(self, form: Form) -> Answer:
        self._take_values(form)
        self.space.late_answer()
        return self.update()

    # Actions ----------------------------------------------------------------------------------

    def _save(self, name: str, form: Form, actor: Actor) -> Answer:
        self.space.take(**self.posted(form))
        self._judge()
        if self.errors:
            return self.update()
        if self.conflicting or self.space.conflicts:
            self.conflicting = False
            return self._asking_to_merge()
        self.space.save(actor)
        self.world.profile(self.session.user).save_action = name
        page = f"{CUSTOMER}{self.space.customer.id}/"
        if name == "SaveAndNew":
            return redirect(f"{CUSTOMER}?NewObject=true")
        if name == "SaveAndClose":
            lists = self.world.switches.customer_close_lands == "list"
            return redirect(CUSTOMERS if lists else f"{page}?mode=View")
        self.new = False
        self.upper_tab = 0  # after a save the page returns to its first tab
        self.refresh_menu()
        return self.settled(f"{page}?ScrollPosition={self.scroll(form)}&mode=Edit")

    def _judge(self) -> None:
        """Collect what keeps the customer from being saved; a tick takes warnings back."""
        broken = self.space.broken_rules()
        self.errors = [self.t(f"rule.{prop}") for prop in broken]
        used = self.space.vat_used(self.language)
        if used:
            self.errors.append(used)
            self.space.take(vat="")
        only_warnings = not used and bool(broken) and set(broken.values()) == {"warning"}
        if only_warnings and self.ignorable and self.ignored:
            self.errors = []
        self.ignorable = only_warnings and bool(self.errors)
        self.ignored = False

    def _asking_to_merge(self) -> Answer:
        answer = self.update()
        answer.payload["cp"]["cpQuestion"] = {
            "title": self.t("validation"), "text": self.t("changed_by_another"),
            "merge": self.t("merge"), "cancel": self.t("Cancel"),
        }  # fmt: skip
        return answer

    def _merge(self) -> Answer:
        self.space.merge()
        return self.update()

    def cut_text(self, length: int, actor: Actor) -> None:
        """Cut the notes."""
        self.space.cut_info(length, actor)

    def _reload(self) -> Answer:
        self.space.reload()
        self.addresses.grid.editing, self.addresses.row = "", None
        self.errors, self.ignorable = [], False
        return self.settled()

    def _neighbour(self, step: int) -> Answer:
        numbers = sorted(one.id for one in self.world.store.customers_of(self.session.user))
        here = numbers.index(self.space.customer.id) if self.space.durable else 0
        other = numbers[max(0, min(here + step, len(numbers) - 1))]
        return redirect(f"{CUSTOMER}{other}/?mode={'Edit' if self.editing else 'View'}")

    # Addresses and find windows ---------------------------------------------------------------

    def on_grid(self, grid: Grid, callback: GridCallback, form: Form) -> Gesture | None:
        """Commands of the addresses grid."""
        if callback.command in ADDRESS_COMMANDS:
            if not self.editing:
                return None
            what = ADDRESS_COMMANDS[callback.command]
            return Gesture(
                what, lambda actor: self._address(callback, form, actor), writes=what == "address"
            )

        def run(_: Any) -> Answer:
            if not grid.run(callback):
                raise ValueError(f"unknown command {callback.command}")
            return self.grid_answer(grid)

        return Gesture("list", run)

    def _address(self, callback: GridCallback, form: Form, actor: Actor) -> Answer:
        if not self.space.durable:
            return Answer({"error": {"message": self.t("address_too_early"), "data": ""}})
        if not self.addresses.run(callback, form, actor):
            raise ValueError(f"command {callback.command} is impossible now")
        return self.grid_answer(self.addresses.grid)

    def on_popup(self, argument: str) -> Gesture | None:
        """Open a find window for one of the form's own references."""
        word, _, finder = argument.partition(":")
        found = FINDER.search(finder)
        if word != "FindPopup" or not found or not self.editing:
            return None

        def run(_: Any) -> Answer:
            self.session.finds += 1
            number = str(self.session.finds)
            self.finds[number] = FindRequest(finder, found[1])
            return Answer({"result": "", "cp": {"cpFind": number}})

        return Gesture("popup", run)
