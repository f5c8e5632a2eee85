"""Saving the order: each save once, with everything in it that was asked."""

from collections.abc import Mapping

from server.erp import menu
from server.erp.content import Expected, same
from server.erp.editor_fields import Fields, form
from server.erp.error_panel import TOLD
from server.erp.gestures import heard
from server.erp.looks import together
from server.erp.order_form import Draft
from server.erp.order_prices import NONE
from server.erp.session import ErpSession
from server.errors import ErpRejectedError

STEP = "form.submit.start"

_LEFT = f"""
() => {{
  {TOLD}
  if (told.length && !busy()) return {{refused: told[0].slice(0, 200)}};
  // The list's address is enough: what the list shows is not what tells of the order. Any other page may
  // be the one that says why the order is refused, and is heard out.
  if (/_ListView/i.test(location.pathname)) return {{left: true}};
  const form = controls('_xaf_dviSALESLINEs_v\\\\d+_\\\\d+_LE_v\\\\d+$').length && inputs('_xaf_dviID_Edit_I$').length;
  return !form && !busy() ? {{left: true}} : null;
}}
"""
_SAVED = f"""
(id) => {{
  {TOLD}
  if (told.length) return {{refused: told[0].slice(0, 200)}};
  // By its number on the form: the address may still say that the object is new.
  return inputs('_xaf_dviID_Edit_I$').some((input) => input.value.replace(/[.,]/g, '').trim() === id)
    ? {{saved: true}} : null;
}}
"""


def form_differences(draft: Draft, fields: Fields) -> list[str]:
    """Names of what the form would post otherwise than the draft must be."""
    return [
        name for name, value in _content(draft, fields).items() if not same(value, fields, name)
    ]


async def save_and_close(session: ErpSession, draft: Draft) -> None:
    """*Salva e chiudi*, once. What became of it only a fresh look at the order can say."""
    await heard(lambda: _save(session, draft, "SaveAndClose"))


async def save(session: ErpSession, draft: Draft) -> None:
    """*Salvare*, once: the form stays, on its first tab.

    Raises:
        ErpRejectedError: the ERP shows why it refuses.
        UiDriftError: the form does not show the saved order.
    """
    await heard(lambda: _save(session, draft, "Save"))
    outcome = await session.screen.quiet(
        STEP, _SAVED, draft.order_id, within=session.timeouts.leave_form
    )
    if "refused" in outcome:
        raise ErpRejectedError(f"the ERP refused to save the order: {outcome['refused']}")


async def left(session: ErpSession) -> None:
    """Wait until the saved form has gone.

    Raises:
        ErpRejectedError: it stays and the ERP shows why it refuses.
    """
    outcome = await session.screen.wait(STEP, _LEFT, within=session.timeouts.leave_form)
    if "refused" in outcome:
        raise ErpRejectedError(f"the ERP refused to save the order: {outcome['refused']}")


async def _save(session: ErpSession, draft: Draft, name: str) -> None:
    screen = session.screen
    look = together(menu.action(name, screen.path), form())
    action, baseline = await screen.see(STEP, look)
    async with session.gate.write(
        "save",
        draft.order_id,
        action=action.name,
        parameter=action.parameter,
        content=_content(draft, baseline),
        baseline=baseline,
    ):
        await menu.click_action(screen, STEP, action)


def _content(draft: Draft, fields: Fields) -> Mapping[str, Expected]:
    """What a save of the draft must carry, as far as the order has been entered."""
    content: dict[str, Expected] = {
        "CUSTTABLE": draft.customer.shown,
        "CUSTTABLE.key": draft.customer.key,
        "PURCHORDERFORMNUM": draft.texts.description,
        "TEXTINTERNAL": draft.texts.text,
        "TEXTEXTERNAL": draft.texts.text,
    }
    if draft.no_line_discount:
        shown = fields.get("LINEDISC", "")
        # No group has two spellings; whichever the form has now must be the one that is posted.
        content["LINEDISC"] = shown if shown in NONE else ""
    if draft.discount is not None:
        content["MANUALDISCOUNT"] = draft.discount
    if draft.address_key:
        content["DELIVERYPOSTALADDRESS.key"] = draft.address_key
    return content
