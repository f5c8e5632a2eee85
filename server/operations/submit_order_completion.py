"""submit-order brought to its end: our own draft, which an interrupted attempt has left, is edited.

The order that exists is never entered again (design §4.4): what stands in it by now is read afresh, and
only what it lacks is added.
"""

from collections.abc import Iterable, Sequence

from archibald.v1 import bot_pb2 as pb
from server.erp import (
    order_address,
    order_edit,
    order_form,
    order_lines,
    order_prices,
    order_view,
    products_list,
)
from server.erp.order_form import Draft
from server.erp.order_lines import Line
from server.erp.order_view import FoundOrder
from server.erp.session import ErpSession
from server.erp.variants import Item
from server.errors import UiDriftError
from server.operation import Intent, Notebook, ReportProgress
from server.operations import order_own
from server.operations.order_result import order_result
from server.operations.order_standing import Standing, is_draft, lines_between, told
from server.operations.order_verification import asked_lines
from server.operations.submit_order_steps import (
    enter_lines,
    finish,
    items_of,
    wanted_address,
    wanted_customer,
)

STEP = order_edit.STEP


async def complete(
    session: ErpSession, intent: Intent, erp_id: str, notes: Notebook, report: ReportProgress
) -> pb.SubmitOrderResult:
    """Enter the lines and header fields that our own draft lacks, save it, and return it read back.

    ``erp_id`` is ours by what the journal or the draft's marker says (a `Partial` of the probe). The
    session's gate must be under the intent's claim. An order that lacks nothing is only read.

    Raises:
        As `submit_order_steps.run`; UiDriftError also when the order is no draft any more, is another
        customer's, or holds what was not asked for: then nothing is written.
    """
    request: pb.SubmitOrderRequest = intent.request
    report(STEP)
    found = await order_view.read_order(session, erp_id, may_be_empty=True)
    own = order_own.compared(session, intent, found)
    if not own.standing.missing:
        return await order_result(
            intent,
            notes,
            found,
            text=own.text,
            description=own.description,
            customer=found.customer,
        )
    _must_be_ours(found, own.standing)
    items = items_of(request)
    if own.standing.lines:
        # Before the form: it is another page, and a line that cannot be told ends it here.
        items = await products_list.resolve(session, items)
    customer = await order_edit.open_draft(session, erp_id, wanted_customer(request))
    texts = await order_form.texts_for(session, own.marker, own.text)
    draft = Draft(erp_id, customer, texts)
    # The form is the truth about the lines: a view may show what was before (erp-reference §8.5, F8).
    stand = await order_lines.read_lines(session, STEP)
    left = _missing(request, items, stand)
    if left and not own.standing.lines:
        raise UiDriftError(f"{STEP}: the order's form lacks lines that its view shows", step=STEP)
    wanted = wanted_address(request)
    if wanted is not None:
        await order_address.must_exist(session, wanted)
    report("form.notes")
    await order_form.keep_texts(session, texts)
    await enter_lines(session, draft, left, {line.key: line for line in stand}, report)
    return await finish(session, intent, draft, notes, report, felt=await _felt(session))


def _must_be_ours(found: FoundOrder, shown: Standing) -> None:
    if shown.foreign or not is_draft(found):
        raise UiDriftError(f"{STEP}: our order {told(found, shown)}", step=STEP)


def _missing(
    request: pb.SubmitOrderRequest, items: Sequence[Item], stand: Sequence[Line]
) -> list[Item]:
    """The items of which no line stands yet; each line stands for one item only.

    Raises:
        UiDriftError: a line stands that is no item's, or that may be either of two items'.
    """
    missing, foreign = lines_between(asked_lines(request), stand)
    if foreign:
        raise UiDriftError(f"{STEP}: the order holds {', '.join(foreign)}", step=STEP)
    left = [item for item in items if item.path in missing]
    standing = [item for item in items if item.path not in missing]
    if twins := [one.path for one in left if _has_twin(one, standing)]:
        # A line shows its article's code, not which of its packages it is.
        raise UiDriftError(
            f"{STEP}: which package of {', '.join(twins)} stands already does not show", step=STEP
        )
    return left


def _has_twin(item: Item, others: Iterable[Item]) -> bool:
    """Whether another variant of the article is wanted too, in the same quantity."""
    return any(
        (item.article_code, item.quantity) == (other.article_code, other.quantity)
        and item.article_id != other.article_id
        for other in others
    )


async def _felt(session: ErpSession) -> bool:
    """Whether LINEDISC is N/A and a line carries the customer's discount all the same."""
    if await order_prices.line_discount(session) not in order_prices.NONE:
        return False
    lines = await order_lines.read_lines(session, STEP)
    return any(line.discount != line.applied for line in lines)
