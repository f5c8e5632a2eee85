"""What makes two requests the same, and an order recognisable: fingerprint, differences, marker."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MARKER_CHARACTERS = 10  # 50 bits: a clash within one agent's drafts is out of reach


def canonical_text(text: str) -> str:
    """Text as it is compared: NFC, line breaks as LF, trimmed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def canonical_decimal(text: str) -> str:
    """A decimal string as it is compared: ``12.50``, ``12.5`` and ``012.5`` are one; empty stays empty."""
    if not text.strip():
        return ""
    number = Decimal(text.strip()).normalize()
    return format(number or Decimal(0), "f")


def fingerprint(canonical: Mapping[str, object]) -> str:
    """One SHA-256 over canonical values, hex."""
    text = json.dumps(canonical, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differing_fields(first: Mapping[str, object], second: Mapping[str, object]) -> list[str]:
    """Paths (``items[2].quantity``) at which two canonical requests differ; never their values."""
    return sorted(_differences("", first, second))


def marker(user_id: str, operation_type: str, operation_key: str, revision: int) -> str:
    """``#`` and ten characters of Crockford base32, by which our order is recognised in the ERP."""
    digest = hashlib.sha256()
    for part in (user_id, operation_type, operation_key, str(revision)):
        data = part.encode()
        digest.update(len(data).to_bytes(4, "big") + data)
    number = int.from_bytes(digest.digest()[:8], "big") >> (64 - 5 * _MARKER_CHARACTERS)
    characters = []
    for _ in range(_MARKER_CHARACTERS):
        number, index = divmod(number, 32)
        characters.append(_CROCKFORD[index])
    return "#" + "".join(reversed(characters))


def _differences(path: str, first: object, second: object) -> set[str]:
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        found: set[str] = set()
        for name in first.keys() | second.keys():
            inner = f"{path}.{name}" if path else str(name)
            found |= _differences(inner, first.get(name), second.get(name))
        return found
    if isinstance(first, list) and isinstance(second, list):
        if len(first) != len(second):
            return {path}
        found = set()
        for index, (one, other) in enumerate(zip(first, second, strict=True)):
            found |= _differences(f"{path}[{index}]", one, other)
        return found
    return set() if first == second else {path}
