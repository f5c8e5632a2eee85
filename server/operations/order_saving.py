"""The saves of an order: what is compared before each, and how many there are."""

from collections.abc import Sequence
from dataclasses import replace

from archibald.v1 import bot_pb2 as pb
from server.erp import order_address, order_form, order_lines, order_prices, order_save
from server.erp.order_address import Address, WantedAddress
from server.erp.order_form import Draft
from server.erp.session import ErpSession
from server.errors import ErpRejectedError, ErpUnavailableError, UiDriftError
from server.operations.order_verification import (
    asked_lines,
    entered_differences,
    price_differences,
)

STEP = "form.submit.start"
TRIES = 3
ROUNDS = 3  # of *Salvare*, to free all lines from the customer's discount (erp-reference §3.1.5)


async def clear_line_discount(
    session: ErpSession, draft: Draft, request: pb.SubmitOrderRequest, *, felt: bool = False
) -> Draft:
    """See that LINEDISC is N/A; a customer's group costs a *Salvare* per round until no line feels it.

    ``felt``: lines feel it although the form shows N/A: it was interrupted between two rounds. After the last round the lines may still carry it: verification and a warning say so then.
    """
    if not felt and await order_prices.line_discount(session) in order_prices.NONE:
        return replace(draft, no_line_discount=True)
    draft = replace(draft, no_line_discount=True)
    for _ in range(ROUNDS):
        await order_prices.clear_line_discount(session)
        await ready(session, draft, request)
        await order_save.save(session, draft)
        lines = await order_lines.read_lines(session, order_prices.STEP)
        if all(line.discount == line.applied for line in lines):
            break
    return draft


async def save_and_close(
    session: ErpSession,
    draft: Draft,
    request: pb.SubmitOrderRequest,
    address: tuple[WantedAddress, Address] | None,
) -> bool:
    """The last save; whether the form was seen to be left. If not, only the order itself can tell."""
    await ready(session, draft, request, address)
    await order_save.save_and_close(session, draft)
    try:
        await order_save.left(session)
    except (UiDriftError, ErpUnavailableError):
        return False
    return True


async def ready(
    session: ErpSession,
    draft: Draft,
    request: pb.SubmitOrderRequest,
    address: tuple[WantedAddress, Address] | None = None,
) -> None:
    """Compare the whole form with the request; texts and address that a callback undid are mended.

    Raises:
        UiDriftError: something is not as asked: nothing is saved.
        ErpRejectedError: a price differs, and the request wants none to.
    """
    asked = asked_lines(request)
    lines = await order_lines.read_lines(session, STEP)
    if wrong := entered_differences(asked, lines):
        raise UiDriftError(
            f"{STEP}: the lines are not as asked, nothing is saved", seen=told(wrong)
        )
    if only_at_asked_prices(request) and (wrong := price_differences(asked, lines)):
        raise ErpRejectedError(f"the ERP's prices differ: {told(wrong)}")
    different: list[str] = []
    for _ in range(TRIES):
        if address is not None:
            await order_address.keep(session, *address)
        # After the address, whose callback may bring old texts back.
        fields = await order_form.keep_texts(session, draft.texts)
        different = order_save.form_differences(draft, fields)
        if not different:
            session.gate.check()
            return
    raise UiDriftError(
        f"{STEP}: the form is not as asked, nothing is saved", seen=", ".join(different)
    )


def only_at_asked_prices(request: pb.SubmitOrderRequest) -> bool:
    """Whether another price than the request's ends the attempt."""
    return request.on_price_difference == pb.ON_PRICE_DIFFERENCE_REJECT


def told(differences: Sequence[pb.Difference]) -> str:
    """Differences in one line of an error."""
    return "; ".join(
        f"{one.field}: asked {one.asked!r}, found {one.found!r}" for one in differences
    )
