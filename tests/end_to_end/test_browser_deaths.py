"""Whatever freezes or dies of the browser, its agent is at work again within ten seconds, and nothing twice.

The times that matter here are the defaults: of the watches, the closings and the first retry.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from server.config import Config
from tests.end_to_end.parts import ERP_USER, SILENT, Bot, order, started
from tests.erp_simulator.running import Simulator
from tests.soak.chaos import processes_of

WITHIN = 10.0
DEFAULTS = ("close_timeout", "page_timeout", "retry_delays", "time_scale", "lease", "lease_renewal")


def is_renderer(command: str) -> bool:
    return "--type=renderer" in command


def is_browser(command: str) -> bool:
    return "chromium" in command and "--type=" not in command and "guardian" not in command


def is_driver(command: str) -> bool:
    return command.startswith("node ") or "/node " in command


DEEDS: dict[str, tuple[Callable[[str], bool], signal.Signals]] = {
    "renderer stopped": (is_renderer, signal.SIGSTOP),
    "renderer killed": (is_renderer, signal.SIGKILL),
    "browser stopped": (is_browser, signal.SIGSTOP),
    "browser killed": (is_browser, signal.SIGKILL),
    "driver stopped": (is_driver, signal.SIGSTOP),
    "driver killed": (is_driver, signal.SIGKILL),
}
MOMENTS = ("before the gate", "past the gate", "idle")
EVERY_DAY = {("renderer stopped", "past the gate")}


@pytest.fixture
async def bot(config: Config, database: str, tmp_path: Path) -> AsyncIterator[Bot]:
    own = replace(config, **{name: getattr(Config, name) for name in DEFAULTS}, data_dir=tmp_path)
    async with started(own, database) as bot:
        yield bot


@pytest.mark.parametrize(
    ("deed", "moment"),
    [
        pytest.param(
            deed, moment, marks=() if (deed, moment) in EVERY_DAY else (pytest.mark.matrix,)
        )
        for deed in DEEDS
        for moment in MOMENTS
    ],
)
async def test_the_agent_is_at_work_again(
    bot: Bot, sim: Simulator, tmp_path: Path, deed: str, moment: str
) -> None:
    """In time, once, and with no request of the old browser behind the first of the new one."""
    first = asyncio.create_task(bot.client.submit_order(order(), timeout=100))
    if moment == "before the gate":
        await _until_signed_in(sim)
    elif moment == "past the gate":
        await _until_effect(sim, "line_added")
    else:
        await first
    seen = {entry["connection"] for entry in await sim.requests()}
    hit(tmp_path, *DEEDS[deed])
    at = time.time()
    second = order(
        pending_order_id="p-2",
        customer_id="55.203",
        customer_name="Centro Alfa",
        customer_account="1002002",
    )
    answers = [await first, await bot.client.submit_order(second, timeout=100)]
    created = [effect["id"] for effect in await sim.effects("order_created")]
    standing = [each["id"] for each in await sim.orders(ERP_USER) if each["id"] in created]
    assert sorted(standing) == sorted(answer.order_id.replace(".", "") for answer in answers)
    entries = await _of_agent(sim)
    new = [entry for entry in entries if entry["connection"] not in seen]
    old = [entry for entry in entries if entry["connection"] in seen]
    after = datetime.fromisoformat(new[0]["at"]).timestamp() - at
    assert after < WITHIN
    assert max(entry["seq"] for entry in old) < new[0]["seq"]


def hit(folder: Path, is_one: Callable[[str], bool], number: signal.Signals) -> None:
    """Send the signal to all that are meant: there is one agent's page."""
    found = [pid for pid, command in processes_of(folder) if is_one(command)]
    assert found
    for pid in found:
        os.kill(pid, number)


async def _of_agent(sim: Simulator) -> list[dict[str, Any]]:
    """The requests of the agent's sessions, also those before the login."""
    entries = [entry for entry in await sim.requests() if entry["class"] not in SILENT]
    sessions = {entry["session"] for entry in entries if entry["user"] == ERP_USER}
    return [entry for entry in entries if entry["session"] in sessions]


async def _until_signed_in(sim: Simulator) -> None:
    while not [entry for entry in await sim.requests("page") if entry["user"]]:  # noqa: ASYNC110 - the simulator tells nobody
        await asyncio.sleep(0.02)


async def _until_effect(sim: Simulator, kind: str) -> None:
    while not await sim.effects(kind):  # noqa: ASYNC110 - the simulator tells nobody
        await asyncio.sleep(0.02)
