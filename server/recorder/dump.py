"""Stage 0: what the pages tell in advance, read with GETs only (erp-wire §6.3-1)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from server.erp.classify import path_template
from server.erp.editor_fields import canonical_fields
from server.erp.menu import literal_call
from server.erp.session import ErpSession
from server.erp.wire_grid import normalise_id
from server.errors import BotError
from server.recorder.page_scripts import DUMP

STEP = "record"
_BUILD = re.compile(r"DXR\.axd\?r=[^&\s]*(-[A-Za-z0-9]+)$")
_FIRST_KEY = """
() => {
  const grids = controls('^Vertical_v\\\\d+_\\\\d+_LE_v\\\\d+$').filter((grid) => grid.GetRowKey);
  return grids.length ? String(grids[0].GetRowKey(0) ?? '') : '';
}
"""


async def dump_site(session: ErpSession, draft: str) -> list[dict[str, Any]]:
    """All pages one after the other; ``draft``: id of an existing draft, else the list's first order."""
    pages = [await _dump(session, "orders", "/SALESTABLE_ListView_Agent/")]
    first = draft or str(await session.screen.look(STEP, _FIRST_KEY))
    if first.isdecimal():
        detail = f"/SALESTABLE_DetailViewAgent/{first}/"
        pages.append(await _dump(session, "order", f"{detail}?mode=View"))
        pages.append(await _dump(session, "order edited", f"{detail}?mode=Edit"))
    for name, path in (
        ("new order", "/SALESTABLE_DetailViewAgent/?NewObject=true"),
        ("products", "/INVENTTABLE_ListView/"),
        ("customers", "/CUSTTABLE_ListView_Agent/"),
        ("new customer", "/CUSTTABLE_DetailView/?NewObject=true"),
    ):
        pages.append(await _dump(session, name, path))
    return pages


def build_of(pages: Sequence[Mapping[str, Any]]) -> str:
    """The framework's build as the pages name it, ``-Pg14u``; empty if none or several do."""
    builds = {str(page.get("build", "")) for page in pages} - {""}
    return builds.pop() if len(builds) == 1 else ""


def offered(pages: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The pages on which a menu holds an action, by the action's name."""
    found: dict[str, list[str]] = {}
    for page in pages:
        for menu in page.get("menus", []):
            for item in menu["items"]:
                if item["name"] and page["page"] not in found.setdefault(item["name"], []):
                    found[item["name"]].append(page["page"])
    return found


async def _dump(session: ErpSession, name: str, path: str) -> dict[str, Any]:
    where = {"page": name, "path": path_template(path)}
    try:
        await session.screen.open(STEP, f"{session.base_url}{path}")
        seen = await session.screen.look(STEP, f"({DUMP})")
    except BotError as error:
        return {**where, "missing": error.reason}
    builds = {match[1] for url in seen["resources"] if (match := _BUILD.search(str(url)))}
    return {
        **where,
        "build": builds.pop() if len(builds) == 1 else "",
        "action": path_template(urlsplit(str(seen["action"])).path),
        "menus": [_menu(menu) for menu in seen["menus"]],
        "grids": [{**grid, "name": normalise_id(str(grid["name"]))} for grid in seen["grids"]],
        "immediate": sorted(_property(str(control)) for control in seen["immediate"]),
        "callbacks": sorted({normalise_id(str(control)) for control in seen["callbacks"]}),
    }


def _menu(menu: Mapping[str, Any]) -> dict[str, Any]:
    items = []
    for item in menu["items"]:
        call = literal_call(str(item["call"]))
        sends = None if call is None else {
            "handler": normalise_id(call["handler"]), "argument": call["argument"],
            "asks": call["confirmation"], "postback": call["postback"] == "true",
        }  # fmt: skip
        items.append({name: item[name] for name in ("path", "name", "enabled")} | {"sends": sends})
    return {"name": normalise_id(str(menu["name"])), "items": items}


def _property(control: str) -> str:
    """The property that an editor's control stands for, as requests.toml names it."""
    names = canonical_fields({re.sub(r"_dropdown_DD$|_find_Edit$", "", control): ""})
    return next(iter(names), normalise_id(control))
