"""Sends one message as bytes to one rpc, and holds the answer and the database against the laws."""

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import grpc
import psycopg
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from archibald.v1 import bot_pb2, credentials_pb2, operations_pb2
from tests.fuzz import laws
from tests.fuzz.desk import Desk
from tests.fuzz.rows import AGENTS

RPCS: Mapping[str, MethodDescriptor] = {
    method.name: method
    for file in (bot_pb2, operations_pb2, credentials_pb2)
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}
GRPC_TAKES = 4 * 1024 * 1024
# Who watches an operation that does not end has heard enough after this; the others answer at once.
WATCHED, ANSWERED = 0.3, 20.0
_QUEUE = 20  # accepted operations that wait at once; then they are cancelled


class Caller:
    """One caller of all services; ``tally`` counts (rpc, kind of message, answer)."""

    def __init__(self, desk: Desk) -> None:
        self._channel = grpc.insecure_channel(
            desk.address, options=[("grpc.max_send_message_length", -1)]
        )
        self._conn = psycopg.connect(desk.database, autocommit=True)
        self.tally: Counter[tuple[str, str, str]] = Counter()
        self.accepted: set[str] = set()
        self._waiting: list[str] = []

    def close(self) -> None:
        """End its connections."""
        self._conn.close()
        self._channel.close()

    def send(self, rpc: str, source: str, data: bytes) -> None:
        """Send it; whatever is answered must keep the laws, and a refusal must have had no effect."""
        before = self.changes()
        answer = self._answer(RPCS[rpc], data)
        self.tally[rpc, source, answer] += 1
        if answer not in {"OK", "LISTENING"}:
            query = f"SELECT kind, name, became FROM fuzz.changes WHERE seq > {before}"
            assert self.rows(query) == [], f"{rpc} was refused as {answer} and changed something"
        if len(self._waiting) >= _QUEUE:
            self.sweep()

    def sweep(self) -> None:
        """Cancel what waits, as a person would."""
        cancel = self._stub(RPCS["CancelOperation"])
        for operation in self._waiting:
            name = operations_pb2.OperationName(operation_id=operation)
            request = operations_pb2.CancelOperationRequest(name=name)
            try:
                cancel(request.SerializeToString(), timeout=ANSWERED)
            except grpc.RpcError as failure:
                laws.refused_well(failure, request.DESCRIPTOR)
        self._waiting.clear()

    def rows(self, query: str) -> list[Any]:
        """What the database says."""
        return self._conn.execute(query.encode()).fetchall()

    def execute(self, statement: str) -> None:
        """Change the database."""
        self._conn.execute(statement.encode())

    def changes(self) -> int:
        """Rises whenever a row has changed that does not change by itself."""
        return int(self.rows("SELECT COALESCE(max(seq), 0) FROM fuzz.changes")[0][0])

    def _stub(self, rpc: MethodDescriptor) -> Any:
        path = f"/{rpc.containing_service.full_name}/{rpc.name}"
        make: Any = (
            self._channel.unary_stream if rpc.server_streaming else self._channel.unary_unary
        )
        return make(path)  # no serialisers: bytes go out and come in as they are

    def _answer(self, rpc: MethodDescriptor, data: bytes) -> str:
        watches = rpc.name == "WatchOperation"
        call = self._stub(rpc)
        try:
            if not rpc.server_streaming:
                call(data, timeout=ANSWERED)
                return "OK"
            events = call(data, timeout=WATCHED if watches else ANSWERED)
            if rpc.containing_service.name == "BotService":
                self._hear_accepted(rpc, next(events))
                events.cancel()
            else:
                for _ in events:
                    pass
        except grpc.RpcError as failure:
            if watches and failure.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
                return "LISTENING"
            if len(data) > GRPC_TAKES:
                return laws.refused_by_grpc(failure)
            return laws.refused_well(failure, rpc.input_type)
        return "OK"

    def _hear_accepted(self, rpc: MethodDescriptor, event: bytes) -> None:
        response: Any = GetMessageClass(rpc.output_type).FromString(event)
        operation_id = response.accepted.operation_id
        assert operation_id
        self.accepted.add(operation_id)
        self._waiting.append(operation_id)
        self._settled(operation_id)

    def _settled(self, operation_id: str) -> None:
        """Until nothing moves it by itself any more.

        Most wait behind the operation that has their agent's turn. One whose ``start_by`` has passed
        expires, and one of an agent whom nobody holds back fails, for want of a login.
        """
        deadline = time.monotonic() + 30
        waits = (
            "SELECT state NOT IN ('QUEUED', 'RUNNING') OR start_by > now() AND user_id = ANY(%s) "
            "FROM agents.operations WHERE id = %s"
        )
        while not self._conn.execute(waits, [list(AGENTS), operation_id]).fetchall()[0][0]:
            assert time.monotonic() < deadline, self.rows(
                f"SELECT to_jsonb(o) FROM agents.operations AS o WHERE id = '{operation_id}'"
            )
            time.sleep(0.01)  # between two looks at the row
