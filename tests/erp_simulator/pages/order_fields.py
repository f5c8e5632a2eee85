"""Reading the order form's plain fields out of a posted body."""

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.erp_simulator import formats
from tests.erp_simulator.editors import FIELDS, Field
from tests.erp_simulator.forms import Form

if TYPE_CHECKING:
    from tests.erp_simulator.pages.order_page import OrderPage

NUMBERED = re.compile(r"\((\d+)\)$")


def read_fields(page: "OrderPage", form: Form) -> None:
    """Take every editable field of the body into the working copy."""
    if not page.changeable:
        return
    for spec in FIELDS.values():
        if spec.editable and spec.attribute:
            _read(page, spec, form)
    address = posted_key(page, "DELIVERYPOSTALADDRESS", form)
    customer = page.space.customer
    if customer and address in {known.id for known in customer.addresses}:
        page.space.order.address_id = address


def posted_key(page: "OrderPage", prop: str, form: Form) -> int:
    """The key behind a lookup's text; 0 when there is none."""
    name = page.editor(FIELDS[prop]).unique_id
    focused = str(form.state(f"{name}$DDD$gv").get("focusedKey") or "")
    return int(focused) if focused.isdecimal() and form.get(name).strip() else 0


def _read(page: "OrderPage", spec: Field, form: Form) -> None:
    editor, order = page.editor(spec), page.space.order
    if spec.kind in {"enum", "reference"}:
        dropdown = "_dropdown_DD" if spec.kind == "reference" else ""
        _read_choice(page, spec, form.get(f"{editor.client_id}{dropdown}_VI"), editor.items)
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
            value = formats.parse_number(posted, page.language)
            if value is not None:
                setattr(order, spec.attribute, min(max(value, Decimal(0)), Decimal(100)))
        case "date":
            pattern = "%d/%m/%Y" if page.language == "it" else "%m/%d/%Y"
            try:
                order.deliverydate = datetime.strptime(posted, pattern).date()  # noqa: DTZ007
            except ValueError:
                return


def _read_choice(page: "OrderPage", spec: Field, value: str, items: list[tuple[str, str]]) -> None:
    values = [item[0] for item in items]
    if value not in values:
        return
    numbered = NUMBERED.search(value)
    stored = int(numbered[1]) if numbered else values.index(value)
    if spec.prop == "LINEDISC":
        if stored != page.space.order.linedisc:
            page.space.choose_line_discount(stored)
        return
    setattr(page.space.order, spec.attribute, stored)
