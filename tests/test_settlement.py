"""Which arrow an attempt's error is, from each state: the rules of design §4.6, on a real Postgres."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from google.protobuf.message import Message
from psycopg import OperationalError
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import bot_pb2
from server.config import Config
from server.errors import (
    BotError,
    BrowserLostError,
    CustomerAmbiguousError,
    DatabaseDownError,
    ErpLoginRejectedError,
    ErpRejectedError,
    ErpUnavailableError,
    FencedError,
    HeldError,
    NothingThereError,
    OutcomeUnknownError,
    PoolExhaustedError,
    UiDriftError,
    UnclearError,
)
from server.journal import Journal
from server.operation import Intent
from server.settlement import Settlement, named
from tests.states.rows import REFUSED, Pool, change, in_state, passed, registered, text_of

CONFIG = Config(
    erp_url="http://127.0.0.1:1/Archibald",
    retry_delays=(10.0, 30.0),
    verify_pause=15.0,
    verify_for=300.0,
)
LOST = OutcomeUnknownError("the answer was lost").stored()


class Plain:
    """An operation that leaves nothing half done."""

    abandoned = ""

    async def abandon(self, _: object, __: Message, message: str) -> None:
        self.abandoned = message


class Drafting(Plain):
    """One whose draft can be deleted."""

    async def undo(self, *_: object) -> None:
        raise AssertionError("a settlement touches no ERP")


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    async with AsyncConnectionPool(database, min_size=1, max_size=4, open=False) as pool:
        yield pool


@pytest.fixture
async def journal(pool: Pool) -> Journal:
    return await registered(pool, "server-1")


class Case:
    """An operation in a state, and what an error makes of it."""

    def __init__(self, pool: Pool, journal: Journal) -> None:
        self.pool, self.journal = pool, journal
        self.operation: Any = Drafting()
        self.number = 0

    async def settled(
        self,
        state: str,
        error: BotError,
        *,
        stopping: bool = False,
        stored: dict[str, Any] | None = None,
        **columns: Any,
    ) -> Any:
        """The row after the error; ``stored`` is an earlier attempt's."""
        if stored:
            columns["error"] = Jsonb(stored)
        self.number += 1
        row, claim = await in_state(self.pool, self.journal, state, f"A{self.number}", **columns)
        intent = Intent(claim, bot_pb2.SubmitOrderRequest(), "#1")
        await Settlement(self.journal, CONFIG).settle(
            self.operation, intent, error, stopping=stopping
        )
        return await self.journal.read(row.id)


@pytest.fixture
def case(pool: Pool, journal: Journal) -> Case:
    return Case(pool, journal)


Make = Callable[[str], BotError]

TRIED_AGAIN: list[Make] = [
    ErpUnavailableError,
    UiDriftError,
    PoolExhaustedError,
    OutcomeUnknownError,
    UnclearError,
    HeldError,
    DatabaseDownError,
    BotError,
]
FINAL: list[Make] = [CustomerAmbiguousError, ErpLoginRejectedError, ErpRejectedError]


@pytest.mark.parametrize("error", TRIED_AGAIN)
async def test_nothing_sent_is_tried_again_after_a_pause(case: Case, error: Make) -> None:
    """10 and 30 seconds, a little more or less, then it has failed, or a person looks."""
    first = await case.settled("RUNNING", error("m"))
    assert (first.state, first.retries) == ("QUEUED", 1)
    assert 7.5 < first.due_in <= 12
    second = await case.settled("RUNNING", error("m"), retries=1)
    assert 23 < second.due_in <= 36
    last = await case.settled("RUNNING", error("m"), retries=2)
    unclear = isinstance(error("m"), UnclearError | HeldError)
    assert last.state == ("NEEDS_REVIEW" if unclear else "FAILED")
    assert last.error["reason"] == error("m").reason
    assert last.owner_instance is None


async def test_a_lost_browser_is_replaced_at_once_the_first_time(case: Case) -> None:
    """The ERP had no part in it and needs no rest; one that is lost again and again does."""
    first = await case.settled("RUNNING", BrowserLostError("m"))
    assert (first.state, first.retries, first.due_in) == ("QUEUED", 1, 0)
    second = await case.settled("RUNNING", BrowserLostError("m"), retries=1)
    assert 23 < second.due_in <= 36


@pytest.mark.parametrize("error", FINAL)
async def test_what_would_only_be_refused_again_fails_at_once(case: Case, error: Make) -> None:
    """A second try of a login could even lock the account; our own rows say that it has failed."""
    row = await case.settled("RUNNING", error("no such article"))
    assert (row.state, row.error["reason"]) == ("FAILED", error("").reason)
    assert case.operation.abandoned == "no such article"


async def test_nothing_sent_and_stopped_from_outside(case: Case) -> None:
    """A cancel ends it whatever the error was; start_by as well; a drain hands it on at once."""
    row = await case.settled("RUNNING", UiDriftError("m"), cancel_requested=True, retries=9)
    assert (row.state, row.error["reason"]) == ("CANCELLED", "CANCELLED")
    row = await case.settled("RUNNING", UiDriftError("m"), stopping=True)
    assert (row.state, row.owner_instance, row.due_in, row.retries) == ("QUEUED", None, 0, 0)
    early = row.start_by.replace(year=2020)
    row = await case.settled("RUNNING", FencedError("m"), start_by=early)
    assert (row.state, row.error["reason"]) == ("FAILED", "EXPIRED")
    row = await case.settled("RUNNING", FencedError("m"), start_by=early, write_seq=1)
    assert row.state == "QUEUED"  # it has written before: it is pursued


@pytest.mark.parametrize("error", [*TRIED_AGAIN, CustomerAmbiguousError, ErpLoginRejectedError])
@pytest.mark.parametrize("stopping", [False, True])
async def test_once_something_may_have_been_sent_it_is_read_back(
    case: Case, error: Make, *, stopping: bool
) -> None:
    """Whatever went wrong: never failed, never queued; a contradiction goes to a person."""
    row = await case.settled("WRITING", error("m"), stopping=stopping, write_seq=1)
    held = isinstance(error("m"), HeldError)
    assert row.state == ("NEEDS_REVIEW" if held else "VERIFYING")
    assert (row.owner_instance, row.due_in) == (None, 0)


async def test_a_refusal_past_the_first_write(case: Case) -> None:
    """Failed only if it was seen to have left nothing; our draft is deleted; else it is read back."""
    refused = ErpRejectedError("no")
    row = await case.settled("WRITING", ErpRejectedError("no", nothing_left=True), draft_id="7")
    assert (row.state, row.draft_id) == ("FAILED", None)
    row = await case.settled("WRITING", refused, draft_id="71723")
    assert (row.state, row.error["metadata"]) == ("UNDOING", {"draft_id": "71723"})
    assert (await case.settled("WRITING", refused)).state == "VERIFYING"
    case.operation = Plain()
    assert (await case.settled("WRITING", refused, draft_id="71723")).state == "VERIFYING"


async def test_a_proved_absence(case: Case) -> None:
    """It may run again; what the ERP had refused may not: that has failed."""
    nothing = NothingThereError("m")
    row = await case.settled("VERIFYING", nothing, draft_id="7", write_seq=2)
    assert (row.state, row.draft_id, row.error, row.write_seq) == ("QUEUED", None, None, 2)
    for state in ("VERIFYING", "UNDOING"):
        row = await case.settled(state, nothing, stored=REFUSED)
        assert (row.state, row.error["reason"]) == ("FAILED", "ERP_REJECTED")


async def test_rounds_of_a_proved_absence_are_counted_for_themselves(case: Case) -> None:
    """At once the first time, after the pauses later; deaths before the gate use none of them up."""
    nothing = NothingThereError("m")
    row = await case.settled("VERIFYING", nothing, write_seq=2, retries=2)
    assert (row.state, row.due_in, row.reruns, row.retries) == ("QUEUED", 0, 1, 0)
    row = await case.settled("VERIFYING", nothing, write_seq=2, reruns=1)
    assert 7.5 < row.due_in <= 12
    row = await case.settled("VERIFYING", nothing, write_seq=2, reruns=4, stored=LOST)
    assert 23 < row.due_in <= 36
    row = await case.settled("VERIFYING", nothing, write_seq=2, reruns=5, stored=LOST)
    assert (row.state, row.error["reason"]) == ("FAILED", "UI_DRIFT")
    assert "the answer was lost" in row.error["message"]


@pytest.mark.parametrize("state", ["VERIFYING", "UNDOING"])
async def test_a_read_back_that_settles_nothing_is_repeated_for_a_while(
    case: Case, pool: Pool, state: str
) -> None:
    """The clock starts with the first; after verify_for a person looks."""
    row = await case.settled(state, UnclearError("m"))
    assert row.state == state
    assert 11 < row.due_in <= 18
    since = await _unclear_since(pool, row.id)
    await passed(pool, 290)
    row = await case.settled(state, UnclearError("m"), unclear_since=since)
    assert row.state == state
    early = since.replace(year=2020)
    row = await case.settled(state, UnclearError("m"), unclear_since=early)
    assert row.state == "NEEDS_REVIEW"


async def test_what_does_not_count_towards_that_time(case: Case, pool: Pool) -> None:
    """The ERP away, and a pause whose end is known; a rejected login does count."""
    row = await case.settled("VERIFYING", UnclearError("m"))
    early = (await _unclear_since(pool, row.id)).replace(year=2020)
    row = await case.settled("VERIFYING", ErpUnavailableError("m"), unclear_since=early)
    assert row.state == "VERIFYING"
    assert await _unclear_since(pool, row.id) is None
    row = await case.settled("VERIFYING", UnclearError("m", pause=400.0), unclear_since=early)
    assert row.state == "VERIFYING"
    assert 399 < row.due_in <= 400
    row = await case.settled("VERIFYING", ErpLoginRejectedError("m"), unclear_since=early)
    assert row.state == "NEEDS_REVIEW"


@pytest.mark.parametrize("state", ["VERIFYING", "UNDOING"])
@pytest.mark.parametrize("error", [HeldError, ErpRejectedError])
async def test_what_no_read_back_will_settle_goes_to_a_person_at_once(
    case: Case, state: str, error: Make
) -> None:
    """With the reason, and the draft that we know of."""
    row = await case.settled(state, error("two orders with one marker"), draft_id="71723")
    assert row.state == "NEEDS_REVIEW"
    assert row.error["message"] == "two orders with one marker"
    assert row.error["metadata"] == {"draft_id": "71723"}


async def test_a_refusal_is_remembered_over_read_backs(case: Case) -> None:
    """What was refused must not be entered again when it is found absent at last."""
    row = await case.settled("VERIFYING", ErpUnavailableError("m"), stored=REFUSED)
    assert row.error["reason"] == "ERP_REJECTED"


async def test_what_is_confirmed_never_goes_back(case: Case) -> None:
    """Another try after a pause; without its saved answer a person has to look."""
    row = await case.settled("CONFIRMED", DatabaseDownError("m"))
    assert (row.state, row.owner_instance) == ("CONFIRMED", None)
    assert row.due_in > 0
    row = await case.settled("CONFIRMED", HeldError("the saved answer is gone"))
    assert row.state == "NEEDS_REVIEW"


async def test_whoever_was_overtaken_settles_nothing(
    case: Case, pool: Pool, journal: Journal
) -> None:
    """Neither a later claim's row nor one that was given back."""
    row, claim = await in_state(pool, journal, "WRITING", "A001")
    intent = Intent(claim, bot_pb2.SubmitOrderRequest(), "#1")
    for columns in ({"generation": 5}, {"generation": 1, "owner_instance": "server-2"}):
        await change(pool, row.id, **columns)
        before = await text_of(pool, row.id)
        settlement = Settlement(journal, CONFIG)
        await settlement.settle(case.operation, intent, UiDriftError("m"), stopping=False)
        assert await text_of(pool, row.id) == before


def test_errors_that_are_not_ours_get_a_name() -> None:
    """A database's, and a fault of ours: neither tells the caller its text."""
    assert isinstance(named(OperationalError("password=secret")), DatabaseDownError)
    fault = named(ValueError("cookie=secret"))
    assert (fault.reason, "secret" in fault.message) == ("INTERNAL", False)
    ours = HeldError("m")
    assert named(ours) is ours


async def _unclear_since(pool: Pool, operation_id: Any) -> Any:
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "SELECT unclear_since FROM agents.operations WHERE id = %(id)s", {"id": operation_id}
        )
        row = await cursor.fetchone()
    assert row is not None
    return row[0]
