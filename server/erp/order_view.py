"""An order read back, freshly opened by its id in view mode: every field that we asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from server.erp import order_lines
from server.erp.formats import erp_id, number
from server.erp.looks import Look
from server.erp.order_lines import Line
from server.erp.order_texts import canonical
from server.erp.screen import Screen
from server.erp.session import ErpSession
from server.errors import UiDriftError

STEP = "verify"
CENT = Decimal("0.01")

_PROPERTIES = (
    "ID", "CUSTTABLE", "DLVADDRESS", "PURCHORDERFORMNUM", "TEXTINTERNAL", "TEXTEXTERNAL",
    "LINEDISC", "TRANSFERSTATUS", "MANUALDISCOUNT",
)  # fmt: skip
# Shown where the agent's view has them; compared if so.
_OPTIONAL = ("DELIVERYNAME", "GROSSAMOUNT")
# Enumerations are tables whose first line is the value, the rest script (erp-reference §2.3).
_FIELDS = """
(names) => {
  const read = (name) => {
    const ending = '_xaf_dvi' + name + '_View';
    const found = [...document.querySelectorAll('[id$="' + ending + '"]')];
    if (found.length !== 1) return null;
    const element = found[0].cloneNode(true);
    for (const script of element.querySelectorAll('script')) script.remove();
    for (const line of element.querySelectorAll('br')) line.replaceWith('\\n');
    const input = element.querySelector('input[type="text"], textarea');
    return element.matches('input, textarea') ? element.value : input ? input.value : element.textContent;
  };
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}
"""


@dataclass(frozen=True)
class FoundOrder:
    """The order as the ERP holds it. ``customer`` is what its field shows: account, else name."""

    order_id: str
    customer: str
    delivery_address: str
    delivery_name: str | None
    description: str
    text_internal: str
    text_external: str
    line_discount: str
    discount: Decimal
    gross_amount: Decimal | None
    transfer_status: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        """The lines' sum less the order's discount, rounded half up once (decisions.md, arithmetic)."""
        gross = sum((line.amount for line in self.lines), Decimal(0))
        return (gross * (1 - self.discount / 100)).quantize(CENT, rounding=ROUND_HALF_UP)


async def read_order(
    session: ErpSession, order_id: str, *, may_be_empty: bool = False
) -> FoundOrder:
    """Open the order by its URL and read it; the id it shows must be the one asked for.

    ``may_be_empty``: a draft that a stopped attempt left may have no lines; the grid must say so itself.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: no such order is shown, or it has no lines: unreadable, not empty (§4.1).
    """
    screen = session.screen
    url = f"{session.base_url}/SALESTABLE_DetailViewAgent/{order_id}/?mode=View"
    fields = await screen.open_and_see(STEP, url, view([*_PROPERTIES, *_OPTIONAL]))
    if missing := [name for name in _PROPERTIES if fields[name] is None]:
        raise UiDriftError(f"{STEP}: the order does not show {', '.join(missing)}", step=STEP)
    texts = {name: canonical(value or "") for name, value in fields.items()}
    try:
        shown = erp_id(texts["ID"])
    except ValueError:
        raise UiDriftError(f"{STEP}: the order shows no id", step=STEP) from None
    if shown != order_id or f"/{order_id}/" not in screen.path:
        raise UiDriftError(f"{STEP}: another order was opened", step=STEP, seen=shown)
    lines = await order_lines.read_lines(session, STEP)
    if not lines and not may_be_empty:
        raise UiDriftError(f"{STEP}: the order shows no lines", step=STEP)
    return FoundOrder(
        order_id=shown,
        customer=texts["CUSTTABLE"].strip(),
        delivery_address=texts["DLVADDRESS"],
        delivery_name=None if fields["DELIVERYNAME"] is None else texts["DELIVERYNAME"],
        description=texts["PURCHORDERFORMNUM"],
        text_internal=texts["TEXTINTERNAL"],
        text_external=texts["TEXTEXTERNAL"],
        line_discount=first_line(texts["LINEDISC"]),
        discount=_number(texts["MANUALDISCOUNT"]) or Decimal(0),
        gross_amount=_number(texts["GROSSAMOUNT"]),
        transfer_status=first_line(texts["TRANSFERSTATUS"]),
        lines=tuple(lines),
    )


async def shown_fields(screen: Screen, step: str, names: Sequence[str]) -> Mapping[str, str | None]:
    """What a page in view mode shows of these properties; None for one that it does not show."""
    return await screen.see(step, view(names))


def view(names: Sequence[str]) -> Look[Mapping[str, str | None]]:
    """What `shown_fields` looks at."""
    return Look(_FIELDS, [*names], lambda _, seen: {str(name): text for name, text in seen.items()})


def first_line(text: str) -> str:
    """The value of an enumeration as `shown_fields` gives it."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _number(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return number(text)
    except ValueError:
        raise UiDriftError(f"{STEP}: the order shows a number of an unknown form") from None
