"""The framework's own panel above a page, in which it says why an action was refused."""

from server.erp.screen import Screen

# For scripts of ours: the texts that the panel shows now.
TOLD = """
  const told = [...document.querySelectorAll('[id$="_ErrorInfo"], .ErrorLabel')].filter(shown)
    .map((item) => item.textContent.trim()).filter(Boolean);
"""
_TOLD = f"() => {{ {TOLD} return {{words: (told[0] ?? '').slice(0, 200)}}; }}"


async def told(screen: Screen, step: str) -> str:
    """Wait until the page is quiet, and return what its panel says; "" for nothing.

    Raises:
        ErpUnavailableError: the page did not come to rest, or the session has ended.
    """
    return str((await screen.quiet(step, _TOLD))["words"])
