"""`make mutants`: takes the guards of gate and probe out, one by one, and shows that a test misses each.

Every mutant is one exact replacement in a copy of the project, and names the test that must fail by it.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FAILED = 1  # pytest's exit code when tests ran and some failed; others mean that none ran


@dataclass(frozen=True)
class Mutant:
    """One guard: where it stands, what it becomes when it is taken out, who must notice."""

    guard: str
    file: str
    old: str
    new: str
    test: str


GATE = "server/erp"
MUTANTS = (
    Mutant(
        "a request leaves only after its durable row",
        f"{GATE}/request_handler.py",
        "        if not allowed:\n",
        "        if not allowed and False:\n",
        "tests/erp/test_write_gate.py::test_fenced_means_not_sent",
    ),
    Mutant(
        "a pass is good for one request",
        f"{GATE}/request_handler.py",
        "None if announced is None or announced.spent else announced.armed",
        "None if announced is None else announced.armed",
        "tests/erp/test_write_gate.py::test_a_harmless_menu_item_passes_once_by_its_literal",
    ),
    Mutant(
        "one ticket, one request",
        f"{GATE}/announced.py",
        "        used = self.ahead if verdict.ahead else self.spent\n",
        "        used = False\n",
        "tests/erp/test_write_gate_stops.py::test_a_second_write_needs_a_second_ticket",
    ),
    Mutant(
        "the object in the body is the ticket's",
        f"{GATE}/content.py",
        "    if verdict.target != target:\n",
        "    if not verdict.kind:\n",
        "tests/erp/test_write_gate_stops.py::test_another_customers_key_is_stopped",
    ),
    Mutant(
        "the held body says what the ticket says",
        f"{GATE}/content.py",
        "        if not same(expected, verdict.fields, name):\n",
        "        if not verdict.fields:\n",
        "tests/erp/test_write_gate_stops.py::test_a_changed_quantity_is_stopped",
    ),
    Mutant(
        "nothing else on the form has changed",
        f"{GATE}/content.py",
        "for name in sorted(changes - armed.changes)]",
        "for name in sorted(changes - armed.changes) if not name]",
        "tests/erp/test_write_gate_stops.py::test_an_editor_that_nobody_touched_must_not_change",
    ),
    Mutant(
        "the driver sends it without a second try",
        f"{GATE}/send_once.py",
        "max_retries=0, max_redirects=0",
        "max_retries=1, max_redirects=0",
        "tests/erp/test_write_gate_transport.py::test_a_closed_connection_that_the_driver_uses_again_is_one_request",
    ),
    Mutant(
        "a redirect that would post again is not handed to the page",
        f"{GATE}/request_handler.py",
        "        elif sent.lost and self.context is not None:\n",
        "        elif sent.lost and self.context is None:\n",
        "tests/erp/test_write_gate_transport.py::test_a_redirect_that_would_post_again_closes_the_context",
    ),
    Mutant(
        "what no entry names is unknown",
        f"{GATE}/classify.py",
        '            return self._say(rule.word)\n        return self._say("UNKNOWN")\n\n    def _lookup',
        '            return self._say(rule.word)\n        return self._say("PASS")\n\n    def _lookup',
        "tests/erp/test_gate_on_simulator.py::test_an_unknown_command_never_arrives",
    ),
    Mutant(
        "a menu item passes only by its literal parameter",
        f"{GATE}/classify.py",
        "or literal(armed.parameter) != sent:",
        "or not sent:",
        "tests/erp/test_classify.py::test_an_announced_item_is_that_item_only",
    ),
    Mutant(
        "exactly one row is selected",
        f"{GATE}/classify.py",
        '    if state.selection.count("T") != 1 or len',
        '    if state.selection.count("T") < 1 or len',
        "tests/erp/test_write_targets.py::test_a_sends_target_is_the_one_selected_row",
    ),
    Mutant(
        "a page that is left has no last word",
        f"{GATE}/write_gate.py",
        "        await context.add_init_script(_NOTHING_PASSES_BY)\n",
        "",
        "tests/erp/test_write_gate_exits.py::test_a_page_has_no_last_word",
    ),
    Mutant(
        "only the announced question gets a yes",
        f"{GATE}/trouble.py",
        "question.accepted or dialog.message != question.text",
        "question.accepted",
        "tests/operations/test_send_to_verona_steps.py::test_a_question_of_other_words_is_not_answered_with_yes",
    ),
    Mutant(
        "a send is called sent on evidence only",
        "server/operations/send_to_verona_steps.py",
        "    if after is None:\n        raise _still_unsent(refused)\n",
        "    after = after or before\n",
        "tests/operations/test_send_to_verona_steps.py::test_a_send_that_never_shows_is_not_called_sent",
    ),
    Mutant(
        "absence needs a row that is known to exist",
        f"{GATE}/absence.py",
        "    if control != EMPTY and not reading.shows(control):\n",
        "    if control == EMPTY and not reading.shows(control):\n",
        "tests/erp/test_absence.py::test_what_is_there_is_seen_and_what_is_not_is_proved_absent",
    ),
    Mutant(
        "absence needs a filter that nobody has changed",
        f"{GATE}/absence.py",
        "        if count and not reading.kept:\n            return Unproved(CHANGED)\n",
        "",
        "tests/operations/test_existing_orders_probe.py::test_a_filter_changed_while_absence_is_read_voids_the_reading",
    ),
    Mutant(
        "a customer without our marker is not ours",
        "server/operations/create_customer_probe.py",
        "    if not marked and not traces.draft_id:\n",
        "    if not found:\n",
        "tests/operations/test_create_customer_faults.py::test_what_is_not_ours_never_lands",
    ),
    Mutant(
        "two orders with one marker are for a person",
        "server/operations/submit_order_probe.py",
        "        if len(own) > 1:\n",
        "        if not own:\n",
        "tests/operations/test_submit_order_probe.py::test_what_cannot_be_told_is_not_told",
    ),
    Mutant(
        "what stands in a draft is not entered again",
        "server/operations/submit_order_completion.py",
        "    left = [item for item in items if item.path in missing]\n",
        "    left = list(items)\n",
        "tests/operations/test_submit_order_completion.py::test_a_completion_may_be_interrupted_itself",
    ),
    Mutant(
        "a draft that somebody has changed is not deleted",
        "server/operations/submit_order_undo.py",
        "    if shown.foreign:\n",
        "    if not found:\n",
        "tests/operations/test_submit_order_undo.py::test_only_our_own_draft_is_deleted",
    ),
)


def say(text: str) -> None:
    """To the person who watches."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run all mutants, or those whose guard holds the word given; 1 if any survives."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [mutant for mutant in MUTANTS if word in mutant.guard]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        _copy_to(copy)
        whole = _run(copy, *sorted({mutant.test for mutant in chosen}))
        if whole.returncode:
            say(whole.stdout)
            say("these tests must pass before guards are taken out")
            return 1
        survivors = sum([_survives(copy, mutant) for mutant in chosen])
    say(f"{len(chosen) - survivors} of {len(chosen)} guards are missed when they are taken out")
    return 1 if survivors else 0


def _copy_to(copy: Path) -> None:
    for name in ("protos", "server", "client", "migrations", "tests", "README.md"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    shutil.copy(ROOT / "pyproject.toml", copy)


def _survives(copy: Path, mutant: Mutant) -> bool:
    file = copy / mutant.file
    text = file.read_text()
    file.write_text(mutated(text, mutant))
    try:
        ended = _run(copy, mutant.test)
    finally:
        file.write_text(text)
    missed = ended.returncode == FAILED
    say(f"{'missed  ' if missed else 'SURVIVES'}  {mutant.guard}\n          {mutant.test}")
    if not missed:
        say("\n".join(_last_lines(ended.stdout)))
    return not missed


def mutated(text: str, mutant: Mutant) -> str:
    """The file's text without the guard; ValueError unless the guard stands there exactly once."""
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.file} holds the guard {text.count(mutant.old)} times")
    return text.replace(mutant.old, mutant.new)


def _run(copy: Path, *tests: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)


def _last_lines(text: str) -> Iterator[str]:
    yield from text.splitlines()[-15:]


if __name__ == "__main__":
    sys.exit(main())
