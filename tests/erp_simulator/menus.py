"""Toolbars: their items, what a click on one sends, and what was meant by what was sent."""

from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.erp_simulator.languages import text

FAST = {"New", "Edit", "SwitchToEditMode"}
FAST_WORDS = {"SwitchToEditMode": "Edit"}
POSTBACK = {"Export"}


@dataclass
class Item:
    """A toolbar item; `caption` empty = icon only."""

    name: str
    caption: str = ""
    title: str = ""
    icon: str = ""
    enabled: bool = True
    group: bool = False
    """Whether a separator stands before it."""
    confirmation: str = ""
    css: str = ""
    items: list["Item"] = field(default_factory=list)
    hosts: Any = None
    """The combo box shown in its place."""
    absent: bool = False
    """Whether only its number is there."""
    never: bool = False
    """Whether no selection enables it."""
    path: str = ""
    handler: str = ""

    def shape(self) -> tuple[Any, ...]:
        """What decides its markup."""
        hosted = (self.hosts.segments, self.hosts.shape("")) if self.hosts is not None else None
        return (
            self.name, self.caption, self.title, self.icon, self.enabled, self.group, self.css,
            self.absent, self.never, self.path, self.handler, hosted,
            *[item.shape() for item in self.items],
        )  # fmt: skip

    def everything(self) -> Iterator["Item"]:
        """The item and all below it."""
        yield self
        for item in self.items:
            yield from item.everything()


class Menu:
    """`Vertical_mainMenu_Menu` of one page."""

    handler = "Vertical$mainMenu"
    client_id = "Vertical_mainMenu_Menu"
    unique_id = "Vertical$mainMenu$Menu"
    css = "dxm-main dxm-horizontal menuButtons menuButtons_XafTheme dx-acc-r dxm-noWrap"

    def __init__(
        self,
        items: list[Item],
        *,
        fast: str,
        by_name: frozenset[str] = frozenset(),
        hides: tuple[int, ...] = (),
        nested: tuple[str, ...] = (),
    ) -> None:
        self.items = items
        if nested:  # the toolbar of a list inside the form, in that place
            self.css = "dxm-main dxm-horizontal nestedToolbar"
            self.handler = "$".join((*nested, "ToolBar"))
            self.client_id = "_".join((*nested, "ToolBar", "Menu"))
            self.unique_id = "$".join((*nested, "ToolBar", "Menu"))
        self.hides = hides  # the order in which items go behind `…` when there is no room
        self.fast = f"ACHFCB{fast}"
        self._by_name = FAST | by_name
        for index, item in enumerate(items):
            self._place(item, str(index))

    def _place(self, item: Item, path: str) -> None:
        item.path = path
        if item.hosts is None and item.name != "adaptive":
            item.handler = self._call(item)
        for index, below in enumerate(item.items):
            self._place(below, f"{path}i{index}")

    def _call(self, item: Item) -> str:
        if item.name in self._by_name:
            word = FAST_WORDS.get(item.name, item.name)
            handler, argument, lock = (
                self.fast,
                f"{word}:{self.client_id}",
                "LockCreateControlsOnCallback(); ",
            )
        else:
            handler, argument, lock = self.handler, item.path, ""
        postback = "true" if item.name in POSTBACK else "false"
        arguments = ", ".join(f"'{part}'" for part in (handler, argument, item.confirmation))
        return f"{lock}RaiseXafCallback(globalCallbackControl, {arguments}, {postback})"

    def presented(self, spare: int) -> "Menu":
        """The same toolbar behind so many items more: each index is another one."""
        if not spare:
            return self
        shown = copy(self)
        more = [Item(f"Spare{n}", icon="Action_Refresh", enabled=False) for n in range(spare)]
        shown.items = [*more, *deepcopy(self.items)]
        shown.hides = tuple(index + spare for index in self.hides)
        for index, item in enumerate(shown.items):
            shown._place(item, str(index))
            if item.hosts is not None:
                item.hosts.segments = tuple(
                    f"ITCNT{index}" if part.startswith("ITCNT") else part
                    for part in item.hosts.segments
                )
        return shown

    @property
    def click_handlers(self) -> dict[str, str]:
        """Index path -> the exact call: `cpClickHandlers`."""
        return {
            item.path: item.handler
            for root in self.items
            for item in root.everything()
            if item.handler
        }

    def action(self, handler: str, argument: str) -> str:
        """The name of the action meant; empty when no item of this menu sends that."""
        for root in self.items:
            for item in root.everything():
                if handler == self.handler and argument == item.path and (
                    item.name not in self._by_name
                ):  # fmt: skip
                    return item.name
                if handler == self.fast and item.name in self._by_name and argument == (
                    f"{FAST_WORDS.get(item.name, item.name)}:{self.client_id}"
                ):  # fmt: skip
                    return item.name
        return ""

    def client_items(self) -> list[dict[str, Any]]:
        """The items as the client's menu knows them."""

        def described(item: Item) -> dict[str, Any]:
            return {
                "name": item.name,
                "text": item.caption or item.title.split("\n")[0],
                "enabled": item.enabled,
                "never": item.never,
                "items": [described(below) for below in item.items],
            }

        return [described(item) for item in self.items]


def new_title(language: str, caption: str) -> str:
    """What *New* says it makes."""
    return f"{text('New', language)} {caption}"


def list_items(language: str, caption: str, combo: Any) -> list[Item]:
    """The orders list's toolbar."""
    return [
        Item("New", text("New", language), new_title(language, caption), css="dropDownNew"),
        Item("Delete", title=text("Delete.title", language), icon="Action_Delete", enabled=False,
             group=True, confirmation=text("delete_confirm", language)),
        Item("Edit", title=text("Edit", language), icon="Action_Edit", enabled=False),
        Item("CloneOrder", text("CloneOrder", language), confirmation=text("clone_confirm", language)),
        Item("SendOrder", text("SendOrder", language), confirmation=text("send_confirm", language)),
        Item("Refresh", title=text("Refresh", language), icon="Action_Refresh", group=True),
        Item("ResetViewSettings", title=text("ResetViewSettings", language),
             icon="Action_ResetViewSettings",
             confirmation=text("reset_confirm", language, caption=caption)),
        Item("Export", text("Export", language), group=True),
        Item("SetFilter", hosts=combo, group=True),
        Item("adaptive", title=text("hidden_items", language), icon="Adaptive", css="adaptive"),
    ]  # fmt: skip


def customer_items(language: str, caption: str, views: Any, combo: Any) -> list[Item]:
    """The customers list's toolbar."""
    return [
        Item("New", text("New", language), new_title(language, caption), css="dropDownNew"),
        Item("Edit", title=text("Edit", language), icon="Action_Edit", enabled=False, group=True),
        Item("Refresh", title=text("Refresh", language), icon="Action_Refresh", group=True),
        Item("ResetViewSettings", title=text("ResetViewSettings", language),
             icon="Action_ResetViewSettings",
             confirmation=text("reset_confirm", language, caption=caption)),
        Item("ChangeVariant", hosts=views, group=True),
        Item("SendMessage", text("SendMessage", language)),
        Item("Export", text("Export", language), group=True),
        Item("SetFilter", hosts=combo, group=True),
        Item("adaptive", title=text("hidden_items", language), icon="Adaptive", css="adaptive"),
    ]  # fmt: skip


def read_items(language: str, caption: str) -> list[Item]:
    """The toolbar of a list that is only read."""
    return [
        Item("Refresh", title=text("Refresh", language), icon="Action_Refresh"),
        Item("ResetViewSettings", title=text("ResetViewSettings", language),
             icon="Action_ResetViewSettings",
             confirmation=text("reset_confirm", language, caption=caption)),
        Item("Export", text("Export", language), group=True),
        Item("adaptive", title=text("hidden_items", language), icon="Adaptive", css="adaptive"),
    ]  # fmt: skip


def edit_items(
    language: str, caption: str, *, root: str, existing: bool, deletable: bool
) -> list[Item]:
    """A detail page's toolbar in edit mode."""
    group = [
        Item(name, text(name, language), text(name, language), css="dropDownSave")
        for name in ("Save", "SaveAndClose", "SaveAndNew")
    ]
    group[2].title = f"{text('SaveAndNew', language)} {caption}"
    return [
        Item("New", text("New", language), new_title(language, caption), css="dropDownNew"),
        Item(root, text(root, language), text(root, language), css="dropDownSave", items=group),
        Item("Delete", title=text("Delete", language), icon="Action_Delete", enabled=deletable,
             group=True, confirmation=text("delete_confirm", language)),
        Item("Validate", title=text("Validate", language), icon="Action_Validate"),
        Item("Cancel", title=text("Cancel", language), icon="Action_Cancel", group=True),
        Item("Refresh", title=text("Refresh", language), icon="Action_Refresh", enabled=existing,
             group=True),
        Item("ResetViewSettings", title=text("ResetViewSettings", language), enabled=existing,
             icon="Action_ResetViewSettings",
             confirmation=text("reset_confirm", language, caption=caption)),
        Item("PreviousObject", title=text("PreviousObject", language), icon="Action_Previous",
             enabled=existing, group=True),
        Item("NextObject", title=text("NextObject", language), icon="Action_Next", enabled=existing),
    ]  # fmt: skip


def view_items(language: str, caption: str) -> list[Item]:
    """A detail page's toolbar in view mode."""
    return [
        Item("New", text("New", language), new_title(language, caption), css="dropDownNew"),
        Item("SwitchToEditMode", title=text("SwitchToEditMode", language), icon="Action_Edit",
             group=True),
        Item("Refresh", title=text("Refresh", language), icon="Action_Refresh", group=True),
        Item("ResetViewSettings", title=text("ResetViewSettings", language),
             icon="Action_ResetViewSettings",
             confirmation=text("reset_confirm", language, caption=caption)),
        Item("PreviousObject", title=text("PreviousObject", language), icon="Action_Previous",
             group=True),
        Item("NextObject", title=text("NextObject", language), icon="Action_Next"),
    ]  # fmt: skip


def line_items(language: str, caption: str, *, editable: bool, deletes: bool) -> list[Item]:
    """The toolbar of the order's lines."""
    return [
        Item("Delete", title=text("Delete", language), icon="Action_Delete", enabled=False,
             absent=not editable, never=not deletes,
             confirmation=text("delete_confirm", language)),
        Item("Edit", title=text("Edit", language), icon="Action_Edit", enabled=False,
             absent=not editable, never=True),
        Item("ResetViewSettings", title=text("ResetViewSettings", language), group=editable,
             icon="Action_ResetViewSettings",
             confirmation=text("reset_confirm", language, caption=caption)),
        Item("Export", text("Export", language), group=True),
    ]  # fmt: skip
