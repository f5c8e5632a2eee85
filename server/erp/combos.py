"""Combo boxes of references and enumerations: an item chosen by mouse, and seen to be held."""

from dataclasses import dataclass

from server.erp import editors
from server.erp.session import ErpSession
from server.errors import ErpRejectedError, UiDriftError

NONE = frozenset({"", "N/A"})  # a reference to nothing, as value or as text

_ITEMS = """
(pattern) => {
  const found = controls(pattern).filter((box) => typeof box.GetItemCount === 'function');
  if (found.length !== 1) return null;
  const items = [];
  for (let i = 0; i < found[0].GetItemCount(); i++) {
    const item = found[0].GetItem(i);
    items.push({index: i, text: String(item.text ?? '').trim(), value: String(item.value ?? '')});
  }
  return {name: found[0].name, items, value: String(found[0].GetValue() ?? '')};
}
"""
_HOLDS = """
({name, value}) => {
  const box = controls('')
    .filter((control) => control.name === name && typeof control.GetItemCount === 'function')[0];
  return Boolean(box) && String(box.GetValue() ?? '') === value;
}
"""


@dataclass(frozen=True)
class Combo:
    """A combo box: its name in a form's fields, and a pattern of its control's name."""

    name: str
    control: str


def reference(name: str) -> Combo:
    """The combo box of a reference on the form itself."""
    return Combo(name, rf"_xaf_dvi{name}_Edit(?:_dropdown_DD)?$")


async def choose(
    session: ErpSession, step: str, combo: Combo, *, text: str = "", value: str = ""
) -> str:
    """See that the box holds the item of that text, or of that value; returns its value.

    Raises:
        ErpRejectedError: the list has no such item; those that it has are told.
        UiDriftError: there is no such box, or it does not take the item.
    """
    screen = session.screen
    seen = await screen.look(step, _ITEMS, combo.control)
    if seen is None:
        raise UiDriftError(f"{step}: not exactly one box for {combo.name}", step=step)
    fitting = [item for item in seen["items"] if _fits(item["text"], item["value"], text, value)]
    if len(fitting) != 1 and not (fitting and text in NONE):
        known = "; ".join(item["text"] for item in seen["items"] if item["text"])
        raise ErpRejectedError(f"{combo.name}: the ERP has no single {text or value}, but: {known}")
    if seen["value"] in {item["value"] for item in fitting} or (
        text in NONE and seen["value"] in NONE
    ):
        return str(seen["value"])
    chosen = fitting[0]
    name = str(seen["name"])
    baseline = await editors.all_fields(screen, step)
    async with session.gate.allow(changes={combo.name}, baseline=baseline, expect_request=False):
        # A real click on the item: a synthetic one chooses nothing (erp-reference §2.5).
        await screen.click(step, f"{name}_B-1")
        await screen.click(step, f"{name}_DDD_L_LBI{chosen['index']}T0")
        await screen.quiet(step, _HOLDS, {"name": name, "value": chosen["value"]})
    return str(chosen["value"])


def _fits(shown: str, held: str, text: str, value: str) -> bool:
    if value:
        return held == value
    if text in NONE:
        return shown in NONE and held in NONE
    return shown.casefold() == text.casefold()
