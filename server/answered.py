"""What this server has answered lately: whoever lost an answer most often asks the same server again.

A key that has succeeded has the same answer for ever (docs/states.md). So a request that comes again byte for
byte was found right before, and gets the answer that was read from the journal then; a key that comes again
otherwise is looked up there before it is recorded. Everything else is the journal's alone to say.
"""

from collections import OrderedDict
from hashlib import sha256

from server.intake import Replay

Key = tuple[str, str, str]  # agent, type of operation, key

MOST = 10_000  # keys, and requests
MOST_BYTES = 16_000_000  # of responses: an order's has some hundred bytes, and a hundred a line


class Answered:
    """The newest; the oldest are forgotten when they are too many, or their responses too large."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._keys: OrderedDict[Key, None] = OrderedDict()
        self._replays: OrderedDict[bytes, Replay] = OrderedDict()
        self._bytes = 0

    def __repr__(self) -> str:
        return f"<Answered {len(self._keys)} keys, {len(self._replays)} requests>"

    def __contains__(self, key: Key) -> bool:
        return key in self._keys

    def add(self, key: Key) -> None:
        """It was given its result just now."""
        self._keys[key] = None
        self._keys.move_to_end(key)
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)

    def find(self, operation_type: str, request: bytes) -> Replay | None:
        """What this very request was answered with, as the journal had it."""
        return self._replays.get(_digest(operation_type, request))

    def keep(self, operation_type: str, request: bytes, replay: Replay) -> None:
        """The request, which was found right, was answered with this from the journal."""
        self._drop(_digest(operation_type, request))
        self._replays[_digest(operation_type, request)] = replay
        self._bytes += len(replay.response)
        while len(self._replays) > self._most or self._bytes > self._most_bytes:
            self._drop(next(iter(self._replays)))

    def _drop(self, digest: bytes) -> None:
        if (replay := self._replays.pop(digest, None)) is not None:
            self._bytes -= len(replay.response)


def _digest(operation_type: str, request: bytes) -> bytes:
    return sha256(operation_type.encode() + b"\0" + request).digest()
