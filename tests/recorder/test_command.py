"""`python -m server.recorder` without a display: pages only, no POST but the login."""

import asyncio
import json
import os
import sys
from pathlib import Path

from server.erp.rules import Rules
from tests.erp_simulator.running import Simulator


async def _recorder(url: str, folder: Path, *arguments: str) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.recorder", "ikiA0001", "--out", str(folder), *arguments,
        env=environment | {"ARCHIBALD_ERP_URL": url}, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, error = await process.communicate(b"pw-ikiA0001\n")
    return process.returncode or 0, (out + error).decode()


async def test_the_pages_are_dumped_with_gets_only(erp: Simulator, tmp_path: Path) -> None:
    """Both files are written, the second one is a list that can be loaded; the site saw one POST."""
    await erp.clear_requests()
    code, told = await _recorder(erp.base_url, tmp_path, "--pages-only")
    assert code == 0, told
    posts = [one["class"] for one in await erp.requests() if one["method"] == "POST"]
    assert len(posts) == 1, posts
    recording = json.loads((tmp_path / "recording.json").read_text("utf-8"))
    assert [page["page"] for page in recording["pages"] if "missing" not in page] == [
        "orders", "order", "order edited", "new order", "products", "customers", "new customer",
    ]  # fmt: skip
    assert "pw-ikiA0001" not in json.dumps(recording) + told
    assert Rules.load(tmp_path / "requests.proposed.toml").framework_build == "-Pg14u"


async def test_a_person_needs_a_window(erp: Simulator, tmp_path: Path) -> None:
    """Without a display, or with a wrong address, it says what to do and does nothing."""
    code, told = await _recorder(erp.base_url, tmp_path / "none")
    assert (code, "--pages-only" in told) == (2, True)
    code, told = await _recorder(erp.base_url.removesuffix("/Archibald"), tmp_path, "--pages-only")
    assert (code, "ARCHIBALD_ERP_URL" in told) == (2, True)
    assert not (tmp_path / "none").exists()
