"""`python -m server.recorder`: records what a real site sends, without writing anything to it.

Stage 0 reads pages; with a display a window opens afterwards, in which a person clicks (stage 1). The
site's address is ARCHIBALD_ERP_URL; the password is asked for, or read from standard input.
"""

import argparse
import asyncio
import getpass
import os
import sys
import tomllib
from pathlib import Path

from playwright.async_api import Page, async_playwright

from server import logs
from server.chromium import find_chromium
from server.erp import rules as rules_file
from server.erp.rules import Rules
from server.erp.session import Login
from server.errors import BotError
from server.recorder.dump import offered
from server.recorder.proposal import propose
from server.recorder.recording import Recording, Target, record


def main() -> int:
    """Run what the arguments say; 2 for a wrong configuration, 1 where the site did not let us in."""
    parser = argparse.ArgumentParser(prog="python -m server.recorder", description=__doc__)
    parser.add_argument("user", help="the agent's name in the ERP: ikiA0001")
    parser.add_argument(
        "--draft", default="", help="id of a draft of your own, made to be tried on"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("recording"), help="folder for the results"
    )
    parser.add_argument("--pages-only", action="store_true", help="stage 0 only, no window")
    parser.add_argument("--only-seen", action="store_true", help="propose only what was seen")
    arguments = parser.parse_args()
    logs.configure()
    url = os.environ.get("ARCHIBALD_ERP_URL", "")
    if not url.endswith("/Archibald"):
        return _fail("ARCHIBALD_ERP_URL must be the ERP's base URL, ending in /Archibald")
    window = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not arguments.pages_only and not window:
        return _fail("there is no display for a person to drive a window; use --pages-only")
    if not arguments.pages_only and not sys.stdin.isatty():
        return _fail("a person must sit at the terminal; use --pages-only")
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    target = Target(
        url,
        Login(arguments.user, password),
        arguments.draft.replace(".", ""),
        ignore_https_errors=os.environ.get("ARCHIBALD_ERP_INSECURE_TLS", "") in {"1", "true"},
    )
    try:
        recording = asyncio.run(_record(target, drive=not arguments.pages_only))
    except BotError as error:
        print(f"recorder: {error.message}", file=sys.stderr)  # noqa: T201 - for a person
        return 1
    _write(arguments.out, recording, only_seen=arguments.only_seen)
    return 0


async def _record(target: Target, *, drive: bool) -> Recording:
    # The headless shell has no window to show.
    chromium = find_chromium(
        os.environ.get("ARCHIBALD_CHROMIUM") or ("chromium" if drive else None)
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(chromium), headless=not drive
        )
        try:
            return await record(
                browser, target, Rules.load(), drive=_until_enter if drive else None
            )
        finally:
            await browser.close()


async def _until_enter(_: Page) -> None:
    # Not until the window closes: Chromium lets a held request go with its page (see WriteGate), while
    # the end of the context, which follows this, stops it.
    words = (
        "The window is yours; nothing you click is written. Press Enter HERE to end the recording. "
    )
    await asyncio.to_thread(input, words)


def _write(folder: Path, recording: Recording, *, only_seen: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = Path(rules_file.__file__).with_name("requests.toml")
    proposal = propose(
        tomllib.loads(source.read_text(encoding="utf-8")),
        recording.observations,
        recording.build,
        offered=offered(recording.pages),
        only_seen=only_seen,
    )
    (folder / "recording.json").write_text(recording.as_text(), encoding="utf-8")
    (folder / "requests.proposed.toml").write_text(proposal.text, encoding="utf-8")
    for warning in proposal.warnings:
        print(f"Warning: {warning}", file=sys.stderr)  # noqa: T201 - for a person
    seen, denied = len(recording.observations), recording.denied
    print(f"{seen} requests seen, {denied} kept from the site. Written to {folder}/.")  # noqa: T201


def _fail(message: str) -> int:
    print(f"recorder: {message}", file=sys.stderr)  # noqa: T201 - for a person
    return 2


if __name__ == "__main__":
    sys.exit(main())
