"""The ERP's list of products: an article's variants, read before anything is written."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from server.erp import grid, list_search
from server.erp.formats import number
from server.erp.grid import Row
from server.erp.list_search import GRID
from server.erp.session import ErpSession
from server.erp.variants import Item, Variant, choose_variant
from server.errors import ErpRejectedError, UiDriftError

STEP = "navigation.articoli"
_FIELDS = ("ID", "NAME")
# What decides between variants, where the agent has not hidden it.
_DECIDING = ("PACKAGE", "PACKAGECONTENT", "MULTIPLEQTY")


async def resolve(session: ErpSession, items: Sequence[Item]) -> list[Item]:
    """Look every article up, each code once; the items with the id of the variant that each means.

    Where the list hides what decides, an item keeps what it said, and the line's own lookup decides.

    Raises:
        ErpRejectedError: an unknown code, or none or several of its variants fit.
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: the list is not as we know it, or hides id or name.
    """
    screen = session.screen
    await screen.open(STEP, f"{session.base_url}/INVENTTABLE_ListView/")
    await list_search.clear_leftovers(screen, STEP)
    known: dict[str, list[Variant]] = {}
    resolved = []
    try:
        for item in items:
            if item.article_code not in known:
                known[item.article_code] = await _variants_of(session, item.article_code)
            own = known[item.article_code]
            variant = choose_variant(item, own)
            article_id = item.article_id if variant is None else variant.key
            variants = frozenset(one.key for one in own)
            resolved.append(replace(item, article_id=article_id, variants=variants))
    except ErpRejectedError:
        # The server keeps the search for its user, who may open the list next.
        await list_search.clear_leftovers(screen, STEP)
        raise
    await list_search.clear_leftovers(screen, STEP)
    return resolved


async def _variants_of(session: ErpSession, code: str) -> list[Variant]:
    """The rows whose name is the code; the search finds whatever contains it.

    An exact search may hide what it looks for (erp-reference §3.1.4), so before an article is called
    unknown the part before the first dot is searched for as well.
    """
    own = await _search(session, code, code)
    family = code.partition(".")[0]
    if not own and family not in {"", code}:
        own = await _search(session, family, code)
    return own


async def _search(session: ErpSession, text: str, code: str) -> list[Variant]:
    screen = session.screen
    shown = await list_search.search_and_see(screen, STEP, text, grid.page(GRID, _FIELDS))
    fields = [*_FIELDS, *(name for name in _DECIDING if name in shown.columns)]
    rows = await grid.read_all(screen, STEP, GRID, fields, shown=shown)
    return [_variant(row) for row in rows if row.cells["NAME"] == code]


def _variant(row: Row) -> Variant:
    cells = row.cells
    return Variant(
        key=row.key,
        code=cells["NAME"],
        package=cells.get("PACKAGE"),
        content=_number(row, "PACKAGECONTENT"),
        multiple=_number(row, "MULTIPLEQTY"),
    )


def _number(row: Row, field: str) -> Decimal | None:
    text = row.cells.get(field, "")
    if not text:
        return None
    try:
        return number(text)
    except ValueError:
        raise UiDriftError(f"{STEP}: the products show no number in {field}", step=STEP) from None
