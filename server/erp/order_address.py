"""The order's delivery address: found among the customer's, chosen, and seen to be kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.erp import editors, lookup
from server.erp.lookup import ADDRESS, Found
from server.erp.order_tabs import OVERVIEW, open_tab
from server.erp.order_texts import one_line
from server.erp.session import ErpSession
from server.errors import ErpRejectedError, UiDriftError

STEP = "form.address"
_SHOWN = r"_xaf_dviDLVADDRESS_Edit_I$"
_FIELDS = ("NAME", "STREET", "ZIPCODE", "CITY")
_FOLLOWS = """
({pattern, street}) => inputs(pattern).some((input) => input.value.replace(/\\s+/g, ' ').includes(street))
"""


@dataclass(frozen=True)
class WantedAddress:
    """The address that the request names; all but the street may be empty."""

    street: str
    postal_code: str
    city: str
    name: str


@dataclass(frozen=True)
class Address:
    """A chosen address: its key in the ERP, and what the form must show of it."""

    key: str
    street: str
    postal_code: str
    city: str


def same_words(one: str, other: str) -> bool:
    """Equal but for case, blanks and the form of accents."""
    return one_line(one).casefold() == one_line(other).casefold()


def holds(text: str, part: str) -> bool:
    """Whether an address shows that part as whole words: *Via Roma 1* is not in *Via Roma 12*."""
    words = re.escape(one_line(part).casefold())
    return re.search(rf"(?<!\w){words}(?!\w)", one_line(text).casefold()) is not None


async def must_exist(session: ErpSession, wanted: WantedAddress) -> None:
    """Look the address up without choosing it, so that an unknown one is refused before any save.

    Raises:
        ErpRejectedError: none fits, or several do; how many were seen is told.
    """
    await _find(session, wanted)
    await lookup.close(session.screen, STEP, ADDRESS)


async def choose(session: ErpSession, wanted: WantedAddress) -> Address:
    """Choose the customer's one address that the request means, by mouse.

    Raises:
        ErpRejectedError: none fits, or several do; how many were seen is told.
        UiDriftError: the form does not show it afterwards.
    """
    screen = session.screen
    await open_tab(session, STEP, OVERVIEW)
    found = await _find(session, wanted)
    cells = found.row.cells
    address = Address(found.row.key, cells["STREET"], cells["ZIPCODE"], cells["CITY"])
    if await is_kept(session, address):
        await lookup.close(screen, STEP, ADDRESS)
        return address
    row = await lookup.show_row(screen, STEP, ADDRESS, found)
    baseline = await editors.all_fields(screen, STEP)
    async with session.gate.allow(changes={"DELIVERYPOSTALADDRESS"}, baseline=baseline):
        # A real click: a synthetic one only highlights the row (erp-reference §2.5).
        await screen.click(STEP, row.element)
    await screen.quiet(
        STEP, _FOLLOWS, {"pattern": _SHOWN, "street": " ".join(address.street.split())}
    )
    return address


async def is_kept(session: ErpSession, address: Address) -> bool:
    """Whether the form holds the address: the key behind the lookup, and the text that follows it."""
    fields = await editors.all_fields(session.screen, STEP)
    shown = fields.get("DLVADDRESS", "")
    return fields.get("DELIVERYPOSTALADDRESS.key") == address.key and all(
        holds(shown, part) for part in (address.street, address.postal_code, address.city) if part
    )


async def _find(session: ErpSession, wanted: WantedAddress) -> Found:
    screen = session.screen
    seen = await lookup.search(screen, STEP, ADDRESS, one_line(wanted.street), _FIELDS)
    fitting = [found for found in seen if _fits(found.row.cells, wanted)]
    if not fitting:
        # The ERP may write the same street with other blanks or accents, and then not find it.
        seen = await lookup.search(screen, STEP, ADDRESS, "", _FIELDS)
        fitting = [found for found in seen if _fits(found.row.cells, wanted)]
    if len(fitting) != 1:
        raise ErpRejectedError(
            f"delivery_address: {len(fitting)} of the customer's {len(seen)} addresses seen fit, "
            "where exactly one must"
        )
    return fitting[0]


def _fits(cells: Mapping[str, str], wanted: WantedAddress) -> bool:
    asked = {
        "STREET": wanted.street,
        "ZIPCODE": wanted.postal_code,
        "CITY": wanted.city,
        "NAME": wanted.name,
    }
    return all(same_words(cells[column], value) for column, value in asked.items() if value.strip())


async def keep(session: ErpSession, wanted: WantedAddress, address: Address) -> None:
    """See that the address stands, choosing it again where a callback has undone it.

    Raises:
        UiDriftError: it stays undone.
    """
    if await is_kept(session, address):
        return
    again = await choose(session, wanted)
    if again.key != address.key or not await is_kept(session, again):
        raise UiDriftError(f"{STEP}: the delivery address is not kept", step=STEP)
