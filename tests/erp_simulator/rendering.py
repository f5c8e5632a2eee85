"""Templates, with everything escaped unless it is markup of our own."""

import html
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tests.erp_simulator.grids import one_moment
from tests.erp_simulator.languages import text

HERE = Path(__file__).parent
ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def render(template: str, **values: Any) -> str:
    """The text of a template."""
    with one_moment():
        return ENVIRONMENT.get_template(template).render(**values)


def script_json(value: Any) -> Markup:
    """A value for an inline script: nothing in it can end the script."""
    written = json.dumps(value, ensure_ascii=False)
    for dangerous, harmless in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        written = written.replace(dangerous, harmless)
    return Markup(written)


def state_json(value: Any) -> str:
    """A control's state as its field holds it: JSON, HTML-escaped once (and again by the page)."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Not apostrophes: as character references they would look dangerous to ASP.NET's own validation.
    return html.escape(written, quote=False).replace('"', "&quot;")


def client_parameters(names: dict[str, str]) -> str:
    """The `ClientServerParams` list: `12|#|name|4|length|1value#`."""
    inner = "".join(f"{name}|4|{len(value) + 1}|1{value}" for name, value in names.items())
    return f"12|#|{inner}#"


ENVIRONMENT.filters["translated"] = text
ENVIRONMENT.filters["script_json"] = script_json
ENVIRONMENT.filters["state_json"] = state_json
