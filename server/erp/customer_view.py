"""A customer read back, freshly opened by its id in view mode: every field that we asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.erp import customer_addresses
from server.erp.combos import NONE
from server.erp.customer_addresses import FoundAddress
from server.erp.formats import erp_id
from server.erp.order_texts import canonical
from server.erp.order_view import first_line, shown_fields
from server.erp.session import ErpSession
from server.errors import UiDriftError

STEP = "verify"

_TEXTS = (
    "NAME", "VATNUM", "FISCALCODE", "LEGALEMAIL", "LEGALAUTHORITY", "STREET", "PHONE",
    "CELLULARPHONE", "EMAIL", "URL", "BRASCRMATTENTIONTO", "CUSTINFO", "CITY",
    "VATLASTCHECKEDDATE",
)  # fmt: skip
_REFERENCES = ("LOGISTICSADDRESSZIPCODE", "PAYMTERMID", "DLVMODE", "BUSINESSSECTORID", "LINEDISC")


@dataclass(frozen=True)
class FoundCustomer:
    """The customer as the ERP holds it: texts and references by property, no reference is ""."""

    customer_id: str
    values: Mapping[str, str]
    addresses: tuple[FoundAddress, ...]

    @property
    def info(self) -> str:
        """The notes, in front of which our marker stands."""
        return self.values["CUSTINFO"]

    @property
    def vat_number(self) -> str:
        """The VAT number, without a country's letters."""
        return self.values["VATNUM"].strip().removeprefix("IT")


async def read_customer(session: ErpSession, customer_id: str) -> FoundCustomer:
    """Open the customer by its URL and read it; the id it shows must be the one asked for.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: no such customer is shown, or not all of it.
    """
    screen = session.screen
    await screen.open(STEP, f"{session.base_url}/CUSTTABLE_DetailView/{customer_id}/?mode=View")
    shown = await shown_fields(screen, STEP, ["ID", *_TEXTS, *_REFERENCES])
    if absent := [name for name, text in shown.items() if text is None]:
        raise UiDriftError(f"{STEP}: the customer does not show {', '.join(absent)}", step=STEP)
    texts = {name: canonical(text or "") for name, text in shown.items()}
    try:
        found = erp_id(texts["ID"])
    except ValueError:
        raise UiDriftError(f"{STEP}: the customer shows no id", step=STEP) from None
    if found != customer_id or f"/{customer_id}/" not in screen.path:
        raise UiDriftError(f"{STEP}: another customer was opened", step=STEP, seen=found)
    values = {name: texts[name] if name == "CUSTINFO" else texts[name].strip() for name in _TEXTS}
    for name in _REFERENCES:
        value = first_line(texts[name])
        values[name] = "" if value in NONE else value
    return FoundCustomer(found, values, tuple(await customer_addresses.read(session, STEP)))


async def open_for_edit(session: ErpSession, customer_id: str) -> None:
    """Open the customer's form by its URL.

    Raises:
        UiDriftError: another page comes, such as the ERP's error page for a corrupt customer.
    """
    step, screen = customer_addresses.STEP, session.screen
    await screen.open(step, f"{session.base_url}/CUSTTABLE_DetailView/{customer_id}/?mode=Edit")
    if f"_DetailView/{customer_id}/" not in screen.path:
        raise UiDriftError(f"{step}: the customer does not open", step=step, path=screen.path)
