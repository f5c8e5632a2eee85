import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Wait(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WAIT_UNSPECIFIED: _ClassVar[Wait]
    WAIT_RESULT: _ClassVar[Wait]
    WAIT_NONE: _ClassVar[Wait]

class OnPriceDifference(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ON_PRICE_DIFFERENCE_UNSPECIFIED: _ClassVar[OnPriceDifference]
    ON_PRICE_DIFFERENCE_REPORT: _ClassVar[OnPriceDifference]
    ON_PRICE_DIFFERENCE_REJECT: _ClassVar[OnPriceDifference]

class AddressType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ADDRESS_TYPE_UNSPECIFIED: _ClassVar[AddressType]
    ADDRESS_TYPE_BUSINESS: _ClassVar[AddressType]
    ADDRESS_TYPE_INVOICE: _ClassVar[AddressType]
    ADDRESS_TYPE_DELIVERY: _ClassVar[AddressType]
    ADDRESS_TYPE_ALTERNATE_DELIVERY: _ClassVar[AddressType]
WAIT_UNSPECIFIED: Wait
WAIT_RESULT: Wait
WAIT_NONE: Wait
ON_PRICE_DIFFERENCE_UNSPECIFIED: OnPriceDifference
ON_PRICE_DIFFERENCE_REPORT: OnPriceDifference
ON_PRICE_DIFFERENCE_REJECT: OnPriceDifference
ADDRESS_TYPE_UNSPECIFIED: AddressType
ADDRESS_TYPE_BUSINESS: AddressType
ADDRESS_TYPE_INVOICE: AddressType
ADDRESS_TYPE_DELIVERY: AddressType
ADDRESS_TYPE_ALTERNATE_DELIVERY: AddressType

class SubmitOrderRequest(_message.Message):
    __slots__ = ("user_id", "operation_key", "start_by", "wait", "pending_order_id", "customer_id", "customer_account", "customer_name", "items", "discount_percent", "notes", "no_shipping", "delivery_address", "target_total_with_vat", "on_price_difference")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATION_KEY_FIELD_NUMBER: _ClassVar[int]
    START_BY_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    PENDING_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_NAME_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_PERCENT_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    NO_SHIPPING_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    TARGET_TOTAL_WITH_VAT_FIELD_NUMBER: _ClassVar[int]
    ON_PRICE_DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    operation_key: str
    start_by: _timestamp_pb2.Timestamp
    wait: Wait
    pending_order_id: str
    customer_id: str
    customer_account: str
    customer_name: str
    items: _containers.RepeatedCompositeFieldContainer[OrderItem]
    discount_percent: str
    notes: str
    no_shipping: bool
    delivery_address: DeliveryAddress
    target_total_with_vat: str
    on_price_difference: OnPriceDifference
    def __init__(self, user_id: _Optional[str] = ..., operation_key: _Optional[str] = ..., start_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., wait: _Optional[_Union[Wait, str]] = ..., pending_order_id: _Optional[str] = ..., customer_id: _Optional[str] = ..., customer_account: _Optional[str] = ..., customer_name: _Optional[str] = ..., items: _Optional[_Iterable[_Union[OrderItem, _Mapping]]] = ..., discount_percent: _Optional[str] = ..., notes: _Optional[str] = ..., no_shipping: _Optional[bool] = ..., delivery_address: _Optional[_Union[DeliveryAddress, _Mapping]] = ..., target_total_with_vat: _Optional[str] = ..., on_price_difference: _Optional[_Union[OnPriceDifference, str]] = ...) -> None: ...

class OrderItem(_message.Message):
    __slots__ = ("article_code", "article_id", "description", "quantity", "price", "discount", "package_content", "warehouse_quantity", "warehouse_sources")
    ARTICLE_CODE_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_CONTENT_FIELD_NUMBER: _ClassVar[int]
    WAREHOUSE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    WAREHOUSE_SOURCES_FIELD_NUMBER: _ClassVar[int]
    article_code: str
    article_id: str
    description: str
    quantity: str
    price: str
    discount: str
    package_content: str
    warehouse_quantity: str
    warehouse_sources: _containers.RepeatedCompositeFieldContainer[WarehouseSource]
    def __init__(self, article_code: _Optional[str] = ..., article_id: _Optional[str] = ..., description: _Optional[str] = ..., quantity: _Optional[str] = ..., price: _Optional[str] = ..., discount: _Optional[str] = ..., package_content: _Optional[str] = ..., warehouse_quantity: _Optional[str] = ..., warehouse_sources: _Optional[_Iterable[_Union[WarehouseSource, _Mapping]]] = ...) -> None: ...

class WarehouseSource(_message.Message):
    __slots__ = ("warehouse_item_id", "box_name", "quantity")
    WAREHOUSE_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    BOX_NAME_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    warehouse_item_id: int
    box_name: str
    quantity: str
    def __init__(self, warehouse_item_id: _Optional[int] = ..., box_name: _Optional[str] = ..., quantity: _Optional[str] = ...) -> None: ...

class DeliveryAddress(_message.Message):
    __slots__ = ("street", "postal_code", "city", "name")
    STREET_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    CITY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    street: str
    postal_code: str
    city: str
    name: str
    def __init__(self, street: _Optional[str] = ..., postal_code: _Optional[str] = ..., city: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class SubmitOrderResponse(_message.Message):
    __slots__ = ("accepted", "progress", "result")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    accepted: Accepted
    progress: Progress
    result: SubmitOrderResult
    def __init__(self, accepted: _Optional[_Union[Accepted, _Mapping]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., result: _Optional[_Union[SubmitOrderResult, _Mapping]] = ...) -> None: ...

class Accepted(_message.Message):
    __slots__ = ("operation_id", "operation_key", "replayed", "attached", "accepted_at", "finished_at")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATION_KEY_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    ATTACHED_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_AT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_AT_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    operation_key: str
    replayed: bool
    attached: bool
    accepted_at: _timestamp_pb2.Timestamp
    finished_at: _timestamp_pb2.Timestamp
    def __init__(self, operation_id: _Optional[str] = ..., operation_key: _Optional[str] = ..., replayed: _Optional[bool] = ..., attached: _Optional[bool] = ..., accepted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finished_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Progress(_message.Message):
    __slots__ = ("sequence", "step", "percent", "label_it", "label_en", "current", "total", "at")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    LABEL_IT_FIELD_NUMBER: _ClassVar[int]
    LABEL_EN_FIELD_NUMBER: _ClassVar[int]
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    step: str
    percent: int
    label_it: str
    label_en: str
    current: int
    total: int
    at: _timestamp_pb2.Timestamp
    def __init__(self, sequence: _Optional[int] = ..., step: _Optional[str] = ..., percent: _Optional[int] = ..., label_it: _Optional[str] = ..., label_en: _Optional[str] = ..., current: _Optional[int] = ..., total: _Optional[int] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SubmitOrderResult(_message.Message):
    __slots__ = ("order_id", "order_record_id", "marker", "verification", "warnings")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    MARKER_FIELD_NUMBER: _ClassVar[int]
    VERIFICATION_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    order_record_id: str
    marker: str
    verification: OrderVerification
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, order_id: _Optional[str] = ..., order_record_id: _Optional[str] = ..., marker: _Optional[str] = ..., verification: _Optional[_Union[OrderVerification, _Mapping]] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class OrderVerification(_message.Message):
    __slots__ = ("differences", "lines", "total")
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    differences: _containers.RepeatedCompositeFieldContainer[Difference]
    lines: _containers.RepeatedCompositeFieldContainer[ErpLine]
    total: str
    def __init__(self, differences: _Optional[_Iterable[_Union[Difference, _Mapping]]] = ..., lines: _Optional[_Iterable[_Union[ErpLine, _Mapping]]] = ..., total: _Optional[str] = ...) -> None: ...

class Difference(_message.Message):
    __slots__ = ("field", "asked", "found")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    field: str
    asked: str
    found: str
    def __init__(self, field: _Optional[str] = ..., asked: _Optional[str] = ..., found: _Optional[str] = ...) -> None: ...

class ErpLine(_message.Message):
    __slots__ = ("line_number", "article_code", "quantity", "price", "discount", "amount", "description")
    LINE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_CODE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    DISCOUNT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    line_number: int
    article_code: str
    quantity: str
    price: str
    discount: str
    amount: str
    description: str
    def __init__(self, line_number: _Optional[int] = ..., article_code: _Optional[str] = ..., quantity: _Optional[str] = ..., price: _Optional[str] = ..., discount: _Optional[str] = ..., amount: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class SendToVeronaRequest(_message.Message):
    __slots__ = ("user_id", "operation_key", "start_by", "wait", "order_id")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATION_KEY_FIELD_NUMBER: _ClassVar[int]
    START_BY_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    operation_key: str
    start_by: _timestamp_pb2.Timestamp
    wait: Wait
    order_id: str
    def __init__(self, user_id: _Optional[str] = ..., operation_key: _Optional[str] = ..., start_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., wait: _Optional[_Union[Wait, str]] = ..., order_id: _Optional[str] = ...) -> None: ...

class SendToVeronaResponse(_message.Message):
    __slots__ = ("accepted", "progress", "result")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    accepted: Accepted
    progress: Progress
    result: SendToVeronaResult
    def __init__(self, accepted: _Optional[_Union[Accepted, _Mapping]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., result: _Optional[_Union[SendToVeronaResult, _Mapping]] = ...) -> None: ...

class SendToVeronaResult(_message.Message):
    __slots__ = ("order_id", "order_record_id", "already_sent", "transfer_status", "sales_id", "seen_at", "warnings")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    ALREADY_SENT_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_STATUS_FIELD_NUMBER: _ClassVar[int]
    SALES_ID_FIELD_NUMBER: _ClassVar[int]
    SEEN_AT_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    order_record_id: str
    already_sent: bool
    transfer_status: str
    sales_id: str
    seen_at: _timestamp_pb2.Timestamp
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, order_id: _Optional[str] = ..., order_record_id: _Optional[str] = ..., already_sent: _Optional[bool] = ..., transfer_status: _Optional[str] = ..., sales_id: _Optional[str] = ..., seen_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class CreateCustomerRequest(_message.Message):
    __slots__ = ("user_id", "operation_key", "start_by", "wait", "name", "vat_number", "fiscal_code", "pec", "sdi", "street", "postal_code", "postal_code_city", "postal_code_country", "phone", "mobile", "email", "url", "delivery_mode", "payment_terms", "line_discount", "sector", "attention_to", "notes", "addresses", "pending_customer_profile")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATION_KEY_FIELD_NUMBER: _ClassVar[int]
    START_BY_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VAT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    FISCAL_CODE_FIELD_NUMBER: _ClassVar[int]
    PEC_FIELD_NUMBER: _ClassVar[int]
    SDI_FIELD_NUMBER: _ClassVar[int]
    STREET_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_CITY_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_COUNTRY_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    MOBILE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_MODE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_TERMS_FIELD_NUMBER: _ClassVar[int]
    LINE_DISCOUNT_FIELD_NUMBER: _ClassVar[int]
    SECTOR_FIELD_NUMBER: _ClassVar[int]
    ATTENTION_TO_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    PENDING_CUSTOMER_PROFILE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    operation_key: str
    start_by: _timestamp_pb2.Timestamp
    wait: Wait
    name: str
    vat_number: str
    fiscal_code: str
    pec: str
    sdi: str
    street: str
    postal_code: str
    postal_code_city: str
    postal_code_country: str
    phone: str
    mobile: str
    email: str
    url: str
    delivery_mode: str
    payment_terms: str
    line_discount: str
    sector: str
    attention_to: str
    notes: str
    addresses: _containers.RepeatedCompositeFieldContainer[CustomerAddress]
    pending_customer_profile: str
    def __init__(self, user_id: _Optional[str] = ..., operation_key: _Optional[str] = ..., start_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., wait: _Optional[_Union[Wait, str]] = ..., name: _Optional[str] = ..., vat_number: _Optional[str] = ..., fiscal_code: _Optional[str] = ..., pec: _Optional[str] = ..., sdi: _Optional[str] = ..., street: _Optional[str] = ..., postal_code: _Optional[str] = ..., postal_code_city: _Optional[str] = ..., postal_code_country: _Optional[str] = ..., phone: _Optional[str] = ..., mobile: _Optional[str] = ..., email: _Optional[str] = ..., url: _Optional[str] = ..., delivery_mode: _Optional[str] = ..., payment_terms: _Optional[str] = ..., line_discount: _Optional[str] = ..., sector: _Optional[str] = ..., attention_to: _Optional[str] = ..., notes: _Optional[str] = ..., addresses: _Optional[_Iterable[_Union[CustomerAddress, _Mapping]]] = ..., pending_customer_profile: _Optional[str] = ...) -> None: ...

class CustomerAddress(_message.Message):
    __slots__ = ("type", "name", "street", "postal_code", "city")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STREET_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    CITY_FIELD_NUMBER: _ClassVar[int]
    type: AddressType
    name: str
    street: str
    postal_code: str
    city: str
    def __init__(self, type: _Optional[_Union[AddressType, str]] = ..., name: _Optional[str] = ..., street: _Optional[str] = ..., postal_code: _Optional[str] = ..., city: _Optional[str] = ...) -> None: ...

class CreateCustomerResponse(_message.Message):
    __slots__ = ("accepted", "progress", "result")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    accepted: Accepted
    progress: Progress
    result: CreateCustomerResult
    def __init__(self, accepted: _Optional[_Union[Accepted, _Mapping]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., result: _Optional[_Union[CreateCustomerResult, _Mapping]] = ...) -> None: ...

class CreateCustomerResult(_message.Message):
    __slots__ = ("customer_id", "customer_profile", "marker", "differences", "warnings")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_PROFILE_FIELD_NUMBER: _ClassVar[int]
    MARKER_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    customer_profile: str
    marker: str
    differences: _containers.RepeatedCompositeFieldContainer[Difference]
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, customer_id: _Optional[str] = ..., customer_profile: _Optional[str] = ..., marker: _Optional[str] = ..., differences: _Optional[_Iterable[_Union[Difference, _Mapping]]] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class DeleteOrderRequest(_message.Message):
    __slots__ = ("user_id", "operation_key", "start_by", "wait", "order_id")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATION_KEY_FIELD_NUMBER: _ClassVar[int]
    START_BY_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    operation_key: str
    start_by: _timestamp_pb2.Timestamp
    wait: Wait
    order_id: str
    def __init__(self, user_id: _Optional[str] = ..., operation_key: _Optional[str] = ..., start_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., wait: _Optional[_Union[Wait, str]] = ..., order_id: _Optional[str] = ...) -> None: ...

class DeleteOrderResponse(_message.Message):
    __slots__ = ("accepted", "progress", "result")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    accepted: Accepted
    progress: Progress
    result: DeleteOrderResult
    def __init__(self, accepted: _Optional[_Union[Accepted, _Mapping]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., result: _Optional[_Union[DeleteOrderResult, _Mapping]] = ...) -> None: ...

class DeleteOrderResult(_message.Message):
    __slots__ = ("order_id", "order_record_id", "already_gone", "warnings")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    ALREADY_GONE_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    order_record_id: str
    already_gone: bool
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, order_id: _Optional[str] = ..., order_record_id: _Optional[str] = ..., already_gone: _Optional[bool] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...
