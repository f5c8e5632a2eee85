"""Saving a customer, in place: each save once, with everything in it that was asked."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from server.erp import customer_form, editors, menu
from server.erp.content import Expected
from server.erp.customer_form import TOLD, Wanted
from server.erp.gestures import heard
from server.erp.session import ErpSession
from server.errors import OutcomeUnknownError, UiDriftError

STEP = "customer.save"
TRIES = 3
# What a customer's later save must still carry, as it stands: what the gate wants of every save.
_OWN = (
    "NAME", "VATNUM", "FISCALCODE", "LEGALEMAIL", "LEGALAUTHORITY", "STREET",
    "LOGISTICSADDRESSZIPCODE", "CUSTINFO",
)  # fmt: skip

# The only warning that is gone over: the registry does not vouch for the VAT number (§3.3.4).
_ABOUT_VAT = re.compile(r"IVA validata|VAT validated?|VAT valied|VATVALI", re.IGNORECASE)
_OUTCOME = rf"""
({{known}}) => {{
  {TOLD}
  const merging = [...document.querySelectorAll('[id$="_PW-1"]')].filter(shown)
    .some((box) => /changed by another user|modificato da un altro utente/i.test(box.textContent));
  if (merging) return {{merging: true}};
  const tick = [...document.querySelectorAll('span[id$="_ErrorInfo_Ch_S_D"]')].filter(shown)
    .map((box) => box.id);
  if (told.length) return {{told: told.map((words) => words.slice(0, 300)), tick: tick[0] ?? ''}};
  const shownId = inputs('_xaf_dviID_Edit_I$').map((input) => input.value.replace(/[.,\s]/g, '')).join('');
  const inPath = location.pathname.match(/_DetailView\w*\/(\d+)\//);
  // By its number on the form: where the whole page was posted the address still says that it is new.
  const id = /^[1-9]\d*$/.test(shownId) ? shownId : inPath?.[1] ?? '';
  if (!id || (inPath && inPath[1] !== id)) return null;
  return known && known !== id ? null : {{id}};
}}
"""
_TICKED = """
() => inputs('_ErrorInfo_Ch_S$').some((input) => input.value === 'C')
"""


@dataclass(frozen=True)
class Saved:
    """The customer was saved: the ERP says so by its number, on the form or in the address."""

    customer_id: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """The ERP says why it did not save."""

    words: str


@dataclass(frozen=True)
class _Outcome:
    """What the form shows after a save: the customer's id, or what was told, with a box to ignore it."""

    customer_id: str = ""
    told: tuple[str, ...] = ()
    tick: str = ""


async def save_new(session: ErpSession, wanted: Wanted, held: Mapping[str, str]) -> Saved | Refused:
    """*Salvare*, once; once more over a warning about the VAT number's validity, and over no other.

    Raises:
        UiDriftError: the form is not as asked, nothing is saved; or it shows neither success nor refusal.
        OutcomeUnknownError: it may have been saved, or the ERP asks to merge with somebody's change.
    """
    return await _save_over_warning(
        session, wanted.vat_number, lambda: _ready(session, wanted, held)
    )


async def save_again(session: ErpSession, customer_id: str, marker: str) -> Saved | Refused:
    """*Salvare* on the customer's own form, nothing but its addresses having been added.

    Raises:
        UiDriftError: the form is not our customer's; or it shows neither success nor refusal.
        OutcomeUnknownError: as `save_new`.
    """

    async def as_it_stands() -> Mapping[str, Expected]:
        fields = await editors.all_fields(session.screen, STEP)
        if not fields.get("CUSTINFO", "").startswith(marker):
            raise UiDriftError(f"{STEP}: the customer has lost our marker", step=STEP)
        return {name: fields.get(name, "") for name in _OWN}

    return await _save_over_warning(session, customer_id, as_it_stands, known=customer_id)


async def _save_over_warning(
    session: ErpSession,
    target: str,
    ready: Callable[[], Awaitable[Mapping[str, Expected]]],
    known: str = "",
) -> Saved | Refused:
    first = await _save(session, "customer-save", target, await ready(), known)
    if first.customer_id:
        return Saved(first.customer_id)
    if not first.tick or not all(_ABOUT_VAT.search(words) for words in first.told):
        return Refused("; ".join(first.told)[:300])
    await session.screen.click(STEP, first.tick)
    await session.screen.quiet(STEP, _TICKED, looks=1)
    # Another write, and another ticket: the first was refused whole.
    second = await _save(session, "customer-save-ignoring", target, await ready(), known)
    if second.customer_id:
        return Saved(second.customer_id, first.told)
    return Refused("; ".join(second.told)[:300])


async def _ready(
    session: ErpSession, wanted: Wanted, held: Mapping[str, str]
) -> Mapping[str, Expected]:
    """Compare the whole form with the request; what callbacks have undone is set again."""
    held = dict(held)
    names: list[str] = []
    for _ in range(TRIES):
        fields = await editors.all_fields(session.screen, STEP)
        if any(fields.get(name, "") != value for name, value in held.items()):
            held |= await customer_form.choose_references(session, wanted)
            held |= await customer_form.choose_line_discount(session, wanted)
            fields = await editors.all_fields(session.screen, STEP)
        # Last of all: any immediate post may bring old texts back.
        await customer_form.set_texts(session, wanted, fields)
        expected = customer_form.content(wanted, held)
        names = customer_form.different(expected, await editors.all_fields(session.screen, STEP))
        if not names:
            session.gate.check()
            return expected
    raise UiDriftError(
        f"{STEP}: the form is not as asked, nothing is saved", step=STEP, seen=", ".join(names)
    )


async def _save(
    session: ErpSession,
    kind: str,
    target: str,
    expected: Mapping[str, Expected],
    known: str = "",
) -> _Outcome:
    screen = session.screen

    async def click() -> None:
        action = await menu.find_action(screen, STEP, "Save")
        baseline = await editors.all_fields(screen, STEP)
        async with session.gate.write(
            kind,
            target,
            action=action.name,
            parameter=action.parameter,
            content=expected,
            baseline=baseline,
        ):
            await menu.click_action(screen, STEP, action)

    await heard(click)
    seen = await screen.quiet(STEP, _OUTCOME, {"known": known}, within=session.timeouts.leave_form)
    if "merging" in seen:
        # Never merged: what would be saved then is somebody else's too.
        raise OutcomeUnknownError("the ERP asks to merge the customer with another user's changes")
    return _Outcome(seen.get("id", ""), tuple(seen.get("told", ())), seen.get("tick", ""))
