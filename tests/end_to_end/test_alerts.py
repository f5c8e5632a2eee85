"""What the alert rules make of what a server tells: each trouble fires its alert, and calm fires none."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from archibald_client import ErpLoginRejectedError
from server.app import stored_credentials
from server.config import Config
from tests import promtool
from tests.end_to_end.parts import Bot, order
from tests.erp_simulator.running import Simulator
from tests.promtool import Scene, between
from tests.scrape import samples

pytestmark = pytest.mark.skipif(
    promtool.promtool() is None, reason="no promtool: `make setup` gets it on Debian"
)


TROUBLES = {
    "ArchibaldDuplicateSuspected": Scene(
        ["ArchibaldDuplicateSuspected"], {"archibald_duplicates_suspected_total": "0x30 1x270"}
    ),
    "ArchibaldUnderReview": Scene(
        ["ArchibaldUnderReview"],
        {'archibald_operations{state="NEEDS_REVIEW", type="submit-order"}': "0x10 2x290"},
    ),
    "ArchibaldReviewForgotten": Scene(
        ["ArchibaldReviewForgotten"],
        {
            'archibald_operations_oldest_seconds{state="NEEDS_REVIEW", type="delete-order"}': "0+60x300"
        },
        at="245m",
    ),
    "ArchibaldLocalCommitStuck": Scene(
        ["ArchibaldLocalCommitStuck"],
        {'archibald_operations_commit_stuck{type="submit-order"}': "0x10 1x290"},
    ),
    "ArchibaldUnknownTooLong": Scene(
        ["ArchibaldUnknownTooLong"],
        {
            'archibald_operations_oldest_seconds{state="VERIFYING", type="send-to-verona"}': "0+60x300"
        },
        at="65m",
    ),
    "ArchibaldWaitsTooLong": Scene(
        ["ArchibaldWaitsTooLong"],
        {'archibald_operations_oldest_seconds{state="QUEUED", type="submit-order"}': "0+60x300"},
        at="95m",
    ),
    "ArchibaldAnswersLost": Scene(
        ["ArchibaldAnswersLost"], {"archibald_erp_answers_lost_total": "0x30 5x270"}
    ),
    "ArchibaldErpAway": Scene(["ArchibaldErpAway"], {'archibald_ready{part="erp"}': "1x10 0x290"}),
    "ArchibaldErpSlow": Scene(
        ["ArchibaldErpSlow"],
        {
            f'archibald_erp_write_seconds_bucket{{kind="line", le="{bound}"}}': "0+1x300"
            for bound in ("120.0", "300.0", "600.0", "+Inf")
        },
    ),
    "ArchibaldGateRefuses": Scene(
        ["ArchibaldGateRefuses"],
        {'archibald_gate_requests_total{kind="unknown", verdict="refused"}': "0x30 1x270"},
    ),
    "ArchibaldUiDrift": Scene(
        ["ArchibaldUiDrift"],
        {
            'archibald_attempts_failed_total{arrow="retry", reason="UI_DRIFT", type="submit-order"}': (
                "0x30 4x270"
            )
        },
    ),
    "ArchibaldLoginRejected": Scene(
        ["ArchibaldLoginRejected"],
        {
            'archibald_erp_logins_total{reason="ERP_LOGIN_REJECTED"}': "0x30 1x270",
        },
    ),
    "ArchibaldServerGone": Scene(["ArchibaldServerGone"], {"up": "1x10 0x290"}),
    "ArchibaldDatabaseAway": Scene(
        ["ArchibaldDatabaseAway"], {"archibald_journal_readable": "1x10 0x290"}
    ),
    "ArchibaldNoBrowser": Scene(
        ["ArchibaldNoBrowser"], {'archibald_ready{part="pool"}': "1x10 0x290"}
    ),
    "ArchibaldBrowsersDie": Scene(
        ["ArchibaldBrowsersDie"], {"archibald_pool_crashes_total": "0x30 8x270"}
    ),
    "ArchibaldSlotsFull": Scene(
        ["ArchibaldSlotsFull"],
        {"archibald_pool_waiting": "0x10 3x290", "archibald_pool_in_use": "0x10 10x290"},
    ),
    "ArchibaldInternalError": Scene(
        ["ArchibaldInternalError"],
        {'archibald_calls_total{reason="INTERNAL", rpc="SubmitOrder"}': "0x30 1x270"},
    ),
}


async def test_every_alert_fires_for_its_trouble_and_for_nothing_else(
    watched: tuple[Bot, str], tmp_path: Path
) -> None:
    """On the scrape of a server that has just done an order: calm for hours, then one series changes.

    Each rule's metrics and labels are those that a server tells, for only such series can be changed.
    """
    bot, address = watched
    await bot.client.submit_order(order())
    recorded = await samples(address)
    assert promtool.used() <= {name.partition("{")[0] for name in recorded}
    assert sorted(TROUBLES) == sorted(promtool.alerts())
    assert not promtool.run("check", "rules", str(promtool.ALERTS))
    calm = [Scene([], {}, at=at) for at in ("5m", "40m", "290m")]
    assert not promtool.evaluate(recorded, [*calm, *TROUBLES.values()], tmp_path)


async def test_real_troubles_fire_their_alerts(
    watched: tuple[Bot, str], config: Config, sim: Simulator
) -> None:
    """A refused login, an operation under review, an ERP that is away: the scrapes before and after."""
    bot, address = watched
    async with stored_credentials(config) as (credentials, conn):
        await credentials.put(conn, "A002", "ikiA0002", "not the password")
    before = await samples(address)
    with pytest.raises(ErpLoginRejectedError):
        await bot.client.submit_order(order(user_id="A002", pending_order_id="refused"))
    async with await psycopg.AsyncConnection.connect(bot.database) as conn:
        await conn.execute("UPDATE agents.operations SET state = 'NEEDS_REVIEW'")
    await sim.restart(seconds=60)
    await bot.client.start(order())
    async with asyncio.timeout(60):
        # The server's metrics have to be asked: nobody is told.
        while (after := await samples(address))['archibald_ready{part="erp"}']:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    await sim.restart()
    assert (
        after["archibald_erp_circuit_opened_total"] > before["archibald_erp_circuit_opened_total"]
    )
    fired = ["ArchibaldErpAway", "ArchibaldLoginRejected", "ArchibaldUnderReview"]
    assert not promtool.evaluate(before, [between(before, after, fired)], config.data_dir)
