"""What `archibald-bot operations …` asks, prints and exits with."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from archibald.v1 import bot_pb2, operations_pb2
from archibald.v1.operations_pb2 import (
    Artifact,
    CancelOperationResponse,
    GetArtifactResponse,
    GetOperationResponse,
    ListOperationsResponse,
    Operation,
    OperationName,
    ResolveOperationResponse,
    WatchOperationResponse,
)
from archibald_client.options import OperationType, State
from server.operations import OPERATIONS
from tests.client.processes import COMMAND, Ended, begin, end
from tests.client.scripted_bot import ScriptedBot, failure
from tests.client.scripted_desk import failed, operation, stepped

PROGRAM = COMMAND[:-1]  # without the command's name
ARCHIBALD_BOT = Path(sys.executable).with_name("archibald-bot")
NAMED = ("--user", "A001", "--type", "submit-order", "--key", "po-1")


async def run(bot: ScriptedBot, *arguments: str) -> Ended:
    """`archibald-bot operations …`, asking the scripted server."""
    environment = {"ARCHIBALD_SERVER": bot.address, "TZ": "UTC"}
    command = (*PROGRAM, "operations")
    return await end(await begin(*arguments, command=command, environment=environment))


def lines(ended: Ended) -> list[dict[str, object]]:
    """The JSON documents on standard output; nothing else may be there."""
    return [json.loads(line) for line in ended.out.splitlines()]


def under_review() -> Operation:
    """An operation as an operator finds it in the morning."""
    held = failed("NEEDS_REVIEW", "OUTCOME_UNKNOWN")
    held.error.message_it = "Un operatore lo sta verificando."
    held.error.metadata["cause"] = "HELD"
    held.accepted_at.CopyFrom(Timestamp(seconds=1_790_000_000))
    return held


def test_the_names_are_the_contracts() -> None:
    """Types and states as they are typed are those of the contract, all of them."""
    assert [kind.value for kind in OperationType] == [each.TYPE for each in OPERATIONS.values()]
    numbers = [state.number for state in State]
    assert numbers == operations_pb2.OperationState.values()[1:]


async def test_a_list_is_a_table_for_people(bot: ScriptedBot) -> None:
    """Labels in Italian with English beside them; an empty list says so."""
    running = operation("RUNNING", progress=stepped(1, 37).progress)
    bot.desk.script("ListOperations", ListOperationsResponse(operations=[under_review(), running]))
    ended = await run(
        bot, "list", "--user", "A001", "--state", "needs-review", "--state", "running"
    )
    assert (ended.code, ended.err) == (0, "")
    assert "Da controllare · under review" in ended.out
    assert "2026-09-21 14:13:20" in ended.out
    assert "OUTCOME_UNKNOWN" in ended.out
    assert "37% Passo 1 · Step 1" in ended.out
    [request] = bot.desk.requests["ListOperations"]
    assert list(request.user_ids) == ["A001"]
    assert list(request.states) == [10, 2]
    bot.desk.script("ListOperations", ListOperationsResponse())
    assert "no operations" in (await run(bot, "list")).out


async def test_a_list_is_json_lines_for_programs(bot: ScriptedBot) -> None:
    """One operation a line, over all pages up to the limit; no operations are no lines."""
    page = ListOperationsResponse(operations=[operation(), operation()], next_page_token="2")
    for limit, expected in ((3, 3), (0, 4)):
        bot.desk.script("ListOperations", page)
        bot.desk.script("ListOperations", ListOperationsResponse(operations=page.operations))
        ended = await run(bot, "list", "--json", "--limit", str(limit), "--since", "2026-01-02")
        assert (ended.code, ended.err) == (0, "")
        assert [each["state"] for each in lines(ended)] == ["OPERATION_STATE_SUCCEEDED"] * expected
    first = bot.desk.requests["ListOperations"][0]
    assert first.accepted_from.ToJsonString() == "2026-01-02T00:00:00Z"
    bot.desk.script("ListOperations", ListOperationsResponse())
    ended = await run(bot, "list", "--json")
    assert (ended.code, ended.out) == (0, "")


async def test_one_operation_is_shown_whole(bot: ScriptedBot) -> None:
    """State, error, the sentence for the agent, evidence; for programs one JSON document."""
    for _ in range(2):
        bot.desk.script("GetOperation", GetOperationResponse(operation=under_review()))
    shown = await run(bot, "show", *NAMED)
    assert shown.code == 0
    for fact in ("under review", "OUTCOME_UNKNOWN: what happened", "verificando", "HELD", "po-1"):
        assert fact in shown.out
    [document] = lines(await run(bot, "show", "op-1", "--json"))
    assert document["operation_id"] == "op-1"
    assert [request.name for request in bot.desk.requests["GetOperation"]] == [
        OperationName(user_id="A001", operation_type="submit-order", operation_key="po-1"),
        OperationName(operation_id="op-1"),
    ]


async def test_a_result_is_shown_with_its_operation(bot: ScriptedBot) -> None:
    """What the caller got."""
    done = operation(submit_order=bot_pb2.SubmitOrderResult(order_id="71723"))
    bot.desk.script("GetOperation", GetOperationResponse(operation=done))
    assert '"order_id": "71723"' in (await run(bot, "show", "op-1")).out


@pytest.mark.parametrize(
    ("ended_as", "code"),
    [
        (operation(), 0),
        (failed("FAILED", "ERP_DOWN"), 5),
        (failed("FAILED", "ERP_REJECTED"), 3),
        (operation("CANCELLED"), 4),
        (failed("NEEDS_REVIEW", "OUTCOME_UNKNOWN"), 3),
        (failed("FAILED", "FROM_A_NEWER_SERVER"), 1),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
async def test_a_watch_ends_as_its_operation_does(
    ended_as: Operation, code: int, bot: ScriptedBot
) -> None:
    """Each event is a line; the exit code is the one that the operation's caller would have had."""
    bot.desk.script(
        "WatchOperation", stepped(1, 10), stepped(2, 20), WatchOperationResponse(operation=ended_as)
    )
    ended = await run(bot, "watch", "op-1", "--json", "--from-sequence", "1")
    assert (ended.code, ended.err) == (code, "")
    first, second, last = lines(ended)
    assert [first["progress"]["percent"], second["progress"]["percent"]] == [10, 20]  # type: ignore[index]  # JSON
    assert last["operation"]["operation_id"] == "op-1"  # type: ignore[index]  # JSON
    assert bot.desk.requests["WatchOperation"][0].from_sequence == 1


async def test_a_watch_shows_the_end_to_a_person(bot: ScriptedBot) -> None:
    """Without --json stdout is the operation as `show` has it."""
    bot.desk.script("WatchOperation", WatchOperationResponse(operation=under_review()))
    ended = await run(bot, "watch", "op-1")
    assert (ended.code, ended.err) == (3, "")
    assert "Da controllare · under review" in ended.out


async def test_a_cancel_shows_what_became_of_it(bot: ScriptedBot) -> None:
    """Stopped is exit 0; too late is exit 3 and says so on stderr."""
    bot.desk.script("CancelOperation", CancelOperationResponse(operation=operation("CANCELLED")))
    ended = await run(bot, "cancel", "op-1")
    assert ended.code == 0
    assert "Annullata · cancelled" in ended.out
    bot.desk.script("CancelOperation", failure("FAILED_PRECONDITION", "TOO_LATE"))
    ended = await run(bot, "cancel", "op-1", "--json")
    assert (ended.code, ended.out) == (3, "")
    assert json.loads(ended.err)["reason"] == "TOO_LATE"


@pytest.mark.parametrize(
    ("option", "field"),
    [
        (["--look-again"], "look_again"),
        (["--landed", "71.723"], "landed"),
        (["--not-done"], "not_done"),
        (["--give-up"], "give_up"),
    ],
)
async def test_a_decision_is_sent_with_its_note(
    option: list[str], field: str, bot: ScriptedBot
) -> None:
    """Each of the four; the answer is the operation as it is then."""
    answer = ResolveOperationResponse(operation=operation("VERIFYING"))
    bot.desk.script("ResolveOperation", answer)
    ended = await run(bot, "resolve", *NAMED, *option, "--note", "seen in the list", "--json")
    assert ended.code == 0
    assert [each["state"] for each in lines(ended)] == ["OPERATION_STATE_VERIFYING"]
    [request] = bot.desk.requests["ResolveOperation"]
    assert (request.WhichOneof("decision"), request.note) == (field, "seen in the list")


async def test_files_are_listed_and_saved(bot: ScriptedBot, tmp_path: Path) -> None:
    """The list is a table or JSON lines; saved files are told with their paths."""
    held = operation(artifacts=[Artifact(name="1/page.png", size=3, media_type="image/png")])
    for _ in range(3):
        bot.desk.script("GetOperation", GetOperationResponse(operation=held))
    assert "1/page.png" in (await run(bot, "artifacts", "op-1")).out
    bot.desk.script("GetOperation", GetOperationResponse(operation=held))
    bot.desk.script("GetArtifact", GetArtifactResponse(data=b"png"))
    [listed] = lines(await run(bot, "artifacts", "op-1", "--json"))
    assert (listed["size"], listed["path"]) == ("3", "")
    ended = await run(bot, "artifacts", "op-1", "--json", "--save", str(tmp_path))
    [saved] = lines(ended)
    assert saved["path"] == str(tmp_path / "1" / "page.png")
    assert (tmp_path / "1" / "page.png").read_bytes() == b"png"


async def test_what_is_not_there_has_its_exit_code(bot: ScriptedBot) -> None:
    """NOT_FOUND is exit 9."""
    bot.desk.script("GetOperation", failure("NOT_FOUND", "OPERATION_NOT_FOUND"))
    ended = await run(bot, "show", "op-1")
    assert (ended.code, ended.out) == (9, "")
    assert ended.err.startswith("OPERATION_NOT_FOUND: what happened\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["show"],
        ["show", "op-1", "--key", "po-1"],
        ["show", "--user", "A001", "--key", "po-1"],
        ["show", "--user", "A001", "--type", "sing", "--key", "po-1"],
        ["list", "--state", "asleep"],
        ["list", "--since", "yesterday"],
        ["resolve", "op-1", "--note", "n"],
        ["resolve", "op-1", "--note", "n", "--give-up", "--not-done"],
        ["resolve", "op-1", "--give-up"],
    ],
    ids=" ".join,
)
async def test_what_is_not_clear_is_not_sent(arguments: list[str], bot: ScriptedBot) -> None:
    """A wrong option is exit 2 before the server hears of it."""
    ended = await run(bot, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "--help" in ended.err
    assert not bot.desk.requests


BASH = """
eval "$(_ARCHIBALD_BOT_COMPLETE=source_bash archibald-bot)"
COMP_WORDS=({words} "") COMP_CWORD={count}
_archibald_bot_completion archibald-bot
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("archibald-bot", {"submit-order", "operations"}),
        ("archibald-bot operations", {"list", "show", "watch", "cancel", "resolve", "artifacts"}),
        ("archibald-bot operations list --state", {"needs-review", "queued"}),
        ("archibald-bot operations show --type", {"submit-order", "delete-order"}),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete(shell: str, typed: str, offered: set[str]) -> None:
    """Bash runs its script for real; zsh and fish are asked what their scripts ask the command."""
    environment = os.environ | {"PATH": f"{ARCHIBALD_BOT.parent}:{os.environ['PATH']}"}
    if shell == "bash":
        command = ["bash", "-c", BASH.format(words=typed, count=len(typed.split()))]
    else:
        command = ["archibald-bot"]
        environment |= {
            "_ARCHIBALD_BOT_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": f"{typed} ",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    for word in offered:
        assert word in ended.stdout
    script = subprocess.run(
        ["archibald-bot"],
        env=environment | {"_ARCHIBALD_BOT_COMPLETE": f"source_{shell}"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"_ARCHIBALD_BOT_COMPLETE=complete_{shell}" in script
