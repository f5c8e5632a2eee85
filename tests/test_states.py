"""docs/states.md tells the truth: its table is the code's, tried state by state on a real Postgres."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server import decisions, transitions
from server.errors import BotError
from server.intake import accept
from server.journal import Journal
from server.journal_row import Row
from server.local_commit import succeed
from server.operation import Claim
from tests import databases
from tests.states.rows import (
    ERROR,
    STATES,
    Pool,
    in_state,
    registered,
    submission,
    text_of,
    ticket,
)

DOCUMENT = Path(__file__).parents[1] / "docs" / "states.md"
NOTHING = "–"  # noqa: RUF001  # the dash of the table


def _table() -> dict[str, dict[str, str]]:
    """The document's moves: event -> state -> state."""
    moves: dict[str, dict[str, str]] = {}
    for line in DOCUMENT.read_text().partition("| From |")[2].splitlines():
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] in {*STATES, NOTHING} and cells[3]:
            source, event, target, _ = cells
            assert source not in moves.setdefault(event, {}), f"{source} {event} twice"
            moves[event][source] = source if target == "stays" else target
    return moves


TABLE = _table()


@pytest.fixture(scope="module")
async def pool(postgres: str, database_template: str) -> AsyncIterator[Pool]:
    async with (
        databases.new_database(postgres, database_template) as database,
        AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool,
    ):
        yield pool


@pytest.fixture(scope="module")
async def journal(pool: Pool) -> Journal:
    return await registered(pool, "server-1")


async def _claim(journal: Journal, row: Row) -> object:
    return await journal.claim(row, [])


async def _expire(journal: Journal, row: Row) -> object:
    async with journal.transaction() as conn:
        return await journal.expire(conn, row, ERROR)


def _on_claim(
    call: Callable[[AsyncConnection[Any], Claim], Awaitable[object]],
) -> Callable[[Pool, Journal, Row, Claim], Awaitable[object]]:
    async def called(_: Pool, journal: Journal, __: Row, claim: Claim) -> object:
        async with journal.transaction() as conn:
            return await call(conn, claim)

    return called


def _decision(name: decisions.Decision) -> Callable[[Pool, Journal, Row, Claim], Awaitable[object]]:
    def decided(pool: Pool, _: Journal, row: Row, __: Claim) -> Awaitable[object]:
        erp_id = "71723" if name == "landed" else None
        resolution = decisions.Resolution(name, "a note", "a person", erp_id)
        return decisions.resolve(pool, {}, row.id, resolution, start_within=60)

    return decided


# Every way to move an operation: what a worker, a caller, a person or the clock can do to its row.
EVENTS: Mapping[str, Callable[[Pool, Journal, Row, Claim], Awaitable[object]]] = {
    "accept": lambda pool, journal, row, _: accept(
        pool, submission(user=row.user_id), journal.instance
    ),
    "claim": lambda _, journal, row, __: _claim(journal, row),
    "gate": lambda _, journal, __, claim: journal.record_write(ticket(claim), "session"),
    "retry": _on_claim(lambda conn, claim: transitions.retry(conn, claim, ERROR, 10)),
    "park": _on_claim(transitions.park),
    "cancel": _on_claim(lambda conn, claim: transitions.cancel(conn, claim, ERROR)),
    "fail": _on_claim(lambda conn, claim: transitions.fail(conn, claim, ERROR)),
    "lose": _on_claim(lambda conn, claim: transitions.lose(conn, claim, ERROR)),
    "undo": _on_claim(lambda conn, claim: transitions.undo(conn, claim, ERROR)),
    "absent": _on_claim(transitions.absent),
    "resume": _on_claim(lambda conn, claim: transitions.resume(conn, claim, 1)),
    "wait": _on_claim(lambda conn, claim: transitions.wait(conn, claim, ERROR, 10)),
    "review": _on_claim(lambda conn, claim: transitions.review(conn, claim, ERROR)),
    "confirm": lambda _, journal, __, claim: journal.confirm(claim, "71723", {"id": "71723"}),
    "succeed": _on_claim(lambda conn, claim: succeed(conn, claim, b"response")),
    "commit failed": lambda _, journal, __, claim: journal.commit_failed(claim, "Error", 10),
    "expire": lambda _, journal, row, __: _expire(journal, row),
    "ask to cancel": lambda pool, _, row, __: decisions.cancel(pool, {}, row.id),
    "look again": _decision("look_again"),
    "landed": _decision("landed"),
    "not done": _decision("not_done"),
    "give up": _decision("give_up"),
}

# What a row has to be beside its state, so that nothing but the state decides.
ALSO: Mapping[str, Mapping[str, Any]] = {
    "cancel": {"cancel_requested": True},
    "expire": {"start_by": datetime(2020, 1, 1, tzinfo=UTC)},
}


async def _said(call: Awaitable[object]) -> object:
    """What it answered; an error of ours is an answer too."""
    try:
        return await call
    except BotError as error:
        return error


def test_every_event_of_the_document_is_tried() -> None:
    """Nothing is documented that is not compared, and nothing can happen that is not documented."""
    assert set(TABLE) == set(EVENTS)
    assert set(transitions.ARROWS) < set(EVENTS)


@pytest.mark.parametrize("event", transitions.ARROWS)
def test_the_document_shows_the_arrows_of_the_code(event: str) -> None:
    """From where to where a worker's event leads."""
    arrow = transitions.ARROWS[event]
    assert TABLE[event] == {source: arrow.target or source for source in arrow.sources}


@pytest.mark.parametrize("event", EVENTS)
async def test_an_event_moves_what_the_document_says_and_nothing_else(
    event: str, pool: Pool, journal: Journal
) -> None:
    """From every state: as documented, or refused, and then the row is what it was to the last byte."""
    moves = dict(TABLE[event])
    moves.pop(NOTHING, None)
    for state in STATES:
        row, claim = await in_state(pool, journal, state, f"{event} {state}", **ALSO.get(event, {}))
        before = await text_of(pool, row.id)
        said = await _said(EVENTS[event](pool, journal, row, claim))
        after = await journal.read(row.id)
        if state in moves:
            assert not isinstance(said, BotError), (state, said)
            assert (state, after.state) == (state, moves[state])
            assert await text_of(pool, row.id) != before, state
        else:
            assert await text_of(pool, row.id) == before, state


@pytest.mark.parametrize("event", [*transitions.ARROWS, "gate", "commit failed"])
async def test_whoever_was_overtaken_moves_nothing(
    event: str, pool: Pool, journal: Journal
) -> None:
    """From no state: another server's claim is the fence, and the same server's next claim too."""
    for state in TABLE[event]:
        row, claim = await in_state(
            pool, journal, state, f"{event} {state}, overtaken", **ALSO.get(event, {})
        )
        before = await text_of(pool, row.id)
        old = replace(claim, generation=claim.generation - 1)
        said = await _said(EVENTS[event](pool, journal, row, old))
        assert isinstance(said, BotError) or not said, state
        if event != "commit failed":  # that one may also come when it was given back already
            stranger = replace(claim, instance="server-2")
            said = await _said(EVENTS[event](pool, journal, row, stranger))
            assert isinstance(said, BotError) or not said, state
        assert await text_of(pool, row.id) == before, state


async def test_a_new_key_is_accepted_into_the_queue(pool: Pool) -> None:
    """The table's first line."""
    row = await accept(pool, submission(), "server-1")
    assert (row.state, row.generation, row.write_seq) == (TABLE["accept"][NOTHING], 0, 0)
