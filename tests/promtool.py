"""Evaluates the alert rules with Prometheus's own promtool: on a recorded scrape, with some samples changed."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALERTS = Path(__file__).resolve().parents[1] / "deploy" / "alerts.yml"
INSTANCE = 'instance="bot-1", job="archibald-bot"'
MINUTES = 300
FIRING = 'group by (alertname) (ALERTS{alertstate="firing"})'


@dataclass(frozen=True)
class Scene:
    """A recorded scrape that goes on for hours, with other values for some series, and what must fire.

    ``changed`` is in promtool's notation, from the first minute on: ``1x10 0x290``.
    """

    fires: Sequence[str]
    changed: Mapping[str, str]
    at: str = "40m"


def between(before: Mapping[str, float], after: Mapping[str, float], fires: Sequence[str]) -> Scene:
    """Half an hour of one scrape, then the other."""
    changed = {
        name: f"{before[name]!r}x29 {value!r}x270"
        for name, value in after.items()
        if name.partition("{")[0] in used() and name in before and before[name] != value
    }
    return Scene(fires, changed)


def promtool() -> str | None:
    """The program, where `make setup` has put it or the system has it."""
    return shutil.which(str(Path(sys.executable).with_name("promtool"))) or shutil.which("promtool")


def evaluate(recorded: Mapping[str, float], scenes: Sequence[Scene], folder: Path) -> str:
    """Run all scenes; returns promtool's words when one of them is not as expected, else nothing."""
    unknown = {name for scene in scenes for name in scene.changed} - recorded.keys() - {"up"}
    assert not unknown, f"alerts are tested on series that no server tells: {unknown}"
    file = folder / "scenes.json"  # which is YAML as well
    file.write_text(
        json.dumps(
            {
                "rule_files": [str(ALERTS)],
                "evaluation_interval": "1m",
                "tests": [_test(recorded, scene) for scene in scenes],
            }
        )
    )
    return run("test", "rules", str(file))


def run(*arguments: str) -> str:
    """What it says if it fails; nothing if all is well."""
    program = promtool()
    assert program is not None
    ended = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return f"{ended.stdout}{ended.stderr}" if ended.returncode else ""


def alerts() -> list[str]:
    """The names of all alerts."""
    return re.findall(r"- alert: (\w+)", ALERTS.read_text())


def used() -> set[str]:
    """The names of all metrics that the rules use."""
    return set(re.findall(r"\barchibald_\w+", ALERTS.read_text()))


def _test(recorded: Mapping[str, float], scene: Scene) -> dict[str, Any]:
    names = used()
    steady = {
        name: f"{value!r}x{MINUTES}"
        for name, value in {**recorded, "up": 1.0}.items()
        if name == "up" or name.partition("{")[0] in names
    }
    expected = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in scene.fires]
    return {
        "interval": "1m",
        "input_series": [
            {"series": _of_instance(name), "values": values}
            for name, values in (steady | dict(scene.changed)).items()
        ],
        "promql_expr_test": [{"expr": FIRING, "eval_time": scene.at, "exp_samples": expected}],
    }


def _of_instance(name: str) -> str:
    """The series as Prometheus keeps it, with the labels of the scrape."""
    if name.endswith("}"):
        return f"{name[:-1]}, {INSTANCE}}}"
    return f"{name}{{{INSTANCE}}}"
