"""Messages that pass: for every rpc, what a careful caller would send to the operations that `desk` knows."""

import time
from collections.abc import Mapping
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st

from archibald.v1 import bot_pb2, credentials_pb2, operations_pb2
from server.operations.customer_request import DELIVERY_MODES, LINE_DISCOUNTS, SECTORS
from server.operations.italian_codes import check_character, is_vat_number
from tests.fuzz.rows import AGENTS, ROWS
from tests.operations.customers import delivery, full

_NOW = int(
    time.time()
)  # one for the whole run: hypothesis draws a message again, and expects the same

agents = st.sampled_from(AGENTS)
pieces = st.integers(1, 500)
prices = st.sampled_from(("0", "0.01", "12.50", "012.5", "179.63", "999999.9999"))
percents = st.sampled_from(("", "0", "10", "12.5", "63.00", "100"))
texts = st.sampled_from(
    ("", "Consegnare al mattino", "riga\nriga", "\"apici\" 'altri'", "caffè", "\U0001f600", "a & b")
)
waits = st.sampled_from(bot_pb2.Wait.values())
keys = st.sampled_from(("", "", "", *(f"k-{number}" for number in range(20))))
orders = st.integers(1, 40).map(lambda number: f"p-{number}")
erp_ids = st.integers(1, 99_999).map(lambda n: f"{n:,}".replace(",", ".")) | st.integers(
    1, 9**9
).map(str)


@st.composite
def start_by(draw: st.DrawFn) -> Timestamp | None:
    """None, past, soon or in months: all of them are times that a caller may name."""
    if draw(st.booleans()):
        return None
    hours = draw(st.sampled_from((-48, -1, 1, 24, 24 * 90)))
    return Timestamp(seconds=_NOW + hours * 3600)


def common() -> dict[str, Any]:
    """The fields that every write has."""
    return {"user_id": agents, "operation_key": keys, "start_by": start_by(), "wait": waits}


@st.composite
def items(draw: st.DrawFn) -> bot_pb2.OrderItem:
    """A line, sometimes with pieces from the agent's own stock."""
    quantity = draw(pieces)
    stock = draw(st.sampled_from((0, 0, 0, 1, quantity)))
    boxes = [stock] if stock and draw(st.booleans()) else []
    return bot_pb2.OrderItem(
        article_code=draw(st.sampled_from(("H129FSQ.104.023", "TD1272.314.", "A B"))),
        article_id=draw(st.just("") | erp_ids),
        description=draw(st.sampled_from(("", "Fresa diamantata"))),
        quantity=str(quantity),
        price=draw(prices),
        discount=draw(percents),
        package_content=draw(st.sampled_from(("", "5"))),
        warehouse_quantity=str(stock) if stock else "",
        warehouse_sources=[
            bot_pb2.WarehouseSource(warehouse_item_id=7, box_name="Scatola 1", quantity=str(each))
            for each in boxes
        ],
    )


submit_order = st.builds(
    bot_pb2.SubmitOrderRequest,
    **common(),
    pending_order_id=orders,
    customer_id=st.just("") | erp_ids,
    customer_account=st.sampled_from(("", "1002001")),
    customer_name=st.sampled_from(("Laboratorio Alfa", "Studio d'Arte & C.", "à")),
    items=st.lists(items(), min_size=1, max_size=4),
    discount_percent=percents,
    notes=texts,
    no_shipping=st.booleans(),
    delivery_address=st.none() | st.just(bot_pb2.DeliveryAddress(street="Via del Porto 3")),
    target_total_with_vat=st.sampled_from(("", "1000", "123.45")),
    on_price_difference=st.sampled_from(bot_pb2.OnPriceDifference.values()),
)


@st.composite
def vat_numbers(draw: st.DrawFn) -> str:
    """Ten digits and the one that belongs to them."""
    first = f"{draw(st.integers(1, 10**10 - 1)):010}"
    return next(f"{first}{last}" for last in range(10) if is_vat_number(f"{first}{last}"))


@st.composite
def fiscal_codes(draw: st.DrawFn) -> str:
    """A person's code with its check character, or a company's digits."""
    if draw(st.booleans()):
        return draw(vat_numbers())
    first = draw(
        st.from_regex(r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-7][0-9][A-Z][0-9]{3}", fullmatch=True)
    )
    return first + check_character(first)


@st.composite
def create_customer(draw: st.DrawFn) -> bot_pb2.CreateCustomerRequest:
    """A customer with every field, or with few."""
    request = full(
        **{name: draw(strategy) for name, strategy in common().items()},
        name=f"Studio {draw(st.integers(1, 40))}",
        vat_number=draw(vat_numbers()),
        fiscal_code=draw(fiscal_codes()),
        delivery_mode=draw(st.sampled_from(("", *DELIVERY_MODES))),
        line_discount=draw(st.sampled_from(("", *LINE_DISCOUNTS))),
        sector=draw(st.sampled_from(("", *SECTORS))),
        notes=draw(texts),
        addresses=[delivery(street=f"Via {number}") for number in range(draw(st.integers(0, 3)))],
    )
    for name in draw(
        st.lists(st.sampled_from(("phone", "mobile", "email", "url", "attention_to")))
    ):
        request.ClearField(name)
    return request


def about_an_order(kind: type[Message]) -> st.SearchStrategy[Message]:
    """A send or a deletion."""
    return st.builds(kind, **common(), order_id=erp_ids)


@st.composite
def names(draw: st.DrawFn) -> operations_pb2.OperationName:
    """An operation that exists, by its id or its key; sometimes one that might."""
    row = draw(st.sampled_from(ROWS))
    if draw(st.booleans()):
        return operations_pb2.OperationName(operation_id=str(row.id))
    key = draw(st.sampled_from((row.key, row.key, row.key, "no such key")))
    return operations_pb2.OperationName(
        user_id=row.agent, operation_type="submit-order", operation_key=key
    )


list_operations = st.builds(
    operations_pb2.ListOperationsRequest,
    user_ids=st.lists(agents, max_size=3),
    operation_types=st.lists(st.sampled_from(("submit-order", "delete-order")), max_size=2),
    states=st.lists(st.integers(1, 11), max_size=3),
    accepted_from=st.none() | st.just(Timestamp(seconds=1_700_000_000)),
    accepted_before=st.none() | st.just(Timestamp(seconds=4_000_000_000)),
    page_size=st.integers(0, 20),
)


@st.composite
def resolve_operation(draw: st.DrawFn) -> operations_pb2.ResolveOperationRequest:
    """Every decision, about whatever operation."""
    request = operations_pb2.ResolveOperationRequest(name=draw(names()), note="ho guardato")
    decision = draw(st.sampled_from(("look_again", "landed", "not_done", "give_up")))
    getattr(request, decision).SetInParent()
    if decision == "landed":
        request.landed.erp_id = draw(erp_ids)
    return request


def login(kind: type[Message], **more: Any) -> st.SearchStrategy[Message]:
    """A request about an agent's login."""
    return st.builds(kind, user_id=agents, **more)


# rpc → what it is asked.
SOUND: Mapping[str, st.SearchStrategy[Any]] = {
    "SubmitOrder": submit_order,
    "SendToVerona": about_an_order(bot_pb2.SendToVeronaRequest),
    "CreateCustomer": create_customer(),
    "DeleteOrder": about_an_order(bot_pb2.DeleteOrderRequest),
    "GetOperation": st.builds(operations_pb2.GetOperationRequest, name=names()),
    "ListOperations": list_operations,
    "WatchOperation": st.builds(
        operations_pb2.WatchOperationRequest, name=names(), from_sequence=st.integers(0, 3)
    ),
    "CancelOperation": st.builds(operations_pb2.CancelOperationRequest, name=names()),
    "ResolveOperation": resolve_operation(),
    "GetArtifact": st.builds(
        operations_pb2.GetArtifactRequest,
        name=names(),
        artifact=st.sampled_from(("1/page.png", "1/trace.zip", "9/page.png")),
    ),
    # Before any login is stored: with one it would ask the ERP.
    "VerifyCredentials": login(credentials_pb2.VerifyCredentialsRequest),
    "PutCredentials": login(
        credentials_pb2.PutCredentialsRequest,
        username=st.sampled_from(("ikiA0001", "x")),
        password=st.sampled_from(("secret", "x")),
    ),
    "DeleteCredentials": login(credentials_pb2.DeleteCredentialsRequest),
}
