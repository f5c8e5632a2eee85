"""How `archibald-bot` behaves towards a terminal, a Ctrl-C and an incomplete installation."""

import asyncio
import os
import signal
import sys

import pytest
from google.protobuf.json_format import Parse

from archibald.v1 import bot_pb2
from tests.client.processes import Ended, begin, end
from tests.client.scripted_bot import (
    HANG,
    RESULT,
    ScriptedBot,
    accepted,
    failure,
    progress,
    result,
)


@pytest.mark.parametrize("recorded", [True, False])
async def test_ctrl_c_only_stops_listening(
    *, recorded: bool, bot: ScriptedBot, order_file: str
) -> None:
    """Ctrl-C exits with 130, and says that the operation goes on and how to ask again."""
    bot.script(*([accepted()] if recorded else []), progress(1, 10), HANG)
    process = await begin("--file", order_file, "--server", bot.address)
    await asyncio.wait_for(bot.hanging.wait(), 20)
    await asyncio.sleep(0.3)  # the events are on their way to the command
    process.send_signal(signal.SIGINT)
    ended = await end(process)
    assert (ended.code, ended.out) == (130, "")
    assert "goes on" in ended.err
    assert "same command again" in ended.err
    assert ("op-1" in ended.err) is recorded
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "locale", "label"),
    [
        ([], "it_IT.UTF-8", "Passo 1"),
        ([], "de_DE.UTF-8", "Step 1"),
        (["--language", "it"], "C.UTF-8", "Passo 1"),
        (["--language", "en"], "it_IT.UTF-8", "Step 1"),
    ],
)
async def test_shows_a_bar_on_a_terminal(
    arguments: list[str], locale: str, label: str, bot: ScriptedBot, order_file: str
) -> None:
    """On a terminal stderr shows a bar with the step's label, in the option's or the locale's language."""
    bot.script(accepted(), progress(1, 37), result())
    ended, picture = await on_a_terminal(order_file, bot, *arguments, locale=locale)
    assert ended.code == 0
    assert Parse(ended.out, bot_pb2.SubmitOrderResult()) == RESULT
    assert label in picture
    assert "100%" in picture


async def test_the_bar_stays_where_the_failure_was(bot: ScriptedBot, order_file: str) -> None:
    """A failed operation leaves the bar at its last step, and the reason below it."""
    bot.script(accepted(), progress(1, 37), failure("FAILED_PRECONDITION", "UI_DRIFT"))
    ended, picture = await on_a_terminal(order_file, bot)
    assert (ended.code, ended.out) == (3, "")
    bar, reason = picture.rindex(" 37%"), picture.rindex("UI_DRIFT: what happened")
    assert bar < reason


async def test_an_old_result_fills_the_bar(bot: ScriptedBot, order_file: str) -> None:
    """A result that comes without steps does not leave a bar that waits."""
    bot.script(accepted(replayed=True), result())
    ended, picture = await on_a_terminal(order_file, bot)
    assert ended.code == 0
    assert "earlier call" in picture
    assert picture.rindex("Done") > picture.rindex("Waiting")


async def on_a_terminal(
    order_file: str, bot: ScriptedBot, *arguments: str, locale: str = "C.UTF-8"
) -> tuple[Ended, str]:
    """Submit an order with a terminal for stderr; how it ended, and all that the terminal was sent."""
    terminal, theirs = os.openpty()
    environment = {"LANG": locale, "TERM": "xterm", "COLUMNS": "100"}
    options = ("--file", order_file, "--server", bot.address, *arguments)
    process = await begin(*options, environment=environment, stderr=theirs)
    os.close(theirs)
    shown = asyncio.create_task(asyncio.to_thread(read_all, terminal))
    return await end(process), await shown


def read_all(terminal: int) -> str:
    """Everything written to a terminal until its last writer has gone."""
    chunks = []
    try:
        while chunk := os.read(terminal, 65536):
            chunks.append(chunk)
    except OSError:  # how Linux reports that nobody is left on the other side
        pass
    finally:
        os.close(terminal)
    return b"".join(chunks).decode()


WITHOUT = """
import sys

class Without:
    def find_spec(self, name, *_):
        if name == {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Without())
from archibald_client.cli import main
main()
"""


@pytest.mark.parametrize("missing", ["typer", "rich"])
async def test_says_which_extra_is_missing(missing: str) -> None:
    """Without the extra `cli` the command names what to install instead of showing a traceback."""
    program = WITHOUT.format(missing=missing)
    ended = await end(await begin(command=(sys.executable, "-c", program)))
    assert (ended.code, ended.out) == (1, "")
    assert 'pip install "archibald-bot[cli]"' in ended.err
    assert "Traceback" not in ended.err


async def test_the_client_does_not_need_the_server() -> None:
    """Callers install contract and client only: nothing of the server is imported, nor the extra."""
    program = (
        "import sys, archibald_client; "
        "sys.exit(any(m.split('.')[0] in {'server', 'typer', 'rich', 'psycopg'} for m in sys.modules))"
    )
    ended = await end(await begin(command=(sys.executable, "-c", program)))
    assert (ended.code, ended.err) == (0, "")
