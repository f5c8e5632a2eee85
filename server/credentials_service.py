"""The gRPC edge for the agents' ERP logins: kept encrypted, forgotten, and tried in the ERP once.

Passwords go in and never come out: they are in no answer, no error, no log.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import credentials_pb2
from server.answering import method_handlers
from server.call import permitted
from server.credentials import Credentials
from server.errors import Violation
from server.journal import DATABASE_AWAY, database_down
from server.operation_queries import check
from server.operations.request_fields import REQUIRED, Rule, name, strangers

CREDENTIALS_SERVICE = credentials_pb2.DESCRIPTOR.services_by_name["CredentialsService"]

_LONGEST_USER, _LONGEST = 64, 200
_PASSWORD = Rule(
    f"must have at most {_LONGEST} characters, all of them printable",
    f"deve avere al massimo {_LONGEST} caratteri, tutti stampabili",
)


class CredentialsService:
    """`archibald.v1.CredentialsService`, every rpc of it."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        credentials: Credentials,
        verify: Callable[[str], Awaitable[datetime]],
    ) -> None:
        """``verify`` signs in as the agent, once, and says when."""
        self._pool = pool
        self._credentials = credentials
        self._verify = verify

    def handlers(self) -> grpc.GenericRpcHandler:
        """What `grpc.aio.Server` serves."""
        return method_handlers(
            CREDENTIALS_SERVICE,
            {
                "PutCredentials": self._put,
                "DeleteCredentials": self._delete,
                "VerifyCredentials": self._verified,
            },
        )

    async def _put(
        self, request: credentials_pb2.PutCredentialsRequest, _: str
    ) -> credentials_pb2.PutCredentialsResponse:
        check(
            [
                *_about(request),
                *name("username", request.username, longest=_LONGEST, required=True),
                *_password(request.password),
            ]
        )
        agent = permitted(request.user_id)
        try:
            async with self._pool.connection() as conn:
                stored = await self._credentials.put(
                    conn, agent, request.username, request.password
                )
        except DATABASE_AWAY as error:
            raise database_down(error) from error
        return credentials_pb2.PutCredentialsResponse(updated_at=_timestamp(stored))

    async def _delete(
        self, request: credentials_pb2.DeleteCredentialsRequest, _: str
    ) -> credentials_pb2.DeleteCredentialsResponse:
        check(_about(request))
        agent = permitted(request.user_id)
        try:
            async with self._pool.connection() as conn:
                existed = await self._credentials.delete(conn, agent)
        except DATABASE_AWAY as error:
            raise database_down(error) from error
        return credentials_pb2.DeleteCredentialsResponse(existed=existed)

    async def _verified(
        self, request: credentials_pb2.VerifyCredentialsRequest, _: str
    ) -> credentials_pb2.VerifyCredentialsResponse:
        check(_about(request))
        verified = await self._verify(permitted(request.user_id))
        return credentials_pb2.VerifyCredentialsResponse(verified_at=_timestamp(verified))


def _about(request: Any) -> Iterator[Violation]:
    """What is wrong with the request as such, and with its agent."""
    yield from strangers(request)
    yield from name("user_id", request.user_id, longest=_LONGEST_USER, required=True)


def _password(password: str) -> Iterator[Violation]:
    """What is wrong with it; it is kept as it is, blanks at its ends too, and never shown."""
    if not password:
        yield Violation("password", *REQUIRED)
    elif len(password) > _LONGEST or not password.isprintable():
        yield Violation("password", *_PASSWORD)


def _timestamp(time: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp
