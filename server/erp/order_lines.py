"""The lines of the order on the form: one row entered, committed and seen to stand; all rows read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from server.erp import grid, lookup, percent, row_editor
from server.erp.content import same
from server.erp.editor_fields import Fields, form
from server.erp.formats import money, number, plain
from server.erp.gestures import heard
from server.erp.grid import GridPage, Row
from server.erp.looks import together
from server.erp.lookup import ARTICLE, Found
from server.erp.order_form import Draft, keep_description
from server.erp.row_editor import RowRefused
from server.erp.session import ErpSession
from server.erp.variants import Item, Variant, choose_variant
from server.errors import ErpRejectedError, UiDriftError

GRID = r"_xaf_dviSALESLINEs_v\d+_\d+_LE_v\d+$"
STEP = "form.articles.progress"
FIELDS = (
    "LINENUM", "INVENTTABLE.NAME", "QTYORDERED", "SALESPRICE",
    "LINEPERCENT", "MANUALDISCOUNT", "LINEAMOUNT", "NAME",
)  # fmt: skip
# The columns of the article's lookup that decide (erp-reference §3.1.4).
VARIANT_FIELDS = ("NAME", "PACKAGE", "CONTENT", "MULTIPLEQTY")
TRIES = 3

_QUANTITY = r"_edit(?:new|\d+)_\d+_xaf_QTYORDERED_Edit_I$"
_DISCOUNT = r"_edit(?:new|\d+)_\d+_xaf_MANUALDISCOUNT_Edit_I$"
_PRICE = r"_edit(?:new|\d+)_\d+_xaf_SALESPRICE_Edit_I$"
_OPEN = "({lines, article}) => controls(lines)[0]?.IsEditing() && inputs(article).filter(shown).length === 1"
_CHOSEN = """
({article, quantity, code}) => {
  const shows = (pattern) => inputs(pattern).filter(shown).map((input) => input.value);
  return shows(article).join() === code && /[1-9]/.test(shows(quantity).join());
}
"""


@dataclass(frozen=True)
class Line:
    """A line as the ERP shows it. ``discount`` is SCONTO % (in force), ``applied`` APPLICA SCONTO %."""

    key: str
    number: int
    article_code: str
    quantity: Decimal
    price: Decimal
    discount: Decimal
    applied: Decimal
    amount: Decimal
    description: str


@dataclass(frozen=True)
class _Entered:
    """What the open line shows, and the form's fields with it."""

    fields: Fields
    quantity: Decimal
    discount: Decimal


_ENTERED = together(form(), percent.numbers(_QUANTITY, _DISCOUNT)).then(
    lambda _, seen: _Entered(seen[0], *seen[1])
)


async def read_lines(session: ErpSession, step: str) -> list[Line]:
    """The lines of all pages, in the ERP's order; for the form and for the order's view.

    Raises:
        UiDriftError: the grid or a number in it is not as we know it.
    """
    return [_line(row) for row in await grid.read_all(session.screen, step, GRID, FIELDS)]


async def add_line(
    session: ErpSession, draft: Draft, item: Item, known: Mapping[str, Line]
) -> Line:
    """Enter one line, commit it, and return it as it then stands among the rows.

    ``known`` holds the lines committed before, by key: the new one is the row that is not in it.

    Raises:
        ErpRejectedError: no such article or variant, another price than the only one wanted, or the
            ERP refuses the line.
        UiDriftError: an editor does not hold what it should before the commit, or no row came.
    """
    baseline = await _open_row(session)
    variant, entered = await _choose_article(session, item, baseline)
    if item.only_at is not None:
        await _verify_price(session, item, item.only_at)
    await _enter_values(session, item, entered)
    await heard(lambda: _commit(session, draft, item, variant))
    shown = await _committed(session, item)
    return await _new_line(session, item, known, shown)


async def _verify_price(session: ErpSession, item: Item, only_at: Decimal) -> None:
    price = await percent.shown(session, STEP, _PRICE)
    if price != only_at:
        raise ErpRejectedError(
            f"{item.path}: the ERP's price of {item.article_code} is {money(price)}, "
            f"not {money(only_at)}"
        )


async def _open_row(session: ErpSession) -> Fields:
    """Open a new row; the form's fields then."""
    screen = session.screen
    await screen.click(STEP, await screen.see(STEP, row_editor.add_new(GRID, FIELDS)))
    data = {"lines": GRID, "article": ARTICLE.input}
    return await screen.quiet_and_see(STEP, form(), _OPEN, data, looks=1)


async def _choose_article(
    session: ErpSession, item: Item, baseline: Fields
) -> tuple[Found, _Entered]:
    screen = session.screen
    variant = await _find_variant(session, item)
    row = await lookup.show_row(screen, STEP, ARTICLE, variant)
    async with session.gate.allow(changes={"line.INVENTTABLE"}, baseline=baseline):
        # A real click: a synthetic one only highlights, and Tab then takes the first row (incident 23).
        await screen.click(STEP, row.element)
        await screen.key(STEP, "Tab")
        data = {"article": ARTICLE.input, "quantity": _QUANTITY, "code": item.article_code}
        entered = await screen.quiet_and_see(STEP, _ENTERED, _CHOSEN, data, looks=1)
    if (
        entered.fields.get("line.INVENTTABLE") != item.article_code
        or entered.fields.get("line.INVENTTABLE.key") != variant.row.key
    ):
        raise UiDriftError(f"{STEP}: the line does not hold the article that was chosen", step=STEP)
    return variant, entered


async def _find_variant(session: ErpSession, item: Item) -> Found:
    """Type the code and read what drops down; the family, where the exact search hides variants.

    The ERP was seen to show one variant of three for the whole code, or none (erp-reference §3.1.4).
    """
    needed = {item.article_id} if item.article_id else item.variants
    found = await _own_rows(session, item, item.article_code)
    family = item.article_code.partition(".")[0]
    if not (found and needed <= found.keys()) and family not in {"", item.article_code}:
        found = await _own_rows(session, item, family)
    variant = choose_variant(item, [_variant(one) for one in found.values()])
    if variant is None:
        raise UiDriftError(f"{STEP}: the article's lookup does not show its packages", step=STEP)
    return found[variant.key]


async def _own_rows(session: ErpSession, item: Item, typed: str) -> dict[str, Found]:
    found = await lookup.type_to_filter(session.screen, STEP, ARTICLE, typed, VARIANT_FIELDS)
    return {one.row.key: one for one in found if one.row.cells["NAME"] == item.article_code}


def _variant(found: Found) -> Variant:
    cells = found.row.cells
    try:
        content, multiple = number(cells["CONTENT"]), number(cells["MULTIPLEQTY"])
    except ValueError:
        raise UiDriftError(f"{STEP}: the article's lookup shows no number", step=STEP) from None
    return Variant(found.row.key, cells["NAME"], cells["PACKAGE"], content, multiple)


async def _enter_values(session: ErpSession, item: Item, entered: _Entered) -> None:
    """Quantity and discount; again where a late callback has brought the defaults back (§3.1.8)."""
    for _ in range(TRIES):
        if entered.quantity == item.quantity and item.discount in (None, entered.discount):
            return
        if entered.quantity != item.quantity:
            entered = await _set_quantity(session, item.quantity, entered.fields)
        if item.discount not in (None, entered.discount):
            await percent.enter(
                session,
                STEP,
                _DISCOUNT,
                item.discount,
                changes="line.MANUALDISCOUNT",
                leave="Enter",
            )
            entered = await session.screen.see(STEP, _ENTERED)
    if entered.quantity != item.quantity:
        raise UiDriftError(f"{STEP}: the quantity is not kept", step=STEP)


async def _set_quantity(session: ErpSession, wanted: Decimal, baseline: Fields) -> _Entered:
    screen = session.screen
    async with session.gate.allow(
        changes={"line.QTYORDERED"}, baseline=baseline, expect_request=False
    ):
        await screen.focus_one(STEP, _QUANTITY)
        await screen.insert(STEP, plain(wanted))
        await screen.key(STEP, "Tab")
        return await screen.quiet_and_see(STEP, _ENTERED)


async def _commit(session: ErpSession, draft: Draft, item: Item, variant: Found) -> None:
    screen = session.screen
    ready = together(row_editor.button(GRID, "UpdateEdit"), _ENTERED)
    link, entered = await screen.see(STEP, ready)
    if not same(draft.texts.description, entered.fields, "PURCHORDERFORMNUM"):
        # A callback has taken the marker away.
        await keep_description(session, draft.texts)
        link, entered = await screen.see(STEP, ready)
    if item.discount not in (None, entered.discount):
        raise UiDriftError(f"{STEP}: the line discount is not as asked", step=STEP)
    async with session.gate.write(
        "line",
        draft.order_id,
        content={
            "CUSTTABLE.key": draft.customer.key,
            "PURCHORDERFORMNUM": draft.texts.description,
            "line.INVENTTABLE": item.article_code,
            "line.INVENTTABLE.key": variant.row.key,
            "line.QTYORDERED": item.quantity,
            "line.MANUALDISCOUNT": entered.discount,
        },
        baseline=entered.fields,
    ):
        await screen.click(STEP, link)


async def _committed(session: ErpSession, item: Item) -> GridPage:
    """The page of the lines, when the committed one is a row like others."""
    outcome = await row_editor.ended(session, STEP, GRID, grid.page(GRID, FIELDS))
    if isinstance(outcome, RowRefused):
        raise ErpRejectedError(
            f"{item.path}: the ERP refused the line of {item.article_code}: {outcome.words}"
        )
    return outcome


async def _new_line(
    session: ErpSession, item: Item, known: Mapping[str, Line], shown: GridPage
) -> Line:
    screen = session.screen
    if shown.page != shown.pages - 1:
        # A new row stands on the last page.
        await grid.go_to_page(screen, STEP, GRID, shown.pages - 1)
        shown = await grid.read_page(screen, STEP, GRID, FIELDS)
    new = [_line(row) for row in shown.rows if row.key not in known]
    if len(new) != 1:
        raise UiDriftError(f"{STEP}: {len(new)} new lines where one was committed", step=STEP)
    line = new[0]
    if (line.article_code, line.quantity) != (item.article_code, item.quantity):
        raise UiDriftError(f"{STEP}: the committed line is not the one that was entered", step=STEP)
    return line


def _line(row: Row) -> Line:
    cells = row.cells
    try:
        return Line(
            key=row.key,
            number=int(number(cells["LINENUM"])),
            article_code=cells["INVENTTABLE.NAME"],
            quantity=number(cells["QTYORDERED"]),
            price=number(cells["SALESPRICE"]),
            discount=number(cells["LINEPERCENT"]),
            applied=number(cells["MANUALDISCOUNT"]),
            amount=number(cells["LINEAMOUNT"]),
            description=cells["NAME"],
        )
    except ValueError:
        raise UiDriftError("the lines show a number of an unknown form") from None
