"""Parses a callback's answer: ``<n>|<validation>/*DX*/({…})`` around a JavaScript object literal.

Source: erp-wire §1.4. Only literals are understood; nothing is executed.
"""

import re

MAX_DEPTH = 50

_SPACE = re.compile(r"\s*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_DATE = re.compile(r"new Date\(([\d,\s-]*)\)")
_PLAIN = {"'": re.compile(r"[^'\\]*"), '"': re.compile(r'[^"\\]*')}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}


class PayloadError(ValueError):
    """The answer is not a callback's payload; the message names no value."""


def parse_payload(body: str) -> dict[str, object]:
    """The payload's object: strings, numbers, booleans, None, lists, dicts; PayloadError otherwise."""
    head = re.match(r"(?:s|(\d{1,6})\|)", body)
    if head is None:
        raise PayloadError("no callback answer")
    at = head.end() + int(head[1] or 0)
    if not body.startswith("/*DX*/(", at):
        raise PayloadError("no payload mark")
    reader = _Literal(body, at + len("/*DX*/("))
    value = reader.value(0)
    reader.mark(")")
    if not isinstance(value, dict) or body[reader.at :].strip(" \r\n;"):
        raise PayloadError("more or other than one object")
    return value


class _Literal:
    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self.at = at

    def value(self, depth: int) -> object:
        if depth > MAX_DEPTH:
            raise PayloadError("nested too deep")
        self._space()
        sign = self._text[self.at : self.at + 1]
        if sign in ("'", '"') and sign:
            return self._string(sign)
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return self._list(depth)
        if match := _NUMBER.match(self._text, self.at):
            self.at = match.end()
            return float(match[0]) if re.search(r"[.eE]", match[0]) else int(match[0])
        if match := _DATE.match(self._text, self.at):
            self.at = match.end()
            return match[0]
        return self._word()

    def mark(self, sign: str) -> None:
        if not self._skip(sign):
            raise PayloadError("a mark is missing")

    def _object(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        self.mark("{")
        while not self._skip("}"):
            self._space()
            sign = self._text[self.at : self.at + 1]
            name = self._string(sign) if sign in ("'", '"') and sign else self._name()
            self.mark(":")
            found[name] = self.value(depth + 1)
            if not self._skip(","):
                self.mark("}")
                break
        return found

    def _list(self, depth: int) -> list[object]:
        found = []
        self.mark("[")
        while not self._skip("]"):
            found.append(self.value(depth + 1))
            if not self._skip(","):
                self.mark("]")
                break
        return found

    def _string(self, quote: str) -> str:
        self.at += 1
        parts = []
        while True:
            match = _PLAIN[quote].match(self._text, self.at)
            if match is None or match.end() >= len(self._text):
                raise PayloadError("a text without an end")
            parts.append(match[0])
            self.at = match.end() + 1
            if self._text[match.end()] == quote:
                return "".join(parts)
            parts.append(self._escape())

    def _escape(self) -> str:
        letter = self._text[self.at : self.at + 1]
        self.at += 1
        length = {"u": 4, "x": 2}.get(letter)
        if length is None:
            return _ESCAPES.get(letter, "" if letter == "\n" else letter)
        code = self._text[self.at : self.at + length]
        if not re.fullmatch(rf"[0-9A-Fa-f]{{{length}}}", code):
            raise PayloadError("an escape that is none")
        self.at += length
        return chr(int(code, 16))

    def _name(self) -> str:
        match = _NAME.match(self._text, self.at)
        if match is None:
            raise PayloadError("a key is missing")
        self.at = match.end()
        return match[0]

    def _word(self) -> object:
        name = self._name()
        if name not in _WORDS:
            raise PayloadError("not a literal")
        return _WORDS[name]

    def _skip(self, sign: str) -> bool:
        self._space()
        if not self._text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _space(self) -> None:
        match = _SPACE.match(self._text, self.at)
        self.at = match.end() if match else self.at
