"""Finding the editors of a form by the stable end of their ids, filling and reading them."""

from collections.abc import Sequence

from server.erp.editor_fields import Fields, read_fields
from server.erp.playwright_errors import our_errors
from server.erp.screen import Screen
from server.errors import UiDriftError

_FIND = "(pattern) => inputs(pattern).filter(shown).map((input) => input.id)"
_TEXTS = """
(patterns) => patterns.map((pattern) => inputs(pattern).filter(shown).map((input) => input.value))
"""


async def find(screen: Screen, step: str, pattern: str) -> str:
    """The id of the one visible input whose id fits the pattern; valid until the next callback.

    Raises:
        UiDriftError: there is none, or more than one.
    """
    return _only(step, pattern, await screen.look(step, _FIND, pattern))


async def text(screen: Screen, step: str, pattern: str) -> str:
    """What the one visible input that fits the pattern shows."""
    (found,) = await texts(screen, step, (pattern,))
    return found


async def texts(screen: Screen, step: str, patterns: Sequence[str]) -> list[str]:
    """What the one visible input of each pattern shows, in one look.

    Raises:
        UiDriftError: for one of them there is none, or more than one.
    """
    found = await screen.look(step, _TEXTS, [*patterns])
    return [_only(step, *each) for each in zip(patterns, found, strict=True)]


def _only(step: str, pattern: str, found: Sequence[str]) -> str:
    if len(found) != 1:
        raise UiDriftError(
            f"{step}: {len(found)} inputs where one was expected", step=step, pattern=pattern
        )
    return str(found[0])


async def all_fields(screen: Screen, step: str) -> Fields:
    """The form as its next request would carry it: the baseline of one gesture."""
    with our_errors(step):
        return await screen.bounded(step, read_fields(screen.page))


async def fill(
    screen: Screen, step: str, pattern: str, value: str, *, clicked: bool = False
) -> None:
    """Type a text over what an editor holds, and read it back; leaves the cursor in it.

    ``clicked``: the editor is one that needs a real click first.

    No Tab: leaving the field may start a callback that brings the neighbours' old values back
    (erp-reference §2.5). A second try is the one the page's own start-up may need.

    Raises:
        UiDriftError: the editor does not take the text.
    """
    for _ in range(2):
        enter = screen.click_into if clicked else screen.focus
        await enter(step, await find(screen, step, pattern))
        if value:
            await screen.insert(step, value)
        else:
            await screen.key(step, "Delete")
        if await text(screen, step, pattern) == value:
            return
    raise UiDriftError(f"{step}: the field does not keep what is typed", step=step, pattern=pattern)
