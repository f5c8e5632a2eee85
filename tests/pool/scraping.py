"""Reads what a server tells Prometheus."""

import httpx
from prometheus_client.parser import text_string_to_metric_families


async def scraped(address: str) -> dict[str, float]:
    """The samples by name, those of evictions by cause."""
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"http://{address}/metrics")).text
    return {
        sample.labels.get("cause", sample.name): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
