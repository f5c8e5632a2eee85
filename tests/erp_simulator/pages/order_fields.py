"""Reading the order form's plain fields out of a posted body."""

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.erp_simulator import formats
from tests.erp_simulator.editors import FIELDS, Editor, Field
from tests.erp_simulator.forms import Form
from tests.erp_simulator.store import Actor

if TYPE_CHECKING:
    from tests.erp_simulator.pages.order_page import OrderPage

NUMBERED = re.compile(r"\((\d+)\)$")


def read_fields(page: "OrderPage", form: Form, actor: Actor) -> None:
    """Take every editable field of the body into the working copy."""
    if not page.changeable:
        return
    for spec in FIELDS.values():
        if spec.editable and spec.attribute:
            _read(page, spec, form, actor)
    address = posted_key(page, "DELIVERYPOSTALADDRESS", form)
    if address and address != page.shown_address:  # else nobody chose it: the page still shows it
        page.shown_address = address
        page.space.choose_address(address)


def posted_key(page: "OrderPage", prop: str, form: Form) -> int:
    """The key behind a lookup's text; 0 when there is none."""
    name = page.editor(FIELDS[prop]).unique_id
    focused = str(form.state(f"{name}$DDD$gv").get("focusedKey") or "")
    return int(focused) if focused.isdecimal() and form.get(name).strip() else 0


def _read(page: "OrderPage", spec: Field, form: Form, actor: Actor) -> None:
    editor, order = page.editor(spec), page.space.order
    if spec.kind in {"enum", "reference"}:
        _read_combo(page, spec, form, editor)
        return
    if not form.has(editor.unique_id):
        return
    posted = form.get(editor.unique_id)
    match spec.kind:
        case "text" | "memo":
            words = posted.replace("\r\n", "\n")
            setattr(order, spec.attribute, words[: editor.max_length or None])
        case "check":
            setattr(order, spec.attribute, posted == "C")
        case "percent":
            percent = formats.parse_number(posted, page.language)
            if percent is not None:
                page.space.choose_discount(min(max(percent, Decimal(0)), Decimal(100)), actor)
        case "date":
            pattern = "%d/%m/%Y" if page.language == "it" else "%m/%d/%Y"
            try:
                order.deliverydate = datetime.strptime(posted, pattern).date()  # noqa: DTZ007
            except ValueError:
                return


def _read_combo(page: "OrderPage", spec: Field, form: Form, editor: Editor) -> None:
    name = f"{editor.client_id}{'_dropdown_DD' if spec.kind == 'reference' else ''}_VI"
    value = form.get(name)
    values = [item[0] for item in editor.items]
    if form.has(name) and not value and spec.kind == "reference":  # the eraser
        value = values[0]
        if spec.prop == "LINEDISC":  # chosen, even where it stood before
            page.space.choose_line_discount(0)
    if value not in values:
        return
    numbered = NUMBERED.search(value)
    stored = int(numbered[1]) if numbered else values.index(value)
    if spec.prop == "LINEDISC":
        if stored != page.space.order.linedisc:
            page.space.choose_line_discount(stored)
        return
    setattr(page.space.order, spec.attribute, stored)
