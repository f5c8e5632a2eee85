"""submit-order in the ERP, as the clerk would tell it: every step proves its effect or stops."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from archibald.v1 import bot_pb2 as pb
from server.erp import order_form, order_lines, order_view, orders_list
from server.erp.formats import dotted_id, erp_id
from server.erp.order_form import Draft, Texts, Wanted
from server.erp.order_lines import Line
from server.erp.order_texts import order_text
from server.erp.order_view import FoundOrder
from server.erp.session import ErpSession
from server.erp.variants import Item
from server.errors import ErpRejectedError, ErpUnavailableError, OutcomeUnknownError, UiDriftError
from server.operation import Intent, Notebook, ReportProgress
from server.operations.order_verification import (
    Asked,
    asked_lines,
    entered_differences,
    price_differences,
    verify,
)

NO_LINE_DISCOUNT = "N/A"
# How often the saved order is read before its outcome is an open question.
READS = 3


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
    report("form.notes")
    await order_form.keep_texts(session, texts)
    await _enter_lines(session, draft, request, report)
    await _check_before_save(session, request)
    report("form.submit.start")
    await order_form.verify_customer(session, draft.customer)
    await order_form.keep_texts(session, texts)
    session.gate.check()
    left = await _save(session, draft)
    report("form.submit.complete")
    report("verify")
    found = await _read_back(session, draft.order_id)
    verification = verify(
        request,
        text=texts.text,
        description=texts.description,
        customer=draft.customer.shown,
        found=found,
    )
    if verification.differences and not left:
        raise OutcomeUnknownError(
            "the save was sent, but the form stayed and the order is not as asked",
            draft_id=draft.order_id,
        )
    return pb.SubmitOrderResult(
        order_id=found.order_id,
        order_record_id=dotted_id(found.order_id),
        marker=intent.marker,
        verification=verification,
        warnings=_warnings(found),
    )


async def _choose_customer(
    session: ErpSession,
    request: pb.SubmitOrderRequest,
    notes: Notebook,
    texts: Texts,
    mark: str | None,
) -> Draft:
    wanted = Wanted(
        key=erp_id(request.customer_id) if request.customer_id else "",
        account=request.customer_account.strip(),
        name=request.customer_name,
    )
    found = await order_form.find_customer(session, wanted)
    customer = await order_form.choose_customer(session, found, texts)
    order_id = await order_form.draft_id(session)
    await notes.draft(order_id)
    if mark is not None and int(order_id) <= int(mark):
        # Ids rise: an id not above the newest one is not a new order's.
        raise UiDriftError("form.customer: the new order's id is not above the newest one")
    await order_form.verify_customer(session, customer)
    return Draft(order_id, customer, texts)


async def _enter_lines(
    session: ErpSession, draft: Draft, request: pb.SubmitOrderRequest, report: ReportProgress
) -> None:
    asked = asked_lines(request)
    report("form.articles.start", 0, len(asked))
    known: dict[str, Line] = {}
    for count, want in enumerate(asked, start=1):
        report("form.articles.progress", count, len(asked))
        line = await order_lines.add_line(session, draft, _item(request, want), known)
        known[line.key] = line
    report("form.articles.complete", len(asked), len(asked))


def _item(request: pb.SubmitOrderRequest, want: Asked) -> Item:
    item = request.items[want.index]
    return Item(
        article_code=want.article_code,
        article_id=item.article_id,
        quantity=want.quantity,
        content=Decimal(item.package_content) if item.package_content else None,
        discount=want.discount,
        only_at=want.price if _only_at_asked_prices(request) else None,
    )


async def _check_before_save(session: ErpSession, request: pb.SubmitOrderRequest) -> None:
    """Compare all committed lines with the request; a mismatch ends the attempt, nothing saved."""
    asked = asked_lines(request)
    lines = await order_lines.read_lines(session, "form.submit.start")
    if wrong := entered_differences(asked, lines):
        raise UiDriftError(
            "form.submit.start: the lines are not as asked, nothing was saved", seen=_told(wrong)
        )
    if _only_at_asked_prices(request) and (wrong := price_differences(asked, lines)):
        raise ErpRejectedError(f"the ERP's prices differ: {_told(wrong)}")


async def _save(session: ErpSession, draft: Draft) -> bool:
    """Save; whether the form was seen to be left. If not, only the order itself can tell."""
    await order_form.save_and_close(session, draft)
    try:
        await order_form.left(session)
    except (UiDriftError, ErpUnavailableError):
        return False
    return True


def _only_at_asked_prices(request: pb.SubmitOrderRequest) -> bool:
    return request.on_price_difference == pb.ON_PRICE_DIFFERENCE_REJECT


async def _read_back(session: ErpSession, order_id: str) -> FoundOrder:
    """The order from a fresh page; a page that does not come is asked for again, it changes nothing."""
    for _ in range(READS - 1):
        try:
            return await order_view.read_order(session, order_id)
        except (ErpUnavailableError, UiDriftError):
            if session.page.is_closed():
                raise
            await asyncio.sleep(session.timeouts.read_again)  # back-off between two reads
    return await order_view.read_order(session, order_id)


def _told(differences: Sequence[pb.Difference]) -> str:
    return "; ".join(
        f"{one.field}: asked {one.asked!r}, found {one.found!r}" for one in differences
    )


def _warnings(found: FoundOrder) -> list[str]:
    if found.line_discount in {"", NO_LINE_DISCOUNT}:
        return []
    return [f"the customer's line discount stands: {found.line_discount}"]
