"""A new order's form: opened, its customer chosen, its texts typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.erp import editors, lookup, menu
from server.erp.content import same
from server.erp.editor_fields import Fields
from server.erp.formats import erp_id
from server.erp.inputs import values
from server.erp.looks import Look
from server.erp.lookup import CUSTOMER, Found
from server.erp.order_tabs import OVERVIEW, open_tab
from server.erp.order_texts import description, one_line
from server.erp.session import ErpSession
from server.errors import CustomerAmbiguousError, ErpRejectedError, UiDriftError

NAME_SEARCH = 50  # characters of a name that are searched for (erp-reference §3.1.1)

_DESCRIPTION = r"_xaf_dviPURCHORDERFORMNUM_Edit_I$"
_TEXTS = {
    "PURCHORDERFORMNUM": _DESCRIPTION,
    "TEXTEXTERNAL": r"_xaf_dviTEXTEXTERNAL_Edit_I$",
    "TEXTINTERNAL": r"_xaf_dviTEXTINTERNAL_Edit_I$",
}
_ID = r"_xaf_dviID_Edit_I$"
_NEW_FORM = """
(pattern) => /[?&]NewObject=true/i.test(location.search) && inputs(pattern).some(shown)
  && controls('_xaf_dviSALESLINEs_v\\\\d+_\\\\d+_LE_v\\\\d+$').length === 1
"""
_LIMITS = "(pattern) => inputs(pattern).filter(shown).map((input) => input.maxLength)"
_HAS_ID = r"(pattern) => inputs(pattern).some((input) => /[1-9]/.test(input.value))"


@dataclass(frozen=True)
class Wanted:
    """The customer that the request names; ``key`` and ``account`` may be empty."""

    key: str
    account: str
    name: str


@dataclass(frozen=True)
class Customer:
    """The customer that was chosen: its ERP id, and how the form shows it."""

    key: str
    shown: str


@dataclass(frozen=True)
class Texts:
    """What DESCRIZIONE, TESTO ORDINE INTERNO and ESTERNO must hold."""

    description: str
    text: str


@dataclass(frozen=True)
class Draft:
    """The new order on the form: its id, and what every write of it must carry from then on.

    ``no_line_discount``: LINEDISC must be N/A; ``discount`` None: the order's discount is not set yet;
    ``address_key`` empty: no address was chosen.
    """

    order_id: str
    customer: Customer
    texts: Texts
    no_line_discount: bool = False
    discount: Decimal | None = None
    address_key: str = ""


async def open_new(session: ErpSession) -> None:
    """Click *Nuovo* on the orders list and arrive on an empty form."""
    step, screen = "form.nuovo", session.screen
    action = await menu.find_action(screen, step, "New")
    async with session.gate.allow(action=action.name, parameter=action.parameter):
        await menu.click_action(screen, step, action)
    await screen.quiet(step, _NEW_FORM, CUSTOMER.input, within=session.timeouts.page)


async def texts_for(session: ErpSession, marker: str, text: str) -> Texts:
    """The order's texts, DESCRIZIONE cut to what its input takes."""
    screen = session.screen
    limit = await screen.see("form.notes", Look(_LIMITS, _DESCRIPTION, _only_limit))
    limit = min(limit, session.description_length) if limit > 0 else session.description_length
    return Texts(description=description(marker, text, limit), text=text)


def _only_limit(step: str, limits: Sequence[int]) -> int:
    if len(limits) != 1:
        raise UiDriftError(f"{step}: {len(limits)} inputs where one was expected", step=step)
    return int(limits[0])


async def keep_description(session: ErpSession, texts: Texts) -> None:
    """See that DESCRIZIONE holds the marker, typing it (again) where a callback has taken it away."""
    if await editors.text(session.screen, "form.notes", _DESCRIPTION) != texts.description:
        await _type(session, _DESCRIPTION, texts.description)


async def keep_texts(session: ErpSession, texts: Texts) -> Fields:
    """See that all three texts stand, typed one after the other without leaving by Tab; the form then."""
    step, screen = "form.notes", session.screen
    fields = await editors.all_fields(screen, step)
    wanted = {
        "PURCHORDERFORMNUM": texts.description,
        "TEXTEXTERNAL": texts.text,
        "TEXTINTERNAL": texts.text,
    }
    missing = [name for name, text in wanted.items() if not same(text, fields, name)]
    if not missing:
        return fields
    await open_tab(session, step, OVERVIEW)
    for name in missing:
        await _type(session, _TEXTS[name], wanted[name])
    return await editors.all_fields(screen, step)


async def _type(session: ErpSession, pattern: str, text: str) -> None:
    await editors.fill(session.screen, "form.notes", pattern, text, clicked=True)


async def find_customer(session: ErpSession, wanted: Wanted) -> Found:
    """Look the customer up, by account, else by name; nothing is chosen yet.

    Raises:
        ErpRejectedError: the ERP has no such customer.
        CustomerAmbiguousError: several fit and the request names no id.
    """
    step, screen = "form.customer", session.screen
    name = one_line(wanted.name)
    asked = wanted.account or name[:NAME_SEARCH].strip()
    found = await lookup.search(screen, step, CUSTOMER, asked, ["ACCOUNTNUM", "NAME"])
    column, value = ("ACCOUNTNUM", wanted.account) if wanted.account else ("NAME", name)
    fitting = [item for item in found if one_line(item.row.cells[column]) == value]
    if wanted.key:
        fitting = [item for item in fitting if item.row.key == wanted.key]
    if not fitting:
        raise ErpRejectedError("the ERP has no customer with this account or name, and this id")
    if len(fitting) > 1:
        raise CustomerAmbiguousError(
            f"{len(fitting)} customers in the ERP fit; name the customer's id"
        )
    return fitting[0]


async def choose_customer(session: ErpSession, found: Found, texts: Texts) -> Customer:
    """Choose the customer: the first write, for the ERP allots the order's id on it.

    The request that tells the choice must hold the marker already.

    Raises:
        UiDriftError: the form does not show that customer afterwards.
    """
    step, screen = "form.customer", session.screen
    key, cells = found.row.key, found.row.cells
    shown = cells["ACCOUNTNUM"] or cells["NAME"]
    row = await lookup.show_row(screen, step, CUSTOMER, found)
    baseline = await editors.all_fields(screen, step)
    async with session.gate.write(
        "customer",
        key,
        content={
            "CUSTTABLE": shown,
            "CUSTTABLE.key": key,
            "PURCHORDERFORMNUM": texts.description,
        },
        changes={"CUSTTABLE"},
        baseline=baseline,
    ):
        await screen.click(step, row.element)
    return Customer(key=key, shown=shown)


async def draft_id(session: ErpSession) -> str:
    """The order's id as the form shows it after the customer's choice, digits.

    Raises:
        UiDriftError: the form shows no id.
    """
    step, screen = "form.customer", session.screen
    (shown,) = await screen.quiet_and_see(step, values(_ID), _HAS_ID, _ID)
    try:
        return erp_id(shown)
    except ValueError:
        raise UiDriftError(f"{step}: the form shows an id of an unknown form", step=step) from None


async def verify_customer(session: ErpSession, customer: Customer) -> None:
    """See that the form holds the customer: the account shown and the key behind it.

    Raises:
        UiDriftError: it holds another one.
    """
    fields = await editors.all_fields(session.screen, "form.customer")
    if (
        one_line(fields.get("CUSTTABLE", "")) != one_line(customer.shown)
        or fields.get("CUSTTABLE.key") != customer.key
    ):
        raise UiDriftError("form.customer: the form does not hold the customer that was chosen")
