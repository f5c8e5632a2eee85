"""Describes the ERP's answer to a gated request: ids, payload's shape, error texts without values.

An answer is evidence, never proof (erp-wire §5). Bodies hold customers' data and are never kept.
"""

import html
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from server.erp.classify import path_template
from server.erp.payload import parse_payload

MAX_TEXT = 300  # characters kept of an error's text

# The first match of each is kept, in this order (erp-wire §5).
_IDS = (
    re.compile(r"_DetailView(?:Agent)?/(\d{1,12})\b"),
    re.compile(r"CRMKI\.(?:SALESTABLE|CUSTTABLE)\((\d{1,12})\)"),
    re.compile(r"dviID_(?:Edit_I|View)\b[^<>]{0,400}?\bvalue=\\?[\"'](\d[\d.,]{0,14})\\?[\"']"),
)


def ids_of(body: str) -> tuple[str, ...]:
    """ERP ids named in a body, canonical digits, each once."""
    found: dict[str, None] = {}
    for pattern in _IDS:
        if match := pattern.search(body):
            found[re.sub(r"[.,]", "", match[1])] = None
    return tuple(found)


def shape_of(body: str) -> Mapping[str, object]:
    """What kind of payload a body is: keys, panels with sizes, redacted texts of errors; never values."""
    start = body.lstrip()[:200].lower()
    if not start:
        return {"kind": "empty", "size": len(body)}
    if start.startswith(("<!doctype", "<html")):
        return {"kind": "html", "size": len(body)}
    try:
        payload = parse_payload(body)
    except ValueError:
        kind = "callback error" if re.match(r"e(?!rror)", body) else "other"
        return {"kind": kind, "size": len(body)}
    shape: dict[str, object] = {
        "kind": "payload",
        "size": len(body),
        "keys": sorted(name[:40] for name in payload),
    }
    if isinstance(target := payload.get("redirect"), str):
        shape["redirect"] = path_template(urlsplit(target).path)
    if isinstance(message := payload.get("generalError"), str):
        shape["general_error"] = redacted(message)
    error = payload.get("error")
    if isinstance(error, dict) and isinstance(error.get("message"), str):
        shape["error"] = redacted(error["message"])
    properties = payload.get("cp")
    if isinstance(properties, dict):
        shape.update(_panels(properties))
    return shape


def redacted(markup: str) -> str:
    """Text of a message without markup, digits and quoted parts: what it says, not about whom."""
    text = html.unescape(
        re.sub(
            r"<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", markup, flags=re.DOTALL | re.IGNORECASE
        )
    )
    text = re.sub(r"[\w.+-]+@[\w.-]+", "#", re.sub(r"([\"'«“]).*?([\"'»”])", "…", text))
    text = re.sub(r"\s+", " ", re.sub(r"\d[\d.,/]*", "#", text)).strip()[:MAX_TEXT]
    return text.encode("utf-8", "replace").decode()  # half a character pair would not be storable


def _panels(properties: Mapping[str, object]) -> dict[str, object]:
    shape: dict[str, object] = {"cp": sorted(name[:60] for name in properties)}
    listed = properties.get("cpControlsToUpdate")
    panels = [name for name in str(listed or "").split(";") if name]
    shape["panels"] = {
        name[:60]: len(markup) if isinstance(markup := properties.get(f"cp{name}"), str) else None
        for name in panels[:50]
    }
    errors = properties.get("cpVertical_UPEI")
    if isinstance(errors, str) and (text := redacted(errors)):
        shape["errors"] = text
    return shape
