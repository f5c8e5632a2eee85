import datetime

from archibald.v1 import bot_pb2 as _bot_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OperationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OPERATION_STATE_UNSPECIFIED: _ClassVar[OperationState]
    OPERATION_STATE_QUEUED: _ClassVar[OperationState]
    OPERATION_STATE_RUNNING: _ClassVar[OperationState]
    OPERATION_STATE_WRITING: _ClassVar[OperationState]
    OPERATION_STATE_VERIFYING: _ClassVar[OperationState]
    OPERATION_STATE_UNDOING: _ClassVar[OperationState]
    OPERATION_STATE_CONFIRMED: _ClassVar[OperationState]
    OPERATION_STATE_SUCCEEDED: _ClassVar[OperationState]
    OPERATION_STATE_FAILED: _ClassVar[OperationState]
    OPERATION_STATE_CANCELLED: _ClassVar[OperationState]
    OPERATION_STATE_NEEDS_REVIEW: _ClassVar[OperationState]
    OPERATION_STATE_ABANDONED: _ClassVar[OperationState]
OPERATION_STATE_UNSPECIFIED: OperationState
OPERATION_STATE_QUEUED: OperationState
OPERATION_STATE_RUNNING: OperationState
OPERATION_STATE_WRITING: OperationState
OPERATION_STATE_VERIFYING: OperationState
OPERATION_STATE_UNDOING: OperationState
OPERATION_STATE_CONFIRMED: OperationState
OPERATION_STATE_SUCCEEDED: OperationState
OPERATION_STATE_FAILED: OperationState
OPERATION_STATE_CANCELLED: OperationState
OPERATION_STATE_NEEDS_REVIEW: OperationState
OPERATION_STATE_ABANDONED: OperationState

class OperationName(_message.Message):
    __slots__ = ("operation_id", "user_id", "operation_type", "operation_key")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    OPERATION_KEY_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    user_id: str
    operation_type: str
    operation_key: str
    def __init__(self, operation_id: _Optional[str] = ..., user_id: _Optional[str] = ..., operation_type: _Optional[str] = ..., operation_key: _Optional[str] = ...) -> None: ...

class Operation(_message.Message):
    __slots__ = ("operation_id", "user_id", "operation_type", "operation_key", "state", "target", "revision", "attempts", "erp_id", "draft_id", "accepted_at", "first_write_at", "finished_at", "progress", "error", "submit_order", "send_to_verona", "create_customer", "delete_order", "artifacts", "duplicate_suspected")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    OPERATION_KEY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    ERP_ID_FIELD_NUMBER: _ClassVar[int]
    DRAFT_ID_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_AT_FIELD_NUMBER: _ClassVar[int]
    FIRST_WRITE_AT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_AT_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    SUBMIT_ORDER_FIELD_NUMBER: _ClassVar[int]
    SEND_TO_VERONA_FIELD_NUMBER: _ClassVar[int]
    CREATE_CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    DELETE_ORDER_FIELD_NUMBER: _ClassVar[int]
    ARTIFACTS_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_SUSPECTED_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    user_id: str
    operation_type: str
    operation_key: str
    state: OperationState
    target: str
    revision: int
    attempts: int
    erp_id: str
    draft_id: str
    accepted_at: _timestamp_pb2.Timestamp
    first_write_at: _timestamp_pb2.Timestamp
    finished_at: _timestamp_pb2.Timestamp
    progress: _bot_pb2.Progress
    error: OperationError
    submit_order: _bot_pb2.SubmitOrderResult
    send_to_verona: _bot_pb2.SendToVeronaResult
    create_customer: _bot_pb2.CreateCustomerResult
    delete_order: _bot_pb2.DeleteOrderResult
    artifacts: _containers.RepeatedCompositeFieldContainer[Artifact]
    duplicate_suspected: bool
    def __init__(self, operation_id: _Optional[str] = ..., user_id: _Optional[str] = ..., operation_type: _Optional[str] = ..., operation_key: _Optional[str] = ..., state: _Optional[_Union[OperationState, str]] = ..., target: _Optional[str] = ..., revision: _Optional[int] = ..., attempts: _Optional[int] = ..., erp_id: _Optional[str] = ..., draft_id: _Optional[str] = ..., accepted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., first_write_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., finished_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., progress: _Optional[_Union[_bot_pb2.Progress, _Mapping]] = ..., error: _Optional[_Union[OperationError, _Mapping]] = ..., submit_order: _Optional[_Union[_bot_pb2.SubmitOrderResult, _Mapping]] = ..., send_to_verona: _Optional[_Union[_bot_pb2.SendToVeronaResult, _Mapping]] = ..., create_customer: _Optional[_Union[_bot_pb2.CreateCustomerResult, _Mapping]] = ..., delete_order: _Optional[_Union[_bot_pb2.DeleteOrderResult, _Mapping]] = ..., artifacts: _Optional[_Iterable[_Union[Artifact, _Mapping]]] = ..., duplicate_suspected: _Optional[bool] = ...) -> None: ...

class OperationError(_message.Message):
    __slots__ = ("reason", "message", "message_it", "metadata")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_IT_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    message_it: str
    metadata: _containers.ScalarMap[str, str]
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., message_it: _Optional[str] = ..., metadata: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Artifact(_message.Message):
    __slots__ = ("name", "size", "media_type")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    size: int
    media_type: str
    def __init__(self, name: _Optional[str] = ..., size: _Optional[int] = ..., media_type: _Optional[str] = ...) -> None: ...

class GetOperationRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: OperationName
    def __init__(self, name: _Optional[_Union[OperationName, _Mapping]] = ...) -> None: ...

class GetOperationResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class ListOperationsRequest(_message.Message):
    __slots__ = ("user_ids", "operation_types", "states", "accepted_from", "accepted_before", "page_size", "page_token")
    USER_IDS_FIELD_NUMBER: _ClassVar[int]
    OPERATION_TYPES_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FROM_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    user_ids: _containers.RepeatedScalarFieldContainer[str]
    operation_types: _containers.RepeatedScalarFieldContainer[str]
    states: _containers.RepeatedScalarFieldContainer[OperationState]
    accepted_from: _timestamp_pb2.Timestamp
    accepted_before: _timestamp_pb2.Timestamp
    page_size: int
    page_token: str
    def __init__(self, user_ids: _Optional[_Iterable[str]] = ..., operation_types: _Optional[_Iterable[str]] = ..., states: _Optional[_Iterable[_Union[OperationState, str]]] = ..., accepted_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., accepted_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListOperationsResponse(_message.Message):
    __slots__ = ("operations", "next_page_token")
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    operations: _containers.RepeatedCompositeFieldContainer[Operation]
    next_page_token: str
    def __init__(self, operations: _Optional[_Iterable[_Union[Operation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchOperationRequest(_message.Message):
    __slots__ = ("name", "from_sequence")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FROM_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    name: OperationName
    from_sequence: int
    def __init__(self, name: _Optional[_Union[OperationName, _Mapping]] = ..., from_sequence: _Optional[int] = ...) -> None: ...

class WatchOperationResponse(_message.Message):
    __slots__ = ("progress", "operation")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    progress: _bot_pb2.Progress
    operation: Operation
    def __init__(self, progress: _Optional[_Union[_bot_pb2.Progress, _Mapping]] = ..., operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class CancelOperationRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: OperationName
    def __init__(self, name: _Optional[_Union[OperationName, _Mapping]] = ...) -> None: ...

class CancelOperationResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class ResolveOperationRequest(_message.Message):
    __slots__ = ("name", "note", "look_again", "landed", "not_done", "give_up")
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    LOOK_AGAIN_FIELD_NUMBER: _ClassVar[int]
    LANDED_FIELD_NUMBER: _ClassVar[int]
    NOT_DONE_FIELD_NUMBER: _ClassVar[int]
    GIVE_UP_FIELD_NUMBER: _ClassVar[int]
    name: OperationName
    note: str
    look_again: LookAgain
    landed: Landed
    not_done: NotDone
    give_up: GiveUp
    def __init__(self, name: _Optional[_Union[OperationName, _Mapping]] = ..., note: _Optional[str] = ..., look_again: _Optional[_Union[LookAgain, _Mapping]] = ..., landed: _Optional[_Union[Landed, _Mapping]] = ..., not_done: _Optional[_Union[NotDone, _Mapping]] = ..., give_up: _Optional[_Union[GiveUp, _Mapping]] = ...) -> None: ...

class LookAgain(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Landed(_message.Message):
    __slots__ = ("erp_id",)
    ERP_ID_FIELD_NUMBER: _ClassVar[int]
    erp_id: str
    def __init__(self, erp_id: _Optional[str] = ...) -> None: ...

class NotDone(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GiveUp(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ResolveOperationResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class GetArtifactRequest(_message.Message):
    __slots__ = ("name", "artifact")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ARTIFACT_FIELD_NUMBER: _ClassVar[int]
    name: OperationName
    artifact: str
    def __init__(self, name: _Optional[_Union[OperationName, _Mapping]] = ..., artifact: _Optional[str] = ...) -> None: ...

class GetArtifactResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    def __init__(self, data: _Optional[bytes] = ...) -> None: ...
