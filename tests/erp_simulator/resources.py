"""Scripts, style sheet and images, under the addresses that DevExpress gives them."""

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

STATIC = Path(__file__).parent / "static"
BUILD = "Pg14u"
SCRIPTS = (
    "WebForms.js", "ASPx.js", "ASPxClientControl.js", "ASPxClientEdit.js", "ASPxClientSpinEdit.js",
    "ASPxClientComboBox.js", "ASPxClientCheckBox.js", "ASPxClientGridView.js",
    "ASPxClientGridViewMarkup.js", "ASPxClientGridLookup.js", "ASPxClientMenu.js",
    "ASPxClientPageControl.js", "ASPxClientFindEdit.js", "ASPxClientPopupControl.js", "ASPxClientLoadingPanel.js", "xaf.js",
)  # fmt: skip
CACHED = {"Cache-Control": "public, max-age=31536000"}


def resource(request: Request) -> Response:
    """Answer a request below `DXR.axd`, `DXX.axd` or `WebResource.axd`."""
    if request.query_params.get("handlerName") == "ImageResource":
        name = request.query_params.get("name", "")
        return Response(image(name), media_type="image/svg+xml", headers=CACHED)
    if "handlerName" in request.query_params:
        return Response(status_code=204)
    wanted = request.query_params.get("r", "")
    if wanted.startswith("0_"):
        return Response((STATIC / "xaf.css").read_text(), media_type="text/css", headers=CACHED)
    return Response(scripts(), media_type="text/javascript", headers=CACHED)


def scripts() -> str:
    """All scripts in one answer, as DevExpress merges them."""
    parts = [
        f"// {name}\n{(STATIC / name).read_text()}" for name in SCRIPTS if (STATIC / name).exists()
    ]
    return "\n".join(parts)


@cache
def image(name: str) -> str:
    """An icon; an unknown name is an empty square, as the blank sprite is."""
    path = STATIC / "images" / f"{name}.svg"
    if name.isidentifier() and path.exists():
        return path.read_text()
    return '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"/>'
