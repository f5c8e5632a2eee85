"""Who may call, and for which agents: a TOML file, read again whenever it has changed.

    [shop]
    agents = ["A001", "A002"]           # or ["*"] for all
    tokens = ["9f86d08…"]               # SHA-256 of a token, in hexadecimal: `python -m server token`
    certificates = ["CN=shop,O=Acme"]   # subjects of client certificates, as RFC 2253 writes them

Tokens are random numbers of 256 bits, so their plain hash gives nothing away: there is nothing to guess.
"""

import hashlib
import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

EVERYBODY = "*"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KEYS = frozenset({"agents", "tokens", "certificates"})

log = structlog.get_logger(__name__)

Stamp = tuple[int, int, int]  # inode, time of the last change, size


class CallersError(Exception):
    """The file cannot be used; the message says where and why, and shows no token's hash."""


@dataclass(frozen=True)
class Caller:
    """Somebody who calls, and the agents it may act for; None: all of them."""

    name: str
    agents: frozenset[str] | None = None

    def may_act_for(self, user_id: str) -> bool:
        """Whether this agent is one of its own."""
        return self.agents is None or user_id in self.agents


@dataclass
class _Known:
    by_token: dict[str, Caller] = field(default_factory=dict)
    by_certificate: dict[str, Caller] = field(default_factory=dict)


class Callers:
    """The callers of a file. One that turns unusable later changes nothing: it is told in the log.

    Raises:
        CallersError: it is unusable from the beginning.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp: Stamp | None = _stamp(file)
        self._known = _read(file)

    def by_token(self, token: str) -> Caller | None:
        """Whose token this is; None: nobody's."""
        return self.by_hash(hashed(token))

    def by_hash(self, token_hash: str) -> Caller | None:
        """Whose token has this hash, by the file as it is now; None: nobody's."""
        return self._newest().by_token.get(token_hash)

    def by_certificate(self, subject: str) -> Caller | None:
        """Whose certificate has this subject; None: nobody's."""
        return self._newest().by_certificate.get(subject)

    def _newest(self) -> _Known:
        stamp = None
        try:
            stamp = _stamp(self._file)
            if stamp != self._stamp:
                self._known = _read(self._file)
                log.info("callers_read", file=str(self._file))
        except CallersError as error:
            if stamp != self._stamp:
                log.error("callers_unusable", then="those read before still hold", why=str(error))  # noqa: TRY400  # its frames tell an operator nothing
        self._stamp = stamp
        return self._known


def hashed(token: str) -> str:
    """The token as the file has it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(32)


def _stamp(file: Path) -> Stamp:
    try:
        stat = file.stat()
    except OSError as error:
        raise CallersError(f"{file} cannot be read: {error.strerror}") from None
    if stat.st_mode & 0o022:
        raise CallersError(f"others may change {file} and let anybody in: chmod go-w {file}")
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _read(file: Path) -> _Known:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CallersError(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise CallersError(f"{file} is not TOML: {error}") from None
    known = _Known()
    for name, entry in content.items():
        try:
            _add(known, name, entry)
        except ValueError as error:
            raise CallersError(f"{file}, caller {name!r}: {error}") from None
    if not known.by_token and not known.by_certificate:
        raise CallersError(f"{file} names no caller, so nobody could call")
    return known


def _add(known: _Known, name: str, entry: Any) -> None:
    if not _NAME.fullmatch(name) or not isinstance(entry, Mapping):
        raise ValueError("must be a table named by letters, digits, '.', '_' and '-'")
    if strange := entry.keys() - _KEYS:
        raise ValueError(f"{', '.join(sorted(strange))} is none of {', '.join(sorted(_KEYS))}")
    agents = frozenset(_texts(entry, "agents"))
    if not agents or (EVERYBODY in agents and len(agents) > 1):
        raise ValueError('agents must name some, or be ["*"] alone')
    caller = Caller(name, None if EVERYBODY in agents else agents)
    tokens, subjects = list(_texts(entry, "tokens")), list(_texts(entry, "certificates"))
    if not tokens and not subjects:
        raise ValueError("needs tokens or certificates, or it could never call")
    if not all(map(_HASH.fullmatch, tokens)):
        raise ValueError("tokens must be SHA-256 hashes in 64 small hexadecimal digits")
    for kind, values, whose in (
        ("token", tokens, known.by_token),
        ("certificate", subjects, known.by_certificate),
    ):
        for value in values:
            if value in whose:
                raise ValueError(f"has a {kind} that is {whose[value].name}'s already")
            whose[value] = caller


def _texts(entry: Mapping[str, Any], key: str) -> Iterator[str]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(each, str) and each for each in values):
        raise ValueError(f"{key} must be a list of texts")
    yield from values
