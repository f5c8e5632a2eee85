"""A draft that stands in the ERP already, opened for edit by its id."""

from server.erp import editors, order_lines, row_editor
from server.erp.formats import erp_id
from server.erp.order_form import Customer, Wanted
from server.erp.order_texts import one_line
from server.erp.session import ErpSession
from server.errors import UiDriftError

STEP = "form.edit"


async def open_draft(session: ErpSession, order_id: str, wanted: Wanted) -> Customer:
    """Open the order's form by its URL; its customer, who must be the wanted one.

    Raises:
        ErpUnavailableError: the ERP does not answer, or has ended the session.
        UiDriftError: another page or order comes, it cannot be edited, or it is another customer's.
    """
    screen = session.screen
    await screen.open(STEP, f"{session.base_url}/SALESTABLE_DetailViewAgent/{order_id}/?mode=Edit")
    if f"_DetailViewAgent/{order_id}/" not in screen.path:
        raise UiDriftError(f"{STEP}: the order does not open", step=STEP, path=screen.path)
    fields = await editors.all_fields(screen, STEP)
    try:
        shown = erp_id(fields.get("ID", ""))
    except ValueError:
        raise UiDriftError(f"{STEP}: the form shows no id", step=STEP) from None
    if shown != order_id:
        raise UiDriftError(f"{STEP}: another order was opened", step=STEP, seen=shown)
    # Only an order that can still be changed offers a new line.
    await row_editor.command(screen, STEP, order_lines.GRID, "AddNew")
    customer = Customer(key=fields.get("CUSTTABLE.key", ""), shown=fields.get("CUSTTABLE", ""))
    own = (
        customer.key == wanted.key
        if wanted.key
        else one_line(customer.shown) == wanted.account
        if wanted.account
        else one_line(fields.get("SALESNAME", "")) == one_line(wanted.name)
    )
    if not own:
        raise UiDriftError(f"{STEP}: the order is another customer's", step=STEP)
    return customer
