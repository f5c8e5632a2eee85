"""The inputs that show on a page, found by the stable end of their ids: what looks at them give."""

from collections.abc import Sequence
from typing import Any

from server.erp.looks import Look
from server.errors import UiDriftError

_FIND = "(pattern) => inputs(pattern).filter(shown).map((input) => input.id)"
_VALUES = """
(patterns) => patterns.map((pattern) => inputs(pattern).filter(shown).map((input) => input.value))
"""


def one_input(pattern: str) -> Look[str]:
    """The id of the one visible input whose id fits the pattern; valid until the next callback.

    Raises:
        UiDriftError: there is none, or more than one.
    """
    return Look(_FIND, pattern, lambda step, found: _only(step, pattern, found))


def values(*patterns: str) -> Look[list[str]]:
    """What the one visible input of each pattern shows.

    Raises:
        UiDriftError: for one of them there is none, or more than one.
    """

    def understood(step: str, seen: Any) -> list[str]:
        return [_only(step, pattern, found) for pattern, found in zip(patterns, seen, strict=True)]

    return Look(_VALUES, [*patterns], understood)


def _only(step: str, pattern: str, found: Sequence[str]) -> str:
    if len(found) != 1:
        raise UiDriftError(
            f"{step}: {len(found)} inputs where one was expected", step=step, pattern=pattern
        )
    return str(found[0])
