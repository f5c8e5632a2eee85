"""What axe-core has to say about a page as Chromium shows it."""

import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = "axe.run({resultTypes: ['violations']}).then(JSON.stringify)"
GRAVE = {"serious", "critical"}


async def grave_faults(page: Page) -> list[str]:
    """The accessibility faults that matter, one a line; evaluated, so that the page's CSP stays as it is."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads(await page.evaluate(_RUN))
    assert found["passes"], "axe looked at nothing"
    return [
        f"{fault['impact']} {fault['id']}: {node['html']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]
