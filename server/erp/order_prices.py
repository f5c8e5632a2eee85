"""The tab *Prezzi e sconti*: the customer's line discount taken away, the order's own discount set."""

from decimal import Decimal

from server.erp import editors, percent
from server.erp.editor_fields import Fields
from server.erp.formats import number
from server.erp.order_tabs import PRICES, open_tab
from server.erp.session import ErpSession
from server.errors import UiDriftError

STEP = "form.discount"
NONE = frozenset({"", "N/A"})  # LINEDISC without a group

_DISCOUNT = r"_xaf_dviMANUALDISCOUNT_Edit_I$"
_LINE_DISCOUNT = r"_xaf_dviLINEDISC_Edit(?:_dropdown_DD)?_I$"
_ERASER = """
(pattern) => {
  const found = inputs(pattern).filter(shown);
  if (found.length !== 1) return null;
  const id = found[0].id.replace(/_I$/, '_B1');
  return shown(document.getElementById(id)) ? id : null;
}
"""
# The item of the list that stands for no group, by its value: its words may change.
_NULL_ITEM = """
(pattern) => {
  const combo = controls(pattern.replace('_I$', '$')).filter((box) => typeof box.GetItemCount === 'function')[0];
  if (!combo) return null;
  for (let i = 0; i < combo.GetItemCount(); i++)
    if (['', 'N/A'].includes(String(combo.GetItem(i).value ?? '')))
      return [`${combo.name}_B-1`, `${combo.name}_DDD_L_LBI${i}T0`];
  return null;
}
"""
_IS_NONE = """
(pattern) => inputs(pattern.replace('_I$', '_VI$')).some((input) => ['', 'N/A'].includes(input.value))
"""


async def line_discount(session: ErpSession) -> str:
    """The value of LINEDISC that the form would post.

    Raises:
        UiDriftError: the form has no such editor.
    """
    return await _value(session, "LINEDISC")


async def order_discount(session: ErpSession) -> Decimal:
    """The order's discount that the form would post.

    Raises:
        UiDriftError: the form has no such editor, or shows no number in it.
    """
    try:
        return number(await _value(session, "MANUALDISCOUNT"))
    except ValueError:
        raise UiDriftError(f"{STEP}: the order's discount is no number", step=STEP) from None


async def _value(session: ErpSession, name: str) -> str:
    fields: Fields = await editors.all_fields(session.screen, STEP)
    if name not in fields:  # the tab may be made only when it is opened
        await open_tab(session, STEP, PRICES)
        fields = await editors.all_fields(session.screen, STEP)
    if name not in fields:
        raise UiDriftError(f"{STEP}: the form has no {name}", step=STEP)
    return fields[name]


async def clear_line_discount(session: ErpSession) -> None:
    """Set LINEDISC to N/A; again also where it shows N/A, for the ERP's bug wants it after a save.

    Raises:
        UiDriftError: it does not become N/A, or cannot be cleared.
    """
    screen = session.screen
    await open_tab(session, STEP, PRICES)
    eraser = await screen.look(STEP, _ERASER, _LINE_DISCOUNT)
    clicks = [eraser] if eraser else await screen.look(STEP, _NULL_ITEM, _LINE_DISCOUNT)
    if not clicks:
        raise UiDriftError(f"{STEP}: the line discount cannot be cleared", step=STEP)
    baseline = await editors.all_fields(screen, STEP)
    async with session.gate.allow(changes={"LINEDISC"}, baseline=baseline):
        for element in clicks:
            await screen.click(STEP, str(element))
    await screen.quiet(STEP, _IS_NONE, _LINE_DISCOUNT)
    if await line_discount(session) not in NONE:
        raise UiDriftError(f"{STEP}: the line discount is not cleared", step=STEP)


async def set_order_discount(session: ErpSession, wanted: Decimal) -> None:
    """See that the order's discount is the wanted one.

    Raises:
        UiDriftError: the form does not keep it.
    """
    if await order_discount(session) == wanted:
        return
    await open_tab(session, STEP, PRICES)
    await percent.enter(session, STEP, _DISCOUNT, wanted, changes="MANUALDISCOUNT", leave="Tab")
