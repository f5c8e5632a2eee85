"""The agents' ERP logins over gRPC: stored, forgotten, and tried for real, a wrong one once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import grpc
import pytest

from archibald.v1 import credentials_pb2_grpc
from archibald.v1.credentials_pb2 import (
    DeleteCredentialsRequest,
    PutCredentialsRequest,
    VerifyCredentialsRequest,
)
from archibald_client import ErpLoginRejectedError
from server.callers import hashed, new_token
from server.config import Config
from tests.client.processes import COMMAND, begin, end
from tests.doors import bearer
from tests.end_to_end.parts import ERP_USER, USER, Bot, order, started
from tests.end_to_end.test_operations_service import heard, reason_of
from tests.erp_simulator.running import Simulator
from tests.test_callers import written

RIGHT, WRONG = f"pw-{ERP_USER}", "canary-4711 "
VERIFY = VerifyCredentialsRequest(user_id=USER)


@asynccontextmanager
async def logins_of(bot: Bot) -> AsyncIterator[Any]:
    """The service's stub, which is not typed."""
    async with grpc.aio.insecure_channel(bot.address) as channel:
        yield credentials_pb2_grpc.CredentialsServiceStub(channel)  # type: ignore[no-untyped-call]


@pytest.fixture
async def logins(bot: Bot) -> AsyncIterator[Any]:
    async with logins_of(bot) as stub:
        yield stub


def put(password: str, username: str = ERP_USER) -> PutCredentialsRequest:
    return PutCredentialsRequest(user_id=USER, username=username, password=password)


async def outcome(call: Any) -> str:
    """The reason of a call's refusal, "OK" when it was none, "TOLD" when it tells the password."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return "TOLD" if WRONG.strip() in repr(error) else reason_of(error)
    except ErpLoginRejectedError as error:
        return error.reason
    return "OK"


async def tried(sim: Simulator) -> int:
    """How often a login was sent to the ERP."""
    return len(await sim.requests("login"))


async def test_a_login_is_verified_in_the_erp(logins: Any, sim: Simulator, bot: Bot) -> None:
    """Each verification is one login, in a session of its own: what is kept for the agent's work stays."""
    [before] = await bot.rows("erp_credentials")
    answer = await logins.VerifyCredentials(VERIFY)
    assert answer.verified_at.ToDatetime().timestamp() > 0
    assert await tried(sim) == 1
    assert await bot.rows("erp_credentials") == [before]
    assert await sim.effects() == []


async def test_a_wrong_password_reaches_the_erp_once(
    bot: Bot, config: Config, database: str, sim: Simulator, tmp_path: Path
) -> None:
    """However many want to sign in at once, on two servers, verifications and an operation alike."""
    second = replace(config, data_dir=tmp_path / "second")
    async with AsyncExitStack() as stack:
        other = await stack.enter_async_context(started(second, database))
        here = await stack.enter_async_context(logins_of(bot))
        there = await stack.enter_async_context(logins_of(other))
        stored = await here.PutCredentials(put(WRONG))
        assert stored.HasField("updated_at")
        heard_of = await asyncio.gather(
            *(outcome(stub.VerifyCredentials(VERIFY)) for stub in (here, there) for _ in range(3)),
            outcome(other.client.submit_order(order())),
        )
        assert set(heard_of) == {"ERP_LOGIN_REJECTED"}
        assert await tried(sim) == 1
        assert await outcome(there.VerifyCredentials(VERIFY)) == "ERP_LOGIN_REJECTED"
        assert await tried(sim) == 1
        await there.PutCredentials(put(RIGHT))
        assert await outcome(here.VerifyCredentials(VERIFY)) == "OK"
        assert await tried(sim) == 2
    [row] = await bot.rows("erp_credentials")
    assert (row["tried_by"], row["rejected_at"]) == (None, None)


async def test_a_verification_beside_an_operation_disturbs_nothing(
    bot: Bot, logins: Any, sim: Simulator
) -> None:
    """The order is entered, once, in the session in which it was begun."""
    caller, _ = await heard(
        "form.articles.progress", lambda **on: bot.client.submit_order(order(), **on)
    )
    assert await outcome(logins.VerifyCredentials(VERIFY)) == "OK"
    result = await caller
    assert [effect["id"] for effect in await sim.effects("order_created")] == [result.order_id]
    assert await tried(sim) == 2


async def test_a_verification_goes_on_without_its_caller(
    config: Config, database: str, sim: Simulator
) -> None:
    """And the server waits for it when it stops: the ERP has heard one whole login, and nothing is left."""
    async with started(config, database) as bot, logins_of(bot) as stub:
        await stub.PutCredentials(put(WRONG))
        call = stub.VerifyCredentials(VERIFY)
        async with asyncio.timeout(30):
            while not (await bot.rows("erp_credentials"))[0]["tried_by"]:  # noqa: ASYNC110  # a row tells it
                await asyncio.sleep(0.02)
        call.cancel()
    [row] = await bot.rows("erp_credentials")
    assert row["rejected_at"]
    assert row["tried_by"] is None
    assert await tried(sim) == 1


async def test_a_forgotten_login_is_gone(logins: Any, bot: Bot, sim: Simulator) -> None:
    """With its session; forgetting it again is no error, and there is nothing to try."""
    request = DeleteCredentialsRequest(user_id=USER)
    assert (await logins.DeleteCredentials(request)).existed
    assert await bot.rows("erp_credentials") == []
    assert not (await logins.DeleteCredentials(request)).existed
    assert await outcome(logins.VerifyCredentials(VERIFY)) == "ERP_LOGIN_REJECTED"
    assert await tried(sim) == 0


@pytest.mark.parametrize(
    "request_", [put(""), put(WRONG + "\n"), put("p" * 201), put(RIGHT, username="")]
)
async def test_what_is_no_login_is_refused(logins: Any, request_: PutCredentialsRequest) -> None:
    """And its password is not in the answer."""
    assert await outcome(logins.PutCredentials(request_)) == "INVALID_REQUEST"


async def test_another_agents_login_is_out_of_reach(
    config: Config, database: str, sim: Simulator, tmp_path: Path
) -> None:
    """It is neither stored nor forgotten nor tried, and nobody hears whether there is one."""
    token = new_token()
    callers = f'[shop]\nagents = ["A002"]\ntokens = ["{hashed(token)}"]\n'
    guarded = replace(config, callers_file=written(tmp_path, callers))
    async with started(guarded, database) as bot, logins_of(bot) as stub:
        before = await bot.rows("erp_credentials")
        for call in (
            stub.PutCredentials(put(WRONG), metadata=bearer(token)),
            stub.DeleteCredentials(DeleteCredentialsRequest(user_id=USER), metadata=bearer(token)),
            stub.VerifyCredentials(VERIFY, metadata=bearer(token)),
        ):
            assert await outcome(call) == "PERMISSION_DENIED"
        assert await bot.rows("erp_credentials") == before
        assert await tried(sim) == 0


async def test_the_command_line_stores_verifies_and_forgets(bot: Bot, sim: Simulator) -> None:
    """A password comes by standard input alone, and is in nothing that is printed."""

    async def command(*words: str, stdin: str = "") -> tuple[int | None, str]:
        process = await begin(
            *words,
            command=(*COMMAND[:-1], "credentials"),
            environment={"ARCHIBALD_SERVER": bot.address},
        )
        ended = await end(process, stdin)
        assert WRONG.strip() not in ended.out + ended.err
        assert RIGHT not in ended.out + ended.err
        return ended.code, ended.out + ended.err

    assert await command("put", USER, ERP_USER, stdin="\n") == (2, ANY)
    code, told = await command("put", USER, ERP_USER, "--json", stdin=f"{WRONG}\n")
    assert (code, list(json.loads(told))) == (0, ["updated_at"])
    for _ in range(2):
        code, told = await command("verify", USER)
        assert (code, "ERP_LOGIN_REJECTED" in told) == (3, True)
    assert await tried(sim) == 1
    assert await command("put", USER, ERP_USER, stdin=RIGHT) == (0, ANY)
    code, told = await command("verify", USER, "--json")
    assert (code, list(json.loads(told))) == (0, ["verified_at"])
    assert await tried(sim) == 2
    for existed in (True, False):
        code, told = await command("delete", USER, "--json")
        assert (code, json.loads(told)) == (0, {"existed": existed})
