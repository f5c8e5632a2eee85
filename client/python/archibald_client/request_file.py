"""Reads a request from a JSON file, and names the field or line at fault when it is not one."""

import difflib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

Request = TypeVar("Request", bound=Message)


class RequestFileError(Exception):
    """The file holds no such request; the text names the file, and the line or the field."""


def read_request(file: str, kind: type[Request]) -> Request:
    """The request in a file of proto3 JSON; ``-`` is standard input."""
    name = "standard input" if file == "-" else file
    data = _object(_text(file, name), name)
    request = kind()
    try:
        ParseDict(data, request)
    except ParseError as error:
        descriptor = cast("Descriptor", request.DESCRIPTOR)
        path, fault = next(_faults(data, descriptor, ""), ("", _plain(error)))
        raise RequestFileError(f"{name}: {path}: {fault}" if path else f"{name}: {fault}") from None
    return request


def _text(file: str, name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise RequestFileError(f"{name}: {error.strerror or error}") from None
    try:
        return content.decode("utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RequestFileError(f"{name}: line {line}: not UTF-8 text") from None


def _object(text: str, name: str) -> dict[str, Any]:
    if not text.strip():
        raise RequestFileError(f"{name}: empty; expected a JSON object")
    try:
        data = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise RequestFileError(
            f"{name}: line {error.lineno}, column {error.colno}: not JSON: {error.msg}"
        ) from None
    except (_DuplicateError, RecursionError) as error:
        raise RequestFileError(f"{name}: {error}") from None
    if not isinstance(data, dict):
        raise RequestFileError(f"{name}: expected a JSON object, got {_kind(data)}")
    return data


class _DuplicateError(Exception):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # JSON lets the last one win in silence; with an order's quantity that is a wrong order.
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _DuplicateError(f"field {twice!r} stands twice in one object")
    return data


def _faults(data: Any, message: Descriptor, path: str) -> Iterator[tuple[str, str]]:
    """What the parser refuses, as (path, fault): its own message does not say which item of a list."""
    if message.file.package == "google.protobuf":  # a Timestamp is a text, not an object
        yield from _refused(data, message, path)
        return
    if not isinstance(data, dict):
        yield path, f"expected an object, got {_kind(data)}"
        return
    fields = {name: field for field in message.fields for name in (field.name, field.json_name)}
    for name, value in data.items():
        here = f"{path}.{name}" if path else name
        field = fields.get(name)
        if field is None:
            near = difflib.get_close_matches(name, [field.name for field in message.fields], n=1)
            yield here, "unknown field" + (f"; is it {near[0]!r}?" if near else "")
        elif field.message_type is None or value is None:
            yield from _refused({name: value}, message, here)
        elif field.is_repeated and isinstance(value, list):
            for index, element in enumerate(value):
                yield from _faults(element, field.message_type, f"{here}[{index}]")
        elif field.is_repeated:
            yield here, f"expected a list, got {_kind(value)}"
        else:
            yield from _faults(value, field.message_type, here)


def _refused(data: Any, message: Descriptor, path: str) -> Iterator[tuple[str, str]]:
    try:
        ParseDict(data, GetMessageClass(message)())
    except ParseError as error:
        yield path, _plain(error)


def _plain(error: ParseError) -> str:
    # Its second line lists every field there is, in the other spelling; the path is ours to give.
    text = str(error).split("\n", maxsplit=1)[0].rstrip(".")
    text = re.sub(r"^(Failed to parse \w+ field: )+", "", text)
    text = re.sub(r"\.? at [A-Z][\w.\[\]]*$", "", text)
    if "expected string" in text:
        return 'expected a text in quotes (decimal numbers too: "12.50")'
    if "invalid literal for int" in text:
        return "expected a whole number"
    return text


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    if value is None:
        return "null"
    return names.get(type(value), "a number")
