"""A site is recorded without a write, and what was seen is enough for the bot after an update of it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from archibald.v1 import bot_pb2 as pb
from server.erp import rules as rules_file
from server.erp.rules import Rules
from server.erp.session import Login
from server.errors import UiDriftError
from server.recorder.dump import offered
from server.recorder.proposal import propose
from server.recorder.recording import Recording, Target, record
from tests.erp_agents import TIMEOUTS, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import burs, disc, entered, order
from tests.pairwise import sampled
from tests.recorder.person import Person

LIST = tomllib.loads(Path(rules_file.__file__).with_name("requests.toml").read_text("utf-8"))
BETA: dict[str, Any] = {
    "customer_id": "55207", "customer_account": "1002006", "customer_name": "Laboratorio Beta",
}  # fmt: skip


async def recorded(erp: Simulator, chromium: Browser, **switches: Any) -> Recording:
    """Let the person click through a site with these switches; nothing of it may be written."""
    await erp.config(**switches)
    several = {one["id"] for one in await erp.customers() if len(one["addresses"]) > 1}
    draft = next(
        one for one in await erp.orders("ikiA0001")
        if one["transferstatus"] in {"Modifica", "Edit"} and one["customer_id"] in several and one["lines"]
    )  # fmt: skip
    target = Target(erp.base_url, Login("ikiA0001", "pw-ikiA0001"), draft["id"], timeouts=TIMEOUTS)
    person = Person(erp.base_url, draft["id"])
    recording = await record(chromium, target, Rules.load(), drive=person)
    assert await erp.effects() == []
    words = {one["class"].split(":")[0] for one in await erp.requests() if one["method"] == "POST"}
    assert not words & {"customer", "article", "line", "save", "send", "delete"}, words
    for secret in (*person.secrets, "pw-ikiA0001", draft["id"]):
        assert len(secret) > 3
        assert secret not in recording.as_text()
    return recording


def shows_what_the_site_tells_in_advance(recording: Recording) -> None:
    """Stage 0: menus with what they send, immediate editors, grids, the build."""
    pages = {page["page"]: page for page in recording.pages}
    assert [name for name, page in pages.items() if "missing" in page] == []
    assert recording.build == "-Pg14u"
    toolbar = next(menu for menu in pages["orders"]["menus"] if "mainMenu" in menu["name"])
    sends = {item["name"]: item["sends"] for item in toolbar["items"]}
    assert sends["SendOrder"]["asks"] == "Are you sure to send the order (s) ?"
    assert sends["SendOrder"]["handler"] == "Vertical$mainMenu"
    assert "CUSTTABLE" in pages["new order"]["immediate"]
    assert "PURCHORDERFORMNUM" not in pages["new order"]["immediate"]
    assert {"MANUALDISCOUNT", "LINEDISC"} <= set(pages["order edited"]["immediate"])
    assert any("dviSALESLINEs" in grid["name"] for grid in pages["order edited"]["grids"])
    assert offered(recording.pages)["CloneOrder"] == ["orders"]


@pytest.mark.parametrize(
    "switches",
    sampled(
        [
            {"save_form": "name", "lookup_choice_sends_apply": True, "save_root": "default"},
            {"postback": "full"},
        ],
        lambda switches: "save_form" in switches,
    ),
    ids=str,
)
async def test_what_was_recorded_is_enough_after_an_update(
    erp: Simulator, chromium: Browser, agent_of: SignIn, tmp_path: Path, switches: dict[str, Any]
) -> None:
    """Only requests that the recording saw may leave; all volatile numbers are others meanwhile."""
    recording = await recorded(erp, chromium, renumber=11, **switches)
    assert {one.verdict for one in recording.observations if not one.passed} >= {"COMMIT"}
    assert all(one.passed is False for one in recording.observations if one.verdict == "COMMIT")
    shows_what_the_site_tells_in_advance(recording)
    proposal = propose(LIST, recording.observations, recording.build, only_seen=True)
    path = tmp_path / "requests.toml"
    path.write_text(proposal.text, encoding="utf-8")
    rules = Rules.load(path)
    assert rules.framework_build == "-Pg14u"
    assert rules.unconfirmed == ()
    await erp.reset(renumber=12, **switches)
    agent = await agent_of(rules=rules)
    address = pb.DeliveryAddress(street="Viale Prova 7", city="Porto Finto")
    request = order(
        burs(discount="12.5"), disc(), notes="nota", discount_percent="5",
        delivery_address=address, **BETA,
    )  # fmt: skip
    ran = await entered(agent, request)
    assert list(ran.result.verification.differences) == []
    created = await erp.effects("order_created")
    assert len(created) == 1
    # Nobody has clicked this while it was recorded: it is stopped, on whatever numbers.
    await agent.session.screen.open("step", f"{erp.base_url}/SALESTABLE_ListView_Agent/")
    page = agent.session.page
    async with page.expect_event("requestfailed"):
        await page.evaluate(
            "() => { ASPxClientControl.GetControlCollection().ForEachControl((control) => {"
            " if (/^Vertical_v\\d+_\\d+_LE_v\\d+$/.test(control.name))"
            " control.AutoFilterByColumn('ID', '7') }); }"
        )
    with pytest.raises(UiDriftError, match="unexpected"):
        agent.session.gate.check()
    assert await erp.effects("order_created") == created
