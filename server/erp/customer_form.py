"""A new customer's form: opened, its VAT number checked, its references chosen, its texts set."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.erp import combos, editors, find_popup, menu
from server.erp.content import Expected, same
from server.erp.editor_fields import Fields
from server.erp.find_popup import Finder
from server.erp.form_tabs import open_tab
from server.erp.formats import erp_id
from server.erp.places import FIELDS as PLACE_FIELDS
from server.erp.places import Place, choose_place
from server.erp.session import ErpSession
from server.errors import ErpRejectedError, UiDriftError

MAIN, PRICES = 0, 4  # Principale; Prezzi e sconti
ZIP = Finder("LOGISTICSADDRESSZIPCODE", "_xaf_dviLOGISTICSADDRESSZIPCODE_Edit")
TERMS = Finder("PAYMTERMID", "_xaf_dviPAYMTERMID_Edit")
TERMS_FIELDS = ("PAYMTERMID",)
# What the VAT check's late answers may bring along, or what we type while they come: a customer's form
# writes nothing before its save.
POSTED_LATE = frozenset({
    "VATNUM", "VATVALIDE", "VATADDRESS", "VATLASTCHECKEDDATE", "FISCALCODE", "FISCALCODEVALIDE",
    "FISCALCODELASTCHECKDATE", "NAME", "NAMEALIAS", "LEGALEMAIL", "LEGALAUTHORITY", "STREET",
    "LOGISTICSADDRESSZIPCODE", "CITY", "COUNTY", "STATE", "COUNTRYREGIONID", "ADDRESS", "PAYMTERMID",
    "DLVMODE", "BUSINESSSECTORID", "LINEDISC", "PRICEGROUP", "PHONE", "CELLULARPHONE", "EMAIL", "URL",
    "BRASCRMATTENTIONTO", "CUSTINFO",
})  # fmt: skip
# Typed with the keyboard; the rest, whose typed value a callback takes back, is set by script alone,
# just before the save (erp-reference §2.5).
_TYPED = (
    "NAME",
    "LEGALEMAIL",
    "PHONE",
    "CELLULARPHONE",
    "EMAIL",
    "URL",
    "BRASCRMATTENTIONTO",
    "CUSTINFO",
)

_VAT = r"_xaf_dviVATNUM_Edit_I$"
_NEW_FORM = """
(pattern) => /[?&]NewObject=true/i.test(location.search) && inputs(pattern).some(shown)
"""
TOLD = """
  const told = [...document.querySelectorAll('.ErrorLabel')].filter(shown)
    .map((item) => item.textContent.trim()).filter(Boolean);
  if (!told.length)
    told.push(...[...document.querySelectorAll('[id$="_ErrorInfo"]')].filter(shown)
      .map((item) => item.textContent.trim()).filter(Boolean));
"""
_CHECKED = rf"""
({{vat}}) => {{
  {TOLD}
  if (told.length) return {{told: told.map((words) => words.slice(0, 300))}};
  const value = (name) => inputs(`_xaf_dvi${{name}}_Edit_I$`).map((input) => input.value.trim()).join('|');
  const date = value('VATLASTCHECKEDDATE'), address = value('VATADDRESS');
  if (value('VATNUM') !== vat || !/\d/.test(date)) return null;
  return {{date, address}};
}}
"""
_USED_BY = re.compile(r"\bID:?\s*([0-9][0-9.,]*)")
_SET = """
({pattern, value}) => {
  const found = inputs(pattern);
  if (found.length !== 1) return false;
  const type = found[0].tagName === 'TEXTAREA' ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(type.prototype, 'value').set.call(found[0], value);
  return true;
}
"""
_LIMITS = """
(patterns) => patterns.map((pattern) => {
  const found = inputs(pattern);
  return found.length === 1 ? found[0].maxLength : null;
})
"""


@dataclass(frozen=True)
class Wanted:
    """What the form must hold: texts by property, and references by name; an empty sector is left alone.

    ``fields`` says which field of the request a property is from.
    """

    texts: Mapping[str, str]
    place: Place
    payment_terms: str
    delivery_mode: str
    line_discount: str
    sector: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def vat_number(self) -> str:
        """The VAT number, by which a customer without id is known."""
        return self.texts["VATNUM"]


@dataclass(frozen=True)
class VatCheck:
    """What the ERP's registry said of a VAT number that is free: values that only the ERP can know."""

    date: str
    address: str


async def open_new(session: ErpSession) -> None:
    """Click *Nuovo* on the customers list and arrive on an empty form."""
    step, screen = "customer.edit_loaded", session.screen
    action = await menu.find_action(screen, step, "New")
    async with session.gate.allow(action=action.name, parameter=action.parameter):
        await menu.click_action(screen, step, action)
    await screen.quiet(step, _NEW_FORM, _VAT, within=session.timeouts.page)


async def must_fit(session: ErpSession, wanted: Wanted) -> None:
    """See that every text fits into its field, so that none is cut.

    Raises:
        ErpRejectedError: one does not.
        UiDriftError: the form has not exactly one field for a text.
    """
    step = "customer.edit_loaded"
    patterns = [_input(name) for name in wanted.texts]
    limits = await session.screen.look(step, _LIMITS, patterns)
    for (name, text), limit in zip(wanted.texts.items(), limits, strict=True):
        if limit is None:
            raise UiDriftError(f"{step}: the form has not one {name}", step=step)
        # An input's limit counts UTF-16 units; -1 is none.
        if 0 <= int(limit) < len(text.encode("utf-16-le")) // 2:
            path = wanted.fields.get(name, name)
            raise ErpRejectedError(f"{path}: the ERP takes at most {limit} characters")


async def check_vat(session: ErpSession, vat_number: str) -> VatCheck:
    """Type the VAT number and wait until the ERP has checked it.

    Raises:
        ErpRejectedError: another customer has it, whose id is told (``customer_id``), or the ERP says
            something else against it.
        ErpUnavailableError, UiDriftError: the check did not end, or is not as we know it.
    """
    step, screen = "customer.tab.principale", session.screen
    await open_tab(session, step, MAIN)
    baseline = await editors.all_fields(screen, step)
    async with session.gate.allow(changes={"VATNUM"}, baseline=baseline):
        await screen.focus_one(step, _VAT)
        await screen.insert(step, vat_number)
        await screen.key(step, "Tab")
    seen = await screen.quiet(
        step, _CHECKED, {"vat": vat_number}, within=session.timeouts.vat_check
    )
    if "told" in seen:
        raise _refused(seen["told"])
    # The check answers several times, seconds apart: until it is over, what is typed may be undone.
    timeouts = session.timeouts
    looks = math.ceil(timeouts.vat_silence / timeouts.poll)
    seen = await screen.quiet(
        step, _CHECKED, {"vat": vat_number}, within=timeouts.vat_check, looks=looks
    )
    if "told" in seen:
        raise _refused(seen["told"])
    return VatCheck(str(seen["date"]), str(seen["address"]))


async def choose_references(
    session: ErpSession, wanted: Wanted, also: Sequence[Place] = ()
) -> dict[str, str]:
    """Choose postal code, terms, delivery mode and sector; returns the values that the form holds.

    The places of ``also`` are looked up, not chosen: an unknown one is refused before any save.

    Raises:
        ErpRejectedError: the ERP has no such thing, or several.
        UiDriftError: the form does not take one over.
    """
    step = "customer.lookup"
    await open_tab(session, step, MAIN)
    held = {
        ZIP.name: await choose_zip(session, step, ZIP, wanted.place, also),
        TERMS.name: await _choose_terms(session, step, wanted.payment_terms),
        "DLVMODE": await combos.choose(
            session, step, combos.reference("DLVMODE"), text=wanted.delivery_mode
        ),
    }
    if wanted.sector:
        box = combos.reference("BUSINESSSECTORID")
        held["BUSINESSSECTORID"] = await combos.choose(session, step, box, text=wanted.sector)
    return held


async def choose_line_discount(session: ErpSession, wanted: Wanted) -> dict[str, str]:
    """Choose LINEDISC on the tab *Prezzi e sconti*, and go back to *Principale*."""
    step = "customer.tab.prezzi"
    await open_tab(session, step, PRICES)
    box = combos.reference("LINEDISC")
    value = await combos.choose(session, step, box, text=wanted.line_discount)
    await open_tab(session, step, MAIN)
    return {"LINEDISC": value}


async def choose_zip(
    session: ErpSession, step: str, finder: Finder, place: Place, also: Sequence[Place] = ()
) -> str:
    """Choose a postal code's town in its find window; returns the value that the form then holds."""
    async with find_popup.opened(session, step, finder) as window:
        for other in also:
            choose_place(other, await window.search(other.postal_code, PLACE_FIELDS))
        row = choose_place(place, await window.search(place.postal_code, PLACE_FIELDS))
        await window.choose(row, place.postal_code, PLACE_FIELDS)
    return await _held(session, step, finder)


async def _choose_terms(session: ErpSession, step: str, terms: str) -> str:
    async with find_popup.opened(session, step, TERMS) as window:
        rows = await window.search(terms, TERMS_FIELDS)
        own = [row for row in rows if row.cells["PAYMTERMID"] == terms]
        if len(own) != 1:
            raise ErpRejectedError(
                f"payment_terms: the ERP has {len(own)} terms of payment {terms}"
            )
        await window.choose(own[0], terms, TERMS_FIELDS)
    return await _held(session, step, TERMS)


async def _held(session: ErpSession, step: str, finder: Finder) -> str:
    fields = await editors.all_fields(session.screen, step)
    value = fields.get(finder.name, "")
    if not value:
        raise UiDriftError(f"{step}: the form does not hold what was chosen", step=step)
    return value


async def type_texts(session: ErpSession, wanted: Wanted) -> None:
    """Type what the keyboard may type, without leaving a field by Tab."""
    step = "customer.field"
    for name in _TYPED:
        if text := wanted.texts.get(name, ""):
            await editors.fill(session.screen, step, _input(name), text)


async def set_texts(session: ErpSession, wanted: Wanted, fields: Fields) -> None:
    """Set by script each text that the form does not hold; it travels with the save as it is."""
    step = "customer.save"
    for name, text in wanted.texts.items():
        if name != "VATNUM" and not same(text, fields, name):
            data = {"pattern": _input(name), "value": text}
            if not await session.screen.look(step, _SET, data):
                raise UiDriftError(f"{step}: the form has not one {name}", step=step)


def content(wanted: Wanted, held: Mapping[str, str]) -> dict[str, Expected]:
    """What a save must carry: every text, and every reference that was chosen."""
    return {**wanted.texts, **held}


def different(expected: Mapping[str, Expected], fields: Fields) -> list[str]:
    """Names of what the form would post otherwise."""
    return [name for name, value in expected.items() if not same(value, fields, name)]


def _input(name: str) -> str:
    return rf"_xaf_dvi{name}_Edit_I$"


def _refused(told: list[str]) -> ErpRejectedError:
    """The ERP's words against a VAT number; the id that it names is for the caller to look at."""
    words = "; ".join(told)[:300]
    if used_by := used_by_of(words):
        return ErpRejectedError(
            f"the VAT number is already that of the ERP's customer {used_by}", customer_id=used_by
        )
    return ErpRejectedError(f"the ERP refused the VAT number: {words}")


def used_by_of(words: str) -> str:
    """The id of the customer that the ERP's words name as a VAT number's owner, digits, or ""."""
    match = _USED_BY.search(words)
    try:
        return erp_id(match[1].rstrip(".,")) if match else ""
    except ValueError:
        return ""
