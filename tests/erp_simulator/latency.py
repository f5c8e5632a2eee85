"""How long the ERP takes for each thing, in milliseconds before scaling."""

import asyncio
from random import Random

LATENCIES: dict[str, tuple[int, int]] = {
    "page:list": (2500, 2500),
    "page:detail": (3000, 3000),
    "page": (1000, 1000),
    "login": (3000, 3000),
    "list": (251, 880),
    "lookup": (900, 900),
    "customer": (1500, 1500),
    "add_line": (800, 800),
    "article": (1200, 1200),
    "field": (500, 500),
    "line": (5000, 7000),
    "save": (2500, 2500),
    "save_and_close": (3500, 3500),
    "delete": (2000, 2000),
    "send": (2500, 2500),
    "clone": (2500, 2500),
    "vat": (2600, 2600),
    "popup": (1500, 1500),
    "find": (2000, 2000),
    "address": (1500, 1500),
}


async def take_time(what: str, scale: float, random: Random) -> float:
    """Be as slow as the ERP, times the scale; returns the seconds that it was meant to take."""
    low, high = LATENCIES.get(what, (300, 300))
    seconds = random.uniform(low, high) / 1000 * scale
    if seconds > 0:
        await asyncio.sleep(seconds)
    return seconds
