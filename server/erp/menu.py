"""The toolbar: an action by its name, its state, and the literal request that a click will send."""

import re
from dataclasses import dataclass
from typing import Any

from server.erp.looks import Look
from server.erp.screen import Screen
from server.errors import UiDriftError

# What cpClickHandlers holds per item: the exact call (erp-wire §0.3, §2.3).
_CALL = re.compile(
    r"(?:LockCreateControlsOnCallback\(\);\s*)?"
    r"RaiseXafCallback\(globalCallbackControl,\s*'(?P<handler>[^'\\]*)',\s*'(?P<argument>[^'\\]*)',"
    r"\s*'(?P<confirmation>[^'\\]*)',\s*(?P<postback>true|false)\);?"
)
_PATH = re.compile(r"\d+(i\d+)*")

_ITEMS = """
(name) => {
  const menus = controls('_mainMenu_Menu$').filter((menu) => typeof menu.GetItemCount === 'function');
  if (menus.length !== 1) return {menus: menus.length};
  const menu = menus[0];
  const found = [];
  const walk = (parent) => {
    for (let i = 0; i < parent.GetItemCount(); i++) {
      const item = parent.GetItem(i);
      if (item.name === name) {
        found.push({
          path: String(item.indexPath), enabled: item.GetEnabled(), leaf: item.GetItemCount() === 0,
          call: (menu.cpClickHandlers ?? {})[item.indexPath] ?? '',
        });
      }
      walk(item);
    }
  };
  walk(menu);
  return {menus: 1, menu: menu.name, found};
}
"""


@dataclass(frozen=True)
class MenuAction:
    """A toolbar action as the page has it now; ids and handlers are volatile, so read it anew."""

    name: str
    menu: str
    path: str
    enabled: bool
    handler: str
    argument: str
    confirmation: str

    @property
    def parameter(self) -> str:
        """The literal ``__CALLBACKPARAM`` that a click sends."""
        return f"c0:{self.handler}:{self.argument}:XafCallback"


async def find_action(screen: Screen, step: str, name: str) -> MenuAction:
    """The action of that name (``New``, ``SaveAndClose``), language-free.

    Where a group's button repeats the action done last, the item inside the group is taken: what a
    root does changes with use (erp-wire §2.3).

    Raises:
        UiDriftError: no such action, more than one, or a call of an unknown form.
    """
    return await screen.see(step, action(name, screen.path))


def action(name: str, path: str) -> Look[MenuAction]:
    """What `find_action` looks at, and raises; ``path`` is the page's, for the error."""
    return Look(_ITEMS, name, lambda step, seen: _action(step, seen, name, path))


def _action(step: str, seen: Any, name: str, path: str) -> MenuAction:
    found = [item for item in seen.get("found", []) if item["leaf"]]
    if len(found) != 1:
        raise UiDriftError(
            f"{step}: the toolbar has {len(found)} actions named {name}", step=step, path=path
        )
    item = found[0]
    call = literal_call(str(item["call"]))
    if call is None or not _PATH.fullmatch(item["path"]):
        raise UiDriftError(f"{step}: the toolbar's {name} is of an unknown form", step=step)
    return MenuAction(
        name=name,
        menu=str(seen["menu"]),
        path=item["path"],
        enabled=bool(item["enabled"]),
        handler=call["handler"],
        argument=call["argument"],
        confirmation=call["confirmation"],
    )


def literal_call(text: str) -> re.Match[str] | None:
    """A handler map's entry in its parts: handler, argument, confirmation, postback; None if it is no such."""
    return _CALL.fullmatch(text.strip())


async def combo_parameter(screen: Screen, step: str, name: str) -> str:
    """The literal parameter that a choice in the combo box of that item sends.

    Such an item has no entry in cpClickHandlers; its argument is its index path (erp-wire §2.3).
    """
    found = [
        item for item in (await screen.look(step, _ITEMS, name)).get("found", []) if item["leaf"]
    ]
    if len(found) != 1 or not _PATH.fullmatch(found[0]["path"]):
        raise UiDriftError(
            f"{step}: the toolbar has {len(found)} combo boxes named {name}", step=step
        )
    return f"c0:Vertical$mainMenu:{found[0]['path']}:XafCallback"


async def click_action(screen: Screen, step: str, action: MenuAction) -> None:
    """Click the action with the mouse, opening its group first if it is in one.

    Raises:
        UiDriftError: it is disabled, or not to be reached.
    """
    if not action.enabled:
        raise UiDriftError(f"{step}: the toolbar's {action.name} is disabled", step=step)
    root, _, inner = action.path.partition("i")
    if inner:
        await screen.click(step, f"{action.menu}_DXI{root}_P")
    await screen.click(step, f"{action.menu}_DXI{action.path}_T")
