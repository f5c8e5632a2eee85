"""Laws of the migrations and of the runner that applies them."""

import asyncio
import re
import shutil
from pathlib import Path

import psycopg
import pytest

from server.migrate import FOLDER, MigrationError, migrate
from tests.schemas import rows, run, schema

NAMES = sorted(path.name for path in FOLDER.glob("*.sql"))


def folder_with(tmp_path: Path, **files: str) -> Path:
    """A folder of migrations; `_001_first="…"` becomes 001-first.sql."""
    for name, text in files.items():
        (tmp_path / f"{name.removeprefix('_').replace('_', '-')}.sql").write_text(text)
    return tmp_path


async def test_an_empty_database_gets_everything_in_order(empty_database: str) -> None:
    """All files run, are recorded with their hash, and leave the tables."""
    assert await migrate(empty_database) == NAMES
    recorded = await rows(
        empty_database, "SELECT name, sha256 FROM agents.schema_migrations ORDER BY name"
    )
    assert [name for name, _ in recorded] == NAMES
    assert all(re.fullmatch("[0-9a-f]{64}", sha256) for _, sha256 in recorded)


async def test_the_second_run_changes_nothing(database: str) -> None:
    """What is applied is not applied again."""
    before = await schema(database)
    assert await migrate(database) == []
    assert await schema(database) == before


async def test_two_processes_at_once_apply_each_file_once(empty_database: str) -> None:
    """One works while the others wait for it, and between them every file runs once."""
    results = await asyncio.gather(*(migrate(empty_database) for _ in range(5)))
    assert sorted(name for applied in results for name in applied) == NAMES


async def test_a_line_of_an_order_exists_once(database: str) -> None:
    """A second run of the local transaction cannot double the lines."""
    line = """
        INSERT INTO agents.order_articles (order_id, user_id, article_code, quantity, created_at, line_number)
        VALUES ('71.725', 'agent-1', 'A', 1, now(), 1)
    """
    await run(database, line)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await run(database, line)


async def test_an_edited_migration_is_refused(empty_database: str, tmp_path: Path) -> None:
    """History is not rewritten: another database has the old text."""
    folder = folder_with(tmp_path, _001_first="CREATE SCHEMA agents")
    await migrate(empty_database, folder)
    folder_with(
        tmp_path,
        _001_first="CREATE SCHEMA agents; SELECT 1",
        _002_second="CREATE TABLE agents.b ()",
    )
    with pytest.raises(MigrationError, match=r"001-first\.sql was edited"):
        await migrate(empty_database, folder)
    assert await rows(empty_database, "SELECT to_regclass('agents.b')") == [(None,)]


async def test_other_line_ends_are_no_edit(empty_database: str, tmp_path: Path) -> None:
    """A checkout may turn LF into CRLF."""
    folder = folder_with(tmp_path, _001_first="CREATE SCHEMA agents;\nSELECT 1;\n")
    await migrate(empty_database, folder)
    (folder / "001-first.sql").write_bytes(b"CREATE SCHEMA agents;\r\nSELECT 1;\r\n")
    assert await migrate(empty_database, folder) == []


async def test_a_gap_or_a_stray_name_is_refused(empty_database: str, tmp_path: Path) -> None:
    """A file lost in a merge is noticed before anything runs."""
    folder = folder_with(tmp_path, _001_first="SELECT 1", _003_third="SELECT 1")
    with pytest.raises(MigrationError, match="number 002 belongs"):
        await migrate(empty_database, folder)
    (folder / "003-third.sql").rename(folder / "2_second.sql")
    with pytest.raises(MigrationError, match="not named like"):
        await migrate(empty_database, folder)
    assert await schema(empty_database) == []


async def test_older_code_is_refused_on_a_newer_database(database: str, tmp_path: Path) -> None:
    """What is recorded but unknown here, or missing in the middle, means other code."""
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / NAMES[-1]).unlink()
    with pytest.raises(MigrationError, match="it is older"):
        await migrate(database, tmp_path)
    await run(database, f"DELETE FROM agents.schema_migrations WHERE name = '{NAMES[1]}'")
    with pytest.raises(MigrationError, match=f"but not {NAMES[1]}"):
        await migrate(database)


async def test_a_failing_migration_leaves_nothing(empty_database: str, tmp_path: Path) -> None:
    """The files before it stay applied, its own beginning does not, and the next try starts there."""
    folder = folder_with(
        tmp_path,
        _001_first="CREATE SCHEMA agents",
        _002_second="CREATE TABLE agents.b (); SELECT 1 / 0",
    )
    with pytest.raises(MigrationError, match=r"002-second\.sql: division by zero"):
        await migrate(empty_database, folder)
    assert await rows(empty_database, "SELECT name FROM agents.schema_migrations") == [
        ("001-first.sql",)
    ]
    assert await rows(empty_database, "SELECT to_regclass('agents.b')") == [(None,)]
    folder_with(tmp_path, _002_second="CREATE TABLE agents.b ()")
    assert await migrate(empty_database, folder) == ["002-second.sql"]


async def test_a_migration_that_commits_by_itself_is_refused(
    empty_database: str, tmp_path: Path
) -> None:
    """One file, one transaction: otherwise a crash leaves a half step that nothing records."""
    folder = folder_with(tmp_path, _001_first="CREATE SCHEMA agents; COMMIT")
    with pytest.raises(MigrationError, match="ends the transaction itself"):
        await migrate(empty_database, folder)


async def test_one_agent_has_one_turn_and_one_target_one_key(database: str) -> None:
    """Two processes that both believe it is their turn are told by the index; a stuck commit gave it up."""
    insert = """
        INSERT INTO agents.operations
            (user_id, operation_type, operation_key, target, fingerprint, state, local_commit_stuck)
        VALUES ('{user}', 'submit-order', '{key}', '{target}', 'f', '{state}', {stuck})
    """

    async def row(
        key: str, state: str, *, user: str = "agent-1", target: str = "", stuck: bool = False
    ) -> None:
        await run(
            database,
            insert.format(user=user, key=key, target=target or key, state=state, stuck=stuck),
        )

    await row("a", "WRITING")
    await row("b", "QUEUED")
    await row("c", "CONFIRMED", stuck=True)
    await row("d", "NEEDS_REVIEW")
    await row("e", "SUCCEEDED")
    await row("f", "RUNNING", user="agent-2")
    for state in ("RUNNING", "VERIFYING", "UNDOING", "CONFIRMED"):
        with pytest.raises(psycopg.errors.UniqueViolation, match="one_turn_per_user"):
            await row("g", state)
    for target in "abcd":
        with pytest.raises(psycopg.errors.UniqueViolation, match="one_unfinished_per_target"):
            await row("h", "QUEUED", target=target)
    await row("h", "QUEUED", target="e")
