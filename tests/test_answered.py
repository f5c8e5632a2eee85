"""Which keys are looked up before they are recorded, and which requests need not be looked up at all."""

from datetime import UTC, datetime
from uuid import uuid4

from server.answered import Answered
from server.intake import Replay


def replay(size: int = 10) -> Replay:
    now = datetime.now(UTC)
    return Replay(uuid4(), "p-1", bytes(size), now, now)


def test_the_newest_keys_are_known() -> None:
    """A key that is answered again is a new one; the oldest is forgotten."""
    answered = Answered(most=2)
    for key in ("p-1", "p-2", "p-1", "p-3"):
        answered.add(("A001", "submit-order", key))
    known = [key for key in ("p-1", "p-2", "p-3") if ("A001", "submit-order", key) in answered]
    assert known == ["p-1", "p-3"]
    assert repr(answered) == "<Answered 2 keys, 0 requests>"


def test_an_answer_is_given_to_the_same_request_alone() -> None:
    """A byte more, or another operation, and it is the journal's to say."""
    answered, kept = Answered(), replay()
    answered.keep("submit-order", b"asked", kept)
    assert answered.find("submit-order", b"asked") is kept
    assert answered.find("submit-order", b"asked.") is None
    assert answered.find("delete-order", b"asked") is None


def test_answers_take_so_much_at_most() -> None:
    """The oldest go first, by their number and by their bytes; one that comes again counts once."""
    answered = Answered(most=2, most_bytes=25)
    for request in (b"1", b"2", b"2", b"3"):
        answered.keep("submit-order", request, replay())
    assert answered.find("submit-order", b"1") is None
    assert repr(answered) == "<Answered 0 keys, 2 requests>"
    answered.keep("submit-order", b"4", replay(size=20))
    assert repr(answered) == "<Answered 0 keys, 1 requests>"
    answered.keep("submit-order", b"5", replay(size=0))
    answered.keep("submit-order", b"6", replay(size=0))
    assert repr(answered) == "<Answered 0 keys, 2 requests>"
