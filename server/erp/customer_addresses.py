"""A customer's alternate addresses: each row entered, committed and seen to stand; all of them read."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.erp import combos, customer_form, editors, grid, row_editor
from server.erp.combos import Combo
from server.erp.content import Expected, same
from server.erp.editor_fields import form
from server.erp.find_popup import Finder
from server.erp.form_tabs import open_tab
from server.erp.gestures import heard
from server.erp.looks import together
from server.erp.order_texts import one_line
from server.erp.places import Place, town_fits
from server.erp.row_editor import RowRefused
from server.erp.session import ErpSession
from server.errors import UiDriftError

STEP = "customer.tab.indirizzo"
TAB = 3  # Indirizzo alt., of the lower tabs
GRID = r"_xaf_dviADDRESSes_v\d+_\d+_LE_v\d+$"
TRIES = 3
# The value behind each type, and how lists show it in Italian and English (erp-reference §3.3.4).
TYPES = {
    "Business": ("Ufficio", "Business"),
    "Facture": ("Fattura", "Facture"),
    "Delivery": ("Consegna", "Delivery"),
    "AlternateDelivery": ("Indir. cons. alt.", "AlternateDelivery"),
}
_FIELDS = ("TYPE", "NAME", "STREET", "LOGISTICSADDRESSZIPCODE", "CITY")
_ROW = r"_edit(?:new|\d+)_\d+_xaf_"
_ZIP = Finder("address.LOGISTICSADDRESSZIPCODE", rf"{_ROW}LOGISTICSADDRESSZIPCODE_Edit")
_TYPE = Combo("address.TYPE", rf"{_ROW}TYPE_Edit(?:_dropdown_DD)?$")
_OPEN = """
({grid, street}) => controls(grid)[0]?.IsEditing() && inputs(street).filter(shown).length === 1
"""
_CLOSED = "(pattern) => controls(pattern).length === 1 && !controls(pattern)[0].IsEditing()"


@dataclass(frozen=True)
class WantedAddress:
    """An address as the request names it; name and town may be empty. ``path`` is its field's."""

    path: str
    kind: str
    name: str
    street: str
    place: Place


@dataclass(frozen=True)
class FoundAddress:
    """An address as the ERP shows it; ``kind`` as the value behind it."""

    kind: str
    name: str
    street: str
    postal_code: str
    city: str


async def read(session: ErpSession, step: str) -> list[FoundAddress]:
    """The addresses of all pages, on the customer's form or view.

    Raises:
        UiDriftError: the grid is not as we know it, or shows an unknown type.
    """
    await open_tab(session, step, TAB, lower=True)
    rows = await grid.read_all(session.screen, step, GRID, _FIELDS)
    return [
        FoundAddress(
            kind=_kind(step, row.cells["TYPE"]),
            name=row.cells["NAME"],
            street=row.cells["STREET"],
            postal_code=row.cells["LOGISTICSADDRESSZIPCODE"],
            city=row.cells["CITY"],
        )
        for row in rows
    ]


def missing(wanted: Sequence[WantedAddress], found: Sequence[FoundAddress]) -> list[WantedAddress]:
    """The addresses that do not show, each shown one standing for one wanted."""
    left = list(found)
    absent = []
    for one in wanted:
        match = next((other for other in left if is_same(one, other)), None)
        if match is None:
            absent.append(one)
        else:
            left.remove(match)
    return absent


def is_same(wanted: WantedAddress, found: FoundAddress) -> bool:
    """Whether a shown address is the wanted one, in all that was asked."""
    return (
        wanted.kind == found.kind
        and wanted.place.postal_code == found.postal_code
        and one_line(wanted.street) == one_line(found.street)
        and (not wanted.name or one_line(wanted.name) == one_line(found.name))
        and (not wanted.place.city or town_fits(wanted.place.city, found.city))
    )


async def add(session: ErpSession, customer_id: str, wanted: WantedAddress) -> RowRefused | None:
    """Enter one address on the saved customer's form and commit its row: a write of its own.

    Raises:
        ErpRejectedError: the ERP has no such postal code.
        UiDriftError: the row does not hold what it should, nothing is committed.
    """
    screen = session.screen
    await open_tab(session, STEP, TAB, lower=True)
    await screen.click(STEP, await screen.see(STEP, row_editor.add_new(GRID, _FIELDS)))
    await screen.quiet(STEP, _OPEN, {"grid": GRID, "street": _input("STREET")}, looks=1)
    # The postal code first: its callback renders the row anew; the type last (erp-reference §3.3.2).
    zip_value = await customer_form.choose_zip(session, STEP, _ZIP, wanted.place)
    texts = {"STREET": wanted.street} | ({"NAME": wanted.name} if wanted.name else {})
    content: dict[str, Expected] = {f"address.{name}": text for name, text in texts.items()}
    content |= {_ZIP.name: zip_value}
    wrong: list[str] = []
    for _ in range(TRIES):
        for name, text in texts.items():
            await editors.fill(screen, STEP, _input(name), text)
        content[_TYPE.name] = await combos.choose(session, STEP, _TYPE, value=wanted.kind)
        fields = await editors.all_fields(screen, STEP)
        wrong = [name for name, value in content.items() if not same(value, fields, name)]
        if not wrong:
            break
    else:
        raise UiDriftError(f"{STEP}: the row is not as asked", step=STEP, seen=", ".join(wrong))
    await heard(lambda: _commit(session, customer_id, content))
    outcome = await row_editor.ended(session, STEP, GRID, grid.page(GRID, _FIELDS))
    return outcome if isinstance(outcome, RowRefused) else None


async def give_up(session: ErpSession) -> None:
    """Close the row that is open, if one is, without committing it."""
    screen = session.screen
    if (await grid.read_page(screen, STEP, GRID, _FIELDS)).editing:
        await screen.click(STEP, await row_editor.command(screen, STEP, GRID, "CancelEdit"))
        await screen.quiet(STEP, _CLOSED, GRID)


async def _commit(session: ErpSession, customer_id: str, content: dict[str, Expected]) -> None:
    screen = session.screen
    link, baseline = await screen.see(STEP, together(row_editor.button(GRID, "UpdateEdit"), form()))
    async with session.gate.write("address", customer_id, content=content, baseline=baseline):
        await screen.click(STEP, link)


def _input(name: str) -> str:
    return rf"{_ROW}{name}_Edit_I$"


def _kind(step: str, shown: str) -> str:
    for kind, labels in TYPES.items():
        if shown in {kind, *labels}:
            return kind
    raise UiDriftError(f"{step}: an address shows an unknown type", step=step)
