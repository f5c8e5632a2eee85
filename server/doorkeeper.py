"""Lets in who has a name: every call of every service, before anything of its request is looked at.

The standard health check alone is open: what asks for it (a load balancer, an orchestrator) has no secret,
and learns no more than whether the service and its parts are up. Reflection wants a caller like the rest.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import grpc
import structlog
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health
from grpc_status import rpc_status

from server.audit import Audit
from server.call import CURRENT, Call
from server.callers import Caller, Callers
from server.errors import UnauthenticatedError
from server.statuses import status_of

Context = grpc.aio.ServicerContext[Any, Any]

_OPEN = f"/{health.SERVICE_NAME}/"
_SCHEME = "bearer "
_DETAILS = "grpc-status-details-bin"

log = structlog.get_logger(__name__)


class Doorkeeper(grpc.aio.ServerInterceptor):
    """Names the caller of each call by its token, else by its certificate, and tells the audit.

    ``callers`` None: whoever can connect may do everything, and is named by its address.
    """

    def __init__(self, callers: Callers | None, audit: Audit) -> None:
        self._callers = callers
        self._audit = audit

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        details: grpc.HandlerCallDetails,
    ) -> Any:
        """The method's handler, behind the door."""
        handler = await continuation(details)
        if handler is None or details.method.startswith(_OPEN):
            return handler
        shape = _shape(handler)
        inner = getattr(handler, shape)
        guarded = self._streaming if handler.response_streaming else self._answering
        return handler._replace(**{shape: guarded(details.method, inner)})

    def _answering(self, method: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        async def answer(request: Any, context: Context) -> Any:
            async with self._admitted(method, context):
                return await inner(request, context)

        return answer

    def _streaming(self, method: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        async def stream(request: Any, context: Context) -> AsyncIterator[Any]:
            async with self._admitted(method, context), aclosing(inner(request, context)) as events:
                async for event in events:
                    yield event

        return stream

    @asynccontextmanager
    async def _admitted(self, method: str, context: Context) -> AsyncIterator[None]:
        try:
            caller = self._caller(context)
        except UnauthenticatedError as error:
            # Not in the audit: who has no name must not be able to fill our database.
            log.warning("unauthenticated", method=method, address=context.peer())
            await context.abort_with_status(rpc_status.to_status(status_of(error)))
        call = Call(caller, context.peer(), method)
        CURRENT.set(call)  # for this call's task, which ends with it
        self._audit.note(call)
        outcome = "CANCELLED"
        try:
            yield
            outcome = "OK"
        except grpc.aio.AbortError:
            outcome = _refusal(context)
            raise
        finally:
            call.ended(outcome)
            self._audit.note(call)

    def _caller(self, context: Context) -> Caller:
        if self._callers is None:
            return Caller(context.peer())
        sent = [
            value.decode() if isinstance(value, bytes) else value
            for key, value in context.invocation_metadata() or ()
            if key == "authorization"
        ]
        subject = b"".join(context.auth_context().get("x509_subject", ())).decode()
        caller = None
        if sent:  # whoever sends a token means it: a wrong one is not made good by a certificate
            if len(sent) == 1 and sent[0].lower().startswith(_SCHEME):
                caller = self._callers.by_token(sent[0][len(_SCHEME) :].strip())
        elif subject:
            caller = self._callers.by_certificate(subject)
        if caller is None:
            raise UnauthenticatedError(
                "the call has no token or client certificate of a known caller; "
                "send the metadata `authorization: Bearer TOKEN`"
            )
        return caller


def _shape(handler: Any) -> str:
    side = {True: "stream", False: "unary"}
    return f"{side[handler.request_streaming]}_{side[handler.response_streaming]}"


def _refusal(context: Context) -> str:
    """The status, and the reason where it has one: ``FAILED_PRECONDITION TARGET_BUSY``."""
    words = [getattr(context.code(), "name", str(context.code()))]
    for key, value in context.trailing_metadata() or ():
        if key == _DETAILS:
            info = error_details_pb2.ErrorInfo()
            details = status_pb2.Status.FromString(
                value if isinstance(value, bytes) else value.encode()
            ).details
            words += [info.reason for detail in details if detail.Unpack(info)]
    return " ".join(words)
