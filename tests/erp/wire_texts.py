"""Writes what the site's pages write on the wire: the other side of the parsers, for round trips."""

import html
import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

XAF = "globalCallbackControl"
POPUP = "Vertical$PopupWindowCallback"
EDITOR = "Vertical$v16_11111111$MainLayoutEdit$xaf_l37_pg$xaf_l44"
LINES = f"{EDITOR}$xaf_dviSALESLINEs$v17_22222222$LE_v17"
LIST = "Vertical$v6_33333333$LE_v6"
CUSTOMER_GRID = f"{EDITOR}$xaf_dviCUSTTABLE_Edit$DDD$gv"
ARTICLE_GRID = f"{LINES}$editnew_12$xaf_INVENTTABLE_Edit$DDD$gv"


def units(text: str) -> int:
    """A text's length as JavaScript counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def segments(values: Mapping[str, str]) -> str:
    return "".join(f"{name}|{units(value)};{value};" for name, value in values.items())


def items(words: Sequence[str]) -> str:
    return "".join(f"{units(word)}|{word}" for word in words)


def grid(*words: str, **before: str) -> str:
    """A grid's parameter; other segments come in front, as GB is the last one."""
    return "c0:" + segments({**before, "GB": items(words)})


def action(handler: str, argument: str) -> str:
    return f"c0:{handler}:{argument}:XafCallback"


def callback(control: str, parameter: str, fields: Mapping[str, str] | None = None) -> bytes:
    form = {"__EVENTTARGET": "", "__EVENTARGUMENT": "", **(fields or {})}
    form |= {"__CALLBACKID": control, "__CALLBACKPARAM": parameter}
    return urlencode(form, quote_via=quote).encode()


def postback(target: str, argument: str, fields: Mapping[str, str] | None = None) -> bytes:
    form = {**(fields or {}), "__EVENTTARGET": target, "__EVENTARGUMENT": argument}
    return urlencode(form, quote_via=quote).encode()


def state(**values: object) -> str:
    """A control's state as it is posted."""
    return html.escape(json.dumps(values))


def focused(key: str | None) -> str:
    return state(keys=[key] if key else [], selection="", focusedKey=key)
