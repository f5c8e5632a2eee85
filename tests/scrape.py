"""Reads what a server tells Prometheus, each sample with its labels."""

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


async def samples(address: str) -> dict[str, float]:
    """The samples of ``GET /metrics`` as Prometheus writes them: ``archibald_ready{part="erp"}``."""
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"http://{address}/metrics")).text
    return {
        series(sample): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def series(sample: Sample) -> str:
    """Its name and labels, sorted."""
    labels = ", ".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
    return f"{sample.name}{{{labels}}}" if labels else sample.name
