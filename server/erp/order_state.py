"""How far one order has come, read from its own page, freshly opened by its id."""

import re
from dataclasses import dataclass

from server.erp.formats import erp_id
from server.erp.order_status import Transfer, is_journal, transfer
from server.erp.order_view import first_line, shown_fields
from server.erp.session import ErpSession
from server.errors import UiDriftError

_NEEDED = ("ID", "SALESTYPE", "TRANSFERSTATUS")
# Told where the agent's view shows them.
_OPTIONAL = ("SALESID", "TRANSFERREDDATE", "ORDERDATE")
_THIS_CENTURY = re.compile(r"\b2\d{3}\b")


@dataclass(frozen=True)
class OrderState:
    """An order's standing. ``created`` is the ERP's own stamp, which nobody else can know."""

    order_id: str
    transfer: Transfer
    transfer_status: str
    sales_type: str
    sales_id: str
    transferred: str
    created: str

    @property
    def sent(self) -> bool:
        """Whether it has left for Verona, come what may of it there (design §4.4).

        A placeholder is neither a number nor a date: databases write an empty day as one of 1900.
        """
        numbered = any(character.isdigit() for character in self.sales_id)
        dated = _THIS_CENTURY.search(self.transferred) is not None
        return self.transfer != "draft" or numbered or dated

    @property
    def is_draft(self) -> bool:
        """Whether it can still be deleted: the agent's journal, not sent (erp-reference §3.4)."""
        return not self.sent and is_journal(self.sales_type)

    @property
    def told(self) -> str:
        """Type and status in the ERP's own words."""
        return f"{self.sales_type}, {self.transfer_status}"


async def read_state(session: ErpSession, step: str, order_id: str) -> OrderState | None:
    """Open the order by its URL; None if the ERP leads elsewhere instead (erp-reference §4.1).

    That alone is no proof of absence: any fault of the page leads to the same place.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: another order shows, or this one without what must be known of it.
    """
    screen = session.screen
    await screen.open(step, f"{session.base_url}/SALESTABLE_DetailViewAgent/{order_id}/?mode=View")
    if f"_DetailViewAgent/{order_id}/" not in screen.path:
        return None
    fields = await shown_fields(screen, step, [*_NEEDED, *_OPTIONAL])
    if missing := [name for name in _NEEDED if fields[name] is None]:
        raise UiDriftError(
            f"{step}: the order does not show {', '.join(missing)}; show it again in the ERP",
            step=step,
        )
    texts = {name: first_line(text or "") for name, text in fields.items()}
    try:
        shown, code = erp_id(texts["ID"]), transfer(texts["TRANSFERSTATUS"])
    except ValueError as error:
        raise UiDriftError(f"{step}: the order cannot be read: {error}", step=step) from None
    if shown != order_id:
        raise UiDriftError(f"{step}: another order was opened", step=step, seen=shown)
    return OrderState(
        order_id=shown,
        transfer=code,
        transfer_status=texts["TRANSFERSTATUS"],
        sales_type=texts["SALESTYPE"],
        sales_id=texts["SALESID"],
        transferred=texts["TRANSFERREDDATE"],
        created=texts["ORDERDATE"],
    )
