"""Percentages in spin editors: typed in the page's language, and watched until the value has come back."""

from collections.abc import Sequence
from decimal import Decimal

from server.erp.editor_fields import form
from server.erp.formats import decimal_sign, number, typed
from server.erp.inputs import one_input, values
from server.erp.looks import Look, together
from server.erp.session import ErpSession
from server.errors import UiDriftError

TRIES = 3
_SHOWS = """
({pattern, texts}) => inputs(pattern).filter(shown)
  .some((input) => texts.includes(input.value.replace(/[\\s%]/g, '')))
"""


async def shown(session: ErpSession, step: str, pattern: str) -> Decimal:
    """The number that the one visible editor shows.

    Raises:
        UiDriftError: it shows none, or there is no such editor.
    """
    (value,) = await session.screen.see(step, numbers(pattern))
    return value


def numbers(*patterns: str) -> Look[list[Decimal]]:
    """The number of each of these editors.

    Raises:
        UiDriftError: as `shown`.
    """
    return values(*patterns).then(_numbers)


def _numbers(step: str, texts: Sequence[str]) -> list[Decimal]:
    try:
        return [number(text) for text in texts]
    except ValueError:
        raise UiDriftError(f"{step}: an editor shows no number", step=step) from None


async def enter(
    session: ErpSession, step: str, pattern: str, wanted: Decimal, *, changes: str, leave: str
) -> None:
    """Type a percentage until the editor keeps it; ``leave`` is the key that ends the typing.

    The editor's callback may show 0 for a while before the value comes back (erp-reference §3.1.2
    step 14); only after that time has passed is it typed again, for callbacks must not overlap.
    ``changes`` is the canonical name of the one editor that may change.

    Raises:
        UiDriftError: it is not kept.
    """
    screen = session.screen
    look = together(values(pattern), numbers(pattern), one_input(pattern), form())
    for _ in range(TRIES):
        (before,), (standing,), element, baseline = await screen.see(step, look)
        if standing == wanted:
            return
        async with session.gate.allow(changes={changes}, baseline=baseline, expect_request=False):
            await screen.double_click(step, element)
            await screen.focus(step, element)
            await screen.insert(step, typed(wanted, decimal_sign(before)))
            await screen.key(step, leave)
            if await _comes_back(session, step, pattern, wanted, decimal_sign(before)):
                return
    raise UiDriftError(f"{step}: the percentage is not kept", step=step)


async def _comes_back(
    session: ErpSession, step: str, pattern: str, wanted: Decimal, sign: str
) -> bool:
    texts = [f"{wanted:.2f}".replace(".", sign), typed(wanted, sign)]
    try:
        data = {"pattern": pattern, "texts": texts}
        (standing,) = await session.screen.quiet_and_see(
            step, numbers(pattern), _SHOWS, data, within=session.timeouts.value
        )
    except UiDriftError:
        return False
    return standing == wanted
