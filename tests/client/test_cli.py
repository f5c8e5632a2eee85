"""What `archibald-bot submit-order` reads, prints and exits with."""

import asyncio
import json
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToJson, Parse

from archibald.v1 import bot_pb2
from tests.client.processes import begin, end, run
from tests.client.scripted_bot import (
    HANG,
    RESULT,
    ScriptedBot,
    accepted,
    failure,
    progress,
    result,
)

Order = bot_pb2.SubmitOrderRequest


async def test_prints_nothing_but_the_result(
    bot: ScriptedBot, order_file: str, order: Order
) -> None:
    """In pipes, stdout is the result as JSON with the contract's names, and stderr stays empty."""
    bot.script(accepted(), progress(1, 10), result())
    # A pipe is no terminal, whatever the environment says about colours.
    forced = {"FORCE_COLOR": "1", "TTY_COMPATIBLE": "1"}
    ended = await run("--file", order_file, "--server", bot.address, environment=forced)
    assert (ended.code, ended.err) == (0, "")
    answer = json.loads(ended.out)
    assert answer["order_id"] == "71723"
    assert answer["verification"] == {"differences": [], "lines": [], "total": "12.50"}
    assert answer["warnings"] == ["così è"]
    assert "così" in ended.out
    assert Parse(ended.out, bot_pb2.SubmitOrderResult()) == RESULT
    assert bot.requests == [order]


async def test_json_is_one_line(bot: ScriptedBot, order_file: str) -> None:
    """With --json the result is one line."""
    bot.script(accepted(), result())
    ended = await run("--file", order_file, "--server", bot.address, "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("\n") == 1
    assert json.loads(ended.out)["order_id"] == "71723"


async def test_reads_the_request_from_stdin(bot: ScriptedBot, order: Order) -> None:
    """`--file -` reads standard input; the server's address may come from the environment."""
    bot.script(accepted(), result())
    ended = await run(
        "--file", "-", stdin=MessageToJson(order), environment={"ARCHIBALD_SERVER": bot.address}
    )
    assert ended.code == 0
    assert bot.requests == [order]


async def test_says_that_a_result_is_an_old_one(bot: ScriptedBot, order_file: str) -> None:
    """A replayed result looks like the first one on stdout; a person is told on stderr."""
    bot.script(accepted(replayed=True), result())
    ended = await run("--file", order_file, "--server", bot.address)
    assert ended.code == 0
    assert Parse(ended.out, bot_pb2.SubmitOrderResult()) == RESULT
    assert "earlier call" in ended.err


async def test_wait_none_prints_accepted(bot: ScriptedBot, tmp_path: Path, order: Order) -> None:
    """A request with WAIT_NONE returns when it is recorded, and prints Accepted."""
    order.wait = bot_pb2.WAIT_NONE
    file = tmp_path / "order.json"
    file.write_text(MessageToJson(order))
    bot.script(accepted())
    ended = await run("--file", str(file), "--server", bot.address)
    assert ended.code == 0
    assert json.loads(ended.out)["operation_key"] == "po-1"


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        ("INTERNAL", "INTERNAL", 1),
        ("INVALID_ARGUMENT", "INVALID_REQUEST", 2),
        ("FAILED_PRECONDITION", "OUTCOME_UNKNOWN", 3),
        ("ABORTED", "USER_BUSY", 4),
        ("UNAVAILABLE", "ERP_DOWN", 5),
        ("UNIMPLEMENTED", "NOT_BUILT", 6),
        ("RESOURCE_EXHAUSTED", "POOL_EXHAUSTED", 8),
        ("UNAUTHENTICATED", "UNAUTHENTICATED", 10),
        ("PERMISSION_DENIED", "PERMISSION_DENIED", 10),
    ],
)
async def test_the_exit_code_tells_the_status(
    status: str, reason: str, code: int, bot: ScriptedBot, order_file: str
) -> None:
    """Each status has its exit code; stderr says reason, message, facts and what to do; stdout is empty."""
    bot.script(
        accepted(),
        failure(
            status,
            reason,
            metadata={"draft_id": "71723"},
            violations=[("items[0].price", "too long")],
        ),
    )
    ended = await run("--file", order_file, "--server", bot.address, "--retry-for", "0")
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith(f"{reason}: what happened\n")
    assert "  items[0].price: too long\n" in ended.err
    assert "  draft_id = 71723\n" in ended.err
    assert "What to do: " in ended.err


async def test_a_failure_is_json_for_programs(bot: ScriptedBot, order_file: str) -> None:
    """With --json stderr is one JSON object with everything that the error carries, and nothing else."""
    bot.script(failure("UNAVAILABLE", "DRAINING"))
    bot.script(failure("UNAVAILABLE", "ERP_DOWN", retry_after=60, metadata={"a": "b"}))
    ended = await run("--file", order_file, "--server", bot.address, "--json")
    assert (ended.code, ended.out) == (5, "")
    error = json.loads(ended.err)
    assert error.pop("next_step")
    assert error == {
        "reason": "ERP_DOWN",
        "status": "UNAVAILABLE",
        "message": "what happened",
        "message_it": "",
        "metadata": {"a": "b"},
        "violations": [],
        "retry_after": 60.0,
    }


async def test_tells_a_person_that_it_tries_again(bot: ScriptedBot, order_file: str) -> None:
    """While no server does the work a person is told why, and stdout stays pure."""
    bot.script(failure("UNAVAILABLE", "DRAINING", retry_after=0.1))
    bot.script(accepted(), result())
    ended = await run("--file", order_file, "--server", bot.address)
    assert ended.code == 0
    assert Parse(ended.out, bot_pb2.SubmitOrderResult()) == RESULT
    assert ended.err.startswith("DRAINING: what happened; trying again in 0.1 s")


async def test_outlives_its_server(bot: ScriptedBot, order_file: str) -> None:
    """A server that is replaced while the command waits costs a line of ours, and none of gRPC's log."""
    bot.script(accepted(), progress(1, 10), HANG)
    bot.script(accepted(attached=True), result())
    process = await begin("--file", order_file, "--server", bot.address)
    await asyncio.wait_for(bot.hanging.wait(), 20)
    await bot.kill()
    await bot.start()
    ended = await end(process)
    assert ended.code == 0
    assert Parse(ended.out, bot_pb2.SubmitOrderResult()) == RESULT
    assert ended.err
    assert all(line.startswith("SERVER_UNREACHABLE: ") for line in ended.err.splitlines())


async def test_no_server_is_an_error_without_noise(bot: ScriptedBot, order_file: str) -> None:
    """Nobody there: exit 5 and our own words only, none of gRPC's log."""
    await bot.kill()
    ended = await run("--file", order_file, "--server", bot.address, "--retry-for", "0")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith("SERVER_UNREACHABLE: ")
    assert len(ended.err.splitlines()) == 2


async def test_the_timeout_has_its_exit_code(bot: ScriptedBot, order_file: str) -> None:
    """--timeout ends the listening with exit 7, and says that the operation goes on."""
    bot.script(accepted(), HANG)
    ended = await run("--file", order_file, "--server", bot.address, "--timeout", "0.5")
    assert (ended.code, ended.out) == (7, "")
    assert "goes on" in ended.err


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"user_id": "A", "usrname": "B"}', "usrname: unknown field"),
        ('{\n"user_id": "A",\n}', "line 3, column 1: not JSON"),
    ],
)
async def test_a_bad_file_sends_nothing(content: str, fault: str, bot: ScriptedBot) -> None:
    """A file that is not a request ends with exit 2 and its fault, before the server hears of it."""
    ended = await run("--file", "-", "--server", bot.address, stdin=content)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"INVALID_REQUEST: standard input: {fault}")
    assert bot.requests == []


async def test_wrong_options_are_exit_2() -> None:
    """A missing or unknown option is a usage error."""
    for arguments in ([], ["--file", "x", "--fast"], ["--file", "x", "--language", "de"]):
        ended = await run(*arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "--help" in ended.err


async def test_help_documents_the_exit_codes() -> None:
    """--help lists every exit code."""
    ended = await run("--help")
    assert ended.code == 0
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130):
        assert f"\n    {code:<5}" in ended.out
