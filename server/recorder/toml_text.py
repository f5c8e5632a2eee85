"""Writes the little TOML that requests.toml is made of; the standard library only reads it."""

import json
from collections.abc import Mapping
from typing import Any


def entry_text(header: str, entry: Mapping[str, Any]) -> str:
    """One table, ``[[grid]]`` or ``[kind.line]``, with its keys in their order."""
    return "\n".join([header, *(f"{name} = {value(one)}" for name, one in entry.items())])


def value(one: object) -> str:
    """A string (literal, so that patterns stay readable), a boolean, a number or a list of them."""
    if isinstance(one, list):
        return f"[{', '.join(value(item) for item in one)}]"
    if isinstance(one, bool):
        return str(one).lower()
    if isinstance(one, str) and "'" not in one and one.isprintable():
        return f"'{one}'" if "\\" in one or '"' in one else f'"{one}"'
    return json.dumps(one)
