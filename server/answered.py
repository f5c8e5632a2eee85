"""The keys that this server has answered lately: whoever lost an answer most often asks the same server again.

Only a hint of where to look first. What a key has come to is in the journal, and is read there every time.
"""

from collections import OrderedDict

Key = tuple[str, str, str]  # agent, type of operation, key

MOST = 10_000  # some 200 bytes each


class Answered:
    """The newest keys, up to ``most``; the oldest are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._keys: OrderedDict[Key, None] = OrderedDict()

    def __repr__(self) -> str:
        return f"<Answered {len(self._keys)} keys>"

    def __contains__(self, key: Key) -> bool:
        return key in self._keys

    def add(self, key: Key) -> None:
        """It was given its result just now."""
        self._keys[key] = None
        self._keys.move_to_end(key)
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
