"""Finding the editors of a form by the stable end of their ids, filling and reading them."""

from server.erp.editor_fields import Fields, form
from server.erp.inputs import one_input, values
from server.erp.screen import Screen
from server.errors import UiDriftError


async def find(screen: Screen, step: str, pattern: str) -> str:
    """The id of the one visible input whose id fits the pattern; valid until the next callback.

    Raises:
        UiDriftError: there is none, or more than one.
    """
    return await screen.see(step, one_input(pattern))


async def text(screen: Screen, step: str, pattern: str) -> str:
    """What the one visible input that fits the pattern shows."""
    (found,) = await screen.see(step, values(pattern))
    return found


async def all_fields(screen: Screen, step: str) -> Fields:
    """The form as its next request would carry it: the baseline of one gesture."""
    return await screen.see(step, form())


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
        if clicked:
            await screen.click_into(step, await find(screen, step, pattern))
        else:
            await screen.focus_one(step, pattern)
        if value:
            await screen.insert(step, value)
        else:
            await screen.key(step, "Delete")
        if await text(screen, step, pattern) == value:
            return
    raise UiDriftError(f"{step}: the field does not keep what is typed", step=step, pattern=pattern)
