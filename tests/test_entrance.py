"""Who gets in: by TLS, certificate and token, and how the others are refused; and what one connection may carry."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from archibald.v1.operations_pb2 import GetOperationRequest, OperationName, WatchOperationRequest
from server.callers import hashed, new_token
from server.config import ConfigError
from server.entrance import entrance
from tests.certificates import Authority
from tests.doors import ask, audited, bearer, desk_of, door, settings
from tests.journal_rows import accepted
from tests.operations_desk import refusal
from tests.test_callers import written

TOKEN, OFFICE = new_token(), new_token()
CALLERS = f"""
[shop]
agents = ["A001"]
tokens = ["{hashed(TOKEN)}"]
certificates = ["CN=shop"]
[office]
agents = ["*"]
tokens = ["{hashed(OFFICE)}"]
"""
UNKNOWN: tuple[str, str, list[str]] = ("UNAUTHENTICATED", "UNAUTHENTICATED", [])


@asynccontextmanager
async def connected(
    address: str, authority: Authority, certificate: tuple[Path, Path] | None = None
) -> AsyncIterator[Any]:
    """A stub over TLS, with or without a certificate of the client's."""
    pair = [file.read_bytes() for file in reversed(certificate)] if certificate else [None, None]
    credentials = grpc.ssl_channel_credentials(authority.certificate.read_bytes(), *pair)
    target = address.replace("127.0.0.1", "localhost")
    async with grpc.aio.secure_channel(target, credentials) as channel:
        yield desk_of(channel)


def named(operation_id: object) -> GetOperationRequest:
    return GetOperationRequest(name=OperationName(operation_id=str(operation_id)))


async def test_a_call_needs_the_token_of_a_known_caller(database: str, tmp_path: Path) -> None:
    """Otherwise it is UNAUTHENTICATED, whatever it asks for; the health check alone is open."""
    config = settings(tmp_path, callers_file=written(tmp_path, CALLERS))
    async with (
        door(config, database) as served,
        grpc.aio.insecure_channel(served.address) as channel,
    ):
        desk = desk_of(channel)
        operation = await accepted(served.pool)
        assert (await ask(desk, operation, TOKEN)).user_id == "A001"
        for metadata in (
            (),
            bearer("wrong"),
            bearer(hashed(TOKEN)),
            bearer(TOKEN) + bearer(TOKEN),
            (("authorization", f"Basic {TOKEN}"),),
        ):
            assert await refusal(desk.GetOperation(named(operation), metadata=metadata)) == UNKNOWN
        watch = WatchOperationRequest(name=OperationName(operation_id=str(operation)))
        assert await refusal(desk.WatchOperation(watch)) == UNKNOWN
        asked = reflection_pb2.ServerReflectionRequest(list_services="")
        reflection: Any = reflection_pb2_grpc.ServerReflectionStub(channel)  # type: ignore[arg-type]  # the stubs know the sync channel
        assert await refusal(reflection.ServerReflectionInfo(iter([asked]))) == UNKNOWN
        health: Any = health_pb2_grpc.HealthStub(channel)
        state = await health.Check(health_pb2.HealthCheckRequest())
        assert state.status == health_pb2.HealthCheckResponse.SERVING


async def test_tokens_come_over_tls_and_a_renewed_certificate_holds_at_once(
    database: str, tmp_path: Path
) -> None:
    """The server's certificate and authority change in their files; who connects then sees the new ones."""
    old, new = Authority(tmp_path, "old"), Authority(tmp_path, "new")
    certificate, key = old.issue("server")
    config = settings(
        tmp_path,
        tls_certificate=certificate,
        tls_key=key,
        callers_file=written(tmp_path, CALLERS),
    )
    async with door(config, database) as served:
        operation = await accepted(served.pool)
        async with connected(served.address, old) as desk:
            assert await ask(desk, operation, TOKEN)
            assert await refusal(desk.GetOperation(named(operation))) == UNKNOWN
        new.issue("server")
        async with connected(served.address, new) as desk:
            assert await ask(desk, operation, TOKEN)
        key.write_text("no key any more")
        async with connected(served.address, new) as desk:
            assert await ask(desk, operation, TOKEN)


async def test_a_client_certificate_names_the_caller(database: str, tmp_path: Path) -> None:
    """Without one there is no connection; one that no caller has is unknown; a token comes before it."""
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    certificate, key = ours.issue("server")
    config = settings(
        tmp_path,
        tls_certificate=certificate,
        tls_key=key,
        tls_client_ca=ours.certificate,
        callers_file=written(tmp_path, CALLERS),
    )
    async with door(config, database) as served:
        mine, foreign = await accepted(served.pool), await accepted(served.pool, user_id="A002")
        absent: tuple[str, str, list[str]] = ("NOT_FOUND", "OPERATION_NOT_FOUND", [])
        async with connected(served.address, ours, ours.issue("shop")) as desk:
            assert (await ask(desk, mine)).user_id == "A001"
            assert await refusal(desk.GetOperation(named(foreign))) == absent
            assert (await ask(desk, foreign, OFFICE)).user_id == "A002"
            wrong = desk.GetOperation(named(mine), metadata=bearer("wrong"))
            assert await refusal(wrong) == UNKNOWN
        async with connected(served.address, ours, ours.issue("somebody")) as desk:
            assert await refusal(desk.GetOperation(named(mine))) == UNKNOWN
        for stranger in (None, theirs.issue("shop", "false")):
            async with connected(served.address, ours, stranger) as desk:
                with pytest.raises(grpc.aio.AioRpcError) as error:
                    await ask(desk, mine, timeout=5)
                assert error.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_what_was_asked_is_kept(database: str, tmp_path: Path) -> None:
    """Who, what, about whom, and what came of it; also what was refused, but no one without a name."""
    config = settings(tmp_path, callers_file=written(tmp_path, CALLERS))
    async with (
        door(config, database) as served,
        grpc.aio.insecure_channel(served.address) as channel,
    ):
        desk = desk_of(channel)
        mine, foreign = await accepted(served.pool), await accepted(served.pool, user_id="A002")
        await ask(desk, mine, TOKEN)
        for refused in (named(foreign), named("nonsense")):
            await refusal(desk.GetOperation(refused, metadata=bearer(TOKEN)))
        await refusal(desk.GetOperation(named(mine)))
        watch = WatchOperationRequest(name=OperationName(operation_id=str(mine)))
        with pytest.raises(grpc.aio.AioRpcError):
            await anext(aiter(desk.WatchOperation(watch, metadata=bearer(OFFICE), timeout=0.3)))
        kept = await audited(served.pool, 4)
    get, watched = (
        f"/archibald.v1.OperationsService/{name}" for name in ("GetOperation", "WatchOperation")
    )
    fields = ("caller", "method", "agent", "operation", "outcome")
    assert [tuple(row[name] for name in fields) for row in kept] == [
        ("shop", get, "A001", str(mine), "OK"),
        ("shop", get, None, str(foreign), "NOT_FOUND OPERATION_NOT_FOUND"),
        ("shop", get, None, None, "INVALID_ARGUMENT INVALID_REQUEST"),
        ("office", watched, "A001", str(mine), "CANCELLED"),
    ]
    assert all(row["asked_at"] <= row["ended_at"] for row in kept)


async def test_one_connection_carries_so_much(database: str, tmp_path: Path) -> None:
    """Too big a request is refused by gRPC itself; a call too many waits until another one has ended."""
    config = settings(tmp_path, message_bytes=2000, streams_per_connection=2)
    async with (
        door(config, database) as served,
        grpc.aio.insecure_channel(served.address) as channel,
    ):
        desk = desk_of(channel)
        operation = await accepted(served.pool)
        with pytest.raises(grpc.aio.AioRpcError, match="larger than max") as error:
            await desk.GetOperation(named("k" * 3000))
        assert error.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        request = WatchOperationRequest(name=OperationName(operation_id=str(operation)))
        watches = [desk.WatchOperation(request) for _ in range(2)]
        await audited(served.pool, 2, ended=False)  # both have arrived
        with pytest.raises(grpc.aio.AioRpcError) as late:
            await ask(desk, operation, timeout=0.5)
        assert late.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        watches[0].cancel()
        assert await ask(desk, operation, timeout=10)


def test_files_that_do_not_do_stop_the_server_at_once(tmp_path: Path) -> None:
    """And the message says which, and why."""
    authority = Authority(tmp_path)
    certificate, key = authority.issue("server")
    _, other = authority.issue("other")
    for changes, why in (
        ({"tls_certificate": certificate, "tls_key": other}, "KEY_VALUES_MISMATCH"),
        ({"tls_certificate": certificate, "tls_key": tmp_path / "no"}, "No such file"),
        ({"callers_file": tmp_path / "no"}, "ARCHIBALD_CALLERS_FILE.*cannot be read"),
    ):
        with pytest.raises(ConfigError, match=why):
            entrance(settings(tmp_path, **changes))
    key.chmod(0o604)
    with pytest.raises(ConfigError, match="chmod o="):
        entrance(settings(tmp_path, tls_certificate=certificate, tls_key=key))


async def test_without_callers_everybody_is_named_by_its_address(
    database: str, tmp_path: Path
) -> None:
    """As on a developer's machine: nothing to set up, and still it is kept who asked."""
    async with (
        door(settings(tmp_path), database) as served,
        grpc.aio.insecure_channel(served.address) as channel,
    ):
        assert await refusal(desk_of(channel).GetOperation(named(uuid4())))
        [kept] = await audited(served.pool, 1)
    assert kept["caller"] == kept["address"]
    assert kept["caller"].startswith("ipv4:127.0.0.1:")
