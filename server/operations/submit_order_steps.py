"""submit-order in the ERP, as the clerk would tell it: every step proves its effect or stops."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from archibald.v1 import bot_pb2 as pb
from server.erp import (
    order_address,
    order_form,
    order_lines,
    order_prices,
    order_view,
    orders_list,
    products_list,
)
from server.erp.formats import erp_id
from server.erp.order_address import WantedAddress
from server.erp.order_form import Draft, Texts, Wanted
from server.erp.order_lines import Line
from server.erp.order_texts import order_text
from server.erp.order_view import FoundOrder
from server.erp.rereading import read_again
from server.erp.session import ErpSession
from server.erp.variants import Item
from server.errors import OutcomeUnknownError, UiDriftError
from server.operation import Intent, Notebook, ReportProgress
from server.operations import order_saving
from server.operations.order_result import order_result
from server.operations.order_standing import lines_between
from server.operations.order_verification import Asked, asked_lines


async def run(
    session: ErpSession, intent: Intent, notes: Notebook, report: ReportProgress
) -> pb.SubmitOrderResult:
    """Enter the order, save it once, and return it as a fresh page shows it.

    The session's gate must be under the intent's claim. Past the first write every error may leave a
    draft in the ERP; its id has then been given to ``notes``.

    Raises:
        ErpRejectedError: the ERP has no such customer, article or variant, refuses a line or the
            save, or (if so asked) has another price.
        CustomerAmbiguousError: several customers fit and the request names no id.
        ErpUnavailableError: the ERP or the browser was lost.
        UiDriftError: the site is not as we know it, or does not keep what is typed.
        OutcomeUnknownError: the save was sent, and the order does not show as saved.
    """
    request: pb.SubmitOrderRequest = intent.request
    report("navigation.articoli")
    # Before a draft can exist: an unknown article, or a variant that cannot be told, ends it here.
    items = await products_list.resolve(session, items_of(request))
    report("navigation.ordini")
    await orders_list.open_all_orders(session)
    mark = await orders_list.newest_id(session)
    await notes.high_water_mark(mark or "empty")
    report("form.nuovo")
    await order_form.open_new(session)
    report("form.customer")
    text = order_text(request.notes, no_shipping=request.no_shipping)
    texts = await order_form.texts_for(session, intent.marker, text)
    # Before the customer: from its choice on the order may exist, and must be recognisable.
    await order_form.keep_description(session, texts)
    draft = await _choose_customer(session, request, notes, texts, mark)
    wanted = wanted_address(request)
    if wanted is not None:
        await order_address.must_exist(session, wanted)
    report("form.notes")
    await order_form.keep_texts(session, texts)
    await enter_lines(session, draft, items, {}, report)
    return await finish(session, intent, draft, notes, report)


async def finish(
    session: ErpSession,
    intent: Intent,
    draft: Draft,
    notes: Notebook,
    report: ReportProgress,
    *,
    felt: bool = False,
) -> pb.SubmitOrderResult:
    """With all lines on the form: discounts and address, the saves, and the order read back.

    ``felt``: some lines carry the customer's discount although LINEDISC is N/A already.

    Raises:
        As `run`.
    """
    request: pb.SubmitOrderRequest = intent.request
    report("form.discount")
    draft = await order_saving.clear_line_discount(session, draft, request, felt=felt)
    discount = Decimal(request.discount_percent or 0)
    await order_prices.set_order_discount(session, discount)
    draft = replace(draft, discount=discount)
    address = None
    wanted = wanted_address(request)
    if wanted is not None:
        report("form.address")
        # Last: callbacks of the lines set it back (erp-reference §3.1.2 step 22).
        chosen = await order_address.choose(session, wanted)
        address = wanted, chosen
        draft = replace(draft, address_key=chosen.key)
    report("form.submit.start")
    left = await order_saving.save_and_close(session, draft, request, address)
    report("form.submit.complete")
    report("verify")
    order_id = draft.order_id
    found = await read_again(session, lambda: _read_saved(session, request, order_id))
    result = await order_result(
        intent,
        notes,
        found,
        text=draft.texts.text,
        description=draft.texts.description,
        customer=draft.customer.shown,
    )
    if result.verification.differences and not left:
        raise OutcomeUnknownError(
            "the save was sent, but the form stayed and the order is not as asked",
            draft_id=draft.order_id,
        )
    return result


async def _read_saved(
    session: ErpSession, request: pb.SubmitOrderRequest, order_id: str
) -> FoundOrder:
    """The order, with all that was asked for; a page may still show what was before the save (F8)."""
    found = await order_view.read_order(session, order_id)
    missing, _ = lines_between(asked_lines(request), found.lines)
    if missing:
        raise UiDriftError(f"verify: the saved order does not show {', '.join(missing)}")
    return found


async def _choose_customer(
    session: ErpSession,
    request: pb.SubmitOrderRequest,
    notes: Notebook,
    texts: Texts,
    mark: str | None,
) -> Draft:
    found = await order_form.find_customer(session, wanted_customer(request))
    customer = await order_form.choose_customer(session, found, texts)
    order_id = await order_form.draft_id(session)
    await notes.draft(order_id)
    if mark is not None and int(order_id) <= int(mark):
        # Ids rise: an id not above the newest one is not a new order's.
        raise UiDriftError("form.customer: the new order's id is not above the newest one")
    await order_form.verify_customer(session, customer)
    return Draft(order_id, customer, texts)


def wanted_customer(request: pb.SubmitOrderRequest) -> Wanted:
    """The customer that the request names."""
    return Wanted(
        key=erp_id(request.customer_id) if request.customer_id else "",
        account=request.customer_account.strip(),
        name=request.customer_name,
    )


async def enter_lines(
    session: ErpSession,
    draft: Draft,
    items: Sequence[Item],
    known: Mapping[str, Line],
    report: ReportProgress,
) -> None:
    """Enter the lines one by one beside the ``known`` ones, which stand already."""
    report("form.articles.start", 0, len(items))
    known = dict(known)
    for count, item in enumerate(items, start=1):
        report("form.articles.progress", count, len(items))
        line = await order_lines.add_line(session, draft, item, known)
        known[line.key] = line
    report("form.articles.complete", len(items), len(items))


def items_of(request: pb.SubmitOrderRequest) -> list[Item]:
    """The lines that were asked for, as they are entered."""
    return [_item(request, want) for want in asked_lines(request)]


def _item(request: pb.SubmitOrderRequest, want: Asked) -> Item:
    item = request.items[want.index]
    return Item(
        path=f"items[{want.index}]",
        article_code=want.article_code,
        article_id=item.article_id,
        quantity=want.quantity,
        content=Decimal(item.package_content) if item.package_content else None,
        discount=want.discount,
        only_at=want.price if order_saving.only_at_asked_prices(request) else None,
    )


def wanted_address(request: pb.SubmitOrderRequest) -> WantedAddress | None:
    """The delivery address that was asked for; None where the customer's own is to stand."""
    asked = request.delivery_address
    if not asked.street.strip():
        return None
    return WantedAddress(
        street=asked.street, postal_code=asked.postal_code, city=asked.city, name=asked.name
    )
